/* SPDX-License-Identifier: MIT */
/* The description of one instruction while it is being made; only decode*_x86_64.c use
 * this. A draft is appended to a block as a whole or not at all. */
#ifndef HV_COUNTERS_TRACE_DECODE_DRAFT_H
#define HV_COUNTERS_TRACE_DECODE_DRAFT_H

#include "counters/trace/decode.h"

/* GPR numbers as the hardware has them. */
enum { HV_RAX = 0, HV_RCX = 1, HV_RDX = 2, HV_RSP = 4, HV_RSI = 6, HV_RDI = 7 };

enum {
    HV_DRAFT_WORDS = 12,   /* 4 of an entry, 6 of a rep */
    HV_DRAFT_ACCESSES = 4, /* most: 2 */
    HV_DRAFT_FLOW = 24,    /* most: vzeroupper, 16 */
    HV_NO_ACCESS = 0xff
};

/* Indices are within the draft. What does not fit is dropped and sets `overflow`. */
struct hv_draft {
    const struct hv_decoded *in;
    uint64_t fs_base;
    uint16_t flags;
    uint8_t n_words, n_accesses, n_flow;
    bool overflow;
    /* By operand: its access, or HV_NO_ACCESS. */
    uint8_t read[ZYDIS_MAX_OPERAND_COUNT], write[ZYDIS_MAX_OPERAND_COUNT];
    struct hv_word word[HV_DRAFT_WORDS];
    struct hv_access access[HV_DRAFT_ACCESSES];
    struct hv_flow flow[HV_DRAFT_FLOW];
};

/* ---- pieces ---------------------------------------------------------------------- */

/* Each returns the index of the new piece. Equal words are shared within a draft. */
uint8_t hv_draft_word(struct hv_draft *draft, struct hv_word word);
uint8_t hv_draft_access(struct hv_draft *draft, struct hv_access access);

void hv_draft_flow(struct hv_draft *draft, struct hv_flow step);
void hv_draft_load(struct hv_draft *draft, unsigned dst, unsigned access,
                   unsigned bytes);
void hv_draft_store(struct hv_draft *draft, unsigned access, unsigned src,
                    unsigned bytes);
void hv_draft_move(struct hv_draft *draft, unsigned dst, unsigned src, unsigned bytes);
void hv_draft_clear(struct hv_draft *draft, unsigned dst, unsigned bytes);

/* ---- registers ------------------------------------------------------------------- */

/* Where a register stands in the register file; bytes 0: it is not followed (x87, AMX,
 * segments, ...). */
struct hv_place {
    uint16_t at, bytes;
};
struct hv_place hv_place_of(ZydisRegister reg);

/* Bytes that change when the instruction writes the register: more than it has where
 * the rest is zeroed (32-bit GPRs; vectors under VEX and EVEX). */
unsigned hv_written_bytes(const ZydisDecodedInstruction *insn, ZydisRegister reg);

/* Bit n for GPR number n, whatever its width; 0 for other registers. */
uint16_t hv_gpr_bit(ZydisRegister reg);

/* Clears the register as written, but for its first `kept` bytes. */
void hv_draft_clear_register(struct hv_draft *draft, ZydisRegister reg, unsigned kept);

/* ---- the instruction ------------------------------------------------------------- */

enum {
    HV_TRAIT_UNSUPPORTED = 1, /* accesses or effects that no description can hold */
    HV_TRAIT_ENDS = 2,        /* nothing may be appended after it */
    HV_TRAIT_NO_MEMORY = 4,   /* its memory operand is not read or written */
    HV_TRAIT_GPRS = 8,        /* Zydis does not tell all the GPRs it uses */
    HV_TRAIT_STRING = 16,     /* movs, stos, lods, cmps, scas */
};
unsigned hv_decoded_traits(const struct hv_decoded *decoded);

/* Fills accesses, their words, and flags. */
void hv_draft_accesses(struct hv_draft *draft);
/* Fills flow; after the accesses. */
void hv_draft_dataflow(struct hv_draft *draft);
/* Fills everything for an instruction with HV_TRAIT_STRING. */
void hv_draft_string(struct hv_draft *draft);

/* The k register that masks elements, or HV_NO_REG. */
uint8_t hv_draft_mask(const struct hv_draft *draft);

/* ---- dataflow by shape ----------------------------------------------------------- */

/* A row of the table in decode_flow_x86_64.c; what at, from and bytes mean is up to the
 * shape. */
struct hv_flow_rule {
    uint8_t shape, at, from, bytes;
};
/* One for each shape: true if the steps are complete, false if nothing was done and
 * all that is written is to be cleared. */
typedef bool hv_flow_shape(struct hv_draft *draft, const struct hv_flow_rule *rule);

hv_flow_shape hv_flow_copy, hv_flow_compress, hv_flow_exchange, hv_flow_push,
    hv_flow_pop, hv_flow_syscall, hv_flow_x87_state, hv_flow_all_state;
hv_flow_shape hv_flow_insert, hv_flow_insert_at, hv_flow_insertps, hv_flow_extract_at,
    hv_flow_scalar, hv_flow_broadcast, hv_flow_zero_all, hv_flow_zero_upper,
    hv_flow_mask_pair;

/* The n-th operand that carries data: the mask of an EVEX instruction is left out.
 * NULL if there are not so many visible ones. */
const ZydisDecodedOperand *hv_draft_operand(const struct hv_draft *draft, unsigned n);
unsigned hv_draft_operands(const struct hv_draft *draft);

/* Moves bytes of one operand (from byte src_at on) to another, either of which may be
 * memory; only the elements of the mask if there is one. False, and nothing done, if
 * they are not both followed. */
bool hv_draft_transfer(struct hv_draft *draft, const ZydisDecodedOperand *dst,
                       unsigned dst_at, const ZydisDecodedOperand *src, unsigned src_at,
                       unsigned bytes);
bool hv_draft_can_transfer(const struct hv_draft *draft, const ZydisDecodedOperand *dst,
                           const ZydisDecodedOperand *src, unsigned src_at);

/* Clears every register that the instruction writes; hidden: only those not in its
 * text. */
void hv_draft_clear_written(struct hv_draft *draft, bool hidden);

#endif
