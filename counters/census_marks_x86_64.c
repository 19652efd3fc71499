/* SPDX-License-Identifier: MIT */
/* What an instruction means for a census (x86-64). */
#include "counters/census_walk.h"

bool hv_census_is_call(const struct hv_census_decoded *decoded)
{
    return decoded->insn.meta.category == ZYDIS_CATEGORY_CALL;
}

bool hv_census_is_branch(const struct hv_census_decoded *decoded)
{
    return decoded->insn.meta.category == ZYDIS_CATEGORY_UNCOND_BR ||
           decoded->insn.meta.category == ZYDIS_CATEGORY_COND_BR;
}

bool hv_census_is_end(const struct hv_census_decoded *decoded)
{
    return decoded->insn.meta.category == ZYDIS_CATEGORY_UNCOND_BR ||
           decoded->insn.meta.category == ZYDIS_CATEGORY_RET ||
           decoded->insn.mnemonic == ZYDIS_MNEMONIC_UD2 ||
           decoded->insn.mnemonic == ZYDIS_MNEMONIC_HLT;
}

bool hv_census_goes_to(const struct hv_census_decoded *decoded, uint64_t *address)
{
    ZyanU64 to = 0;
    if (decoded->op[0].type != ZYDIS_OPERAND_TYPE_IMMEDIATE ||
        (!hv_census_is_branch(decoded) && !hv_census_is_call(decoded)))
        return false;
    ZydisCalcAbsoluteAddress(&decoded->insn, &decoded->op[0], decoded->pc, &to);
    *address = to;
    return true;
}

/* Those of a load whose register is as it was; each push stores 8 bytes further down.
 */
unsigned hv_census_pairs(const unsigned char *code, uint32_t size,
                         const struct hv_census_decoded *decoded,
                         const struct hv_census_regs *regs,
                         struct hv_census_pair pairs[HV_CENSUS_PAIRS])
{
    const enum hv_census_move move = hv_census_move(decoded);
    const ZydisDecodedOperand *written = hv_census_memory(decoded, true);
    const bool is_push = decoded->insn.mnemonic == ZYDIS_MNEMONIC_PUSH;
    struct hv_census_decoded load;
    uint32_t loaded = 0;
    if (move == HV_MOVE_MEMORY && !(decoded->insn.attributes & ZYDIS_ATTRIB_HAS_REP))
        loaded = decoded->offset + 1;
    else if (move == HV_MOVE_STORE)
        loaded = regs->loaded[hv_census_stored(decoded)];
    if (!loaded || !hv_census_decode(code, size, loaded - 1, &load))
        return 0;
    const ZydisDecodedOperand *read = hv_census_memory(&load, false);
    if (!read || written->size > read->size) /* lea; or more than was loaded */
        return 0;
    const ZydisDecodedOperandMem *to = &written->mem, *from = &read->mem;
    pairs[0] = (struct hv_census_pair){
        .load = loaded - 1,
        .bytes = written->size / 8,
        .width = written->size / 8,
        .base = {from->base,  to->base },
        .index = {from->index, to->index},
        .delta = is_push ? 0 : to->disp.value - from->disp.value,
    };
    return 1;
}

unsigned hv_census_vector_bytes(const struct hv_census_decoded *decoded)
{
    unsigned bytes = 0;
    for (unsigned i = 0; i < decoded->insn.operand_count; i++) {
        const ZydisDecodedOperand *op = &decoded->op[i];
        const bool is_memory = op->type == ZYDIS_OPERAND_TYPE_MEMORY;
        if (!is_memory && op->type != ZYDIS_OPERAND_TYPE_REGISTER)
            continue;
        /* the index of a gather is a vector */
        const ZydisRegister reg = is_memory ? op->mem.index : op->reg.value;
        const ZydisRegisterClass class = ZydisRegisterGetClass(reg);
        if (class != ZYDIS_REGCLASS_XMM && class != ZYDIS_REGCLASS_YMM &&
            class != ZYDIS_REGCLASS_ZMM && class != ZYDIS_REGCLASS_MMX)
            continue;
        const unsigned width =
            ZydisRegisterGetWidth(ZYDIS_MACHINE_MODE_LONG_64, reg) / 8;
        bytes = width > bytes ? width : bytes;
    }
    return bytes;
}

static const struct {
    ZydisMnemonic mnemonic;
    unsigned mark;
} marks[] = {
    {ZYDIS_MNEMONIC_MOVNTI,      HV_MARK_NON_TEMPORAL},
    {ZYDIS_MNEMONIC_MOVNTQ,      HV_MARK_NON_TEMPORAL},
    {ZYDIS_MNEMONIC_MOVNTDQ,     HV_MARK_NON_TEMPORAL},
    {ZYDIS_MNEMONIC_MOVNTPS,     HV_MARK_NON_TEMPORAL},
    {ZYDIS_MNEMONIC_MOVNTPD,     HV_MARK_NON_TEMPORAL},
    {ZYDIS_MNEMONIC_VMOVNTDQ,    HV_MARK_NON_TEMPORAL},
    {ZYDIS_MNEMONIC_VMOVNTPS,    HV_MARK_NON_TEMPORAL},
    {ZYDIS_MNEMONIC_VMOVNTPD,    HV_MARK_NON_TEMPORAL},
    {ZYDIS_MNEMONIC_VPGATHERDD,  HV_MARK_GATHER      },
    {ZYDIS_MNEMONIC_VPGATHERDQ,  HV_MARK_GATHER      },
    {ZYDIS_MNEMONIC_VPGATHERQD,  HV_MARK_GATHER      },
    {ZYDIS_MNEMONIC_VPGATHERQQ,  HV_MARK_GATHER      },
    {ZYDIS_MNEMONIC_VGATHERDPS,  HV_MARK_GATHER      },
    {ZYDIS_MNEMONIC_VGATHERDPD,  HV_MARK_GATHER      },
    {ZYDIS_MNEMONIC_VGATHERQPS,  HV_MARK_GATHER      },
    {ZYDIS_MNEMONIC_VGATHERQPD,  HV_MARK_GATHER      },
    {ZYDIS_MNEMONIC_VPSCATTERDD, HV_MARK_SCATTER     },
    {ZYDIS_MNEMONIC_VPSCATTERDQ, HV_MARK_SCATTER     },
    {ZYDIS_MNEMONIC_VPSCATTERQD, HV_MARK_SCATTER     },
    {ZYDIS_MNEMONIC_VPSCATTERQQ, HV_MARK_SCATTER     },
    {ZYDIS_MNEMONIC_VSCATTERDPS, HV_MARK_SCATTER     },
    {ZYDIS_MNEMONIC_VSCATTERDPD, HV_MARK_SCATTER     },
    {ZYDIS_MNEMONIC_VSCATTERQPS, HV_MARK_SCATTER     },
    {ZYDIS_MNEMONIC_VSCATTERQPD, HV_MARK_SCATTER     },
};

static const struct {
    ZydisMnemonic mnemonic;
    unsigned mark;
} repeated[] = {
    {ZYDIS_MNEMONIC_MOVSB, HV_MARK_REP_MOVS},
    {ZYDIS_MNEMONIC_MOVSW, HV_MARK_REP_MOVS},
    {ZYDIS_MNEMONIC_MOVSD, HV_MARK_REP_MOVS},
    {ZYDIS_MNEMONIC_MOVSQ, HV_MARK_REP_MOVS},
    {ZYDIS_MNEMONIC_STOSB, HV_MARK_REP_STOS},
    {ZYDIS_MNEMONIC_STOSW, HV_MARK_REP_STOS},
    {ZYDIS_MNEMONIC_STOSD, HV_MARK_REP_STOS},
    {ZYDIS_MNEMONIC_STOSQ, HV_MARK_REP_STOS},
};

unsigned hv_census_marks(const struct hv_census_decoded *decoded)
{
    unsigned found = 0;
    for (size_t i = 0; i < HV_LEN(marks); i++)
        if (marks[i].mnemonic == decoded->insn.mnemonic)
            found |= marks[i].mark;
    if (decoded->insn.attributes & ZYDIS_ATTRIB_HAS_REP)
        for (size_t i = 0; i < HV_LEN(repeated); i++)
            if (repeated[i].mnemonic == decoded->insn.mnemonic)
                found |= repeated[i].mark;
    return found;
}
