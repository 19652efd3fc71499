/* SPDX-License-Identifier: MIT */
/* Whom a call calls: the stubs and the indirect calls of x86-64. */
#include "counters/census_calls.h"

/* [endbr64] [bnd] jmp [rip + x] */
uint64_t hv_census_slot_of_stub(const struct hv_census_object *object, uint64_t address)
{
    enum { STUB_BYTES = 16 };
    struct hv_census_decoded decoded;
    ZyanU64 slot = 0;
    uint32_t offset = 0;
    if (!hv_census_is_readable(object, address, STUB_BYTES))
        return 0;
    const unsigned char *code = (const unsigned char *)address;
    if (hv_census_decode(code, STUB_BYTES, 0, &decoded) &&
        decoded.insn.mnemonic == ZYDIS_MNEMONIC_ENDBR64)
        offset = decoded.insn.length;
    if (!hv_census_decode(code, STUB_BYTES, offset, &decoded) ||
        decoded.insn.mnemonic != ZYDIS_MNEMONIC_JMP ||
        decoded.op[0].type != ZYDIS_OPERAND_TYPE_MEMORY ||
        decoded.op[0].mem.base != ZYDIS_REGISTER_RIP)
        return 0;
    ZydisCalcAbsoluteAddress(&decoded.insn, &decoded.op[0], decoded.pc, &slot);
    return slot;
}

/* Through a register: what was put there, if that is known. */
static void name_register(const struct hv_census_object *object,
                          const struct hv_symbol *function, ZydisRegister reg,
                          const struct hv_census_regs *regs,
                          struct hv_census_target *out)
{
    struct hv_census_decoded load;
    const int index = hv_census_reg(reg);
    const uint32_t loaded = index >= 0 ? regs->loaded[index] : 0;
    uint64_t address;
    if (!loaded ||
        !hv_census_decode((const unsigned char *)function->start,
                          (uint32_t)function->size, loaded - 1, &load) ||
        !hv_census_constant(&load, &address))
        return;
    if (load.insn.mnemonic == ZYDIS_MNEMONIC_LEA) {
        hv_census_name_direct(object, address, out);
        out->route = HV_ROUTE_REGISTER;
    } else if (load.op[1].size == 64 && hv_census_name_by_slot(object, address, out)) {
        out->route = HV_ROUTE_REGISTER;
    }
}

void hv_census_name_indirect(const struct hv_census_object *object,
                             const struct hv_symbol *function,
                             const struct hv_census_decoded *decoded,
                             const struct hv_census_regs *regs,
                             struct hv_census_target *out)
{
    const ZydisDecodedOperand *op = &decoded->op[0];
    ZyanU64 slot = 0;
    if (op->type == ZYDIS_OPERAND_TYPE_REGISTER)
        name_register(object, function, op->reg.value, regs, out);
    else if (op->type == ZYDIS_OPERAND_TYPE_MEMORY &&
             op->mem.base == ZYDIS_REGISTER_RIP &&
             ZYAN_SUCCESS(
                 ZydisCalcAbsoluteAddress(&decoded->insn, op, decoded->pc, &slot)) &&
             hv_census_name_by_slot(object, slot, out))
        out->route = HV_ROUTE_GOT;
}
