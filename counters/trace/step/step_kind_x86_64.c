/* SPDX-License-Identifier: MIT */
/* Which instructions the stepper must not simply step. */
#include "counters/trace/step/step.h"

enum hv_step_kind hv_step_kind_of(const struct hv_decoded *decoded,
                                  const struct hv_insn *insn)
{
    static const struct {
        ZydisMnemonic mnemonic;
        enum hv_step_kind kind;
    } rows[] = {
        {ZYDIS_MNEMONIC_SYSCALL, HV_STEP_SYSCALL},
        {ZYDIS_MNEMONIC_PUSHF,   HV_STEP_PUSHF  },
        {ZYDIS_MNEMONIC_PUSHFQ,  HV_STEP_PUSHF  },
        {ZYDIS_MNEMONIC_INT3,    HV_STEP_TRAP   },
        {ZYDIS_MNEMONIC_INT1,    HV_STEP_TRAP   },
    };
    for (size_t i = 0; i < HV_LEN(rows); i++)
        if (decoded->insn.mnemonic == rows[i].mnemonic)
            return rows[i].kind;
    if (insn->flags & HV_INSN_REP)
        return HV_STEP_REP;
    return hv_ends_block(decoded) ? HV_STEP_BRANCH : HV_STEP_PLAIN;
}

void hv_step_prepare(const struct hv_stepper *s, struct hv_block_builder *builder)
{
    builder->fs_base = s->regs.fs_base;
}
