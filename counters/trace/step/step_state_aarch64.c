/* SPDX-License-Identifier: MIT */
/* The registers of a stepped child: how they begin, and what a trace reads of them. */
#include "counters/trace/step/step.h"

#include <elf.h>
#include <errno.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

enum { SP = 31, LR = 30, SYSTEM_CALL = 8 };

/* Of PSTATE: the condition flags, and the kind of branch that came last. */
#define FLAGS UINT64_C(0xf0000c00)

uint64_t hv_step_pc(const struct hv_stepper *s)
{
    return s->regs.pc;
}

uint64_t hv_step_pc_of_trap(const struct hv_stepper *s)
{
    return s->regs.pc;
}

long hv_step_call(const struct hv_stepper *s)
{
    return (long)s->regs.regs[SYSTEM_CALL];
}

long hv_step_call_made(const struct hv_stepper *s)
{
    return (long)s->regs.regs[SYSTEM_CALL];
}

long hv_step_result(const struct hv_stepper *s)
{
    return (long)s->regs.regs[0];
}

int hv_step_get(struct hv_stepper *s)
{
    struct iovec area = {&s->regs, sizeof s->regs};
    return ptrace(PTRACE_GETREGSET, s->pid, (void *)NT_PRSTATUS, &area) ? -errno : 0;
}

int hv_step_set(struct hv_stepper *s)
{
    struct iovec area = {&s->regs, sizeof s->regs};
    return ptrace(PTRACE_SETREGSET, s->pid, (void *)NT_PRSTATUS, &area) ? -errno : 0;
}

static int begin_vectors(struct hv_stepper *s)
{
    struct user_fpsimd_struct vectors;
    struct iovec area = {&vectors, sizeof vectors};
    memset(&vectors, 0, sizeof vectors);
    return ptrace(PTRACE_SETREGSET, s->pid, (void *)NT_PRFPREG, &area) ? -errno : 0;
}

int hv_step_begin(struct hv_stepper *s)
{
    int rc = hv_step_options(s);
    if (!rc)
        rc = begin_vectors(s);
    if (!rc)
        rc = hv_step_get(s);
    if (rc)
        return rc;
    const uint64_t state = s->regs.pstate & ~FLAGS;
    s->regs = (struct user_regs_struct){
        .regs = {(uint64_t)(uintptr_t)s->child->call->ctx, s->child->call->n},
        .sp = (uint64_t)(uintptr_t)s->child->stack_top,
        .pc = (uint64_t)(uintptr_t)s->child->call->run,
        .pstate = state,
    };
    s->regs.regs[LR] = (uint64_t)(uintptr_t)hv_trace_end;
    return hv_step_set(s);
}

static uint64_t gpr(const struct user_regs_struct *regs, uint8_t number)
{
    if (number == SP)
        return regs->sp;
    return number < SP ? regs->regs[number] : 0;
}

static uint64_t word_of(const struct hv_stepper *s, const struct hv_word *word)
{
    const uint64_t base = gpr(&s->regs, word->base), index = gpr(&s->regs, word->index);
    switch (word->kind) {
    case HV_WORD_ADDRESS: return base + index * word->scale;
    case HV_WORD_ADDRESS_UXTW: return base + (uint32_t)index * (uint64_t)word->scale;
    case HV_WORD_ADDRESS_SXTW:
        return base + (uint64_t)(int64_t)(int32_t)index * word->scale;
    case HV_WORD_ALIGNED: return base >> word->scale << word->scale;
    case HV_WORD_REGISTER: return base;
    default: return 0;
    }
}

int hv_step_words_before(struct hv_stepper *s, const struct hv_step_entry *entry)
{
    for (unsigned i = 0; i < entry->block.n_words; i++)
        s->word[i] = word_of(s, &entry->block.word[i]);
    return 0;
}

void hv_step_words_after(struct hv_stepper *s, const struct hv_step_entry *entry)
{
    (void)s;
    (void)entry;
}
