/* SPDX-License-Identifier: MIT */
/* Who did it: an iteration's instructions and copies by function and by place. */
#include "src/analyse/breakdown.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "src/analyse/evidence.h"
#include "src/analyse/vouch.h"

/* The calls whose difference, by the iterations between them, is an iteration: the last
 * and the first; with one call only, that call and nothing. */
struct step {
    const struct hv_call_run *more, *less;
    double iterations;
};

static struct step step_of(const struct hv_trace_run *t)
{
    const size_t last = t->n_calls - 1;
    return (struct step){.more = &t->calls[last],
                         .less = last ? &t->calls[0] : NULL,
                         .iterations = last ? (double)last : 1};
}

static double each(const struct step *step, uint64_t more, uint64_t less)
{
    return ((double)more - (double)less) / step->iterations;
}

/* The row that stands for all that found no room of their own. */
static bool is_rest(const char *name)
{
    return strcmp(name, "(others)") == 0;
}

static bool same_function(const struct hv_function_run *a,
                          const struct hv_function_run *b)
{
    return a->group == b->group && strcmp(a->name, b->name) == 0;
}

static void add_function(struct hv_function_run *to, const struct hv_function_run *f)
{
    to->calls += f->calls;
    to->instructions += f->instructions;
    to->load_bytes += f->load_bytes;
    to->store_bytes += f->store_bytes;
    to->copied += f->copied;
}

/* Sums over the call's functions of that name and group: there may be several. */
static struct hv_function_run all_of(const struct hv_call_run *call,
                                     const struct hv_function_run *f)
{
    struct hv_function_run sum = {.name = f->name, .group = f->group};
    for (size_t i = 0; call && i < call->n_functions; i++)
        if (same_function(&call->functions[i], f))
            add_function(&sum, &call->functions[i]);
    return sum;
}

static bool is_told(const struct hv_call_run *call, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (same_function(&call->functions[i], &call->functions[index]))
            return true;
    return false;
}

static const struct hv_site_run *find_site(const struct hv_call_run *call,
                                           const struct hv_site_run *s)
{
    for (size_t i = 0; call && i < call->n_sites; i++) {
        const struct hv_site_run *other = &call->sites[i];
        if (other->offset == s->offset && other->called == s->called &&
            strcmp(other->function, s->function) == 0)
            return other;
    }
    return NULL;
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
    const struct hv_call_run *call = step->more;
    out->who = hv_arena_array(arena, call->n_functions, sizeof *out->who);
    for (size_t i = 0; i < call->n_functions; i++) {
        const struct hv_function_run more = all_of(call, &call->functions[i]),
                                     less = all_of(step->less, &call->functions[i]);
        const double instructions = each(step, more.instructions, less.instructions);
        if (is_told(call, i) || !(instructions > 0))
            continue;
        const double share = all > 0 ? instructions / all : 0;
        out->who[out->n_who++] = (struct hv_who){
            .name = more.name,
            .group = hv_trace_group_name(more.group),
            .calls = each(step, more.calls, less.calls),
            .instructions = instructions,
            .load_bytes = each(step, more.load_bytes, less.load_bytes),
            .store_bytes = each(step, more.store_bytes, less.store_bytes),
            .copied = each(step, more.copied, less.copied),
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

static bool has_rest(const struct hv_call_run *call)
{
    return call && call->n_sites && is_rest(call->sites[call->n_sites - 1].function);
}

static void add_site(const struct step *step, const struct hv_site_run *more,
                     uint64_t less_copies, uint64_t less_bytes,
                     struct hv_breakdown *out)
{
    if (more->bytes <= less_bytes)
        return;
    out->copying[out->n_copying++] = (struct hv_copying){
        .function = more->function,
        .offset = more->offset,
        .called = more->called,
        .copies = each(step, more->copies, less_copies),
        .bytes = each(step, more->bytes, less_bytes),
        .smallest = more->smallest,
        .largest = more->largest,
    };
}

/* A place that has a row in one call may be among the rest of the other: only then is a
 * row that is missing there no place that was new. It goes to the rest of both. */
static void add_sites(const struct step *step, struct hv_arena *arena,
                      struct hv_breakdown *out)
{
    const struct hv_call_run *call = step->more;
    struct hv_site_run rest = {.function = "(others)", .smallest = UINT64_MAX};
    uint64_t less_copies = 0, less_bytes = 0;
    out->copying = hv_arena_array(arena, call->n_sites + 1, sizeof *out->copying);
    for (size_t i = 0; i < call->n_sites; i++) {
        const struct hv_site_run *more = &call->sites[i],
                                 *less = find_site(step->less, more);
        if (!is_rest(more->function) && (less || !has_rest(step->less))) {
            add_site(step, more, less ? less->copies : 0, less ? less->bytes : 0, out);
            continue;
        }
        rest.copies += more->copies;
        rest.bytes += more->bytes;
        rest.smallest = more->smallest < rest.smallest ? more->smallest : rest.smallest;
        rest.largest = more->largest > rest.largest ? more->largest : rest.largest;
    }
    for (size_t i = 0; step->less && i < step->less->n_sites; i++) {
        const struct hv_site_run *less = &step->less->sites[i];
        if (is_rest(less->function) || !find_site(call, less)) {
            less_copies += less->copies;
            less_bytes += less->bytes;
        }
    }
    add_site(step, &rest, less_copies, less_bytes, out);
    if (out->n_copying)
        qsort(out->copying, out->n_copying, sizeof *out->copying, falling_copying);
}

/* ", which differ (...)" where the second and the third iteration do. */
static const char *differing(const struct hv_trace_run *t, struct hv_arena *arena)
{
    const unsigned v = HV_T_INSTRUCTIONS;
    if (t->n_calls < HV_TRACE_CALLS)
        return "";
    const uint64_t second = t->calls[1].value[v] - t->calls[0].value[v],
                   third = t->calls[2].value[v] - t->calls[1].value[v];
    return second == third ? ""
                           : hv_arena_printf(arena,
                                             " (the second iteration has %" PRIu64
                                             " instructions, the third %" PRIu64 ")",
                                             second, third);
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
                              "an iteration is %s the call with %zu adds to that with "
                              "1%s",
                              t->n_calls > 2 ? "half of what" : "what", t->n_calls,
                              differing(t, arena))
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
    const struct hv_call_run *less = step.less;
    const double all = each(&step, step.more->value[HV_T_INSTRUCTIONS],
                            less ? less->value[HV_T_INSTRUCTIONS] : 0);
    out->present = true;
    out->source = source_of(t, arena);
    for (unsigned g = 0; g < HV_TRACE_GROUPS; g++)
        out->group[g] = each(&step, step.more->group[g], less ? less->group[g] : 0);
    add_functions(&step, all, time, arena, out);
    add_sites(&step, arena, out);
}
