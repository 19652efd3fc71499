/* SPDX-License-Identifier: MIT */
/* The warnings that speak of the trace: tracers that differ, what was not understood.
 */
#include "src/analyse/warnings_trace.h"

#include <inttypes.h>

#include "src/analyse/vouch.h"

static const struct hv_trace_run *trace_of(const struct hv_warning_context *c,
                                           unsigned arm)
{
    return &c->view->pair->arm[arm].trace;
}

static const char *arm_name(const struct hv_warning_context *c, unsigned arm)
{
    const char *name = c->view->pair->arm[arm].name;
    return name ? name : arm == HV_BASELINE ? "baseline" : "candidate";
}

const char *hv_warn_tracers_differ(const struct hv_warning_context *c)
{
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        const struct hv_trace_run *t = trace_of(c, arm);
        if (t->compared && !t->agreed)
            return hv_arena_printf(
                c->arena,
                "%s: the code cache and single-stepping saw different things: "
                "%s. The figures are those of %s.",
                arm_name(c, arm),
                t->comparison ? t->comparison : "it is not said where",
                t->tracer ? t->tracer : "neither");
    }
    return NULL;
}

const char *hv_warn_not_compared(const struct hv_warning_context *c)
{
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        const struct hv_trace_run *t = trace_of(c, arm);
        if (t->n_calls && !t->compared && !t->fallback)
            return hv_arena_printf(
                c->arena,
                "%s: the code cache's trace was not compared with "
                "single-stepping: %s.",
                arm_name(c, arm), t->comparison ? t->comparison : "it is not said why");
    }
    return NULL;
}

const char *hv_warn_stepped(const struct hv_warning_context *c)
{
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        const struct hv_trace_run *t = trace_of(c, arm);
        if (t->n_calls && t->fallback && !(t->compared && !t->agreed))
            return hv_arena_printf(c->arena,
                                   "%s was single-stepped, not traced by the code "
                                   "cache: %s.",
                                   arm_name(c, arm), t->fallback);
    }
    return NULL;
}

const char *hv_warn_not_traced(const struct hv_warning_context *c)
{
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        const struct hv_trace_run *t = trace_of(c, arm);
        if (t->tried && !t->n_calls)
            return hv_arena_printf(c->arena, "%s could not be traced: %s%s%s.",
                                   arm_name(c, arm),
                                   t->why ? t->why : "no reason given",
                                   t->fallback ? "; the code cache: " : "",
                                   t->fallback ? t->fallback : "");
    }
    return NULL;
}

const char *hv_warn_tracer_doubted(const struct hv_warning_context *c)
{
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        const struct hv_trace_run *t = trace_of(c, arm);
        const char *doubt =
            t->n_calls ? hv_why_tracer_doubted(c->view->run, t, c->arena) : NULL;
        if (doubt)
            return hv_arena_printf(c->arena, "What the tracer saw is left out: %s.",
                                   doubt);
    }
    return NULL;
}

const char *hv_warn_unsupported(const struct hv_warning_context *c)
{
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        const struct hv_trace_run *t = trace_of(c, arm);
        const uint64_t *value = t->n_calls ? t->calls[0].value : NULL;
        if (value && (value[HV_T_UNSUPPORTED] || value[HV_T_OVERFLOW]))
            return hv_arena_printf(
                c->arena,
                "%s: %" PRIu64 " of %" PRIu64 " instructions of a call have operands "
                "that the tracer does not understand, and %" PRIu64 " events found no "
                "room in its tables: loaded, stored and copied bytes are lower bounds.",
                arm_name(c, arm), value[HV_T_UNSUPPORTED], value[HV_T_INSTRUCTIONS],
                value[HV_T_OVERFLOW]);
    }
    return NULL;
}

const char *hv_warn_contradicted(const struct hv_warning_context *c)
{
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        const struct hv_trace_run *t = trace_of(c, arm);
        const uint64_t wrong = t->n_calls ? t->calls[0].value[HV_T_CONTRADICTED] : 0;
        if (wrong)
            return hv_arena_printf(c->arena,
                                   "%s: %" PRIu64 " bytes were seen to be copied, but "
                                   "differ from their source, which nobody has written "
                                   "since.",
                                   arm_name(c, arm), wrong);
    }
    return NULL;
}
