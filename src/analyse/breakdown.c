/* SPDX-License-Identifier: MIT */
/* Who did it: an iteration's instructions and copies by function and by place. */
#include "src/analyse/breakdown.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "src/analyse/evidence.h"
#include "src/analyse/vouch.h"

/* The calls whose difference is an iteration: the last two that were followed, or, with
 * one call only, that call and nothing. */
struct step {
    const struct hv_call_run *more, *less;
};

static struct step step_of(const struct hv_trace_run *t)
{
    return (struct step){.more = &t->calls[t->n_calls - 1],
                         .less = t->n_calls > 1 ? &t->calls[t->n_calls - 2] : NULL};
}

static double less(uint64_t a, uint64_t b)
{
    return (double)a - (double)b;
}

static const struct hv_function_run *same_function(const struct hv_call_run *call,
                                                   const struct hv_function_run *f)
{
    static const struct hv_function_run none = {.name = ""};
    for (size_t i = 0; call && i < call->n_functions; i++)
        if (call->functions[i].group == f->group &&
            strcmp(call->functions[i].name, f->name) == 0)
            return &call->functions[i];
    return &none;
}

static const struct hv_site_run *same_site(const struct hv_call_run *call,
                                           const struct hv_site_run *s)
{
    static const struct hv_site_run none = {.function = ""};
    for (size_t i = 0; call && i < call->n_sites; i++) {
        const struct hv_site_run *other = &call->sites[i];
        if (other->offset == s->offset && other->called == s->called &&
            strcmp(other->function, s->function) == 0)
            return other;
    }
    return &none;
}

static struct hv_evidence time_of(const struct hv_evidence *time, double share,
                                  struct hv_arena *arena)
{
    if (!time || time->provenance == HV_ABSENT)
        return hv_absent("ns", time ? time->why : "the arm was not timed");
    return hv_value(HV_ESTIMATED, share * time->value, "ns",
                    hv_arena_printf(arena,
                                    "%.3g %% of the instructions x the arm's time, as "
                                    "if every instruction took as long",
                                    100 * share));
}

static int falling_who(const void *a, const void *b)
{
    const struct hv_who *x = a, *y = b;
    return (y->instructions > x->instructions) - (y->instructions < x->instructions);
}

static void add_functions(const struct step *step, double all,
                          const struct hv_evidence *time, struct hv_arena *arena,
                          struct hv_breakdown *out)
{
    out->who = hv_arena_array(arena, step->more->n_functions, sizeof *out->who);
    for (size_t i = 0; i < step->more->n_functions; i++) {
        const struct hv_function_run *more = &step->more->functions[i],
                                     *one_less = same_function(step->less, more);
        const double instructions = less(more->instructions, one_less->instructions);
        if (!(instructions > 0))
            continue;
        const double share = all > 0 ? instructions / all : 0;
        out->who[out->n_who++] = (struct hv_who){
            .name = more->name,
            .group = hv_trace_group_name(more->group),
            .calls = less(more->calls, one_less->calls),
            .instructions = instructions,
            .load_bytes = less(more->load_bytes, one_less->load_bytes),
            .store_bytes = less(more->store_bytes, one_less->store_bytes),
            .copied = less(more->copied, one_less->copied),
            .share = share,
            .time = time_of(time, share, arena),
        };
    }
    if (out->n_who)
        qsort(out->who, out->n_who, sizeof *out->who, falling_who);
}

static int falling_copying(const void *a, const void *b)
{
    const struct hv_copying *x = a, *y = b;
    return (y->bytes > x->bytes) - (y->bytes < x->bytes);
}

static void add_sites(const struct step *step, struct hv_arena *arena,
                      struct hv_breakdown *out)
{
    out->copying = hv_arena_array(arena, step->more->n_sites, sizeof *out->copying);
    for (size_t i = 0; i < step->more->n_sites; i++) {
        const struct hv_site_run *more = &step->more->sites[i],
                                 *one_less = same_site(step->less, more);
        const double bytes = less(more->bytes, one_less->bytes);
        if (!(bytes > 0))
            continue;
        out->copying[out->n_copying++] = (struct hv_copying){
            .function = more->function,
            .offset = more->offset,
            .called = more->called,
            .copies = less(more->copies, one_less->copies),
            .bytes = bytes,
            .smallest = more->smallest,
            .largest = more->largest,
        };
    }
    if (out->n_copying)
        qsort(out->copying, out->n_copying, sizeof *out->copying, falling_copying);
}

static const char *source_of(const struct hv_trace_run *t, struct hv_arena *arena)
{
    const char *compared =
        t->fallback
            ? hv_arena_printf(arena, "the code cache was not used: %s", t->fallback)
        : t->agreed
            ? hv_arena_printf(arena,
                              "its first %" PRIu64 " instructions are those of "
                              "single-stepping, word for word",
                              t->compared)
            : hv_arena_printf(arena, "not compared with single-stepping: %s",
                              t->comparison ? t->comparison : "no reason given");
    return hv_arena_printf(
        arena, "%s; %s; %s", t->tracer ? t->tracer : "trace",
        t->n_calls > 1
            ? hv_arena_printf(arena,
                              "an iteration is what a call with %zu adds to one "
                              "with %zu",
                              t->n_calls, t->n_calls - 1)
            : "one call with one iteration, entry and exit included",
        compared);
}

void hv_break_down(const struct hv_pair_view *view, enum hv_arm_id arm,
                   const struct hv_evidence *time, struct hv_arena *arena,
                   struct hv_breakdown *out)
{
    const struct hv_trace_run *t = &view->pair->arm[arm].trace;
    const char *doubt = hv_why_tracer_doubted(view->run, t, arena);
    if (view->pair->failure || doubt || !t->n_calls) {
        out->why = view->pair->failure ? view->pair->failure
                   : doubt             ? doubt
                   : t->tried          ? t->why
                                       : "it was not traced";
        return;
    }
    const struct step step = step_of(t);
    const double all = less(step.more->value[HV_T_INSTRUCTIONS],
                            step.less ? step.less->value[HV_T_INSTRUCTIONS] : 0);
    out->present = true;
    out->source = source_of(t, arena);
    for (unsigned g = 0; g < HV_TRACE_GROUPS; g++)
        out->group[g] = less(step.more->group[g], step.less ? step.less->group[g] : 0);
    add_functions(&step, all, time, arena, out);
    add_sites(&step, arena, out);
}
