/* SPDX-License-Identifier: MIT */
/* Accesses to memory: where, how many bytes, which way. */
#include "counters/trace/decode/decode_draft.h"

static bool is_bit_string(const struct hv_decoded *decoded)
{
    switch (decoded->insn.mnemonic) {
    case ZYDIS_MNEMONIC_BT:
    case ZYDIS_MNEMONIC_BTC:
    case ZYDIS_MNEMONIC_BTR:
    case ZYDIS_MNEMONIC_BTS:
        return decoded->operand[0].type == ZYDIS_OPERAND_TYPE_MEMORY &&
               decoded->operand[1].type == ZYDIS_OPERAND_TYPE_REGISTER;
    default: return false;
    }
}

/* A new base of fs would make every later address wrong. */
static bool writes_segment(const struct hv_decoded *decoded)
{
    for (unsigned i = 0; i < decoded->insn.operand_count; i++) {
        const ZydisDecodedOperand *operand = &decoded->operand[i];
        if (operand->type == ZYDIS_OPERAND_TYPE_REGISTER &&
            operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE &&
            (operand->reg.value == ZYDIS_REGISTER_FS ||
             operand->reg.value == ZYDIS_REGISTER_GS))
            return true;
    }
    return false;
}

/* Prefix 66 cuts the target to 16 bits on some processors; far ones leave the mode. */
static bool is_odd_transfer(const ZydisDecodedInstruction *insn)
{
    if (insn->meta.branch_type == ZYDIS_BRANCH_TYPE_FAR)
        return true;
    switch (insn->meta.category) {
    case ZYDIS_CATEGORY_CALL:
    case ZYDIS_CATEGORY_RET:
    case ZYDIS_CATEGORY_UNCOND_BR:
    case ZYDIS_CATEGORY_COND_BR:
        return insn->attributes & ZYDIS_ATTRIB_HAS_OPERANDSIZE &&
               !(insn->attributes & ZYDIS_ATTRIB_HAS_REX && insn->raw.rex.W);
    default: return false;
    }
}

static uint16_t transfer_flags(const ZydisDecodedInstruction *insn)
{
    switch (insn->meta.category) {
    case ZYDIS_CATEGORY_CALL: return HV_INSN_CALL;
    case ZYDIS_CATEGORY_RET: return HV_INSN_RET;
    case ZYDIS_CATEGORY_UNCOND_BR:
    case ZYDIS_CATEGORY_COND_BR: return HV_INSN_BRANCH;
    case ZYDIS_CATEGORY_SYSCALL: return HV_INSN_SYSCALL;
    default: return 0;
    }
}

/* ---- masks ----------------------------------------------------------------------- */

uint8_t hv_draft_mask(const struct hv_draft *draft)
{
    const ZydisDecodedInstruction *insn = &draft->in->insn;
    if (insn->encoding != ZYDIS_INSTRUCTION_ENCODING_EVEX ||
        ZydisRegisterGetClass(insn->avx.mask.reg) != ZYDIS_REGCLASS_MASK ||
        insn->avx.mask.reg == ZYDIS_REGISTER_K0)
        return HV_NO_REG;
    return (uint8_t)ZydisRegisterGetId(insn->avx.mask.reg);
}

/* A class without suppression of faults (NF) reads all elements. So do these, whose
 * class Zydis 4.0.0 has wrong. */
static bool reads_all(const ZydisDecodedInstruction *insn)
{
    switch (insn->mnemonic) {
    case ZYDIS_MNEMONIC_VCVTNE2PS2BF16:
    case ZYDIS_MNEMONIC_VDBPSADBW:
    case ZYDIS_MNEMONIC_VGF2P8AFFINEQB:
    case ZYDIS_MNEMONIC_VGF2P8AFFINEINVQB: return true;
    default: break;
    }
    switch (insn->meta.exception_class) {
    case ZYDIS_EXCEPTION_CLASS_E1NF:
    case ZYDIS_EXCEPTION_CLASS_E2NF:
    case ZYDIS_EXCEPTION_CLASS_E3NF:
    case ZYDIS_EXCEPTION_CLASS_E4NF:
    case ZYDIS_EXCEPTION_CLASS_E5NF:
    case ZYDIS_EXCEPTION_CLASS_E6NF:
    case ZYDIS_EXCEPTION_CLASS_E9NF:
    case ZYDIS_EXCEPTION_CLASS_E10NF: return true;
    default: return false;
    }
}

/* Whether the mask also says which elements are accessed. The single element of a
 * broadcast is, whatever the mask: that nothing needs it is too rare to be logged. */
static bool mask_guards(const ZydisDecodedInstruction *insn)
{
    return insn->avx.broadcast.mode == ZYDIS_BROADCAST_MODE_INVALID && !reads_all(insn);
}

static void add_mask(struct hv_draft *draft, const ZydisDecodedOperand *memory,
                     struct hv_access *access)
{
    const ZydisDecodedInstruction *insn = &draft->in->insn;
    uint8_t mask = hv_draft_mask(draft);
    if (mask == HV_NO_REG || !mask_guards(insn))
        return;
    access->mask_word =
        hv_draft_word(draft, (struct hv_word){HV_WORD_MASK, mask, HV_NO_REG, 1});
    access->element = (uint8_t)(memory->element_size / 8);
    if (insn->meta.category == ZYDIS_CATEGORY_COMPRESS ||
        insn->meta.category == ZYDIS_CATEGORY_EXPAND)
        access->flags |= HV_ACCESS_COMPRESSED;
}

/* ---- addresses ------------------------------------------------------------------- */

static uint8_t gpr_number(ZydisRegister reg)
{
    return reg == ZYDIS_REGISTER_NONE ? HV_NO_REG : (uint8_t)ZydisRegisterGetId(reg);
}

static bool is_gpr64_or_none(ZydisRegister reg)
{
    return reg == ZYDIS_REGISTER_NONE ||
           ZydisRegisterGetClass(reg) == ZYDIS_REGCLASS_GPR64;
}

/* An operand of the text. `pop [rsp + d]` computes its address with the new rsp. */
static bool explicit_address(struct hv_draft *draft, const ZydisDecodedOperand *operand,
                             struct hv_access *access)
{
    const ZydisDecodedInstruction *insn = &draft->in->insn;
    ZydisRegister base = operand->mem.base, index = operand->mem.index;
    access->disp = operand->mem.disp.has_displacement ? operand->mem.disp.value : 0;
    if (operand->mem.segment == ZYDIS_REGISTER_FS)
        access->disp = (int64_t)((uint64_t)access->disp + draft->fs_base);
    if (base == ZYDIS_REGISTER_RIP) {
        access->disp = (int64_t)((uint64_t)access->disp + draft->in->pc + insn->length);
        return true;
    }
    if (!is_gpr64_or_none(base) || !is_gpr64_or_none(index))
        return false;
    if (insn->mnemonic == ZYDIS_MNEMONIC_POP && base == ZYDIS_REGISTER_RSP)
        access->disp += access->bytes;
    if (base == ZYDIS_REGISTER_NONE && index == ZYDIS_REGISTER_NONE)
        return true;
    struct hv_word word = {HV_WORD_ADDRESS, gpr_number(base), gpr_number(index),
                           index == ZYDIS_REGISTER_NONE ? 1 : operand->mem.scale};
    access->word = hv_draft_word(draft, word);
    return true;
}

/* The stack, below rsp for what is pushed, and what leave reads at rbp. */
static bool hidden_address(struct hv_draft *draft, const ZydisDecodedOperand *operand,
                           bool write, struct hv_access *access)
{
    ZydisRegister base = operand->mem.base;
    bool leave = base == ZYDIS_REGISTER_RBP && !write;
    if (base != ZYDIS_REGISTER_RSP && !leave)
        return false;
    access->disp = write ? -(int64_t)access->bytes : 0;
    access->word = hv_draft_word(
        draft, (struct hv_word){HV_WORD_ADDRESS, gpr_number(base), HV_NO_REG, 1});
    return true;
}

static bool describe(struct hv_draft *draft, const ZydisDecodedOperand *operand,
                     bool write, struct hv_access *access)
{
    *access = (struct hv_access){.bytes = operand->size / 8,
                                 .word = HV_NO_WORD,
                                 .mask_word = HV_NO_WORD,
                                 .flags = write ? HV_ACCESS_WRITE : 0};
    if (!access->bytes)
        return false;
    if (operand->visibility == ZYDIS_OPERAND_VISIBILITY_HIDDEN)
        return hidden_address(draft, operand, write, access);
    if (operand->mem.type != ZYDIS_MEMOP_TYPE_MEM ||
        operand->mem.segment == ZYDIS_REGISTER_GS ||
        draft->in->insn.address_width != 64)
        return false;
    return explicit_address(draft, operand, access);
}

/* ---- operands -------------------------------------------------------------------- */

static bool is_non_temporal(ZydisMnemonic mnemonic)
{
    switch (mnemonic) {
    case ZYDIS_MNEMONIC_MOVNTI:
    case ZYDIS_MNEMONIC_MOVNTQ:
    case ZYDIS_MNEMONIC_MOVNTDQ:
    case ZYDIS_MNEMONIC_MOVNTPS:
    case ZYDIS_MNEMONIC_MOVNTPD:
    case ZYDIS_MNEMONIC_MOVNTSS:
    case ZYDIS_MNEMONIC_MOVNTSD:
    case ZYDIS_MNEMONIC_VMOVNTDQ:
    case ZYDIS_MNEMONIC_VMOVNTPS:
    case ZYDIS_MNEMONIC_VMOVNTPD:
    case ZYDIS_MNEMONIC_MOVDIRI: return true;
    default: return false;
    }
}

static bool is_access(const ZydisDecodedOperand *operand, ZydisOperandActions actions)
{
    return operand->type == ZYDIS_OPERAND_TYPE_MEMORY &&
           operand->mem.type != ZYDIS_MEMOP_TYPE_AGEN && operand->actions & actions;
}

static void add_access(struct hv_draft *draft, unsigned i, bool write)
{
    const ZydisDecodedOperand *operand = &draft->in->operand[i];
    struct hv_access access;
    if (!describe(draft, operand, write, &access)) {
        draft->flags |= HV_INSN_UNSUPPORTED;
        return;
    }
    if (write && is_non_temporal(draft->in->insn.mnemonic))
        access.flags |= HV_ACCESS_NON_TEMPORAL;
    add_mask(draft, operand, &access);
    uint8_t *index = write ? &draft->write[i] : &draft->read[i];
    *index = hv_draft_access(draft, access);
}

static void add_accesses(struct hv_draft *draft, bool write)
{
    ZydisOperandActions actions =
        write ? ZYDIS_OPERAND_ACTION_MASK_WRITE : ZYDIS_OPERAND_ACTION_MASK_READ;
    for (unsigned i = 0; i < draft->in->insn.operand_count; i++)
        if (is_access(&draft->in->operand[i], actions))
            add_access(draft, i, write);
}

void hv_draft_accesses(struct hv_draft *draft)
{
    const struct hv_decoded *in = draft->in;
    unsigned traits = hv_decoded_traits(in);
    draft->flags |= transfer_flags(&in->insn);
    if (writes_segment(in) || is_odd_transfer(&in->insn))
        draft->flags |= HV_INSN_UNSUPPORTED;
    if (traits & HV_TRAIT_UNSUPPORTED || is_bit_string(in)) {
        draft->flags |= HV_INSN_UNSUPPORTED;
        return;
    }
    if (traits & HV_TRAIT_NO_MEMORY)
        return;
    add_accesses(draft, false);
    add_accesses(draft, true);
}
