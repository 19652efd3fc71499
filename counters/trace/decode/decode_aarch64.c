/* SPDX-License-Identifier: MIT */
/* A64 instructions into blocks: a word is looked up in a table and described by its
 * row's shape. */
#include "counters/trace/decode/decode_aarch64.h"

#include <errno.h>
#include <string.h>

#include "counters/trace/decode.h"

enum {
    LENGTH = 4,
    /* The most that one instruction needs. */
    WORDS = 6,
    ACCESSES = 2,
    FLOW = 72, /* ld4 of bytes: 64 elements, and what the registers hold beside them */
};

/* udf and the two classes in which nothing is allocated. */
static bool is_undefined(uint32_t word)
{
    const unsigned class = word >> 25 & 15;
    return !(word >> 16) || class == 1 || class == 3;
}

int hv_decode(const void *bytes, size_t room, uint64_t pc, struct hv_decoded *out)
{
    if (room < LENGTH)
        return -EMSGSIZE;
    out->pc = pc;
    memcpy(&out->word, bytes, LENGTH);
    if (is_undefined(out->word))
        return -EILSEQ;
    out->row = hv_a64_find(out->word);
    out->kind = out->row->kind;
    return 0;
}

bool hv_ends_block(const struct hv_decoded *decoded)
{
    return decoded->kind == HV_A64_JUMP || decoded->kind == HV_A64_SYSTEM_CALL ||
           decoded->kind == HV_A64_TRAP;
}

static bool fits(const struct hv_block_builder *builder)
{
    return builder->n_insns < HV_BLOCK_INSNS &&
           builder->n_words + WORDS <= HV_BLOCK_WORDS &&
           builder->n_accesses + ACCESSES <= HV_BLOCK_ACCESSES &&
           builder->n_flow + FLOW <= HV_BLOCK_FLOW;
}

static void add_register(struct hv_a64 *a, uint8_t number)
{
    (void)hv_a64_word(a, (struct hv_word){HV_WORD_REGISTER, number, HV_NO_REG, 1});
}

static void begin(struct hv_a64 *a, const struct hv_decoded *decoded, bool entry)
{
    const struct hv_block_builder *builder = a->builder;
    static const uint8_t argument[] = {HV_A64_SP, 0, 1, 2};
    *a->insn = (struct hv_insn){
        .pc = decoded->pc,
        .length = LENGTH,
        .flags = (uint16_t)(decoded->row->flags | (entry ? HV_INSN_ENTRY : 0)),
        .first_word = (uint8_t)builder->n_words,
        .first_access = (uint8_t)builder->n_accesses,
        .first_flow = (uint8_t)builder->n_flow,
    };
    for (size_t i = 0; entry && i < sizeof argument; i++)
        add_register(a, argument[i]);
    /* of an entry it is the first word already */
    if (!entry && a->insn->flags & HV_INSN_LINK)
        add_register(a, HV_A64_SP);
}

int hv_block_append(struct hv_block_builder *builder, const struct hv_decoded *decoded,
                    bool entry)
{
    if (!fits(builder))
        return -ENOSPC;
    struct hv_a64 a = {builder, &builder->insn[builder->n_insns], decoded->word};
    begin(&a, decoded, entry);
    decoded->row->describe(&a);
    a.insn->n_words = (uint8_t)(builder->n_words - a.insn->first_word);
    a.insn->n_accesses = (uint8_t)(builder->n_accesses - a.insn->first_access);
    a.insn->n_flow = (uint8_t)(builder->n_flow - a.insn->first_flow);
    builder->n_insns++;
    return 0;
}

void hv_a64_nothing(struct hv_a64 *a)
{
    (void)a;
}

/* It may write any register: no tag may stay. */
void hv_a64_unsupported(struct hv_a64 *a)
{
    a->insn->flags |= HV_INSN_UNSUPPORTED;
    hv_a64_clear(a, 0, HV_REG_BYTES);
}
