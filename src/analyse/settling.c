/* SPDX-License-Identifier: MIT */
/* What would settle a pair that keeps the decision open, by what it lacks. */
#include <string.h>

#include "src/analyse/gate.h"
#include "src/analyse/next_steps.h"
#include "src/base/error.h"

typedef bool fits_fn(const struct hv_open_pair *, const struct hv_settings *);

static bool not_reached(const struct hv_open_pair *open,
                        const struct hv_settings *settings)
{
    (void)settings;
    const struct hv_pair_result *pair = open->pair;
    return pair->state == HV_FAILED && pair->failure &&
           strncmp(pair->failure, "not measured", 12) == 0;
}

static bool failed(const struct hv_open_pair *open, const struct hv_settings *settings)
{
    (void)settings;
    return open->pair->state == HV_FAILED;
}

static bool interrupted(const struct hv_open_pair *open,
                        const struct hv_settings *settings)
{
    (void)settings;
    return open->pair->stop == HV_STOP_INTERRUPTED;
}

static bool unsampled(const struct hv_open_pair *open,
                      const struct hv_settings *settings)
{
    (void)settings;
    return open->pair->state == HV_CONTENDED && !open->pair->has_kept_share;
}

static bool lacks_layouts(const struct hv_open_pair *open,
                          const struct hv_settings *settings)
{
    (void)settings;
    return open->pair->state == HV_CONTENDED && open->pair->stop == HV_STOP_BUDGET &&
           open->pair->kept_share >= HV_KEPT_SHARE_MIN;
}

static bool contended(const struct hv_open_pair *open,
                      const struct hv_settings *settings)
{
    (void)settings;
    return open->pair->state == HV_CONTENDED;
}

static bool placed(const struct hv_open_pair *open, const struct hv_settings *settings)
{
    (void)settings;
    return !open->by_interval;
}

static bool out_of_budget(const struct hv_open_pair *open,
                          const struct hv_settings *settings)
{
    (void)settings;
    return open->pair->stop == HV_STOP_BUDGET;
}

static bool out_of_layouts(const struct hv_open_pair *open,
                           const struct hv_settings *settings)
{
    return open->pair->stop == HV_STOP_SAMPLES && settings->layouts > 0 &&
           settings->layouts < HV_MAX_LAYOUTS;
}

static bool precise(const struct hv_open_pair *open, const struct hv_settings *settings)
{
    (void)settings;
    return open->pair->stop == HV_STOP_PRECISION;
}

static bool used_up(const struct hv_open_pair *open, const struct hv_settings *settings)
{
    (void)settings;
    return open->pair->stop == HV_STOP_SAMPLES;
}

static bool any(const struct hv_open_pair *open, const struct hv_settings *settings)
{
    (void)open, (void)settings;
    return true;
}

/* Keeps the formatter from lining up columns of sentences. */
#define ROW(fits, step)                                                                \
    {                                                                                  \
        fits, step                                                                     \
    }

/* A pair belongs to the first row that fits. */
static const struct {
    fits_fn *fits;
    const char *step;
} rows[] = {
    ROW(not_reached, "The run ended before their turn; run them, for"),
    ROW(failed, "Find out why it gave no figure, and run again, for"),
    ROW(interrupted, "Run again to the end, for"),
    ROW(unsampled, "No sample was taken; run them, for"),
    ROW(lacks_layouts,
        "Run again with a longer --budget, so that more layouts are complete, for"),
    ROW(contended, "Run again on a quieter core (--cpu) or at a quieter time, for"),
    ROW(placed,
        "Code placement moves the speedup across a threshold of the rules, which no "
        "longer run changes; decide by the build that will be used, for"),
    ROW(out_of_budget, "Run again with a longer --budget, for"),
    ROW(out_of_layouts, "Run again without --quick or --layouts, for"),
    ROW(precise,
        "As precisely as was asked, the speedup lies on a threshold of the rules: no "
        "longer run will move it (a finer --precision might), for"),
    ROW(used_up,
        "The run took all the samples it may, and the speedup lies on a threshold of "
        "the rules: no longer run will move it, for"),
    ROW(any, "Run again, for"),
};

static size_t row_of(const struct hv_open_pair *open,
                     const struct hv_settings *settings)
{
    size_t row = 0;
    while (!rows[row].fits(open, settings))
        row++;
    return row;
}

void hv_settling_steps(struct hv_decision *decision, const struct hv_open_pair *open,
                       size_t count, const struct hv_settings *settings,
                       struct hv_arena *arena)
{
    for (size_t row = 0; row < HV_LEN(rows); row++) {
        const char *names = NULL;
        for (size_t i = 0; i < count; i++)
            if (row_of(&open[i], settings) == row)
                names = names ? hv_arena_printf(arena, "%s, %s", names, open[i].name)
                              : open[i].name;
        if (names)
            hv_add_step(decision,
                        hv_arena_printf(arena, "%s: %s.", rows[row].step, names),
                        arena);
    }
}
