/* SPDX-License-Identifier: MIT */
/* The description of one A64 instruction while it is being made; only
 * decode*_aarch64.c use this. */
#ifndef HV_COUNTERS_TRACE_DECODE_AARCH64_H
#define HV_COUNTERS_TRACE_DECODE_AARCH64_H

#include "counters/trace/block.h"
#include "counters/trace/decode/decoded_aarch64.h"

struct hv_block_builder;

enum { HV_A64_ZERO = 31, HV_A64_SP = 31 }; /* which of the two depends on the field */

/* The builder, at the end of which the instruction is being described. */
struct hv_a64 {
    struct hv_block_builder *builder;
    struct hv_insn *insn;
    uint32_t word;
};

/* Describes accesses, words, flow; flags beyond those of the row. */
typedef void hv_a64_shape(struct hv_a64 *a);

/* An instruction whose bits in `mask` are `value`. */
struct hv_a64_row {
    uint32_t mask, value;
    hv_a64_shape *describe;
    uint16_t flags;
    enum hv_a64_kind kind;
};

/* The first row that fits; the last one fits all. */
const struct hv_a64_row *hv_a64_find(uint32_t word);

/* ---- pieces ---------------------------------------------------------------------- */

static inline uint32_t hv_a64_bits(const struct hv_a64 *a, unsigned high, unsigned low)
{
    return a->word >> low & ((UINT32_C(2) << (high - low)) - 1);
}

/* The same as a signed number. */
int64_t hv_a64_signed(const struct hv_a64 *a, unsigned high, unsigned low);

static inline unsigned hv_a64_gpr(unsigned number)
{
    return HV_REG_GPR + number * 8;
}

static inline unsigned hv_a64_vector(unsigned number)
{
    return HV_REG_VECTOR + number % 32 * 64;
}

/* Returns its index. */
uint8_t hv_a64_word(struct hv_a64 *a, struct hv_word word);
/* [base] + disp, of so many bytes; flags HV_ACCESS_... Returns its index. */
uint8_t hv_a64_access(struct hv_a64 *a, unsigned base, int64_t disp, unsigned bytes,
                      unsigned flags);
uint8_t hv_a64_access_at(struct hv_a64 *a, uint8_t word, int64_t disp, unsigned bytes,
                         unsigned flags);

void hv_a64_load(struct hv_a64 *a, unsigned dst, uint8_t access, unsigned at,
                 unsigned bytes);
void hv_a64_store(struct hv_a64 *a, uint8_t access, unsigned at, unsigned src,
                  unsigned bytes);
void hv_a64_move(struct hv_a64 *a, unsigned dst, unsigned src, unsigned bytes);
void hv_a64_clear(struct hv_a64 *a, unsigned dst, unsigned bytes);

/* Clear a register from byte `kept` on; the zero register and the stack pointer hold no
 * data that is followed. */
void hv_a64_clear_gpr(struct hv_a64 *a, unsigned number, unsigned kept);
void hv_a64_clear_vector(struct hv_a64 *a, unsigned number, unsigned kept);

/* The instruction uses so many bytes of a vector register. */
void hv_a64_is_vector(struct hv_a64 *a, unsigned bytes);

/* A register and bytes `at` on of an access; what a load does not fill is zeroed. */
struct hv_a64_part {
    uint8_t access;
    bool vector, loads;
    unsigned number, at, bytes;
};
void hv_a64_transfer(struct hv_a64 *a, const struct hv_a64_part *part);

/* ---- shapes ---------------------------------------------------------------------- */

/* decode_aarch64.c */
hv_a64_shape hv_a64_nothing, hv_a64_unsupported;
/* decode_memory_aarch64.c */
hv_a64_shape hv_a64_literal, hv_a64_pair, hv_a64_unscaled, hv_a64_indexed,
    hv_a64_register_offset, hv_a64_unsigned_offset;
/* decode_atomic_aarch64.c */
hv_a64_shape hv_a64_ordered, hv_a64_exclusive, hv_a64_exclusive_pair, hv_a64_atomic,
    hv_a64_swap, hv_a64_acquire, hv_a64_compare_swap, hv_a64_compare_swap_pair;
/* decode_structures_aarch64.c */
hv_a64_shape hv_a64_structures, hv_a64_structure;
/* decode_data_aarch64.c: general registers ... */
hv_a64_shape hv_a64_to_gpr, hv_a64_move_gpr, hv_a64_extend;
/* ... and vectors */
hv_a64_shape hv_a64_to_vector, hv_a64_to_general, hv_a64_compare, hv_a64_move_vector,
    hv_a64_move_scalar, hv_a64_fmov_to_gpr, hv_a64_from_general, hv_a64_dup_element,
    hv_a64_dup_general, hv_a64_dup_scalar, hv_a64_lane_to_gpr, hv_a64_gpr_to_lane,
    hv_a64_lane_to_lane;
/* decode_system_aarch64.c */
hv_a64_shape hv_a64_call, hv_a64_system_call, hv_a64_hint, hv_a64_read_system,
    hv_a64_zero_block;

#endif
