/* SPDX-License-Identifier: MIT */
/* Dataflow of parts of vector registers. Without VEX an instruction keeps what it does
 * not name; with it, a first source fills the rest and everything above is zeroed. */
#include "counters/trace/decode/decode_draft.h"

static bool is_register(const ZydisDecodedOperand *operand)
{
    return operand->type == ZYDIS_OPERAND_TYPE_REGISTER;
}

static unsigned width_of(const ZydisDecodedOperand *operand)
{
    return is_register(operand) ? hv_place_of(operand->reg.value).bytes : 0;
}

/* The immediate, which is the last operand. */
static unsigned immediate(const struct hv_draft *draft)
{
    unsigned last = hv_draft_operands(draft) - 1;
    return (unsigned)hv_draft_operand(draft, last)->imm.value.u;
}

/* The first byte of part `number` of a register; higher bits of the number mean
 * nothing. */
static unsigned part_at(const ZydisDecodedOperand *whole, unsigned number,
                        unsigned bytes)
{
    unsigned parts = width_of(whole) / bytes;
    return parts ? number % parts * bytes : 0;
}

/* dst := base, but for bytes [at, at + bytes), which come from src. */
struct insertion {
    const ZydisDecodedOperand *dst, *base, *src;
    unsigned at, from, bytes;
};

/* The rest of dst, before and behind the part. A masked part keeps its own elements. */
static void fill_rest(struct hv_draft *draft, const struct insertion *insertion)
{
    unsigned dst = hv_place_of(insertion->dst->reg.value).at;
    unsigned base = hv_place_of(insertion->base->reg.value).at;
    unsigned behind = insertion->at + insertion->bytes;
    unsigned width = width_of(insertion->dst);
    if (insertion->at)
        hv_draft_move(draft, dst, base, insertion->at);
    if (behind < width)
        hv_draft_move(draft, dst + behind, base + behind, width - behind);
}

static bool insert(struct hv_draft *draft, const struct insertion *insertion)
{
    const ZydisDecodedOperand *dst = insertion->dst, *src = insertion->src;
    if (!hv_draft_can_transfer(draft, dst, src, insertion->from))
        return false;
    bool kept = insertion->base->reg.value == dst->reg.value;
    bool hidden = is_register(src) &&
                  hv_place_of(src->reg.value).at == hv_place_of(dst->reg.value).at;
    if (hidden && !kept && insertion->from != insertion->at) {
        /* The part would be overwritten before it is moved. */
        unsigned to = hv_place_of(dst->reg.value).at;
        hv_draft_move(draft, HV_REG_TEMP, to + insertion->from, insertion->bytes);
        fill_rest(draft, insertion);
        hv_draft_move(draft, to + insertion->at, HV_REG_TEMP, insertion->bytes);
    } else {
        if (!kept)
            fill_rest(draft, insertion);
        hv_draft_transfer(draft, dst, insertion->at, src, insertion->from,
                          insertion->bytes);
    }
    hv_draft_clear_register(draft, dst->reg.value, width_of(dst));
    return true;
}

/* The operands of an insertion: dst, [base,] src. */
static struct insertion insertion_of(const struct hv_draft *draft, unsigned sources)
{
    return (struct insertion){.dst = hv_draft_operand(draft, 0),
                              .base = hv_draft_operand(draft, sources == 2 ? 1 : 0),
                              .src = hv_draft_operand(draft, sources)};
}

/* movlps, movhlps, ... A part of a memory operand goes the other way. Wider unpacks
 * interleave lanes: they compute. */
bool hv_flow_insert(struct hv_draft *draft, const struct hv_flow_rule *rule)
{
    struct insertion insertion = insertion_of(draft, hv_draft_operands(draft) - 1);
    if (hv_draft_mask(draft) != HV_NO_REG)
        return false;
    if (!is_register(insertion.dst))
        return hv_draft_transfer(draft, insertion.dst, 0, insertion.src, rule->at,
                                 rule->bytes);
    if (width_of(insertion.dst) != 16)
        return false;
    insertion.at = rule->at;
    insertion.from = rule->from;
    insertion.bytes = rule->bytes;
    return insert(draft, &insertion);
}

/* movss and its like: between registers the rest is kept, from memory it is zeroed. */
bool hv_flow_scalar(struct hv_draft *draft, const struct hv_flow_rule *rule)
{
    unsigned sources = hv_draft_operands(draft) - 1;
    struct insertion insertion = insertion_of(draft, sources);
    if (!is_register(insertion.dst) || !is_register(insertion.src))
        return hv_flow_copy(draft, rule);
    insertion.bytes = rule->bytes;
    return insert(draft, &insertion);
}

bool hv_flow_insert_at(struct hv_draft *draft, const struct hv_flow_rule *rule)
{
    struct insertion insertion = insertion_of(draft, hv_draft_operands(draft) - 2);
    if (hv_draft_mask(draft) != HV_NO_REG)
        return false;
    insertion.at = part_at(insertion.dst, immediate(draft), rule->bytes);
    insertion.bytes = rule->bytes;
    return insert(draft, &insertion);
}

/* Immediate: bits 7-6 element of a source register, 5-4 of the destination, 3-0 zeroed
 * elements. */
bool hv_flow_insertps(struct hv_draft *draft, const struct hv_flow_rule *rule)
{
    (void)rule;
    struct insertion insertion = insertion_of(draft, hv_draft_operands(draft) - 2);
    unsigned number = immediate(draft);
    insertion.at = (number >> 4 & 3) * 4;
    insertion.from = is_register(insertion.src) ? (number >> 6 & 3) * 4 : 0;
    insertion.bytes = 4;
    if (!insert(draft, &insertion))
        return false;
    for (unsigned i = 0; i < 4; i++)
        if (number >> i & 1)
            hv_draft_clear(draft, hv_place_of(insertion.dst->reg.value).at + 4 * i, 4);
    return true;
}

/* pextr and vextract: the rest of a destination register is zeroed. */
bool hv_flow_extract_at(struct hv_draft *draft, const struct hv_flow_rule *rule)
{
    const ZydisDecodedOperand *dst = hv_draft_operand(draft, 0);
    const ZydisDecodedOperand *src = hv_draft_operand(draft, 1);
    if (hv_draft_mask(draft) != HV_NO_REG)
        return false;
    unsigned from = part_at(src, immediate(draft), rule->bytes);
    if (!hv_draft_transfer(draft, dst, 0, src, from, rule->bytes))
        return false;
    if (is_register(dst))
        hv_draft_clear_register(draft, dst->reg.value, rule->bytes);
    return true;
}

bool hv_flow_broadcast(struct hv_draft *draft, const struct hv_flow_rule *rule)
{
    const ZydisDecodedOperand *dst = hv_draft_operand(draft, 0);
    const ZydisDecodedOperand *src = hv_draft_operand(draft, 1);
    unsigned width = width_of(dst), at = hv_place_of(dst->reg.value).at;
    if (width / rule->bytes > 8 || hv_draft_mask(draft) != HV_NO_REG ||
        !hv_draft_transfer(draft, dst, 0, src, 0, rule->bytes))
        return false;
    for (unsigned done = rule->bytes; done < width; done *= 2)
        hv_draft_move(draft, at + done, at, done);
    hv_draft_clear_register(draft, dst->reg.value, width);
    return true;
}

/* ---- what operands do not say ---------------------------------------------------- */

/* vzeroall and vzeroupper reach the first 16 registers only. */
bool hv_flow_zero_all(struct hv_draft *draft, const struct hv_flow_rule *rule)
{
    (void)rule;
    hv_draft_clear(draft, HV_REG_VECTOR, 16 * 64);
    return true;
}

bool hv_flow_zero_upper(struct hv_draft *draft, const struct hv_flow_rule *rule)
{
    (void)rule;
    for (unsigned i = 0; i < 16; i++)
        hv_draft_clear(draft, HV_REG_VECTOR + i * 64 + 16, 64 - 16);
    return true;
}

/* vp2intersect writes two masks, of which it names one. */
bool hv_flow_mask_pair(struct hv_draft *draft, const struct hv_flow_rule *rule)
{
    (void)rule;
    struct hv_place named = hv_place_of(hv_draft_operand(draft, 0)->reg.value);
    hv_draft_clear(draft, (unsigned)named.at & ~15u, 16);
    return true;
}
