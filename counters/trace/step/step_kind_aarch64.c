/* SPDX-License-Identifier: MIT */
/* Which instructions the stepper must not simply step. */
#include "counters/trace/step/step.h"

enum hv_step_kind hv_step_kind_of(const struct hv_decoded *decoded,
                                  const struct hv_insn *insn)
{
    static const enum hv_step_kind kinds[] = {
        [HV_A64_PLAIN] = HV_STEP_PLAIN,
        [HV_A64_JUMP] = HV_STEP_BRANCH,
        [HV_A64_SYSTEM_CALL] = HV_STEP_SYSCALL,
        [HV_A64_TRAP] = HV_STEP_TRAP,
        [HV_A64_LOAD_EXCLUSIVE] = HV_STEP_EXCLUSIVE,
        [HV_A64_STORE_EXCLUSIVE] = HV_STEP_PLAIN,
    };
    (void)insn;
    return kinds[decoded->kind];
}

void hv_step_prepare(const struct hv_stepper *s, struct hv_block_builder *builder)
{
    (void)s;
    (void)builder;
}
