/* SPDX-License-Identifier: MIT */
/* Loads and stores of one register or a pair, in all their addressing modes. */
#include "counters/trace/decode/decode_aarch64.h"

/* ---- one register ---------------------------------------------------------------- */

/* What the fields size, V and opc say together. bytes 0: it is not allocated. */
struct single {
    unsigned bytes;
    bool vector, loads, prefetch;
};

static struct single single_of(const struct hv_a64 *a)
{
    const unsigned size = hv_a64_bits(a, 31, 30), opc = hv_a64_bits(a, 23, 22);
    if (hv_a64_bits(a, 26, 26)) {
        const bool quad = opc & 2;
        return (struct single){.bytes = quad ? (size ? 0 : 16) : 1u << size,
                               .vector = true,
                               .loads = opc & 1};
    }
    const bool no_such = (opc == 3 && size >= 2); /* 32 bits with sign, of as many */
    return (struct single){.bytes = no_such ? 0 : 1u << size,
                           .loads = opc != 0,
                           .prefetch = opc == 2 && size == 3};
}

/* Through a word and a displacement. */
static void access_single(struct hv_a64 *a, const struct single *single, uint8_t word,
                          int64_t disp)
{
    const uint8_t access = hv_a64_access_at(a, word, disp, single->bytes,
                                            single->loads ? 0 : HV_ACCESS_WRITE);
    hv_a64_transfer(a, &(struct hv_a64_part){.access = access,
                                             .vector = single->vector,
                                             .loads = single->loads,
                                             .number = hv_a64_bits(a, 4, 0),
                                             .bytes = single->bytes});
}

static uint8_t base_word(struct hv_a64 *a)
{
    const uint8_t base = (uint8_t)hv_a64_bits(a, 9, 5);
    return hv_a64_word(a, (struct hv_word){HV_WORD_ADDRESS, base, HV_NO_REG, 1});
}

static void based(struct hv_a64 *a, const struct single *single, int64_t disp)
{
    if (!single->bytes)
        hv_a64_unsupported(a);
    else if (!single->prefetch)
        access_single(a, single, base_word(a), disp);
}

/* ldur, ldtr, ldapur and their like. */
void hv_a64_unscaled(struct hv_a64 *a)
{
    const struct single single = single_of(a);
    based(a, &single, hv_a64_signed(a, 20, 12));
}

/* The base register changes, after or before. */
void hv_a64_indexed(struct hv_a64 *a)
{
    const struct single single = single_of(a);
    const bool before = hv_a64_bits(a, 11, 11);
    based(a, &single, before ? hv_a64_signed(a, 20, 12) : 0);
    hv_a64_clear_gpr(a, hv_a64_bits(a, 9, 5), 0);
}

void hv_a64_unsigned_offset(struct hv_a64 *a)
{
    const struct single single = single_of(a);
    based(a, &single, (int64_t)hv_a64_bits(a, 21, 10) * single.bytes);
}

void hv_a64_register_offset(struct hv_a64 *a)
{
    enum { UXTW = 2, LSL = 3, SXTW = 6, SXTX = 7 };
    static const uint8_t kinds[8] = {
        [UXTW] = HV_WORD_ADDRESS_UXTW,
        [LSL] = HV_WORD_ADDRESS,
        [SXTW] = HV_WORD_ADDRESS_SXTW,
        [SXTX] = HV_WORD_ADDRESS,
    };
    const struct single single = single_of(a);
    const unsigned option = hv_a64_bits(a, 15, 13), index = hv_a64_bits(a, 20, 16);
    if (single.prefetch)
        return;
    if (!single.bytes || !(option & 2)) {
        hv_a64_unsupported(a);
        return;
    }
    const struct hv_word word = {
        .kind = index == HV_A64_ZERO ? HV_WORD_ADDRESS : kinds[option],
        .base = (uint8_t)hv_a64_bits(a, 9, 5),
        .index = index == HV_A64_ZERO ? HV_NO_REG : (uint8_t)index,
        .scale = (uint8_t)(hv_a64_bits(a, 12, 12) ? single.bytes : 1),
    };
    access_single(a, &single, hv_a64_word(a, word), 0);
}

/* ldr, ldrsw of what stands near the instruction. */
void hv_a64_literal(struct hv_a64 *a)
{
    enum { SIGNED = 2, PREFETCH = 3 };
    const unsigned opc = hv_a64_bits(a, 31, 30);
    struct single single = {.vector = hv_a64_bits(a, 26, 26), .loads = true};
    if (opc == PREFETCH) {
        if (single.vector)
            hv_a64_unsupported(a);
        return;
    }
    single.bytes = !single.vector && opc == SIGNED ? 4 : 4u << opc;
    access_single(a, &single, HV_NO_WORD,
                  (int64_t)a->insn->pc + 4 * hv_a64_signed(a, 23, 5));
}

/* ---- pairs ----------------------------------------------------------------------- */

/* Bytes of each; 0: not allocated, or it stores tags of memory (stgp). */
static unsigned pair_bytes(const struct hv_a64 *a)
{
    const unsigned opc = hv_a64_bits(a, 31, 30);
    if (opc == 3)
        return 0;
    if (hv_a64_bits(a, 26, 26))
        return 4u << opc;
    if (opc == 1)
        return hv_a64_bits(a, 22, 22) ? 4 : 0; /* ldpsw */
    return opc ? 8 : 4;
}

/* One access of both. */
void hv_a64_pair(struct hv_a64 *a)
{
    enum { NO_ALLOCATE, POST, OFFSET, PRE };
    const unsigned mode = hv_a64_bits(a, 24, 23), bytes = pair_bytes(a);
    const unsigned base = hv_a64_bits(a, 9, 5);
    const bool loads = hv_a64_bits(a, 22, 22);
    if (!bytes) {
        hv_a64_unsupported(a);
        return;
    }
    const unsigned flags = (loads ? 0 : HV_ACCESS_WRITE) |
                           (mode == NO_ALLOCATE ? HV_ACCESS_NON_TEMPORAL : 0);
    const int64_t disp = mode == POST ? 0 : hv_a64_signed(a, 21, 15) * (int64_t)bytes;
    struct hv_a64_part part = {
        .access = hv_a64_access(a, base, disp, 2 * bytes, flags),
        .vector = hv_a64_bits(a, 26, 26),
        .loads = loads,
        .number = hv_a64_bits(a, 4, 0),
        .bytes = bytes,
    };
    hv_a64_transfer(a, &part);
    part.number = hv_a64_bits(a, 14, 10);
    part.at = bytes;
    hv_a64_transfer(a, &part);
    if (mode == POST || mode == PRE)
        hv_a64_clear_gpr(a, base, 0);
}
