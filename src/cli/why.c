/* SPDX-License-Identifier: MIT */
/* measure -> analyse -> more measuring: the experiments of each pair, then what the
 * kernels offer beside the pairs. */
#include "src/cli/why.h"

#include <errno.h>
#include <string.h>

#include "src/analyse/analyse.h"
#include "src/analyse/experiments.h"
#include "src/measure/busy.h"

/* An experiment answers a coarser question than its pair, with fewer samples: whether
 * an effect is there, and how large within about a percent. */
#define EXPERIMENT_PRECISION 0.01
#define BUSY_SECONDS         1.0
enum {
    EXPERIMENT_LAYOUTS = 16,
    EXPERIMENT_SHARE = HV_SAMPLE_CAP / 2 / 40, /* of the dump's samples */
};

struct why {
    struct hv_measurement *m;
    struct hv_progress *progress;
    hv_why_measure_fn *measure;
    void *user;
    struct hv_error *error;
};

static struct hv_limits limits(const struct hv_measurement *m)
{
    const struct hv_settings *settings = &m->plan->settings;
    return (struct hv_limits){
        .budget_seconds = settings->budget_seconds / 2,
        .precision = settings->precision > EXPERIMENT_PRECISION ? settings->precision
                                                                : EXPERIMENT_PRECISION,
        .layouts = settings->quick ? HV_MIN_LAYOUTS : EXPERIMENT_LAYOUTS,
        .integers = EXPERIMENT_SHARE,
    };
}

/* Only what ends the run is an error here. */
static int measure(struct why *w, const struct hv_extra *extra)
{
    struct hv_target target;
    if (hv_measure_extra(w->m, extra, &target))
        return 0;
    hv_progress_step(w->progress, w->m->run->n_experiments, HV_MAX_EXPERIMENTS,
                     extra->row->pair);
    return w->measure(w->user, &target, w->error);
}

/* --quick makes the few experiments that tell most. */
static bool has_time(const struct why *w, const char *experiment)
{
    const struct hv_experiment_kind *kind = hv_experiment_find(experiment);
    return !w->m->plan->settings.quick || (kind && kind->quick);
}

/* Sizes from below L1 to four times L2, of caches that the run found. */
static int sweep(struct why *w, struct hv_extra *extra)
{
    const struct hv_caches *caches = &w->m->run->caches;
    const uint64_t l1 = caches->l1d, l2 = caches->l2;
    const uint64_t sizes[] = {l1 / 4, l1 / 2, l1, l2 / 2, l2, 2 * l2, 4 * l2};
    const uint64_t first = extra->footprint;
    uint64_t largest = first;
    int rc = 0;
    for (size_t i = 0; !rc && i < sizeof sizes / sizeof sizes[0]; i++) {
        if (sizes[i] <= largest)
            continue;
        largest = extra->footprint = sizes[i];
        rc = measure(w, extra);
    }
    return rc;
}

/* A small walk against the pair's own, for its misses; --why: and larger ones. */
static int footprints_of(struct why *w, const struct hv_row *row,
                         const struct hv_pair_result *result)
{
    const struct hv_settings *settings = &w->m->plan->settings;
    struct hv_extra extra = {
        .row = row, .purpose = HV_PURPOSE_FOOTPRINT, .limits = limits(w->m)};
    const bool wanted =
        hv_footprint_wanted(result, &extra.footprint) && !settings->quick;
    if (!row->sweeps || !(wanted || settings->why))
        return 0;
    const int rc = measure(w, &extra);
    return rc || !settings->why ? rc : sweep(w, &extra);
}

/* The pair once more, on a core that is kept busy on purpose. */
static int on_a_busy_core(struct why *w, const struct hv_row *row)
{
    struct hv_extra extra = {
        .row = row, .purpose = HV_PURPOSE_BUSY, .limits = limits(w->m)};
    struct hv_busy busy;
    struct hv_error error = {""};
    extra.limits.busy = true;
    extra.limits.budget_seconds = BUSY_SECONDS;
    if (hv_busy_start(&busy, w->m->cpu, &error))
        return 0; /* one CPU, or no process to be had: an experiment less */
    const int rc = measure(w, &extra);
    hv_busy_stop(&busy);
    return rc;
}

static int experiments_of(struct why *w, const struct hv_row *row,
                          const struct hv_pair_result *result)
{
    const bool force = w->m->plan->settings.why;
    struct hv_extra extra = {
        .row = row, .purpose = HV_PURPOSE_EXPERIMENT, .limits = limits(w->m)};
    int rc = 0;
    for (uint32_t i = 0; !rc && i < row->n_experiments; i++) {
        const struct hv_row_experiment *e = &row->experiments[i];
        extra.experiment = i + 1;
        if (force || (has_time(w, e->name) &&
                      hv_experiment_wanted(result, e->name, e->arm[HV_BASELINE])))
            rc = measure(w, &extra);
    }
    if (!rc)
        rc = footprints_of(w, row, result);
    return rc || !force ? rc : on_a_busy_core(w, row);
}

static int of_pair(struct why *w, const struct hv_target *target)
{
    struct hv_arena *arena = hv_arena_open();
    struct hv_pair_result result;
    memset(&result, 0, sizeof result);
    hv_analyse_pair(w->m->run, target->run, arena, &result);
    int rc = 0;
    if (result.state != HV_FAILED && !target->run->control)
        rc = experiments_of(w, target->row, &result);
    hv_arena_close(arena);
    return rc;
}

/* The same code against itself: of the first pair, or of every one. */
static int against_itself(struct why *w, size_t i)
{
    const struct hv_target *target = &w->m->targets[i];
    const struct hv_extra extra = {
        .row = target->row, .purpose = HV_PURPOSE_AA, .limits = limits(w->m)};
    const struct hv_settings *settings = &w->m->plan->settings;
    if (((i > 0 || settings->quick) && !settings->why) || target->run->failure ||
        target->row->purpose != HV_PURPOSE_PAIR)
        return 0;
    return measure(w, &extra);
}

/* Rows that are no pairs: insights and steps, at the best ISA. Only where the whole
 * investigation runs: somebody who names pairs wants those. */
static int besides(struct why *w)
{
    const struct hv_settings *settings = &w->m->plan->settings;
    const bool skip = w->m->plan->pairs || (settings->quick && !settings->why);
    int rc = 0;
    for (size_t i = 0; !rc && !skip && i < w->m->catalogue.n; i++) {
        const struct hv_row *row = &w->m->catalogue.rows[i];
        const struct hv_extra extra = {
            .row = row, .purpose = row->purpose, .limits = limits(w->m)};
        if (row->purpose != HV_PURPOSE_PAIR && hv_measure_is_chosen(w->m, row))
            rc = measure(w, &extra);
    }
    return rc;
}

int hv_cli_why(struct hv_measurement *m, struct hv_progress *progress,
               hv_why_measure_fn *measure_fn, void *user, struct hv_error *error)
{
    struct why w = {m, progress, measure_fn, user, error};
    int rc = 0;
    if (m->plan->settings.aa)
        return 0;
    for (size_t i = 0; !rc && i < m->n_targets; i++)
        rc = against_itself(&w, i);
    for (size_t i = 0; !rc && i < m->n_targets; i++)
        rc = of_pair(&w, &m->targets[i]);
    return rc ? rc : besides(&w);
}
