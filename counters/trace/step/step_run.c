/* SPDX-License-Identifier: MIT */
/* Executes one instruction of the stepped child: a step for most, the stops of a system
 * call; the rest is each architecture's own. */
#include "counters/trace/step/step.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

enum { SYSGOOD = 0x80 };

/* The result, negative, that the kernel leaves of a system call that a signal
 * interrupted and that may begin again (ERESTARTSYS to ERESTART_RESTARTBLOCK, its own
 * errno.h). */
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
enum hv_step_went hv_step_reached(struct hv_stepper *s, enum hv_step_went went)
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
    const uint64_t from = hv_step_pc(s);
    if (hv_step_reached(s, HV_WENT_DONE) == HV_WENT_OVER)
        return HV_WENT_OVER;
    if (hv_step_pc(s) != from || ptrace(PTRACE_GETSIGINFO, s->pid, NULL, &info) ||
        info.si_code > 0)
        return HV_WENT_DONE;
    return hv_step_signal(s);
}

static enum hv_step_went run_plain(struct hv_stepper *s)
{
    switch (hv_step_resume(s, PTRACE_SINGLESTEP, 0)) {
    case HV_STOP_TRAP: return trapped(s);
    case HV_STOP_SYSCALL: return hv_step_reached(s, HV_WENT_AGAIN);
    case HV_STOP_SIGNAL: return hv_step_signal(s);
    default: return HV_WENT_OVER;
    }
}

/* int3, brk: the trap is the kernel's own, not the step's. */
static enum hv_step_went run_trap(struct hv_stepper *s)
{
    const enum hv_step_stop stop = hv_step_resume(s, PTRACE_SINGLESTEP, 0);
    return stop == HV_STOP_OVER ? HV_WENT_OVER : hv_step_signal(s);
}

static bool restarts(const struct hv_stepper *s)
{
    const long result = -hv_step_result(s);
    return result >= RESTART_FIRST && result <= RESTART_LAST;
}

/* Not stepped: on x86-64 the trap flag would be in r11 afterwards, and the trap of the
 * step and a SIGTRAP that the call raised would be one signal. */
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
        const enum hv_step_went went = hv_step_reached(
            s, stop == HV_STOP_SYSCALL ? HV_WENT_DONE : hv_step_signal(s));
        if (went == HV_WENT_OVER)
            return went;
        if (hv_step_pc(s) == next && !restarts(s))
            return HV_WENT_DONE;
        if (hv_step_pc(s) != next && hv_step_pc(s) != entry->pc)
            return HV_WENT_AGAIN; /* a handler sent it elsewhere */
    }
}

enum hv_step_went hv_step_run_usual(struct hv_stepper *s,
                                    const struct hv_step_entry *entry)
{
    switch (entry->kind) {
    case HV_STEP_SYSCALL: return run_syscall(s, entry);
    case HV_STEP_TRAP: return run_trap(s);
    default: return run_plain(s);
    }
}

int hv_step_options(const struct hv_stepper *s)
{
    const long options = PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD |
                         PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                         PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC;
    return ptrace(PTRACE_SETOPTIONS, s->pid, NULL, (void *)options) ? -errno : 0;
}
