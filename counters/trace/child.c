/* SPDX-License-Identifier: MIT */
/* A traced child's beginning and its end: what is set in it, and how it is waited for.
 */
#include "counters/trace/session.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "src/base/error.h"

/* What a fault of a kernel raises: the caller's handlers for these would report the
 * child's crash as the caller's own. */
static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS};

static void reset_signals(void)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigset_t none;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < HV_LEN(faults); i++)
        (void)sigaction(faults[i], &action, NULL);
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* One byte, not zero: where core_pattern is a pipe, only 1 means "none". */
static void forbid_cores(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_CORE, &limit) || !limit.rlim_max)
        return;
    limit.rlim_cur = 1;
    (void)setrlimit(RLIMIT_CORE, &limit);
}

void hv_trace_child_begin(pid_t parent)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent)
        _exit(1);
    /* Else an ordinary user's parent may not read the memory of its own child, if that
     * user was changed to: setresuid() clears it. */
    (void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    forbid_cores();
    reset_signals();
}

double hv_trace_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static pid_t wait_for(pid_t pid, int *status, int flags)
{
    pid_t got;
    do
        got = waitpid(pid, status, flags);
    while (got < 0 && errno == EINTR);
    return got;
}

/* A waiter's patience: what is soon over is not slept through. */
struct patience {
    int end; /* descriptor that tells the child's end, not its stops; -1: none */
    unsigned turns;
    long ns;
};

static void have_patience(struct patience *p, pid_t pid)
{
    enum { YIELDS = 20, LONGEST = 1000000 };
    if (p->turns++ < YIELDS) {
        sched_yield(); /* on the same CPU it is the child that runs then */
        return;
    }
    if (p->end < 0)
        p->end = (int)syscall(SYS_pidfd_open, pid, 0);
    struct pollfd gone = {.fd = p->end, .events = POLLIN}; /* passed over if -1 */
    const struct timespec time = {0, p->ns};
    (void)ppoll(&gone, 1, &time, NULL);
    if (p->ns < LONGEST)
        p->ns += p->ns / 4;
}

bool hv_trace_wait(pid_t pid, int flags, double deadline, int *status)
{
    struct patience patience = {.end = -1, .ns = 10000};
    pid_t got = 0;
    for (;;) {
        got = wait_for(pid, status, flags | WNOHANG);
        if (got || hv_trace_now() > deadline)
            break;
        have_patience(&patience, pid);
    }
    if (patience.end >= 0)
        close(patience.end);
    return got == pid;
}

void hv_trace_kill(pid_t pid)
{
    int status;
    const pid_t got = wait_for(pid, &status, __WALL | WNOHANG);
    if (got < 0 || (got == pid && (WIFEXITED(status) || WIFSIGNALED(status))))
        return; /* gone: its number may be another's already */
    kill(pid, SIGKILL);
    /* a traced process may have stops left to tell before its end */
    while (wait_for(pid, &status, __WALL) == pid)
        if (WIFEXITED(status) || WIFSIGNALED(status))
            return;
}

void hv_trace_tell(struct hv_trace_outcome *out, enum hv_trace_end end,
                   const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(out->why, sizeof out->why, format, args);
    va_end(args);
    out->end = end;
}

const char *hv_trace_signal_name(int number, char *text, size_t bytes)
{
    const char *name = sigabbrev_np(number);
    if (name)
        snprintf(text, bytes, "SIG%s", name);
    else
        snprintf(text, bytes, "signal %d", number);
    return text;
}
