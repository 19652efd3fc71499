/* SPDX-License-Identifier: MIT */
/* Whether a description deals with all that an instruction writes: for each register
 * that Zydis lists as written, from what a register is and not from how the decoder
 * goes about it. */
#include "tests/unit/decode_corpus.h"

#if defined(__x86_64__)

/* Masks and MMX registers are in no other one, which Zydis says with none. */
static ZydisRegister enclosing(ZydisRegister reg)
{
    ZydisRegister whole =
        ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg);
    return whole == ZYDIS_REGISTER_NONE ? reg : whole;
}

/* Bytes of the register file that a write of the register changes. */
static void written(const ZydisDecodedInstruction *insn,
                    const ZydisDecodedOperand *operand, unsigned *at, unsigned *bytes)
{
    ZydisRegister reg = operand->reg.value;
    unsigned number = (unsigned)ZydisRegisterGetId(enclosing(reg));
    bool legacy = insn->encoding == ZYDIS_INSTRUCTION_ENCODING_LEGACY;
    *bytes = 0;
    switch (ZydisRegisterGetClass(reg)) {
    case ZYDIS_REGCLASS_GPR8:
        *at = number * 8 + (reg >= ZYDIS_REGISTER_AH && reg <= ZYDIS_REGISTER_BH);
        *bytes = 1;
        break;
    case ZYDIS_REGCLASS_GPR16:
        *at = number * 8;
        *bytes = 2;
        break;
    case ZYDIS_REGCLASS_GPR32:
    case ZYDIS_REGCLASS_GPR64:
        *at = number * 8;
        *bytes = 8;
        break;
    case ZYDIS_REGCLASS_MASK:
        *at = HV_REG_MASK + number * 8;
        *bytes = 8;
        break;
    case ZYDIS_REGCLASS_MMX:
        *at = HV_REG_MMX + number * 8;
        *bytes = 8;
        break;
    case ZYDIS_REGCLASS_X87: /* any of the MMX registers */
        *at = HV_REG_MMX;
        *bytes = 64;
        break;
    case ZYDIS_REGCLASS_XMM:
    case ZYDIS_REGCLASS_YMM:
    case ZYDIS_REGCLASS_ZMM:
        *at = HV_REG_VECTOR + number * 64;
        *bytes = legacy ? operand->size / 8 : 64;
        break;
    default: break;
    }
}

/* Moved to itself, as a whole or in part. */
static bool is_own_source(const struct hv_decoded *decoded,
                          const ZydisDecodedOperand *dst)
{
    for (unsigned i = 0; i < decoded->insn.operand_count_visible; i++) {
        const ZydisDecodedOperand *operand = &decoded->operand[i];
        if (operand->type == ZYDIS_OPERAND_TYPE_REGISTER && operand != dst &&
            enclosing(operand->reg.value) == enclosing(dst->reg.value))
            return true;
    }
    return false;
}

static unsigned covered(const struct hv_block *block, unsigned at, unsigned bytes)
{
    unsigned n = 0;
    for (unsigned byte = at; byte < at + bytes; byte++)
        for (unsigned i = 0; i < block->n_flow; i++) {
            const struct hv_flow *flow = &block->flow[i];
            bool writes = flow->kind == HV_FLOW_LOAD || flow->kind == HV_FLOW_MOVE ||
                          flow->kind == HV_FLOW_CLEAR;
            if (!writes || byte < flow->dst || byte >= flow->dst + flow->bytes)
                continue;
            n++;
            break;
        }
    return n;
}

/* Legacy vector instructions may write any part that is as large as the operand, and
 * what is also read may be changed in part. */
const char *decode_corpus_uncovered(const struct hv_decoded *decoded,
                                    const struct hv_block *block)
{
    for (unsigned i = 0; i < decoded->insn.operand_count; i++) {
        const ZydisDecodedOperand *operand = &decoded->operand[i];
        unsigned at = 0, bytes;
        if (operand->type != ZYDIS_OPERAND_TYPE_REGISTER ||
            !(operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE))
            continue;
        written(&decoded->insn, operand, &at, &bytes);
        unsigned dealt = covered(block, at, at >= HV_REG_VECTOR ? 64 : bytes);
        bool partly = dealt && operand->actions & ZYDIS_OPERAND_ACTION_MASK_READ;
        if (dealt < bytes && !partly && !is_own_source(decoded, operand))
            return ZydisRegisterGetString(operand->reg.value);
    }
    return NULL;
}

#endif
