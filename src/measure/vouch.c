/* SPDX-License-Identifier: MIT */
/* What the controls say about one event: its verdict, and the words for it. */
#include "src/measure/vouch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "counters/perf.h"

static int ascending(const void *a, const void *b)
{
    const struct hv_reading *x = a, *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

static double median(const struct hv_control_reads *reads, unsigned id, unsigned size)
{
    struct hv_reading sorted[HV_CONTROL_REPEATS];
    memcpy(sorted, reads->at[id][size], sizeof sorted);
    qsort(sorted, HV_CONTROL_REPEATS, sizeof *sorted, ascending);
    return (double)sorted[HV_CONTROL_REPEATS / 2].value;
}

bool hv_all_control_reads(const struct hv_control_reads *reads, hv_each_read_fn *holds)
{
    const unsigned made = reads->made | HV_EMPTY_CONTROL;
    for (unsigned id = 0; id <= HV_CONTROLS; id++)
        for (unsigned i = 0;
             made >> id & 1 && i < HV_CONTROL_SIZES * HV_CONTROL_REPEATS; i++)
            if (!holds(&reads->at[id][i / HV_CONTROL_REPEATS][i % HV_CONTROL_REPEATS]))
                return false;
    return true;
}

static bool counted(const struct hv_reading *reading)
{
    return hv_reading_state(reading) == HV_COUNTED;
}

static bool is_zero(const struct hv_reading *reading)
{
    return reading->value == 0;
}

static bool never_ran(const struct hv_reading *reading)
{
    return reading->running == 0;
}

static size_t expected_reads(unsigned made)
{
    const unsigned controls = (unsigned)__builtin_popcount(made | HV_EMPTY_CONTROL);
    return (size_t)controls * HV_CONTROL_SIZES * HV_CONTROL_REPEATS;
}

/* 0, or why there is nothing to judge: a control says nothing about an event that was
 * not on the PMU while it ran. */
static int why_not_run(const struct hv_control_reads *reads)
{
    if (reads->status || reads->failed)
        return reads->status ? reads->status : reads->failed;
    if (reads->n < expected_reads(reads->made))
        return -EIO;
    return hv_all_control_reads(reads, counted) ? 0 : -EAGAIN;
}

static const char *why_failed(struct hv_arena *arena, const struct hv_event *event,
                              const struct hv_control_reads *reads, int rc)
{
    char words[512];
    if (rc == -EAGAIN && !hv_all_control_reads(reads, never_ran))
        return "<not counted>: it shared the PMU with somebody else, and counted only "
               "part of the control";
    return hv_arena_text(
        arena, reads->status ? hv_perf_words(rc, event, words, sizeof words)
                             : hv_perf_words_opened(rc, event, words, sizeof words));
}

static const char *dead_words(struct hv_arena *arena, const struct hv_event_kind *kind,
                              const struct hv_control *control)
{
    if (control->got_doubled < 0.5)
        return hv_arena_printf(arena,
                               "dead: opened, but counted nothing where %.0f %s were "
                               "made",
                               control->expected, kind->counts);
    return hv_arena_printf(
        arena,
        "dead: opened, but counted %.0f where %.0f %s were made, and "
        "%.0f where twice as many",
        control->got, control->expected, kind->counts, control->got_doubled);
}

/* NULL for an event that is qualified. */
static const char *words_of(struct hv_arena *arena, const struct hv_event_kind *kind,
                            const struct hv_vouched *vouched,
                            const struct hv_control *control)
{
    switch (vouched->verdict) {
    case HV_DEAD: return dead_words(arena, kind, control);
    case HV_BIASED:
        return hv_arena_printf(arena, "biased: counted %.3f for each of %.0f %s made",
                               vouched->factor, control->expected, kind->counts);
    case HV_ERRATIC:
        return hv_arena_printf(
            arena,
            "erratic: counted %.0f where %.0f %s were made, and %.0f "
            "where twice as many",
            control->got, control->expected, kind->counts, control->got_doubled);
    default: return NULL;
    }
}

static struct hv_control described(struct hv_arena *arena, const struct hv_event *event,
                                   const struct hv_event_kind *kind)
{
    const struct hv_control_info *kernel = hv_control_info(kind->control);
    return (struct hv_control){.name =
                                   hv_arena_printf(arena, "event:%s", event->figure),
                               .what = kernel->what,
                               .unit = kind->counts,
                               .expected = (double)kernel->n * kind->each,
                               .tolerance = kind->tolerance};
}

/* An event that no control is made for: whether anything at all moves it. */
static void vouch_without(const struct hv_control_reads *reads,
                          struct hv_vouched *vouched)
{
    if (!hv_all_control_reads(reads, is_zero))
        return;
    vouched->verdict = HV_SILENT;
    vouched->why = "read 0 in all controls: not believed";
}

static void vouch_by(struct hv_arena *arena, const struct hv_event_kind *kind,
                     const struct hv_control_reads *reads, struct hv_control *control,
                     struct hv_vouched *vouched)
{
    control->ran = control->doubled = true;
    control->got = median(reads, kind->control, 0) - median(reads, HV_CONTROLS, 0);
    control->got_doubled =
        median(reads, kind->control, 1) - median(reads, HV_CONTROLS, 1);
    vouched->verdict =
        hv_control_judge(control->expected, control->tolerance, control->got,
                         control->got_doubled, &vouched->factor);
    control->passed = vouched->verdict == HV_QUALIFIED;
    control->why = vouched->why = words_of(arena, kind, vouched, control);
}

struct hv_vouched hv_vouch(struct hv_arena *arena, const struct hv_event *event,
                           const struct hv_event_kind *kind,
                           const struct hv_control_reads *reads,
                           struct hv_control *control)
{
    struct hv_vouched vouched = {.figure = hv_arena_text(arena, event->figure),
                                 .factor = 1};
    if (kind)
        *control = described(arena, event, kind);
    const int rc = why_not_run(reads);
    if (rc) {
        vouched.verdict = reads->status ? HV_UNOPENED : HV_UNQUALIFIED;
        vouched.why = why_failed(arena, event, reads, rc);
        if (kind)
            control->why = vouched.why;
    } else if (kind) {
        vouch_by(arena, kind, reads, control, &vouched);
    } else {
        vouch_without(reads, &vouched);
    }
    return vouched;
}
