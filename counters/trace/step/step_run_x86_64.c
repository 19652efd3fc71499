/* SPDX-License-Identifier: MIT */
/* What only x86-64 has: a breakpoint behind a rep string, the trap flag in what pushf
 * pushed. */
#include "counters/trace/step/step.h"

#include <errno.h>
#include <sys/ptrace.h>

enum { INT3 = 0xcc, TRAP_FLAG = 0x100 };

/* What was pushed must not have the trap flag that only the stepping set. */
static enum hv_step_went run_pushf(struct hv_stepper *s,
                                   const struct hv_step_entry *entry)
{
    const enum hv_step_went went = hv_step_run_usual(s, entry);
    if (went != HV_WENT_DONE)
        return went;
    errno = 0;
    const long pushed = ptrace(PTRACE_PEEKDATA, s->pid, (void *)s->regs.rsp, NULL);
    if (!errno)
        (void)ptrace(PTRACE_POKEDATA, s->pid, (void *)s->regs.rsp,
                     (void *)(pushed & ~(long)TRAP_FLAG));
    return HV_WENT_DONE;
}

/* ---- rep strings
 * ----------------------------------------------------------------------- */

/* The aligned word that holds the byte at pc, with that byte changed. */
static bool patch(struct hv_stepper *s, uint64_t pc, unsigned char byte,
                  unsigned char *old)
{
    void *at = (void *)(pc & ~(uint64_t)7);
    const unsigned shift = (unsigned)(pc & 7) * 8;
    errno = 0;
    const long word = ptrace(PTRACE_PEEKTEXT, s->pid, at, NULL);
    if (errno)
        return false;
    *old = (unsigned char)((unsigned long)word >> shift);
    const unsigned long changed =
        ((unsigned long)word & ~(0xffUL << shift)) | (unsigned long)byte << shift;
    return !ptrace(PTRACE_POKETEXT, s->pid, at, (void *)changed);
}

/* Runs up to the instruction behind. False: no breakpoint could be set there. */
static bool run_past(struct hv_stepper *s, uint64_t next, enum hv_step_stop *stop)
{
    unsigned char old, mine;
    if (!patch(s, next, INT3, &old))
        return false;
    *stop = hv_step_resume(s, PTRACE_CONT, 0);
    if (*stop == HV_STOP_OVER)
        return true;
    (void)patch(s, next, old, &mine);
    if (hv_step_get(s) || *stop != HV_STOP_TRAP || s->regs.rip != next + 1)
        return true;
    s->regs.rip = next;
    (void)hv_step_set(s);
    return true;
}

/* Stepped alone it traps after each iteration. A signal may come in between: its
 * handler must not meet the breakpoint. */
static enum hv_step_went run_rep(struct hv_stepper *s,
                                 const struct hv_step_entry *entry)
{
    enum { FEW = 2 };
    const uint64_t next = entry->pc + entry->length;
    enum hv_step_went went = HV_WENT_AGAIN;
    while (went != HV_WENT_OVER && s->regs.rip == entry->pc) {
        enum hv_step_stop stop;
        if (s->regs.rcx <= FEW || !run_past(s, next, &stop))
            stop = hv_step_resume(s, PTRACE_SINGLESTEP, 0);
        if (stop == HV_STOP_OVER)
            return HV_WENT_OVER;
        went = hv_step_reached(s, stop == HV_STOP_SIGNAL ? hv_step_signal(s)
                                                         : HV_WENT_DONE);
    }
    if (went == HV_WENT_OVER)
        return went;
    return s->regs.rip == next ? HV_WENT_DONE : HV_WENT_AGAIN;
}

enum hv_step_went hv_step_run(struct hv_stepper *s, const struct hv_step_entry *entry)
{
    switch (entry->kind) {
    case HV_STEP_REP: return run_rep(s, entry);
    case HV_STEP_PUSHF: return run_pushf(s, entry);
    default: return hv_step_run_usual(s, entry);
    }
}
