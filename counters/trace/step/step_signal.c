/* SPDX-License-Identifier: MIT */
/* Signals of the stepped child. One that it handles is handled natively, up to the
 * handler's return, and not counted; one that would end it ends the trace. */
#include "counters/trace/step/step.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void tell_at(struct hv_stepper *s, uint64_t pc, enum hv_trace_end end,
                    const char *what)
{
    const struct hv_symbol symbol = hv_symbols_find(s->child->symbols, pc);
    const char *name = symbol.start ? symbol.name : symbol.object;
    const uint64_t start = symbol.start ? symbol.start : symbol.object_start;
    if (start)
        hv_trace_tell(s->out, end, "%s, at %s+0x%" PRIx64, what, name, pc - start);
    else
        hv_trace_tell(s->out, end, "%s, at 0x%" PRIx64, what, pc);
    s->out->pc = pc;
}

void hv_step_tell(struct hv_stepper *s, enum hv_trace_end end, const char *what)
{
    tell_at(s, hv_step_pc(s), end, what);
}

/* A row of /proc/PID/status: a set of signals, in hexadecimal. 0 if it cannot be read:
 * then nothing is handled, which is what most kernels do. */
static uint64_t signal_set(pid_t pid, const char *row)
{
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    const ssize_t got = read(fd, text, sizeof text - 1);
    close(fd);
    text[got > 0 ? got : 0] = '\0';
    const char *at = strstr(text, row);
    return at ? strtoull(at + strlen(row), NULL, 16) : 0;
}

static bool has(uint64_t set, int signal)
{
    return signal > 0 && signal <= 64 && set >> (signal - 1) & 1;
}

static bool is_harmless(int signal)
{
    return signal == SIGCHLD || signal == SIGURG || signal == SIGWINCH ||
           signal == SIGCONT;
}

static bool stops(int signal)
{
    return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN ||
           signal == SIGTTOU;
}

static void tell_crash(struct hv_stepper *s, int signal, const siginfo_t *info)
{
    char name[32], text[80];
    (void)hv_step_get(s);
    const bool trap = signal == SIGTRAP && info->si_code > 0;
    const uint64_t pc = trap ? hv_step_pc_of_trap(s) : hv_step_pc(s);
    if (signal == SIGILL && pc == (uint64_t)(uintptr_t)hv_trace_end) {
        hv_step_tell(s, HV_TRACE_REFUSED, "a signal handler did not return");
        return;
    }
    snprintf(text, sizeof text, "it %s by %s", stops(signal) ? "stops itself" : "ends",
             hv_trace_signal_name(signal, name, sizeof name));
    tell_at(s, pc, HV_TRACE_CRASHED, text);
    s->out->signal = signal;
    if (info->si_code > 0 && info->si_code != SI_KERNEL)
        s->out->address = (uint64_t)(uintptr_t)info->si_addr;
}

/* What to resume with after a stop for a signal: its number, 0 where it is ignored; -1:
 * it would end or stop the child, and the outcome tells. */
static int judge(struct hv_stepper *s)
{
    siginfo_t info = {0};
    const int signal = WSTOPSIG(s->status);
    if (ptrace(PTRACE_GETSIGINFO, s->pid, NULL, &info))
        return 0; /* the echo of a stop: there is no signal */
    if (has(signal_set(s->pid, "SigCgt:\t"), signal))
        return signal;
    const bool fault = info.si_code > 0 &&
                       (signal == SIGSEGV || signal == SIGBUS || signal == SIGILL ||
                        signal == SIGFPE || signal == SIGTRAP || signal == SIGSYS);
    if (!fault && (is_harmless(signal) || has(signal_set(s->pid, "SigIgn:\t"), signal)))
        return 0;
    tell_crash(s, signal, &info);
    return -1;
}

/* Lets the handler run. It is back when its sigreturn is: system calls are where that
 * can be seen without a breakpoint, which code of the handler's own might meet. It may
 * have changed where the kernel goes on. */
static enum hv_step_went run_handler(struct hv_stepper *s, int signal)
{
    const struct user_regs_struct from = s->regs;
    bool returning = false;
    for (unsigned depth = 1; depth;) {
        const enum hv_step_stop stop = hv_step_resume(s, PTRACE_SYSCALL, signal);
        signal = 0;
        if (stop == HV_STOP_OVER)
            return HV_WENT_OVER; /* told with the place that was interrupted */
        if (stop != HV_STOP_SYSCALL) {
            signal = judge(s);
            if (signal < 0)
                return HV_WENT_OVER;
            depth += signal > 0;
        } else if (returning) {
            returning = false;
            depth--;
        } else {
            if (hv_step_get(s))
                return HV_WENT_OVER;
            returning = hv_step_call_made(s) == SYS_rt_sigreturn;
            s->regs = from;
        }
    }
    return hv_step_get(s) ? HV_WENT_OVER : HV_WENT_AGAIN;
}

enum hv_step_went hv_step_signal(struct hv_stepper *s)
{
    const int signal = judge(s);
    if (signal < 0)
        return HV_WENT_OVER;
    if (hv_step_get(s))
        return HV_WENT_OVER;
    return signal ? run_handler(s, signal) : HV_WENT_AGAIN;
}
