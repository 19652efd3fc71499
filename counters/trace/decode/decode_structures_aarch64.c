/* SPDX-License-Identifier: MIT */
/* ld1 to ld4 and st1 to st4: several vector registers, or one element of each. */
#include "counters/trace/decode/decode_aarch64.h"

static unsigned register_bytes(const struct hv_a64 *a)
{
    return hv_a64_bits(a, 30, 30) ? 16 : 8;
}

static bool loads(const struct hv_a64 *a)
{
    return hv_a64_bits(a, 22, 22);
}

/* The access of `bytes` bytes at the base, which changes afterwards with bit 23. */
static uint8_t access_of(struct hv_a64 *a, unsigned bytes)
{
    const unsigned base = hv_a64_bits(a, 9, 5);
    const uint8_t access =
        hv_a64_access(a, base, 0, bytes, loads(a) ? 0 : HV_ACCESS_WRITE);
    if (hv_a64_bits(a, 23, 23))
        hv_a64_clear_gpr(a, base, 0);
    hv_a64_is_vector(a, register_bytes(a));
    return access;
}

static void element(struct hv_a64 *a, uint8_t access, unsigned at, unsigned reg,
                    unsigned bytes)
{
    if (loads(a))
        hv_a64_load(a, reg, access, at, bytes);
    else
        hv_a64_store(a, access, at, reg, bytes);
}

/* ---- whole registers ------------------------------------------------------------- */

/* clang-format off: a row a line */
const struct hv_a64_structure hv_a64_structure_rows[16] = {
    [0] = {4, 4},
      [2] = {4, 1},
      [4] = {3, 3},
      [6] = {3, 1},
    [7] = {1, 1},
      [8] = {2, 2},
      [10] = {2, 1},
};
/* clang-format on */

static void in_turns(struct hv_a64 *a, uint8_t access, unsigned registers)
{
    const unsigned bytes = 1u << hv_a64_bits(a, 11, 10);
    const unsigned first = hv_a64_bits(a, 4, 0), whole = register_bytes(a);
    for (unsigned i = 0; i * bytes < whole; i++)
        for (unsigned k = 0; k < registers; k++)
            element(a, access, (i * registers + k) * bytes,
                    hv_a64_vector(first + k) + i * bytes, bytes);
}

void hv_a64_structures(struct hv_a64 *a)
{
    const unsigned opcode = hv_a64_bits(a, 15, 12), first = hv_a64_bits(a, 4, 0);
    const unsigned registers = hv_a64_structure_rows[opcode].registers,
                   whole = register_bytes(a);
    if (!registers) {
        hv_a64_unsupported(a);
        return;
    }
    const uint8_t access = access_of(a, registers * whole);
    if (hv_a64_structure_rows[opcode].turns > 1)
        in_turns(a, access, registers);
    else
        for (unsigned k = 0; k < registers; k++)
            element(a, access, k * whole, hv_a64_vector(first + k), whole);
    for (unsigned k = 0; loads(a) && k < registers; k++)
        hv_a64_clear_vector(a, (first + k) % 32, whole);
}

/* ---- one element of each --------------------------------------------------------- */

/* A few copies are real, a byte repeated many times is a fill. */
enum { FEW = 8 };

static void replicate(struct hv_a64 *a, unsigned registers)
{
    const unsigned bytes = 1u << hv_a64_bits(a, 11, 10), whole = register_bytes(a);
    const uint8_t access = access_of(a, registers * bytes);
    for (unsigned k = 0; k < registers; k++) {
        const unsigned number = (hv_a64_bits(a, 4, 0) + k) % 32;
        const unsigned filled = whole / bytes <= FEW ? whole : 0;
        for (unsigned at = 0; at < filled; at += bytes)
            hv_a64_load(a, hv_a64_vector(number) + at, access, k * bytes, bytes);
        hv_a64_clear_vector(a, number, filled);
    }
}

/* The fields Q, S and size say which element; the wider it is, the fewer do. */
void hv_a64_structure(struct hv_a64 *a)
{
    enum { REPLICATED = 3 };
    const unsigned opcode = hv_a64_bits(a, 15, 13);
    const unsigned registers = ((opcode & 1) << 1 | hv_a64_bits(a, 21, 21)) + 1;
    const unsigned which = hv_a64_bits(a, 30, 30) << 3 | hv_a64_bits(a, 12, 12) << 2 |
                           hv_a64_bits(a, 11, 10);
    unsigned log = opcode >> 1;
    if (log == REPLICATED) {
        replicate(a, registers);
        return;
    }
    log += log == 2 && which & 1; /* words or double words */
    const unsigned bytes = 1u << log;
    const uint8_t access = access_of(a, registers * bytes);
    for (unsigned k = 0; k < registers; k++)
        element(a, access, k * bytes,
                hv_a64_vector(hv_a64_bits(a, 4, 0) + k) + (which >> log) * bytes,
                bytes);
}
