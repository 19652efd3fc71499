/* SPDX-License-Identifier: MIT */
/* Registers as Zydis names them, in the register file that the dataflow knows. */
#include "counters/trace/decode/decode_draft.h"

/* Classes whose registers are numbered one after the other. */
struct class_row {
    uint16_t at, stride, bytes;
};

static const struct class_row classes[ZYDIS_REGCLASS_MAX_VALUE + 1] = {
    [ZYDIS_REGCLASS_GPR8] = {HV_REG_GPR,    8,  1 },
    [ZYDIS_REGCLASS_GPR16] = {HV_REG_GPR,    8,  2 },
    [ZYDIS_REGCLASS_GPR32] = {HV_REG_GPR,    8,  4 },
    [ZYDIS_REGCLASS_GPR64] = {HV_REG_GPR,    8,  8 },
    [ZYDIS_REGCLASS_MASK] = {HV_REG_MASK,   8,  8 },
    [ZYDIS_REGCLASS_MMX] = {HV_REG_MMX,    8,  8 },
    [ZYDIS_REGCLASS_XMM] = {HV_REG_VECTOR, 64, 16},
    [ZYDIS_REGCLASS_YMM] = {HV_REG_VECTOR, 64, 32},
    [ZYDIS_REGCLASS_ZMM] = {HV_REG_VECTOR, 64, 64},
};

static bool is_gpr(ZydisRegister reg)
{
    ZydisRegisterClass class = ZydisRegisterGetClass(reg);
    return class >= ZYDIS_REGCLASS_GPR8 && class <= ZYDIS_REGCLASS_GPR64;
}

/* Ids of 8-bit registers are not the hardware's: ah .. bh stand between them. */
static unsigned number_of(ZydisRegister reg)
{
    if (is_gpr(reg))
        reg = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg);
    return (unsigned)ZydisRegisterGetId(reg);
}

struct hv_place hv_place_of(ZydisRegister reg)
{
    const struct class_row *class = &classes[ZydisRegisterGetClass(reg)];
    if (!class->bytes)
        return (struct hv_place){0, 0};
    unsigned second = reg >= ZYDIS_REGISTER_AH && reg <= ZYDIS_REGISTER_BH;
    return (struct hv_place){
        (uint16_t)(class->at + number_of(reg) * class->stride + second), class->bytes};
}

unsigned hv_written_bytes(const ZydisDecodedInstruction *insn, ZydisRegister reg)
{
    switch (ZydisRegisterGetClass(reg)) {
    case ZYDIS_REGCLASS_GPR32: return 8;
    case ZYDIS_REGCLASS_XMM:
    case ZYDIS_REGCLASS_YMM:
    case ZYDIS_REGCLASS_ZMM:
        if (insn->encoding != ZYDIS_INSTRUCTION_ENCODING_LEGACY)
            return 64;
        return 16;
    default: return hv_place_of(reg).bytes;
    }
}

uint16_t hv_gpr_bit(ZydisRegister reg)
{
    return is_gpr(reg) ? (uint16_t)(1u << number_of(reg)) : 0;
}

void hv_draft_clear_register(struct hv_draft *draft, ZydisRegister reg, unsigned kept)
{
    unsigned written = hv_written_bytes(&draft->in->insn, reg);
    /* x87 registers are the MMX ones, renumbered by every push and pop. */
    if (ZydisRegisterGetClass(reg) == ZYDIS_REGCLASS_X87)
        hv_draft_clear(draft, HV_REG_MMX, 8 * 8);
    else if (written > kept)
        hv_draft_clear(draft, hv_place_of(reg).at + kept, written - kept);
}
