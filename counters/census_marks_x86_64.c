/* SPDX-License-Identifier: MIT */
/* What an instruction means for a census (x86-64). */
#include "counters/census_walk.h"

static bool is_branch(const struct hv_census_decoded *decoded)
{
    return decoded->insn.meta.category == ZYDIS_CATEGORY_UNCOND_BR ||
           decoded->insn.meta.category == ZYDIS_CATEGORY_COND_BR;
}

bool hv_census_leads_to(const struct hv_census_walk *walk,
                        const struct hv_census_decoded *decoded, uint32_t *offset)
{
    ZyanU64 address = 0;
    if (!is_branch(decoded) || decoded->op[0].type != ZYDIS_OPERAND_TYPE_IMMEDIATE)
        return false;
    ZydisCalcAbsoluteAddress(&decoded->insn, &decoded->op[0], decoded->pc, &address);
    if (address - walk->function.start >= walk->size)
        return false;
    *offset = (uint32_t)(address - walk->function.start);
    return true;
}

/* The bytes that a store copies: those of a load whose register is as it was. */
static void find_copy(const struct hv_census_walk *walk, struct hv_census_insn *insn)
{
    const struct hv_census_decoded *decoded = insn->decoded;
    const enum hv_census_move move = hv_census_move(decoded);
    const ZydisDecodedOperand *written = hv_census_memory(decoded, true);
    struct hv_census_decoded load;
    uint32_t loaded = 0;
    if (move == HV_MOVE_MEMORY && !(decoded->insn.attributes & ZYDIS_ATTRIB_HAS_REP))
        loaded = decoded->offset + 1;
    else if (move == HV_MOVE_STORE)
        loaded = insn->regs->loaded[hv_census_stored(decoded)];
    if (!loaded || !hv_census_decode(walk->code, walk->size, loaded - 1, &load))
        return;
    const ZydisDecodedOperand *read = hv_census_memory(&load, false);
    if (!read || written->size > read->size) /* lea; or more than was loaded */
        return;
    insn->load = loaded - 1;
    insn->copied = written->size / 8;
    insn->marks |= HV_MARK_COPY_STORE;
}

static unsigned widest(const struct hv_census_decoded *decoded)
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

static unsigned marks_of(const struct hv_census_decoded *decoded)
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

void hv_census_understand(const struct hv_census_walk *walk,
                          struct hv_census_insn *insn)
{
    const struct hv_census_decoded *decoded = insn->decoded;
    const struct hv_census_place *place = &walk->places[decoded->offset];
    uint32_t to;
    insn->marks = marks_of(decoded);
    insn->vector_bytes = widest(decoded);
    if (place->state)
        insn->marks |= HV_MARK_TARGET;
    if (place->end)
        insn->marks |= HV_MARK_LOOP;
    if (place->copied)
        insn->marks |= HV_MARK_COPY_LOAD;
    if (is_branch(decoded))
        insn->marks |= HV_MARK_BRANCH;
    if (hv_census_leads_to(walk, decoded, &to) && to <= decoded->offset)
        insn->marks |= HV_MARK_BACKWARD;
    if (hv_census_target(&walk->object, &walk->function, decoded, insn->regs,
                         &insn->target))
        insn->marks |= HV_MARK_CALL;
    else if (is_branch(decoded) && decoded->op[0].type != ZYDIS_OPERAND_TYPE_IMMEDIATE)
        insn->marks |= HV_MARK_INDIRECT;
    find_copy(walk, insn);
}
