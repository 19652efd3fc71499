/* SPDX-License-Identifier: MIT */
/* Dataflow of general registers and the stack, and of plain copies of any register. */
#include "counters/trace/decode/decode_draft.h"

static bool is_register(const ZydisDecodedOperand *operand)
{
    return operand->type == ZYDIS_OPERAND_TYPE_REGISTER;
}

static unsigned smaller_bytes(const ZydisDecodedOperand *a,
                              const ZydisDecodedOperand *b)
{
    return (a->size < b->size ? a->size : b->size) / 8;
}

/* mov and its like, of any register class. Immediates and system registers are no data
 * to follow. */
bool hv_flow_copy(struct hv_draft *draft, const struct hv_flow_rule *rule)
{
    const ZydisDecodedOperand *dst = hv_draft_operand(draft, 0);
    const ZydisDecodedOperand *src = hv_draft_operand(draft, 1);
    unsigned bytes = rule->bytes ? rule->bytes : smaller_bytes(dst, src);
    if (!hv_draft_transfer(draft, dst, 0, src, 0, bytes))
        return false;
    if (is_register(dst))
        hv_draft_clear_register(draft, dst->reg.value, bytes);
    return true;
}

/* Between registers it is a shuffle. */
bool hv_flow_compress(struct hv_draft *draft, const struct hv_flow_rule *rule)
{
    if (is_register(hv_draft_operand(draft, 0)) &&
        is_register(hv_draft_operand(draft, 1)))
        return false;
    return hv_flow_copy(draft, rule);
}

/* Both go through TEMP: the registers may be one, and a store must not see the load. */
bool hv_flow_exchange(struct hv_draft *draft, const struct hv_flow_rule *rule)
{
    (void)rule;
    const ZydisDecodedOperand *a = hv_draft_operand(draft, 0);
    const ZydisDecodedOperand *b = hv_draft_operand(draft, 1);
    if (!is_register(b)) { /* the memory operand first, in whichever order it came */
        const ZydisDecodedOperand *other = a;
        a = b;
        b = other;
    }
    unsigned bytes = b->size / 8;
    struct hv_place place_b = hv_place_of(b->reg.value);
    if (is_register(a)) {
        struct hv_place place_a = hv_place_of(a->reg.value);
        hv_draft_move(draft, HV_REG_TEMP, place_a.at, bytes);
        hv_draft_move(draft, place_a.at, place_b.at, bytes);
        hv_draft_clear_register(draft, a->reg.value, bytes);
    } else {
        unsigned i = (unsigned)(a - draft->in->operand);
        hv_draft_load(draft, HV_REG_TEMP, draft->read[i], bytes);
        hv_draft_store(draft, draft->write[i], place_b.at, bytes);
    }
    hv_draft_move(draft, place_b.at, HV_REG_TEMP, bytes);
    hv_draft_clear_register(draft, b->reg.value, bytes);
    return true;
}

/* ---- the stack ------------------------------------------------------------------- */

/* The access of the hidden operand, which is the stack. */
static unsigned stack_access(const struct hv_draft *draft, const uint8_t *access)
{
    for (unsigned i = 0; i < draft->in->insn.operand_count; i++)
        if (draft->in->operand[i].visibility == ZYDIS_OPERAND_VISIBILITY_HIDDEN &&
            access[i] != HV_NO_ACCESS)
            return access[i];
    return HV_NO_ACCESS;
}

bool hv_flow_push(struct hv_draft *draft, const struct hv_flow_rule *rule)
{
    (void)rule;
    const ZydisDecodedOperand *src = hv_draft_operand(draft, 0);
    unsigned to = stack_access(draft, draft->write);
    if (to == HV_NO_ACCESS || src->type == ZYDIS_OPERAND_TYPE_IMMEDIATE)
        return false;
    unsigned bytes = src->size / 8;
    if (!is_register(src)) {
        hv_draft_load(draft, HV_REG_TEMP, draft->read[src - draft->in->operand], bytes);
        hv_draft_store(draft, to, HV_REG_TEMP, bytes);
    } else if (hv_place_of(src->reg.value).bytes) {
        hv_draft_store(draft, to, hv_place_of(src->reg.value).at, bytes);
    }
    hv_draft_clear_written(draft, true);
    return true;
}

/* rsp first: `pop rsp` ends with what was read. leave pops into rbp, which is hidden.
 */
bool hv_flow_pop(struct hv_draft *draft, const struct hv_flow_rule *rule)
{
    (void)rule;
    const ZydisDecodedOperand *dst = hv_draft_operand(draft, 0);
    unsigned from = stack_access(draft, draft->read);
    if (from == HV_NO_ACCESS)
        return false;
    unsigned bytes = draft->access[from].bytes;
    hv_draft_clear_written(draft, true);
    if (!dst) {
        hv_draft_load(draft, hv_place_of(ZYDIS_REGISTER_RBP).at, from, bytes);
    } else if (!is_register(dst)) {
        hv_draft_load(draft, HV_REG_TEMP, from, bytes);
        hv_draft_store(draft, draft->write[dst - draft->in->operand], HV_REG_TEMP,
                       bytes);
    } else if (hv_place_of(dst->reg.value).bytes) {
        hv_draft_load(draft, hv_place_of(dst->reg.value).at, from, bytes);
    }
    return true;
}

/* ---- what operands do not say ---------------------------------------------------- */

bool hv_flow_syscall(struct hv_draft *draft, const struct hv_flow_rule *rule)
{
    (void)rule;
    hv_draft_clear_written(draft, false);
    hv_draft_clear_register(draft, ZYDIS_REGISTER_RAX, 0);
    return true;
}

bool hv_flow_x87_state(struct hv_draft *draft, const struct hv_flow_rule *rule)
{
    (void)rule;
    hv_draft_clear(draft, HV_REG_MMX, 8 * 8);
    return true;
}

bool hv_flow_all_state(struct hv_draft *draft, const struct hv_flow_rule *rule)
{
    (void)rule;
    hv_draft_clear(draft, HV_REG_MASK, 8 * 8);
    hv_draft_clear(draft, HV_REG_MMX, 8 * 8);
    hv_draft_clear(draft, HV_REG_VECTOR, 32 * 64);
    return true;
}
