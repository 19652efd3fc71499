/* SPDX-License-Identifier: MIT */
/* Which registers hold what an instruction before loaded, untouched (x86-64). */
#include "counters/census_regs_x86_64.h"

#include <string.h>

#include "counters/census_regs.h"
#include "src/base/error.h"

bool hv_census_decode(const unsigned char *code, uint32_t size, uint32_t offset,
                      struct hv_census_decoded *out)
{
    ZydisDecoder decoder;
    out->offset = offset;
    out->pc = (uintptr_t)code + offset;
    if (offset >= size ||
        !ZYAN_SUCCESS(ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64,
                                       ZYDIS_STACK_WIDTH_64)) ||
        !ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, code + offset, size - offset,
                                             &out->insn, out->op)))
        return false;
    out->length = out->insn.length;
    return true;
}

int hv_census_reg(ZydisRegister reg)
{
    const ZydisRegister whole =
        ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg);
    const ZyanI8 id = ZydisRegisterGetId(whole);
    switch (ZydisRegisterGetClass(whole)) {
    case ZYDIS_REGCLASS_GPR64: return id;
    case ZYDIS_REGCLASS_XMM:
    case ZYDIS_REGCLASS_YMM:
    case ZYDIS_REGCLASS_ZMM: return HV_CENSUS_GPRS + id;
    default: return -1;
    }
}

/* Both ways, and between registers. MOVSD is a string instruction too. */
static const ZydisMnemonic plain[] = {
    ZYDIS_MNEMONIC_MOV,       ZYDIS_MNEMONIC_MOVUPS,    ZYDIS_MNEMONIC_MOVAPS,
    ZYDIS_MNEMONIC_MOVDQU,    ZYDIS_MNEMONIC_MOVDQA,    ZYDIS_MNEMONIC_MOVUPD,
    ZYDIS_MNEMONIC_MOVAPD,    ZYDIS_MNEMONIC_MOVQ,      ZYDIS_MNEMONIC_MOVD,
    ZYDIS_MNEMONIC_MOVSS,     ZYDIS_MNEMONIC_MOVSD,     ZYDIS_MNEMONIC_LDDQU,
    ZYDIS_MNEMONIC_MOVNTDQA,  ZYDIS_MNEMONIC_MOVNTI,    ZYDIS_MNEMONIC_MOVNTDQ,
    ZYDIS_MNEMONIC_MOVNTPS,   ZYDIS_MNEMONIC_MOVNTPD,   ZYDIS_MNEMONIC_MOVDIRI,
    ZYDIS_MNEMONIC_VMOVDQU,   ZYDIS_MNEMONIC_VMOVDQA,   ZYDIS_MNEMONIC_VMOVDQU8,
    ZYDIS_MNEMONIC_VMOVDQU16, ZYDIS_MNEMONIC_VMOVDQU32, ZYDIS_MNEMONIC_VMOVDQU64,
    ZYDIS_MNEMONIC_VMOVDQA32, ZYDIS_MNEMONIC_VMOVDQA64, ZYDIS_MNEMONIC_VMOVUPS,
    ZYDIS_MNEMONIC_VMOVAPS,   ZYDIS_MNEMONIC_VMOVUPD,   ZYDIS_MNEMONIC_VMOVAPD,
    ZYDIS_MNEMONIC_VMOVQ,     ZYDIS_MNEMONIC_VMOVD,     ZYDIS_MNEMONIC_VMOVSS,
    ZYDIS_MNEMONIC_VMOVSD,    ZYDIS_MNEMONIC_VLDDQU,    ZYDIS_MNEMONIC_VMOVNTDQA,
    ZYDIS_MNEMONIC_VMOVNTDQ,  ZYDIS_MNEMONIC_VMOVNTPS,  ZYDIS_MNEMONIC_VMOVNTPD,
};

/* A part of a vector register to memory. */
static const ZydisMnemonic partial_stores[] = {
    ZYDIS_MNEMONIC_VEXTRACTI128,  ZYDIS_MNEMONIC_VEXTRACTF128,
    ZYDIS_MNEMONIC_VEXTRACTI32X4, ZYDIS_MNEMONIC_VEXTRACTF32X4,
    ZYDIS_MNEMONIC_VEXTRACTI64X2, ZYDIS_MNEMONIC_VEXTRACTF64X2,
    ZYDIS_MNEMONIC_VEXTRACTI32X8, ZYDIS_MNEMONIC_VEXTRACTF32X8,
    ZYDIS_MNEMONIC_VEXTRACTI64X4, ZYDIS_MNEMONIC_VEXTRACTF64X4,
    ZYDIS_MNEMONIC_MOVHPS,        ZYDIS_MNEMONIC_MOVHPD,
    ZYDIS_MNEMONIC_MOVLPS,        ZYDIS_MNEMONIC_MOVLPD,
    ZYDIS_MNEMONIC_VMOVHPS,       ZYDIS_MNEMONIC_VMOVHPD,
    ZYDIS_MNEMONIC_VMOVLPS,       ZYDIS_MNEMONIC_VMOVLPD,
};

static bool is_one_of(ZydisMnemonic mnemonic, const ZydisMnemonic *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == mnemonic)
            return true;
    return false;
}

const ZydisDecodedOperand *hv_census_memory(const struct hv_census_decoded *decoded,
                                            bool write)
{
    const ZydisOperandActions wanted =
        write ? ZYDIS_OPERAND_ACTION_MASK_WRITE : ZYDIS_OPERAND_ACTION_MASK_READ;
    for (unsigned i = 0; i < decoded->insn.operand_count; i++)
        if (decoded->op[i].type == ZYDIS_OPERAND_TYPE_MEMORY &&
            decoded->op[i].mem.type == ZYDIS_MEMOP_TYPE_MEM &&
            decoded->op[i].actions & wanted)
            return &decoded->op[i];
    return NULL;
}

/* The register that a plain move stores: an EVEX move's second operand is its mask. */
static const ZydisDecodedOperand *source(const struct hv_census_decoded *decoded)
{
    for (unsigned i = 1; i < decoded->insn.operand_count_visible; i++)
        if (decoded->op[i].type == ZYDIS_OPERAND_TYPE_REGISTER &&
            hv_census_reg(decoded->op[i].reg.value) >= 0)
            return &decoded->op[i];
    return NULL;
}

bool hv_census_constant(const struct hv_census_decoded *decoded, uint64_t *address)
{
    const ZydisDecodedOperand *op = hv_census_memory(decoded, false);
    ZyanU64 constant = 0;
    if (decoded->insn.mnemonic == ZYDIS_MNEMONIC_LEA)
        op = &decoded->op[1];
    if (!op || op->mem.base != ZYDIS_REGISTER_RIP)
        return false;
    ZydisCalcAbsoluteAddress(&decoded->insn, op, decoded->pc, &constant);
    *address = constant;
    return true;
}

int hv_census_stored(const struct hv_census_decoded *decoded)
{
    return hv_census_reg(source(decoded)->reg.value);
}

/* The target has all of its data from the first source: not under a mask, and not
 * vmovsd xmm, xmm, xmm, which takes its lower half from the second one. */
static bool is_whole(const struct hv_census_decoded *decoded)
{
    const ZydisRegister mask = decoded->insn.avx.mask.reg;
    return decoded->insn.mnemonic != ZYDIS_MNEMONIC_VMOVSS &&
           decoded->insn.mnemonic != ZYDIS_MNEMONIC_VMOVSD &&
           (mask == ZYDIS_REGISTER_NONE || mask == ZYDIS_REGISTER_K0);
}

enum hv_census_move hv_census_move(const struct hv_census_decoded *decoded)
{
    const ZydisDecodedOperand *read = hv_census_memory(decoded, false);
    const ZydisDecodedOperand *written = hv_census_memory(decoded, true);
    const ZydisDecodedOperand *op = decoded->op;
    const ZydisMnemonic mnemonic = decoded->insn.mnemonic;
    if (decoded->insn.meta.category == ZYDIS_CATEGORY_STRINGOP ||
        mnemonic == ZYDIS_MNEMONIC_PUSH)
        return read && written ? HV_MOVE_MEMORY : HV_MOVE_NONE;
    if (is_one_of(mnemonic, partial_stores, HV_LEN(partial_stores)))
        return written && source(decoded) ? HV_MOVE_STORE : HV_MOVE_NONE;
    if (!is_one_of(mnemonic, plain, HV_LEN(plain)))
        return HV_MOVE_NONE;
    if (written)
        return source(decoded) ? HV_MOVE_STORE : HV_MOVE_NONE;
    if (op[0].type != ZYDIS_OPERAND_TYPE_REGISTER || hv_census_reg(op[0].reg.value) < 0)
        return HV_MOVE_NONE;
    if (read)
        return HV_MOVE_LOAD;
    return source(decoded) && is_whole(decoded) ? HV_MOVE_REG : HV_MOVE_NONE;
}

/* ---- the state after an instruction --------------------------------------------- */

static void forget_written(struct hv_census_regs *regs,
                           const struct hv_census_decoded *decoded)
{
    for (unsigned i = 0; i < decoded->insn.operand_count; i++) {
        const ZydisDecodedOperand *op = &decoded->op[i];
        const int reg = op->type == ZYDIS_OPERAND_TYPE_REGISTER &&
                                op->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE
                            ? hv_census_reg(op->reg.value)
                            : -1;
        if (reg >= 0)
            regs->loaded[reg] = 0;
    }
}

/* What the System V ABI lets a function change; a system call changes less. */
static void forget_called(struct hv_census_regs *regs)
{
    static const uint8_t general[] = {0, 1, 2, 6, 7, 8, 9, 10, 11};
    for (size_t i = 0; i < HV_LEN(general); i++)
        regs->loaded[general[i]] = 0;
    for (size_t i = HV_CENSUS_GPRS; i < HV_CENSUS_REGS; i++)
        regs->loaded[i] = 0;
}

/* What a move between registers carries on: all that was loaded, or nothing. */
static uint32_t carried(const struct hv_census_regs *regs, const unsigned char *code,
                        uint32_t size, const struct hv_census_decoded *decoded)
{
    struct hv_census_decoded load;
    const uint32_t loaded = regs->loaded[hv_census_reg(source(decoded)->reg.value)];
    if (!loaded || !hv_census_decode(code, size, loaded - 1, &load))
        return 0;
    const ZydisDecodedOperand *memory = hv_census_memory(&load, false);
    const unsigned bits = memory ? memory->size : 64; /* lea */
    return decoded->op[0].size >= bits ? loaded : 0;
}

/* Bytes of stack that the instruction takes; constant steps only. */
static int64_t taken(const struct hv_census_decoded *decoded)
{
    const ZydisDecodedOperand *op = decoded->op;
    const bool is_rsp = op[0].type == ZYDIS_OPERAND_TYPE_REGISTER &&
                        op[0].reg.value == ZYDIS_REGISTER_RSP;
    switch (decoded->insn.mnemonic) {
    case ZYDIS_MNEMONIC_PUSH: return decoded->insn.operand_width / 8;
    case ZYDIS_MNEMONIC_POP: return -(decoded->insn.operand_width / 8);
    case ZYDIS_MNEMONIC_SUB:
        return is_rsp && op[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE ? op[1].imm.value.s
                                                                    : 0;
    case ZYDIS_MNEMONIC_ADD:
        return is_rsp && op[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE ? -op[1].imm.value.s
                                                                    : 0;
    case ZYDIS_MNEMONIC_LEA:
        return is_rsp && op[1].mem.base == ZYDIS_REGISTER_RSP &&
                       op[1].mem.index == ZYDIS_REGISTER_NONE
                   ? -op[1].mem.disp.value
                   : 0;
    default: return 0;
    }
}

void hv_census_regs_forget(struct hv_census_regs *regs)
{
    memset(regs->loaded, 0, sizeof regs->loaded);
}

void hv_census_regs_step(struct hv_census_regs *regs, const unsigned char *code,
                         uint32_t size, const struct hv_census_decoded *decoded)
{
    const enum hv_census_move move = hv_census_move(decoded);
    const bool is_lea = decoded->insn.mnemonic == ZYDIS_MNEMONIC_LEA;
    uint64_t address;
    uint32_t now = 0;
    if (move == HV_MOVE_LOAD || (is_lea && hv_census_constant(decoded, &address)))
        now = decoded->offset + 1;
    else if (move == HV_MOVE_REG)
        now = carried(regs, code, size, decoded);
    forget_written(regs, decoded);
    if (now)
        regs->loaded[hv_census_reg(decoded->op[0].reg.value)] = now;
    if (decoded->insn.meta.category == ZYDIS_CATEGORY_CALL)
        forget_called(regs);
    if (decoded->insn.meta.category == ZYDIS_CATEGORY_SYSCALL)
        regs->loaded[0] = 0; /* rax, which Zydis does not list */

    const int64_t depth = regs->depth + taken(decoded);
    if (depth >= 0 && depth <= INT32_MAX)
        regs->depth = (int32_t)depth;
}

/* Two loads of one constant place, such as a slot of the GOT, are the same. */
static bool is_same_load(uint32_t a, uint32_t b, const unsigned char *code,
                         uint32_t size)
{
    struct hv_census_decoded first, second;
    uint64_t x, y;
    return a && b && hv_census_decode(code, size, a - 1, &first) &&
           hv_census_decode(code, size, b - 1, &second) &&
           first.insn.mnemonic == second.insn.mnemonic &&
           hv_census_constant(&first, &x) && hv_census_constant(&second, &y) && x == y;
}

bool hv_census_regs_merge(struct hv_census_regs *regs,
                          const struct hv_census_regs *more, const unsigned char *code,
                          uint32_t size)
{
    bool changed = false;
    if (!regs->reached) {
        *regs = *more;
        regs->reached = true;
        return true;
    }
    for (size_t i = 0; i < HV_CENSUS_REGS; i++) {
        uint32_t *loaded = &regs->loaded[i];
        if (!*loaded || *loaded == more->loaded[i] ||
            is_same_load(*loaded, more->loaded[i], code, size))
            continue;
        *loaded = 0;
        changed = true;
    }
    return changed; /* the depth is that of the first way, or it would grow in loops */
}
