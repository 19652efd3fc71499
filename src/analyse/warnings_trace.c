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

/* What one arm's trace has to say; NULL: nothing. */
typedef const char *say_fn(const struct hv_warning_context *, unsigned arm,
                           const struct hv_trace_run *);

/* Both arms' words, one after the other. */
static const char *say_both(const struct hv_warning_context *c, say_fn *say)
{
    const char *text = NULL;
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        const char *more = say(c, arm, trace_of(c, arm));
        if (more)
            text = text ? hv_arena_printf(c->arena, "%s %s", text, more) : more;
    }
    return text;
}

static const char *differ(const struct hv_warning_context *c, unsigned arm,
                          const struct hv_trace_run *t)
{
    if (!t->differs)
        return NULL;
    return hv_arena_printf(c->arena,
                           "%s: the code cache and single-stepping saw different "
                           "things: %s. The figures are those of %s.",
                           arm_name(c, arm),
                           t->comparison ? t->comparison : "it is not said where",
                           t->tracer ? t->tracer : "neither");
}

static const char *not_compared(const struct hv_warning_context *c, unsigned arm,
                                const struct hv_trace_run *t)
{
    if (!t->n_calls || t->agreed || t->differs || t->fallback)
        return NULL;
    return hv_arena_printf(c->arena,
                           "%s: the code cache's trace was not compared with "
                           "single-stepping: %s.",
                           arm_name(c, arm),
                           t->comparison ? t->comparison : "it is not said why");
}

static const char *stepped(const struct hv_warning_context *c, unsigned arm,
                           const struct hv_trace_run *t)
{
    if (!t->n_calls || !t->fallback || t->differs)
        return NULL;
    return hv_arena_printf(c->arena,
                           "%s was single-stepped, not traced by the code cache: %s.",
                           arm_name(c, arm), t->fallback);
}

static const char *not_traced(const struct hv_warning_context *c, unsigned arm,
                              const struct hv_trace_run *t)
{
    if (!t->tried || t->n_calls)
        return NULL;
    return hv_arena_printf(c->arena, "%s could not be traced: %s%s%s.",
                           arm_name(c, arm), t->why ? t->why : "no reason given",
                           t->fallback ? "; the code cache: " : "",
                           t->fallback ? t->fallback : "");
}

static const char *partly(const struct hv_warning_context *c, unsigned arm,
                          const struct hv_trace_run *t)
{
    if (!t->n_calls || t->n_calls == HV_TRACE_CALLS)
        return NULL;
    return hv_arena_printf(
        c->arena,
        "%s: of the calls with 1, 2 and 3 iterations only the first "
        "%zu could be followed%s: %s.",
        arm_name(c, arm), t->n_calls,
        t->n_calls == 1 ? ", so that figures are those of a whole call" : "",
        t->why ? t->why : "no reason given");
}

static const char *doubted(const struct hv_warning_context *c, unsigned arm,
                           const struct hv_trace_run *t)
{
    const char *doubt =
        t->n_calls ? hv_why_tracer_doubted(c->view->run, t, c->arena) : NULL;
    return doubt
               ? hv_arena_printf(c->arena, "What the tracer saw of %s is left out: %s.",
                                 arm_name(c, arm), doubt)
               : NULL;
}

/* Of the longest call: it holds what the shorter ones did. */
static const char *unsupported(const struct hv_warning_context *c, unsigned arm,
                               const struct hv_trace_run *t)
{
    const uint64_t *value = t->n_calls ? t->calls[t->n_calls - 1].value : NULL;
    if (!value || !(value[HV_T_UNSUPPORTED] || value[HV_T_OVERFLOW]))
        return NULL;
    return hv_arena_printf(
        c->arena,
        "%s: %" PRIu64 " of %" PRIu64 " instructions of a call have operands that the "
        "tracer does not understand, and %" PRIu64 " events found no room in its "
        "tables: loaded, stored and copied bytes are lower bounds.",
        arm_name(c, arm), value[HV_T_UNSUPPORTED], value[HV_T_INSTRUCTIONS],
        value[HV_T_OVERFLOW]);
}

static const char *contradicted(const struct hv_warning_context *c, unsigned arm,
                                const struct hv_trace_run *t)
{
    const uint64_t wrong =
        t->n_calls ? t->calls[t->n_calls - 1].value[HV_T_CONTRADICTED] : 0;
    if (!wrong)
        return NULL;
    return hv_arena_printf(c->arena,
                           "%s: %" PRIu64 " bytes were seen to be copied, but differ "
                           "from their source, which nobody has written since.",
                           arm_name(c, arm), wrong);
}

const char *hv_warn_tracers_differ(const struct hv_warning_context *c)
{
    return say_both(c, differ);
}
const char *hv_warn_not_compared(const struct hv_warning_context *c)
{
    return say_both(c, not_compared);
}
const char *hv_warn_stepped(const struct hv_warning_context *c)
{
    return say_both(c, stepped);
}
const char *hv_warn_not_traced(const struct hv_warning_context *c)
{
    return say_both(c, not_traced);
}
const char *hv_warn_partly_traced(const struct hv_warning_context *c)
{
    return say_both(c, partly);
}
const char *hv_warn_tracer_doubted(const struct hv_warning_context *c)
{
    return say_both(c, doubted);
}
const char *hv_warn_unsupported(const struct hv_warning_context *c)
{
    return say_both(c, unsupported);
}
const char *hv_warn_contradicted(const struct hv_warning_context *c)
{
    return say_both(c, contradicted);
}
