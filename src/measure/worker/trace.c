/* SPDX-License-Identifier: MIT */
/* Follows one call of each arm with 1, 2 and 3 iterations, and compares the tracers. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "counters/trace/controls.h"
#include "counters/trace/trace.h"
#include "src/base/arena.h"
#include "src/measure/worker/worker.h"

#define CALL_SECONDS  4.0 /* for a call in the code cache, and for the comparison */
#define STEPS_SECONDS 8.0 /* for all calls of an arm, where stepping must do */

/* What is traced, and what to tell of it. */
struct tracing {
    struct hv_worker *w;
    struct hv_trace_session *session;
    struct hv_trace_outcome outcome; /* of the last call */
    struct hv_call_frame call;
    struct hv_trace_frame told;
};

static const struct hv_trace_limits cached = {.seconds = CALL_SECONDS};

static int follow(struct tracing *t, enum hv_tracer tracer, uint64_t n,
                  const struct hv_trace_limits *limits)
{
    const struct hv_trace_call call = {
        .run = t->w->run[t->told.arm][0], .ctx = t->w->work.ctx, .n = n};
    int rc = hv_trace_run(t->session, tracer, &call, limits, &t->outcome);
    if (!rc)
        return 0;
    t->outcome.end = HV_TRACE_FAILED;
    snprintf(t->outcome.why, sizeof t->outcome.why, "the call could not be traced: %s",
             strerror(-rc));
    return rc;
}

/* Why the code cache did not follow the call to its end, and where in the kernel's own
 * code that was. */
static void say_why(const struct tracing *t, char *field, size_t bytes)
{
    const struct hv_trace_outcome *o = &t->outcome;
    const struct hv_symbol at = hv_symbols_find(hv_trace_symbols(t->session), o->pc);
    const char *name = at.start ? at.name : at.object;
    const uint64_t start = at.start ? at.start : at.object_start;
    if (o->pc && start)
        snprintf(field, bytes, "%.160s, at %.60s+0x%" PRIx64, o->why, name,
                 o->pc - start);
    else
        snprintf(field, bytes, "%s", o->why);
}

static int send_call(struct tracing *t, uint64_t n)
{
    t->call.arm = t->told.arm;
    t->call.iterations = n;
    t->call.totals = t->outcome.totals;
    return hv_worker_send(HV_FRAME_CALL, &t->call, sizeof t->call);
}

/* The first instructions once more, by the other tracer, from the same state. */
static void compare(struct tracing *t)
{
    const struct hv_trace_limits prefix = {.instructions = t->w->job.compared,
                                           .seconds = CALL_SECONDS,
                                           .limit_is_fine = true};
    struct hv_trace_frame *told = &t->told;
    if (!t->w->job.compared) {
        snprintf(told->comparison, sizeof told->comparison,
                 "an experiment is followed by one tracer only");
        return;
    }
    follow(t, HV_TRACER_STEP, 1, &prefix);
    if (t->outcome.end != HV_TRACE_DONE && t->outcome.end != HV_TRACE_LIMIT) {
        snprintf(told->comparison, sizeof told->comparison, "%s", t->outcome.why);
        return;
    }
    const int rc = hv_trace_compare(t->session, &told->compared, told->comparison,
                                    sizeof told->comparison);
    told->agreed = rc == 0;
    told->differs = rc == -EBADMSG;
}

/* The call of one iteration comes last, so that it is the one that is compared. Nothing
 * is sent before both tracers agree. */
static int trace_cached(struct tracing *t, bool *done)
{
    static struct hv_trace_totals totals[HV_TRACE_CALLS];
    struct hv_trace_frame *told = &t->told;
    unsigned followed = 0;
    for (unsigned n = HV_TRACE_CALLS; n >= 1; n--) {
        follow(t, HV_TRACER_CACHE, n, &cached);
        if (t->outcome.end == HV_TRACE_DONE) {
            totals[n - 1] = t->outcome.totals;
            followed += 1;
        } else if (n == 1 || t->outcome.end != HV_TRACE_HUNG) {
            say_why(t, told->fallback, sizeof told->fallback);
            return 0;
        } else {
            say_why(t, told->why, sizeof told->why);
            followed = 0; /* calls above one that is missing are of no use */
        }
    }
    compare(t);
    if (told->differs) {
        snprintf(told->fallback, sizeof told->fallback, "%s", told->comparison);
        return 0;
    }
    *done = true;
    snprintf(told->tracer, sizeof told->tracer, "code cache");
    int rc = 0;
    for (unsigned n = 1; !rc && n <= followed; n++) {
        t->outcome.totals = totals[n - 1];
        rc = send_call(t, n);
    }
    return rc;
}

static int trace_stepped(struct tracing *t)
{
    struct hv_trace_limits limits = {.seconds = STEPS_SECONDS};
    struct hv_trace_frame *told = &t->told;
    for (unsigned n = 1; n <= HV_TRACE_CALLS; n++) {
        follow(t, HV_TRACER_STEP, n, &limits);
        if (t->outcome.end != HV_TRACE_DONE) {
            snprintf(told->why, sizeof told->why, "%s", t->outcome.why);
            break;
        }
        snprintf(told->tracer, sizeof told->tracer, "single-step");
        int rc = send_call(t, n);
        if (rc)
            return rc;
        limits.seconds -= t->outcome.seconds;
        if (n < HV_TRACE_CALLS && limits.seconds < 2 * t->outcome.seconds) {
            snprintf(told->why, sizeof told->why,
                     "a call of %u iterations would take too long to step", n + 1);
            break;
        }
    }
    return 0;
}

static int trace_arm(struct tracing *t, enum hv_arm_id arm)
{
    struct hv_worker *w = t->w;
    bool done = false;
    memset(&t->told, 0, sizeof t->told);
    t->told.arm = arm;
    t->told.l1 = hv_trace_l1(w->job.cpu);
    hv_worker_note(w, HV_PHASE_TRACE, arm, 0);
    w->run[arm][0](w->work.ctx, 1); /* binds its calls, touches its memory */
    int rc = hv_worker_tell_census(w, hv_trace_symbols(t->session), arm, false);
    if (!rc)
        rc = trace_cached(t, &done);
    if (!rc && !done)
        rc = trace_stepped(t);
    return rc ? rc : hv_worker_send(HV_FRAME_TRACE, &t->told, sizeof t->told);
}

int hv_worker_trace(struct hv_worker *w)
{
    static struct tracing t;
    struct hv_error error = {""};
    t.w = w;
    int rc = hv_worker_load(w);
    if (!rc)
        rc = hv_worker_setup(w);
    if (rc)
        return rc;
    const int fds[] = {HV_FD_TOOL, w->object};
    const struct hv_trace_config config = {
        .l1 = hv_trace_l1(w->job.cpu),
        .prefix_instructions = w->job.compared,
        .fds = fds,
        .n_fds = HV_LEN(fds),
        .object = (const void *)(uintptr_t)w->run[HV_BASELINE][0],
    };
    rc = hv_trace_open(&t.session, &config, &error);
    if (rc)
        rc = hv_worker_fail(rc, "cannot trace: %.200s",
                            error.text[0] ? error.text : strerror(-rc));
    for (unsigned arm = 0; !rc && arm < HV_ARMS; arm++)
        rc = trace_arm(&t, arm);
    hv_trace_close(t.session);
    hv_worker_teardown(w);
    return rc;
}

static int send_control(const struct hv_control *control)
{
    struct hv_control_frame frame = {.ran = control->ran,
                                     .passed = control->passed,
                                     .expected = control->expected,
                                     .got = control->got,
                                     .tolerance = control->tolerance};
    const struct {
        char *field;
        size_t bytes;
        const char *text;
    } texts[] = {
        {frame.name, sizeof frame.name, control->name},
        {frame.unit, sizeof frame.unit, control->unit},
        {frame.what, sizeof frame.what, control->what},
        {frame.why,  sizeof frame.why,  control->why },
    };
    for (size_t i = 0; i < HV_LEN(texts); i++)
        snprintf(texts[i].field, texts[i].bytes, "%s",
                 texts[i].text ? texts[i].text : "");
    return hv_worker_send(HV_FRAME_CONTROL, &frame, sizeof frame);
}

static int send_controls(struct hv_trace_session *session, struct hv_arena *arena)
{
    struct hv_control controls[HV_TRACE_CONTROLS];
    unsigned n = 0;
    int rc = hv_trace_controls(session, arena, controls, &n);
    for (unsigned i = 0; !rc && i < n; i++)
        rc = send_control(&controls[i]);
    return rc;
}

int hv_worker_controls(struct hv_worker *w)
{
    const int fds[] = {HV_FD_TOOL};
    const struct hv_trace_config config = {
        .l1 = hv_trace_l1(w->job.cpu),
        .prefix_instructions = HV_TRACE_COMPARED,
        .fds = fds,
        .n_fds = HV_LEN(fds),
        .object = (const void *)(uintptr_t)hv_worker_main,
    };
    struct hv_trace_session *session = NULL;
    struct hv_error error = {""};
    struct hv_arena *arena = hv_arena_open();
    hv_worker_note(w, HV_PHASE_TRACE, HV_BASELINE, 0);
    int rc = hv_trace_open(&session, &config, &error);
    if (!rc)
        rc = send_controls(session, arena);
    if (rc)
        rc = hv_worker_fail(rc, "the tracer's controls could not run: %.200s",
                            error.text[0] ? error.text : strerror(-rc));
    hv_trace_close(session);
    hv_arena_close(arena);
    return rc;
}
