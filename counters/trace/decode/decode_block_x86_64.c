/* SPDX-License-Identifier: MIT */
/* Blocks under construction: drafts of single instructions appended as a whole. */
#include "counters/trace/decode.h"

#include <errno.h>
#include <string.h>

#include "counters/trace/decode/decode_draft.h"

/* ---- drafts ---------------------------------------------------------------------- */

static void add_register(struct hv_draft *draft, uint8_t gpr)
{
    hv_draft_word(draft, (struct hv_word){HV_WORD_REGISTER, gpr, HV_NO_REG, 1});
}

static void begin(struct hv_draft *draft, const struct hv_decoded *decoded, bool entry)
{
    memset(draft, 0, sizeof *draft);
    draft->in = decoded;
    memset(draft->read, HV_NO_ACCESS, sizeof draft->read);
    memset(draft->write, HV_NO_ACCESS, sizeof draft->write);
    if (!entry)
        return;
    draft->flags = HV_INSN_ENTRY;
    static const uint8_t argument[] = {HV_RSP, HV_RDI, HV_RSI, HV_RDX};
    for (size_t i = 0; i < sizeof argument; i++)
        add_register(draft, argument[i]);
}

static void describe(struct hv_draft *draft)
{
    if (hv_decoded_traits(draft->in) & HV_TRAIT_STRING) {
        hv_draft_string(draft);
    } else {
        hv_draft_accesses(draft);
        hv_draft_dataflow(draft);
    }
    if (!draft->overflow)
        return;
    /* Not known to happen; but if, then no tag may stay. */
    draft->flags |= HV_INSN_UNSUPPORTED;
    draft->n_flow = 0;
    hv_draft_clear(draft, 0, HV_REG_BYTES);
}

uint8_t hv_draft_word(struct hv_draft *draft, struct hv_word word)
{
    if (word.kind == HV_WORD_ADDRESS || word.kind == HV_WORD_MASK)
        for (uint8_t i = 0; i < draft->n_words; i++)
            if (!memcmp(&draft->word[i], &word, sizeof word))
                return i;
    if (draft->n_words == HV_DRAFT_WORDS) {
        draft->overflow = true;
        return 0;
    }
    draft->word[draft->n_words] = word;
    return draft->n_words++;
}

uint8_t hv_draft_access(struct hv_draft *draft, struct hv_access access)
{
    if (draft->n_accesses == HV_DRAFT_ACCESSES) {
        draft->overflow = true;
        return 0;
    }
    draft->access[draft->n_accesses] = access;
    return draft->n_accesses++;
}

void hv_draft_flow(struct hv_draft *draft, struct hv_flow step)
{
    if (draft->n_flow == HV_DRAFT_FLOW)
        draft->overflow = true;
    else
        draft->flow[draft->n_flow++] = step;
}

/* ---- appending ------------------------------------------------------------------- */

static bool fits(const struct hv_block_builder *builder, const struct hv_draft *draft)
{
    return builder->n_insns < HV_BLOCK_INSNS &&
           builder->n_words + draft->n_words <= HV_BLOCK_WORDS &&
           builder->n_accesses + draft->n_accesses <= HV_BLOCK_ACCESSES &&
           builder->n_flow + draft->n_flow <= HV_BLOCK_FLOW;
}

static bool is_vector_memory(const struct hv_decoded *decoded,
                             const ZydisDecodedOperand *operand)
{
    return operand->type == ZYDIS_OPERAND_TYPE_MEMORY && operand->size >= 128 &&
           decoded->insn.encoding != ZYDIS_INSTRUCTION_ENCODING_LEGACY &&
           decoded->insn.meta.category != ZYDIS_CATEGORY_AMX_TILE;
}

static unsigned vector_width(const struct hv_decoded *decoded,
                             const ZydisDecodedOperand *operand)
{
    if (is_vector_memory(decoded, operand))
        return operand->size / 8u;
    if (operand->type != ZYDIS_OPERAND_TYPE_REGISTER)
        return 0;
    struct hv_place place = hv_place_of(operand->reg.value);
    bool vector =
        place.at >= HV_REG_VECTOR || (place.at >= HV_REG_MMX && place.at < HV_REG_TEMP);
    return vector ? place.bytes : 0;
}

/* Of the operands in the instruction's text: the widest may be in memory, when it is
 * converted to something narrower. */
static uint8_t vector_bytes(const struct hv_decoded *decoded)
{
    unsigned widest = 0;
    for (unsigned i = 0; i < decoded->insn.operand_count_visible; i++) {
        unsigned width = vector_width(decoded, &decoded->operand[i]);
        if (width > widest)
            widest = width;
    }
    return (uint8_t)widest;
}

static bool overlaps(const struct hv_flow *a, const struct hv_flow *b)
{
    return a->dst < b->dst + b->bytes && b->dst < a->dst + a->bytes;
}

static bool covers(const struct hv_flow *a, const struct hv_flow *b)
{
    return a->dst <= b->dst && b->dst + b->bytes <= a->dst + a->bytes;
}

/* True if an earlier step of the block cleared all these register bytes and nothing
 * was put there since. */
static bool is_clear(const struct hv_block_builder *builder, unsigned at,
                     unsigned bytes)
{
    const struct hv_flow wanted = {.dst = (uint16_t)at, .bytes = (uint16_t)bytes};
    for (unsigned i = builder->n_flow; i--;) {
        const struct hv_flow *earlier = &builder->flow[i];
        bool clears = earlier->kind == HV_FLOW_CLEAR;
        if (clears && covers(earlier, &wanted))
            return true;
        bool puts = earlier->kind == HV_FLOW_LOAD || earlier->kind == HV_FLOW_MOVE;
        if (puts && overlaps(earlier, &wanted))
            return false;
    }
    return false;
}

/* Most instructions compute with what was computed: within a block that is known, and
 * then there is nothing to do. Without this, following the data would take most of a
 * trace's time. */
static bool changes_nothing(const struct hv_block_builder *builder,
                            struct hv_flow *step)
{
    if (step->kind == HV_FLOW_STORE)
        return is_clear(builder, step->src, step->bytes);
    if (step->kind == HV_FLOW_MOVE && step->mask_word == HV_NO_WORD &&
        is_clear(builder, step->src, step->bytes)) {
        step->kind = HV_FLOW_CLEAR;
        step->src = 0;
    }
    return step->kind == HV_FLOW_CLEAR && is_clear(builder, step->dst, step->bytes);
}

static uint8_t rebased(uint8_t index, unsigned first)
{
    return index == HV_NO_WORD ? HV_NO_WORD : (uint8_t)(index + first);
}

static void append_flow(struct hv_block_builder *builder, const struct hv_draft *draft,
                        const struct hv_insn *insn)
{
    for (unsigned i = 0; i < draft->n_flow; i++) {
        struct hv_flow step = draft->flow[i];
        if (changes_nothing(builder, &step))
            continue;
        step.access = (uint8_t)(step.access + insn->first_access);
        step.mask_word = rebased(step.mask_word, insn->first_word);
        step.insn = (uint8_t)builder->n_insns;
        builder->flow[builder->n_flow++] = step;
    }
}

static void append(struct hv_block_builder *builder, const struct hv_draft *draft)
{
    struct hv_insn insn = {.pc = draft->in->pc,
                           .length = draft->in->insn.length,
                           .vector_bytes = vector_bytes(draft->in),
                           .flags = draft->flags,
                           .first_word = (uint8_t)builder->n_words,
                           .n_words = draft->n_words,
                           .first_access = (uint8_t)builder->n_accesses,
                           .n_accesses = draft->n_accesses,
                           .first_flow = (uint8_t)builder->n_flow};
    for (unsigned i = 0; i < draft->n_words; i++)
        builder->word[builder->n_words++] = draft->word[i];
    for (unsigned i = 0; i < draft->n_accesses; i++) {
        struct hv_access access = draft->access[i];
        access.word = rebased(access.word, insn.first_word);
        access.mask_word = rebased(access.mask_word, insn.first_word);
        builder->access[builder->n_accesses++] = access;
    }
    append_flow(builder, draft, &insn);
    insn.n_flow = (uint8_t)(builder->n_flow - insn.first_flow);
    builder->insn[builder->n_insns++] = insn;
}

int hv_block_append(struct hv_block_builder *builder, const struct hv_decoded *decoded,
                    bool entry)
{
    struct hv_draft draft;
    begin(&draft, decoded, entry);
    draft.fs_base = builder->fs_base;
    describe(&draft);
    if (!fits(builder, &draft))
        return -ENOSPC;
    append(builder, &draft);
    return 0;
}
