/* SPDX-License-Identifier: MIT */
/* Loads and stores with an order, exclusive ones, and atomic operations on memory. All
 * of general registers, at a base without displacement. */
#include "counters/trace/decode/decode_aarch64.h"

#include "counters/trace/decode.h"

static unsigned base_of(const struct hv_a64 *a)
{
    return hv_a64_bits(a, 9, 5);
}

static unsigned size_of(const struct hv_a64 *a)
{
    return 1u << hv_a64_bits(a, 31, 30);
}

static bool loads(const struct hv_a64 *a)
{
    return hv_a64_bits(a, 22, 22);
}

static struct hv_a64_part part_of(struct hv_a64 *a, unsigned bytes)
{
    return (struct hv_a64_part){
        .access =
            hv_a64_access(a, base_of(a), 0, bytes, loads(a) ? 0 : HV_ACCESS_WRITE),
        .loads = loads(a),
        .number = hv_a64_bits(a, 4, 0),
        .bytes = bytes,
    };
}

/* ldar, stlr and their like. */
void hv_a64_ordered(struct hv_a64 *a)
{
    const struct hv_a64_part part = part_of(a, size_of(a));
    hv_a64_transfer(a, &part);
}

/* Whether it succeeded is computed. */
static void clear_status(struct hv_a64 *a)
{
    if (!loads(a))
        hv_a64_clear_gpr(a, hv_a64_bits(a, 20, 16), 0);
}

/* ldxr, ldaxr, stxr, stlxr. */
void hv_a64_exclusive(struct hv_a64 *a)
{
    hv_a64_ordered(a);
    clear_status(a);
}

/* ldxp, stxp and their like: one access. */
void hv_a64_exclusive_pair(struct hv_a64 *a)
{
    const unsigned bytes = hv_a64_bits(a, 30, 30) ? 8 : 4;
    struct hv_a64_part part = part_of(a, 2 * bytes);
    part.bytes = bytes;
    hv_a64_transfer(a, &part);
    part.number = hv_a64_bits(a, 14, 10);
    part.at = bytes;
    hv_a64_transfer(a, &part);
    clear_status(a);
}

/* ---- read and written ------------------------------------------------------------ */

/* Two accesses of one place; returns the first. */
static uint8_t update(struct hv_a64 *a, unsigned bytes)
{
    const uint8_t read = hv_a64_access(a, base_of(a), 0, bytes, 0);
    const uint8_t word = a->builder->access[read].word;
    (void)hv_a64_access_at(a, word, 0, bytes, HV_ACCESS_WRITE);
    return read;
}

static void load(struct hv_a64 *a, unsigned number, uint8_t access, unsigned at,
                 unsigned bytes)
{
    hv_a64_transfer(a, &(struct hv_a64_part){.access = access,
                                             .loads = true,
                                             .number = number,
                                             .at = at,
                                             .bytes = bytes});
}

/* ldadd, ldset, ...: what was there goes to a register, what is stored is computed. */
void hv_a64_atomic(struct hv_a64 *a)
{
    load(a, hv_a64_bits(a, 4, 0), update(a, size_of(a)), 0, size_of(a));
}

/* Both registers may be one: what was there waits in TEMP. */
void hv_a64_swap(struct hv_a64 *a)
{
    const unsigned bytes = size_of(a);
    const unsigned from = hv_a64_bits(a, 20, 16), to = hv_a64_bits(a, 4, 0);
    const uint8_t read = update(a, bytes);
    hv_a64_load(a, HV_REG_TEMP, read, 0, bytes);
    if (from != HV_A64_ZERO)
        hv_a64_store(a, (uint8_t)(read + 1), 0, hv_a64_gpr(from), bytes);
    if (to == HV_A64_ZERO)
        return;
    hv_a64_move(a, hv_a64_gpr(to), HV_REG_TEMP, bytes);
    hv_a64_clear_gpr(a, to, bytes);
}

/* ldapr */
void hv_a64_acquire(struct hv_a64 *a)
{
    load(a, hv_a64_bits(a, 4, 0), hv_a64_access(a, base_of(a), 0, size_of(a), 0), 0,
         size_of(a));
}

/* Whether it stores depends on what it finds: it is counted as a store, but is none
 * that copies. */
void hv_a64_compare_swap(struct hv_a64 *a)
{
    load(a, hv_a64_bits(a, 20, 16), update(a, size_of(a)), 0, size_of(a));
}

void hv_a64_compare_swap_pair(struct hv_a64 *a)
{
    const unsigned bytes = hv_a64_bits(a, 30, 30) ? 8 : 4;
    const unsigned first = hv_a64_bits(a, 20, 16);
    const uint8_t read = update(a, 2 * bytes);
    load(a, first, read, 0, bytes);
    load(a, first + 1, read, bytes, bytes);
}
