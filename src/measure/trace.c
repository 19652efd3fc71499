/* SPDX-License-Identifier: MIT */
/* What the tracer saw of a pair, and its controls: frames of a worker, checked and
 * kept.
 */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "src/measure/census.h"
#include "src/measure/job.h"

enum {
    MAX_CENSUS = 32,
    CONTROL_SECONDS = 20,
    TRACE_SECONDS = 90, /* the worker ends its calls by itself, long before */
};

/* Calls are kept as they come; the trace frame of their arm follows. */
struct traced {
    struct hv_measurement *m;
    struct hv_pair_run *pair;
};

static void keep_functions(struct hv_arena *arena, struct hv_trace_totals *totals,
                           struct hv_call_run *call)
{
    const uint32_t n = totals->n_functions;
    call->functions = hv_arena_array(arena, n, sizeof *call->functions);
    call->n_functions = n;
    for (uint32_t i = 0; i < n; i++) {
        struct hv_trace_function *from = &totals->function[i];
        const uint32_t group = (uint32_t)from->group;
        call->functions[i] = (struct hv_function_run){
            .name = hv_arena_text(arena, hv_wire_text(from->name, sizeof from->name)),
            .group =
                group < HV_TRACE_GROUPS ? (enum hv_trace_group)group : HV_GROUP_REST,
            .calls = from->calls,
            .instructions = from->instructions,
            .load_bytes = from->load_bytes,
            .store_bytes = from->store_bytes,
            .copied = from->copied,
        };
    }
}

static void keep_sites(struct hv_arena *arena, struct hv_trace_totals *totals,
                       struct hv_call_run *call)
{
    const uint32_t n = totals->n_sites;
    call->sites = hv_arena_array(arena, n, sizeof *call->sites);
    call->n_sites = n;
    for (uint32_t i = 0; i < n; i++) {
        struct hv_trace_site *from = &totals->site[i];
        call->sites[i] = (struct hv_site_run){
            .function = hv_arena_text(
                arena, hv_wire_text(from->function, sizeof from->function)),
            .offset = from->offset,
            .called = from->called != 0,
            .copies = from->copies,
            .bytes = from->bytes,
            .smallest = from->smallest,
            .largest = from->largest,
        };
    }
}

static int on_call(struct traced *t, struct hv_call_frame *frame)
{
    struct hv_trace_totals *totals = &frame->totals;
    if (frame->arm >= HV_ARMS || totals->n_functions > HV_TRACE_FUNCTIONS ||
        totals->n_sites > HV_TRACE_SITES)
        return -EPROTO;
    struct hv_trace_run *trace = &t->pair->arm[frame->arm].trace;
    struct hv_arena *arena = t->m->arena;
    if (trace->n_calls == HV_TRACE_CALLS || frame->iterations != trace->n_calls + 1)
        return -EPROTO;
    if (!trace->calls)
        trace->calls = hv_arena_array(arena, HV_TRACE_CALLS, sizeof *trace->calls);
    struct hv_call_run *call = &trace->calls[trace->n_calls++];
    call->iterations = frame->iterations;
    memcpy(call->value, totals->value, sizeof call->value);
    memcpy(call->group, totals->group, sizeof call->group);
    keep_functions(arena, totals, call);
    keep_sites(arena, totals, call);
    return 0;
}

static int on_census(struct traced *t, struct hv_census_frame *frame)
{
    int rc = hv_census_check(frame);
    if (rc)
        return rc;
    struct hv_trace_run *trace = &t->pair->arm[frame->arm].trace;
    if (trace->n_census == MAX_CENSUS)
        return -EPROTO;
    if (!trace->census)
        trace->census = hv_arena_array(t->m->arena, MAX_CENSUS, sizeof *trace->census);
    trace->census[trace->n_census++] = hv_census_keep(frame, t->m->arena);
    return 0;
}

/* NULL for an empty text. */
static const char *text_of(struct hv_arena *arena, char *field, size_t bytes)
{
    const char *text = hv_wire_text(field, bytes);
    return *text ? hv_arena_text(arena, text) : NULL;
}

static int on_trace(struct traced *t, struct hv_trace_frame *frame)
{
    if (frame->arm >= HV_ARMS)
        return -EPROTO;
    struct hv_trace_run *trace = &t->pair->arm[frame->arm].trace;
    struct hv_arena *arena = t->m->arena;
    trace->tried = true;
    trace->why = text_of(arena, frame->why, sizeof frame->why);
    trace->tracer = text_of(arena, frame->tracer, sizeof frame->tracer);
    trace->fallback = text_of(arena, frame->fallback, sizeof frame->fallback);
    trace->comparison = text_of(arena, frame->comparison, sizeof frame->comparison);
    trace->l1 = frame->l1;
    trace->compared = frame->compared;
    trace->agreed = frame->agreed != 0;
    trace->differs = frame->differs != 0;
    if (!trace->n_calls && !trace->why)
        trace->why = "the tracer gave no reason";
    return 0;
}

static int on_frame(void *user, enum hv_frame_kind kind, const void *payload,
                    size_t bytes)
{
    union {
        struct hv_call_frame call;
        struct hv_trace_frame trace;
        struct hv_census_frame census;
    } copy;
    switch (kind) {
    case HV_FRAME_CALL: memcpy(&copy, payload, bytes); return on_call(user, &copy.call);
    case HV_FRAME_TRACE:
        memcpy(&copy, payload, bytes);
        return on_trace(user, &copy.trace);
    case HV_FRAME_CENSUS:
        memcpy(&copy, payload, bytes);
        return on_census(user, &copy.census);
    default: return -EPROTO;
    }
}

/* A pair that was timed stays so, whatever its tracing came to. */
static void give_up(struct hv_measurement *m, struct hv_pair_run *pair,
                    const struct hv_error *error)
{
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        struct hv_trace_run *trace = &pair->arm[arm].trace;
        if (!trace->tracer && !trace->why)
            *trace = (struct hv_trace_run){.tried = true,
                                           .why = hv_arena_text(m->arena, error->text)};
    }
}

int hv_measure_trace(struct hv_measurement *m, struct hv_target *target,
                     struct hv_error *error)
{
    struct hv_job job = hv_measure_job(m, target, HV_JOB_TRACE);
    if (target->run->purpose == HV_PURPOSE_PAIR)
        job.compared =
            m->plan->settings.quick ? HV_TRACE_COMPARED_QUICK : HV_TRACE_COMPARED;
    struct traced traced = {m, target->run};
    struct hv_error inner = {""};
    int rc = hv_session_run(m->session, &job, NULL, TRACE_SECONDS, on_frame, &traced,
                            &inner);
    if (!rc)
        return 0;
    give_up(m, target->run, &inner);
    return hv_fail(error, rc, "%s, traced: %s", target->run->name, inner.text);
}

static int on_control(void *user, enum hv_frame_kind kind, const void *payload,
                      size_t bytes)
{
    struct hv_measurement *m = user;
    struct hv_control_frame frame;
    if (kind != HV_FRAME_CONTROL || bytes != sizeof frame ||
        m->run->n_controls >= (size_t)HV_MAX_CONTROLS)
        return -EPROTO;
    memcpy(&frame, payload, sizeof frame);
    if (!isfinite(frame.expected) || !isfinite(frame.got) || !isfinite(frame.tolerance))
        return -EPROTO;
    m->run->controls[m->run->n_controls++] = (struct hv_control){
        .name = text_of(m->arena, frame.name, sizeof frame.name),
        .what = text_of(m->arena, frame.what, sizeof frame.what),
        .unit = text_of(m->arena, frame.unit, sizeof frame.unit),
        .ran = frame.ran != 0,
        .expected = frame.expected,
        .got = frame.got,
        .tolerance = frame.tolerance,
        .passed = frame.ran && frame.passed,
        .why = text_of(m->arena, frame.why, sizeof frame.why),
    };
    return 0;
}

int hv_measure_trace_controls(struct hv_measurement *m, struct hv_error *error)
{
    struct hv_job job = {.kind = HV_JOB_CONTROLS, .cpu = m->cpu};
    struct hv_error inner = {""};
    int rc =
        hv_session_run(m->session, &job, NULL, CONTROL_SECONDS, on_control, m, &inner);
    if (!rc || rc == -EINTR || rc == -ECONNRESET)
        return rc ? hv_fail(error, rc, "%s", inner.text) : 0;
    /* A tracer that cannot even run its controls is a finding, not the end. */
    if (m->run->n_controls < (size_t)HV_MAX_CONTROLS)
        m->run->controls[m->run->n_controls++] = (struct hv_control){
            .name = "trace:controls",
            .what = "the tracer's controls",
            .unit = "controls",
            .why = hv_arena_text(m->arena, inner.text),
        };
    return 0;
}
