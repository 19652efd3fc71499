/* SPDX-License-Identifier: MIT */
/* Steps of the dataflow between operands. */
#include "counters/trace/decode/decode_draft.h"

static struct hv_flow step_of(enum hv_flow_kind kind, unsigned dst, unsigned src,
                              unsigned bytes)
{
    return (struct hv_flow){.kind = (uint8_t)kind,
                            .mask_word = HV_NO_WORD,
                            .dst = (uint16_t)dst,
                            .src = (uint16_t)src,
                            .bytes = (uint16_t)bytes};
}

void hv_draft_load(struct hv_draft *draft, unsigned dst, unsigned access,
                   unsigned bytes)
{
    struct hv_flow step = step_of(HV_FLOW_LOAD, dst, 0, bytes);
    step.access = (uint8_t)access;
    hv_draft_flow(draft, step);
}

void hv_draft_store(struct hv_draft *draft, unsigned access, unsigned src,
                    unsigned bytes)
{
    struct hv_flow step = step_of(HV_FLOW_STORE, 0, src, bytes);
    step.access = (uint8_t)access;
    hv_draft_flow(draft, step);
}

void hv_draft_move(struct hv_draft *draft, unsigned dst, unsigned src, unsigned bytes)
{
    if (dst != src)
        hv_draft_flow(draft, step_of(HV_FLOW_MOVE, dst, src, bytes));
}

void hv_draft_clear(struct hv_draft *draft, unsigned dst, unsigned bytes)
{
    hv_draft_flow(draft, step_of(HV_FLOW_CLEAR, dst, 0, bytes));
}

/* ---- operands -------------------------------------------------------------------- */

const ZydisDecodedOperand *hv_draft_operand(const struct hv_draft *draft, unsigned n)
{
    for (unsigned i = 0; i < draft->in->insn.operand_count_visible; i++) {
        const ZydisDecodedOperand *operand = &draft->in->operand[i];
        if (operand->encoding != ZYDIS_OPERAND_ENCODING_MASK && !n--)
            return operand;
    }
    return NULL;
}

unsigned hv_draft_operands(const struct hv_draft *draft)
{
    unsigned n = 0;
    while (hv_draft_operand(draft, n))
        n++;
    return n;
}

static unsigned access_of(const struct hv_draft *draft,
                          const ZydisDecodedOperand *operand, const uint8_t *access)
{
    if (operand->type != ZYDIS_OPERAND_TYPE_MEMORY)
        return HV_NO_ACCESS;
    return access[operand - draft->in->operand];
}

static struct hv_place place_of(const ZydisDecodedOperand *operand)
{
    if (operand->type != ZYDIS_OPERAND_TYPE_REGISTER)
        return (struct hv_place){0, 0};
    return hv_place_of(operand->reg.value);
}

/* A load gives its bytes from the first on: no step can take the middle of them. */
bool hv_draft_can_transfer(const struct hv_draft *draft, const ZydisDecodedOperand *dst,
                           const ZydisDecodedOperand *src, unsigned src_at)
{
    unsigned read = access_of(draft, src, draft->read);
    if (access_of(draft, dst, draft->write) != HV_NO_ACCESS)
        return place_of(src).bytes;
    if (!place_of(dst).bytes)
        return false;
    return place_of(src).bytes || (read != HV_NO_ACCESS && !src_at);
}

/* Masks the step as the instruction is masked: one bit for each element of dst. */
static void add_mask(struct hv_draft *draft, const ZydisDecodedOperand *dst,
                     struct hv_flow *step)
{
    uint8_t mask = hv_draft_mask(draft);
    if (mask == HV_NO_REG)
        return;
    step->mask_word =
        hv_draft_word(draft, (struct hv_word){HV_WORD_MASK, mask, HV_NO_REG, 1});
    step->element = (uint8_t)(dst->element_size / 8);
    if (draft->in->insn.avx.mask.mode == ZYDIS_MASK_MODE_ZEROING)
        step->flags |= HV_FLOW_ZEROING;
}

bool hv_draft_transfer(struct hv_draft *draft, const ZydisDecodedOperand *dst,
                       unsigned dst_at, const ZydisDecodedOperand *src, unsigned src_at,
                       unsigned bytes)
{
    if (!hv_draft_can_transfer(draft, dst, src, src_at))
        return false;
    unsigned write = access_of(draft, dst, draft->write);
    unsigned read = access_of(draft, src, draft->read);
    unsigned to = place_of(dst).at + dst_at, from = place_of(src).at + src_at;
    struct hv_flow step = step_of(HV_FLOW_MOVE, to, from, bytes);
    if (write != HV_NO_ACCESS)
        step = step_of(HV_FLOW_STORE, 0, from, bytes);
    else if (read != HV_NO_ACCESS)
        step = step_of(HV_FLOW_LOAD, to, 0, bytes);
    if (step.kind != HV_FLOW_MOVE)
        step.access = (uint8_t)(write != HV_NO_ACCESS ? write : read);
    add_mask(draft, dst, &step);
    if (step.kind != HV_FLOW_MOVE || to != from || step.flags & HV_FLOW_ZEROING)
        hv_draft_flow(draft, step);
    return true;
}

void hv_draft_clear_written(struct hv_draft *draft, bool hidden)
{
    for (unsigned i = 0; i < draft->in->insn.operand_count; i++) {
        const ZydisDecodedOperand *operand = &draft->in->operand[i];
        bool wanted = !hidden || operand->visibility == ZYDIS_OPERAND_VISIBILITY_HIDDEN;
        if (wanted && operand->type == ZYDIS_OPERAND_TYPE_REGISTER &&
            operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)
            hv_draft_clear_register(draft, operand->reg.value, 0);
    }
}
