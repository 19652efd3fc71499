/* SPDX-License-Identifier: MIT */
/* Executes one instruction of the stepped child: a step for most, a breakpoint behind a
 * rep string, the stops of a system call. */
#include "counters/trace/step/step.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

enum { INT3 = 0xcc, TRAP_FLAG = 0x100, SYSGOOD = 0x80 };

/* What the kernel leaves in rax, negative, of a system call that a signal interrupted
 * and that may begin again (ERESTARTSYS to ERESTART_RESTARTBLOCK, its own errno.h). */
enum { RESTART_FIRST = 512, RESTART_LAST = 516 };

/* ---- stops
 * ----------------------------------------------------------------------------- */

/* It started a process or became one: with PTRACE_O_TRACE..., before that one runs. The
 * new one is traced as well: it must be waited for, or it stays. */
static void tell_event(struct hv_stepper *s)
{
    unsigned long pid = 0;
    if (s->status >> 16 == PTRACE_EVENT_EXEC) {
        hv_step_tell(s, HV_TRACE_REFUSED, "it becomes another program");
        return;
    }
    if (!ptrace(PTRACE_GETEVENTMSG, s->pid, NULL, &pid) && pid)
        hv_trace_kill((pid_t)pid);
    hv_step_tell(s, HV_TRACE_REFUSED, "it starts a process or thread");
}

static void tell_gone(struct hv_stepper *s)
{
    char name[32], text[96];
    if (!WIFSIGNALED(s->status)) {
        snprintf(text, sizeof text, "it ends the process (status %d)",
                 WEXITSTATUS(s->status));
        hv_step_tell(s, HV_TRACE_REFUSED, text);
        return;
    }
    s->out->signal = WTERMSIG(s->status);
    snprintf(text, sizeof text, "it was killed by %s",
             hv_trace_signal_name(s->out->signal, name, sizeof name));
    hv_step_tell(s, HV_TRACE_CRASHED, text);
}

static enum hv_step_stop classify(struct hv_stepper *s)
{
    if (!WIFSTOPPED(s->status)) {
        tell_gone(s);
        return HV_STOP_OVER;
    }
    if (s->status >> 16) {
        tell_event(s);
        return HV_STOP_OVER;
    }
    const int signal = WSTOPSIG(s->status);
    if (signal == (SIGTRAP | SYSGOOD))
        return HV_STOP_SYSCALL;
    return signal == SIGTRAP ? HV_STOP_TRAP : HV_STOP_SIGNAL;
}

/* A step always ends soon, so that its wait may block: polling would cost more than the
 * step. Whatever else runs may take for ever. */
static bool wait_stop(struct hv_stepper *s, int request)
{
    if (request != PTRACE_SINGLESTEP)
        return hv_trace_wait(s->pid, __WALL, s->deadline, &s->status);
    for (;;) {
        const pid_t got = waitpid(s->pid, &s->status, __WALL);
        if (got == s->pid)
            return true;
        if (got < 0 && errno != EINTR)
            return false;
    }
}

enum hv_step_stop hv_step_resume(struct hv_stepper *s, int request, int signal)
{
    /* it fails where the child was killed: waiting tells */
    (void)ptrace(request, s->pid, NULL, (void *)(intptr_t)signal);
    if (!wait_stop(s, request)) {
        char text[64];
        snprintf(text, sizeof text, "it did not end within %.3g s",
                 s->child->limits->seconds);
        hv_step_tell(s, HV_TRACE_HUNG, text);
        return HV_STOP_OVER;
    }
    return classify(s);
}

/* ---- instructions
 * ---------------------------------------------------------------------- */

/* After a stop that may have changed the registers. */
static enum hv_step_went reached(struct hv_stepper *s, enum hv_step_went went)
{
    if (went == HV_WENT_OVER || !hv_step_get(s))
        return went;
    hv_step_tell(s, HV_TRACE_FAILED, "cannot read its registers");
    return HV_WENT_OVER;
}

/* A SIGTRAP that somebody sent comes instead of a step; one of a step comes after it,
 * and where it seems to have gone nowhere it was a jump to itself. */
static enum hv_step_went trapped(struct hv_stepper *s)
{
    siginfo_t info;
    const uint64_t from = s->regs.rip;
    if (reached(s, HV_WENT_DONE) == HV_WENT_OVER)
        return HV_WENT_OVER;
    if (s->regs.rip != from || ptrace(PTRACE_GETSIGINFO, s->pid, NULL, &info) ||
        info.si_code > 0)
        return HV_WENT_DONE;
    return hv_step_signal(s);
}

static enum hv_step_went run_plain(struct hv_stepper *s,
                                   const struct hv_step_entry *entry)
{
    (void)entry;
    switch (hv_step_resume(s, PTRACE_SINGLESTEP, 0)) {
    case HV_STOP_TRAP: return trapped(s);
    case HV_STOP_SYSCALL: return reached(s, HV_WENT_AGAIN);
    case HV_STOP_SIGNAL: return hv_step_signal(s);
    default: return HV_WENT_OVER;
    }
}

/* int3: the trap is the kernel's own, not the step's. */
static enum hv_step_went run_trap(struct hv_stepper *s,
                                  const struct hv_step_entry *entry)
{
    (void)entry;
    const enum hv_step_stop stop = hv_step_resume(s, PTRACE_SINGLESTEP, 0);
    return stop == HV_STOP_OVER ? HV_WENT_OVER : hv_step_signal(s);
}

/* What was pushed must not have the trap flag that only the stepping set. */
static enum hv_step_went run_pushf(struct hv_stepper *s,
                                   const struct hv_step_entry *entry)
{
    const enum hv_step_went went = run_plain(s, entry);
    if (went != HV_WENT_DONE)
        return went;
    errno = 0;
    const long pushed = ptrace(PTRACE_PEEKDATA, s->pid, (void *)s->regs.rsp, NULL);
    if (!errno)
        (void)ptrace(PTRACE_POKEDATA, s->pid, (void *)s->regs.rsp,
                     (void *)(pushed & ~(long)TRAP_FLAG));
    return HV_WENT_DONE;
}

static bool restarts(const struct hv_stepper *s)
{
    const long result = -(long)s->regs.rax;
    return result >= RESTART_FIRST && result <= RESTART_LAST;
}

/* Not stepped: the trap flag would be in r11 afterwards, and the trap of the step and a
 * SIGTRAP that the call raised would be one signal. */
static enum hv_step_went run_syscall(struct hv_stepper *s,
                                     const struct hv_step_entry *entry)
{
    const uint64_t next = entry->pc + entry->length;
    bool inside = false;
    for (;;) {
        const enum hv_step_stop stop = hv_step_resume(s, PTRACE_SYSCALL, 0);
        if (stop == HV_STOP_OVER)
            return HV_WENT_OVER;
        if (stop == HV_STOP_SYSCALL && !inside) {
            inside = true;
            continue;
        }
        inside = false;
        const enum hv_step_went went =
            reached(s, stop == HV_STOP_SYSCALL ? HV_WENT_DONE : hv_step_signal(s));
        if (went == HV_WENT_OVER)
            return went;
        if (s->regs.rip == next && !restarts(s))
            return HV_WENT_DONE;
        if (s->regs.rip != next && s->regs.rip != entry->pc)
            return HV_WENT_AGAIN; /* a handler sent it elsewhere */
    }
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
        went = reached(s, stop == HV_STOP_SIGNAL ? hv_step_signal(s) : HV_WENT_DONE);
    }
    if (went == HV_WENT_OVER)
        return went;
    return s->regs.rip == next ? HV_WENT_DONE : HV_WENT_AGAIN;
}

enum hv_step_went hv_step_run(struct hv_stepper *s, const struct hv_step_entry *entry)
{
    static enum hv_step_went (*const runs[])(struct hv_stepper *,
                                             const struct hv_step_entry *) = {
        [HV_STEP_PLAIN] = run_plain,     [HV_STEP_BRANCH] = run_plain,
        [HV_STEP_SYSCALL] = run_syscall, [HV_STEP_REP] = run_rep,
        [HV_STEP_PUSHF] = run_pushf,     [HV_STEP_TRAP] = run_trap,
    };
    return runs[entry->kind](s, entry);
}
