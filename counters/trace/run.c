/* SPDX-License-Identifier: MIT */
/* Runs one trace: forks the child, lets a tracer follow the call, tells how it ended.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "counters/trace/session.h"

/* Seconds a child may take beyond its limit before it is killed: a tracer inside the
 * child notices first, and knows where. */
static const double grace = 0.5;

/* ---- what both tracers do
 * -------------------------------------------------------------- */

static bool peek(void *user, uint64_t address, void *out, size_t bytes)
{
    const struct hv_trace_child *child = user;
    const struct iovec here = {out, bytes};
    const struct iovec there = {(void *)(uintptr_t)address, bytes};
    const pid_t pid = child->pid ? child->pid : getpid();
    return process_vm_readv(pid, &here, 1, &there, 1, 0) == (ssize_t)bytes;
}

void hv_trace_finish(struct hv_trace_child *child)
{
    if (child->finished)
        return;
    child->finished = true;
    hv_analyser_finish(child->analyser, peek, child, &child->out->totals);
    child->prefix->words =
        hv_analyser_prefix(child->analyser, &child->prefix->instructions);
}

static struct hv_trace_child prepare(struct hv_trace_session *session,
                                     enum hv_tracer tracer,
                                     const struct hv_trace_call *call,
                                     const struct hv_trace_limits *limits)
{
    memset(&session->shared->out, 0, sizeof session->shared->out);
    memset(&session->shared->prefix[tracer], 0, sizeof *session->shared->prefix);
    session->shared->refused = 0;
    session->shared->out.end = HV_TRACE_FAILED; /* until somebody says better */
    return (struct hv_trace_child){
        .analyser = session->analyser,
        .symbols = session->symbols,
        .roles = &session->roles,
        .cache = session->cache,
        .kernel = {session->kernel[0], session->kernel[1]},
        .arm = (uint64_t)(uintptr_t)call->run,
        .stack_top = session->stack_top,
        .call = call,
        .limits = limits,
        .out = &session->shared->out,
        .prefix = &session->shared->prefix[tracer],
    };
}

static void reset(struct hv_trace_session *session, enum hv_tracer tracer)
{
    hv_analyser_reset(session->analyser, session->prefix[tracer],
                      session->prefix[tracer] ? session->prefix_words : 0,
                      session->prefix_instructions);
}

static void tell_death(struct hv_trace_outcome *out, int status)
{
    char name[32];
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && out->why[0])
        return; /* it told by itself */
    if (WIFEXITED(status) && out->end == HV_TRACE_DONE)
        return;
    if (WIFEXITED(status)) {
        hv_trace_tell(out, HV_TRACE_REFUSED,
                      "it ends the process (status %d) instead of returning",
                      WEXITSTATUS(status));
        return;
    }
    if (out->end == HV_TRACE_CRASHED)
        return;
    const int number = WIFSIGNALED(status) ? WTERMSIG(status) : WSTOPSIG(status);
    hv_trace_tell(out, HV_TRACE_CRASHED, "%s by %s",
                  WIFSIGNALED(status) ? "it was killed" : "it was stopped",
                  hv_trace_signal_name(number, name, sizeof name));
    out->signal = number;
}

/* ---- the code cache, in the child
 * ------------------------------------------------------ */

static void follow(struct hv_trace_session *session, struct hv_trace_child *child)
{
    reset(session, HV_TRACER_CACHE);
    hv_cache_follow(child);
    hv_trace_finish(child);
}

static _Noreturn void follow_in_child(struct hv_trace_session *session,
                                      struct hv_trace_child *child, pid_t parent)
{
    hv_trace_child_begin(parent);
    for (unsigned i = 0; i < child->n_each; i++) {
        struct hv_trace_child one = *child;
        one.call = &child->call[i];
        one.arm = (uint64_t)(uintptr_t)one.call->run;
        one.out = &session->shared->each[i];
        follow(session, &one);
    }
    if (!child->n_each)
        follow(session, child);
    else
        child->out->end = HV_TRACE_DONE;
    _exit(0);
}

static void tell_no_cache(const struct hv_trace_session *session,
                          struct hv_trace_child *child)
{
#if defined(__x86_64__)
    hv_trace_tell(child->out, HV_TRACE_FAILED,
                  "no executable memory for the code cache (%s); a seccomp filter "
                  "or SELinux (execmem) must allow memfd_create and mmap PROT_EXEC",
                  strerror(-session->no_cache));
#else
    (void)session;
    hv_cache_follow(child); /* says that there is none */
#endif
}

static int run_cache(struct hv_trace_session *session, struct hv_trace_child *child)
{
    int status = 0;
    if (!session->cache) {
        tell_no_cache(session, child);
        return 0;
    }
    const pid_t parent = getpid();
    const double deadline = hv_trace_now() + child->limits->seconds + grace;
    const pid_t pid = fork();
    if (pid < 0)
        return -errno;
    if (!pid)
        follow_in_child(session, child, parent);
    if (!hv_trace_wait(pid, WUNTRACED, deadline, &status)) {
        hv_trace_kill(pid);
        hv_trace_tell(child->out, HV_TRACE_HUNG, "it did not end within %.3g s",
                      child->limits->seconds);
        return 0;
    }
    if (WIFSTOPPED(status))
        hv_trace_kill(pid);
    tell_death(child->out, status);
    return 0;
}

/* ---- single-step, beside the child
 * ----------------------------------------------------- */

static _Noreturn void stop_in_child(struct hv_trace_session *session, pid_t parent)
{
    hv_trace_child_begin(parent);
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL)) {
        session->shared->refused = errno;
        _exit(0);
    }
    kill(getpid(), SIGSTOP);
    _exit(0); /* its registers are set: it never gets here */
}

static void tell_refused(struct hv_trace_outcome *out, int number)
{
    hv_trace_tell(
        out, HV_TRACE_FAILED,
        "cannot step: ptrace: %s; a container needs the SYS_PTRACE capability "
        "or a seccomp profile that allows ptrace, and "
        "/proc/sys/kernel/yama/ptrace_scope must be below 3",
        strerror(number));
}

/* Both on one CPU: a step is two switches between them, and across CPUs each takes
 * three to six times as long. False: nothing was changed. */
static bool pin(cpu_set_t *before)
{
    cpu_set_t one;
    const int cpu = sched_getcpu();
    if (cpu < 0 || sched_getaffinity(0, sizeof *before, before) ||
        CPU_COUNT(before) < 2)
        return false;
    CPU_ZERO(&one);
    CPU_SET((unsigned)cpu, &one);
    return !sched_setaffinity(0, sizeof one, &one);
}

static void step_child(struct hv_trace_session *session, struct hv_trace_child *child,
                       pid_t pid)
{
    int status = 0;
    const double deadline = hv_trace_now() + child->limits->seconds + grace;
    if (!hv_trace_wait(pid, __WALL, deadline, &status)) {
        hv_trace_tell(child->out, HV_TRACE_FAILED,
                      "cannot step: the child never stopped");
    } else if (session->shared->refused) {
        tell_refused(child->out, session->shared->refused);
    } else if (!WIFSTOPPED(status)) {
        tell_death(child->out, status);
    } else {
        child->pid = pid;
        reset(session, HV_TRACER_STEP);
        const double begin = hv_trace_now();
        hv_step_follow(child, pid);
        child->out->seconds = hv_trace_now() - begin;
        hv_trace_finish(child);
    }
}

static int run_step(struct hv_trace_session *session, struct hv_trace_child *child)
{
    cpu_set_t before;
    const bool pinned = pin(&before);
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (!pid)
        stop_in_child(session, parent);
    const int rc = pid < 0 ? -errno : 0;
    if (!rc) {
        step_child(session, child, pid);
        hv_trace_kill(pid);
    }
    if (pinned)
        (void)sched_setaffinity(0, sizeof before, &before);
    return rc;
}

static void take(struct hv_trace_session *session, enum hv_tracer tracer,
                 const struct hv_trace_limits *limits, struct hv_trace_outcome *out)
{
    *out = session->shared->out;
    const uint64_t done = out->totals.value[HV_T_INSTRUCTIONS];
    session->whole[tracer] = out->end == HV_TRACE_DONE &&
                             session->shared->prefix[tracer].instructions == done &&
                             !(limits->instructions && done >= limits->instructions);
    if (out->end == HV_TRACE_LIMIT && limits->limit_is_fine)
        out->end = HV_TRACE_DONE;
    if (out->end == HV_TRACE_DONE)
        out->why[0] = '\0';
}

int hv_trace_run(struct hv_trace_session *session, enum hv_tracer tracer,
                 const struct hv_trace_call *call, const struct hv_trace_limits *limits,
                 struct hv_trace_outcome *out)
{
    static int (*const runs[HV_TRACERS])(struct hv_trace_session *,
                                         struct hv_trace_child *) = {
        [HV_TRACER_CACHE] = run_cache, [HV_TRACER_STEP] = run_step};
    struct hv_trace_child child = prepare(session, tracer, call, limits);
    struct sigaction before;
    const struct sigaction usual = {.sa_handler = SIG_DFL};
    /* where SIGCHLD is ignored, a child is gone before it could be waited for */
    (void)sigaction(SIGCHLD, &usual, &before);
    const int rc = runs[tracer](session, &child);
    (void)sigaction(SIGCHLD, &before, NULL);
    take(session, tracer, limits, out);
    return rc;
}

int hv_trace_run_each(struct hv_trace_session *session,
                      const struct hv_trace_call *calls, unsigned n,
                      const struct hv_trace_limits *limits,
                      struct hv_trace_outcome *out)
{
    struct hv_trace_outcome *each = session->shared->each;
    if (!n || n > HV_TRACE_EACH)
        return -EINVAL;
    struct hv_trace_child child = prepare(session, HV_TRACER_CACHE, calls, limits);
    child.n_each = n;
    memset(each, 0, n * sizeof *each);
    for (unsigned i = 0; i < n; i++)
        each[i].end = HV_TRACE_FAILED;
    const int rc = run_cache(session, &child);
    for (unsigned i = 0; !rc && i < n; i++) {
        out[i] = each[i];
        if (out[i].end == HV_TRACE_FAILED && !out[i].why[0])
            hv_trace_tell(&out[i], HV_TRACE_FAILED, "the child ended before: %.200s",
                          child.out->why);
    }
    return rc;
}
