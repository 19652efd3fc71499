/* SPDX-License-Identifier: MIT */
/* The stepper: executes a child's call one instruction at a time, and tells the
 * analyser about each as a block of one. */
#include "counters/trace/step/step.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>

/* System calls after which there is another process or thread, or this one is gone.
 * Refused before they are made. */
static const struct {
    long number;
    const char *what;
} refused[] = {
#if defined(SYS_fork)
    {SYS_fork,         "it starts a process (fork)"      },
    {SYS_vfork,        "it starts a process (vfork)"     },
#endif
    {SYS_clone,        "it starts a process or thread"   },
    {SYS_clone3,       "it starts a process or thread"   },
    {SYS_execve,       "it becomes another program"      },
    {SYS_execveat,     "it becomes another program"      },
    {SYS_exit,         "it ends the thread (exit)"       },
    {SYS_exit_group,   "it ends the process (exit)"      },
    {SYS_rt_sigreturn, "it returns from a signal handler"},
};

static const char *refusal(const struct hv_stepper *s,
                           const struct hv_step_entry *entry)
{
    if (entry->kind != HV_STEP_SYSCALL)
        return NULL;
    for (size_t i = 0; i < HV_LEN(refused); i++)
        if (hv_step_call(s) == refused[i].number)
            return refused[i].what;
    return NULL;
}

/* True: the trace is over. */
static bool at_limit(struct hv_stepper *s)
{
    const struct hv_trace_limits *limits = s->child->limits;
    if (limits->instructions && s->steps >= limits->instructions) {
        char text[64];
        snprintf(text, sizeof text, "the limit of %" PRIu64 " instructions",
                 limits->instructions);
        hv_step_tell(s, HV_TRACE_LIMIT, text);
        return true;
    }
    if (hv_trace_now() > s->deadline) {
        char text[64];
        snprintf(text, sizeof text, "it did not end within %.3g s", limits->seconds);
        hv_step_tell(s, HV_TRACE_HUNG, text);
        return true;
    }
    return false;
}

/* An address without code, or bytes that no decoder knows: the CPU has the last word.
 */
static bool step_unknown(struct hv_stepper *s, bool full)
{
    if (full) {
        hv_step_tell(s, HV_TRACE_FAILED, "too much different code for the stepper");
        return false;
    }
    static const struct hv_step_entry nothing = {.kind = HV_STEP_BRANCH};
    const enum hv_step_went went = hv_step_run(s, &nothing);
    if (went == HV_WENT_DONE)
        hv_step_tell(s, HV_TRACE_REFUSED, "it executed what cannot be decoded, before");
    return went == HV_WENT_AGAIN;
}

/* Only what transfers control may end elsewhere. A step that does was two: `pop ss`
 * holds the trap back. */
static bool landed(struct hv_stepper *s, const struct hv_step_entry *entry)
{
    if (entry->kind == HV_STEP_BRANCH || hv_step_pc(s) == entry->pc + entry->length)
        return true;
    hv_step_tell(s, HV_TRACE_FAILED, "stepping lost an instruction before");
    return false;
}

void hv_step_done(struct hv_stepper *s, const struct hv_step_entry *entry)
{
    hv_step_words_after(s, entry);
    hv_analyser_feed(s->child->analyser, &entry->block, s->word);
    s->steps++;
}

/* False: the trace is over. */
static bool step(struct hv_stepper *s)
{
    unsigned char bytes[HV_STEP_CODE];
    bool full = false;
    const uint64_t pc = hv_step_pc(s);
    const size_t room = hv_step_read(s->pid, pc, bytes);
    const struct hv_step_entry *entry = hv_step_code_at(s, pc, bytes, room, &full);
    if (!entry)
        return step_unknown(s, full);
    const char *why = refusal(s, entry);
    if (why) {
        hv_step_tell(s, HV_TRACE_REFUSED, why);
        return false;
    }
    if (hv_step_words_before(s, entry)) {
        hv_step_tell(s, HV_TRACE_FAILED, "cannot read its registers");
        return false;
    }
    const enum hv_step_went went = hv_step_run(s, entry);
    if (went != HV_WENT_DONE)
        return went != HV_WENT_OVER;
    if (!landed(s, entry))
        return false;
    hv_step_done(s, entry);
    return true;
}

static void follow(struct hv_stepper *s)
{
    const uint64_t end = (uint64_t)(uintptr_t)hv_trace_end;
    hv_trace_tell(s->out, HV_TRACE_FAILED, "single-step lost the child");
    while (hv_step_pc(s) != end)
        if (at_limit(s) || !step(s))
            return;
    hv_trace_tell(s->out, HV_TRACE_DONE, "%s", "");
}

void hv_step_follow(struct hv_trace_child *child, int pid)
{
    struct hv_stepper s = {
        .child = child,
        .out = child->out,
        .pid = pid,
        .deadline = hv_trace_now() + child->limits->seconds,
    };
    int rc = hv_step_code_open(&s.code);
    if (!rc)
        rc = hv_step_begin(&s);
    if (rc)
        hv_trace_tell(child->out, HV_TRACE_FAILED, "cannot step: %s", strerror(-rc));
    else
        follow(&s);
    if (s.xstate)
        (void)munmap(s.xstate, s.xstate_bytes);
    hv_step_code_close(&s.code);
}
