/* SPDX-License-Identifier: MIT */
/* The pieces that descriptions of A64 instructions are made of. */
#include "counters/trace/decode/decode_aarch64.h"

#include "counters/trace/decode.h"

enum { GPR_BYTES = 8, VECTOR_BYTES = 16 };

int64_t hv_a64_signed(const struct hv_a64 *a, unsigned high, unsigned low)
{
    const int64_t sign = INT64_C(1) << (high - low);
    return ((int64_t)hv_a64_bits(a, high, low) ^ sign) - sign;
}

uint8_t hv_a64_word(struct hv_a64 *a, struct hv_word word)
{
    a->builder->word[a->builder->n_words] = word;
    return (uint8_t)a->builder->n_words++;
}

uint8_t hv_a64_access_at(struct hv_a64 *a, uint8_t word, int64_t disp, unsigned bytes,
                         unsigned flags)
{
    struct hv_block_builder *builder = a->builder;
    builder->access[builder->n_accesses] = (struct hv_access){
        .disp = disp,
        .bytes = (uint16_t)bytes,
        .word = word,
        .mask_word = HV_NO_WORD,
        .flags = (uint8_t)flags,
    };
    return (uint8_t)builder->n_accesses++;
}

uint8_t hv_a64_access(struct hv_a64 *a, unsigned base, int64_t disp, unsigned bytes,
                      unsigned flags)
{
    const uint8_t word =
        hv_a64_word(a, (struct hv_word){HV_WORD_ADDRESS, (uint8_t)base, HV_NO_REG, 1});
    return hv_a64_access_at(a, word, disp, bytes, flags);
}

static void flow(struct hv_a64 *a, struct hv_flow step)
{
    struct hv_block_builder *builder = a->builder;
    step.mask_word = HV_NO_WORD;
    step.insn = (uint8_t)builder->n_insns;
    builder->flow[builder->n_flow++] = step;
}

void hv_a64_load(struct hv_a64 *a, unsigned dst, uint8_t access, unsigned at,
                 unsigned bytes)
{
    flow(a, (struct hv_flow){.kind = HV_FLOW_LOAD,
                             .access = access,
                             .at = (uint8_t)at,
                             .dst = (uint16_t)dst,
                             .bytes = (uint16_t)bytes});
}

void hv_a64_store(struct hv_a64 *a, uint8_t access, unsigned at, unsigned src,
                  unsigned bytes)
{
    flow(a, (struct hv_flow){.kind = HV_FLOW_STORE,
                             .access = access,
                             .at = (uint8_t)at,
                             .src = (uint16_t)src,
                             .bytes = (uint16_t)bytes});
}

void hv_a64_move(struct hv_a64 *a, unsigned dst, unsigned src, unsigned bytes)
{
    if (dst != src)
        flow(a, (struct hv_flow){.kind = HV_FLOW_MOVE,
                                 .dst = (uint16_t)dst,
                                 .src = (uint16_t)src,
                                 .bytes = (uint16_t)bytes});
}

void hv_a64_clear(struct hv_a64 *a, unsigned dst, unsigned bytes)
{
    if (bytes)
        flow(a, (struct hv_flow){.kind = HV_FLOW_CLEAR,
                                 .dst = (uint16_t)dst,
                                 .bytes = (uint16_t)bytes});
}

void hv_a64_clear_gpr(struct hv_a64 *a, unsigned number, unsigned kept)
{
    if (number != HV_A64_ZERO)
        hv_a64_clear(a, hv_a64_gpr(number) + kept, GPR_BYTES - kept);
}

void hv_a64_clear_vector(struct hv_a64 *a, unsigned number, unsigned kept)
{
    hv_a64_clear(a, hv_a64_vector(number) + kept, VECTOR_BYTES - kept);
}

void hv_a64_is_vector(struct hv_a64 *a, unsigned bytes)
{
    a->insn->vector_bytes = bytes > GPR_BYTES ? VECTOR_BYTES : GPR_BYTES;
}

static void transfer_vector(struct hv_a64 *a, const struct hv_a64_part *part)
{
    const unsigned reg = hv_a64_vector(part->number);
    hv_a64_is_vector(a, part->bytes);
    if (!part->loads) {
        hv_a64_store(a, part->access, part->at, reg, part->bytes);
        return;
    }
    hv_a64_load(a, reg, part->access, part->at, part->bytes);
    hv_a64_clear_vector(a, part->number, part->bytes);
}

void hv_a64_transfer(struct hv_a64 *a, const struct hv_a64_part *part)
{
    if (part->vector) {
        transfer_vector(a, part);
    } else if (part->number == HV_A64_ZERO) {
        return; /* what is loaded is lost, what is stored is a constant */
    } else if (part->loads) {
        hv_a64_load(a, hv_a64_gpr(part->number), part->access, part->at, part->bytes);
        hv_a64_clear_gpr(a, part->number, part->bytes);
    } else {
        hv_a64_store(a, part->access, part->at, hv_a64_gpr(part->number), part->bytes);
    }
}
