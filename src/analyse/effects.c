/* SPDX-License-Identifier: MIT */
/* From the speedup of an experiment to what its change is worth in the pair. */
#include "src/analyse/effects.h"

#include <math.h>
#include <string.h>

#include "src/analyse/evidence.h"
#include "src/analyse/experiments.h"
#include "src/analyse/parts.h"
#include "src/analyse/prediction.h"

#define FOOTPRINT "footprint"

static bool same(const char *a, const char *b)
{
    return a && b && !strcmp(a, b);
}

static bool is_of(const struct hv_pair_result *trial, const struct hv_pair_result *pair)
{
    return same(trial->of, pair->name) && same(trial->isa, pair->isa) &&
           same(trial->kernel_set, pair->kernel_set);
}

const struct hv_pair_result *hv_trial_of(const struct hv_result *result,
                                         const struct hv_pair_result *pair,
                                         enum hv_purpose purpose, const char *name)
{
    for (size_t i = 0; i < result->n_experiments; i++) {
        const struct hv_pair_result *trial = &result->experiments[i];
        if (trial->purpose == purpose && is_of(trial, pair) &&
            (!name || same(trial->experiment, name)))
            return trial;
    }
    return NULL;
}

const struct hv_pair_result *hv_trial_on(const struct hv_result *result,
                                         const struct hv_pair_result *pair,
                                         enum hv_arm_id arm, const char *name)
{
    for (size_t i = 0; i < result->n_experiments; i++) {
        const struct hv_pair_result *trial = &result->experiments[i];
        if (trial->purpose == HV_PURPOSE_EXPERIMENT && is_of(trial, pair) &&
            same(trial->experiment, name) &&
            hv_arm_named(pair, trial->arm[HV_BASELINE].name) == arm)
            return trial;
    }
    return NULL;
}

const struct hv_effect *hv_effect_on(const struct hv_pair_result *pair,
                                     enum hv_part part, enum hv_arm_id arm)
{
    for (size_t i = 0; i < pair->n_effects; i++)
        if (pair->effects[i].part == part && pair->effects[i].arm == arm)
            return &pair->effects[i];
    return NULL;
}

/* NULL, or why the trial says nothing about time. */
static const char *why_silent(const struct hv_pair_result *trial,
                              struct hv_arena *arena)
{
    if (trial->state == HV_FAILED)
        return hv_arena_printf(arena, "the experiment failed: %s", trial->failure);
    return trial->state == HV_QUIET ? NULL
                                    : "the experiment found no quiet core to run on";
}

/* Whether the figure that the change must bring down did fall; says so in *witness.
 * Nothing to take away is no contradiction: the effect is then that of nothing. Nor is
 * a figure that did not look, such as a declaration. */
static bool change_was_made(const struct hv_experiment_kind *kind,
                            const struct hv_pair_result *trial, struct hv_arena *arena,
                            const char **witness)
{
    if (!kind->falls)
        return true;
    const struct hv_evidence *before =
                                 hv_arm_figure(&trial->arm[HV_BASELINE], kind->falls),
                             *after =
                                 hv_arm_figure(&trial->arm[HV_CANDIDATE], kind->falls);
    if (!hv_is_witness(before) || !hv_is_witness(after))
        return true;
    *witness = hv_arena_printf(arena, "%s %.6g before, %.6g after (%s)", kind->falls,
                               before->value, after->value,
                               hv_provenance_name(after->provenance));
    return after->value < before->value || !(before->value > 0);
}

static const struct hv_evidence *quiet_time(const struct hv_pair_result *pair,
                                            enum hv_arm_id arm)
{
    const struct hv_evidence *time = hv_arm_figure(&pair->arm[arm], "time");
    return pair->state == HV_QUIET && time && time->provenance != HV_ABSENT &&
                   time->has_ci
               ? time
               : NULL;
}

static double share_of(double speedup)
{
    return 1 - 1 / speedup;
}

/* time x share, as intervals; either end of share may be negative. */
static void scale(struct hv_evidence *out, const struct hv_evidence *time,
                  const double share[2])
{
    const double ends[4] = {time->ci95[0] * share[0], time->ci95[0] * share[1],
                            time->ci95[1] * share[0], time->ci95[1] * share[1]};
    out->has_ci = true;
    out->ci95[0] = fmin(fmin(ends[0], ends[1]), fmin(ends[2], ends[3]));
    out->ci95[1] = fmax(fmax(ends[0], ends[1]), fmax(ends[2], ends[3]));
}

/* temp_64 moves temporaries out of the way of what they alias with; that they move at
 * all, and that the frame grows, temp_4096 shows too: what it does is taken off. */
static void take_off_control(const struct hv_result *result,
                             const struct hv_pair_result *pair,
                             struct hv_effect *effect, struct hv_arena *arena)
{
    const struct hv_pair_result *control =
        hv_trial_on(result, pair, effect->arm, "temp_4096");
    const struct hv_evidence *time = quiet_time(pair, effect->arm);
    if (effect->part != HV_PART_ALIAS || effect->time.provenance == HV_ABSENT ||
        !control || control->state != HV_QUIET || !time)
        return;
    const struct hv_speedup *s = &control->speedup;
    const double ci[2] = {share_of(s->ci95[0]), share_of(s->ci95[1])};
    const struct hv_range all = hv_speedup_range(control);
    struct hv_evidence moved = {.provenance = HV_MEASURED};
    scale(&moved, time, ci);
    effect->time.value -= time->value * share_of(s->value);
    effect->time.ci95[0] -= moved.ci95[1];
    effect->time.ci95[1] -= moved.ci95[0];
    effect->share[0] -= share_of(all.high);
    effect->share[1] -= share_of(all.low);
    effect->time.source =
        hv_arena_printf(arena, "%s; less what temp_4096 does", effect->time.source);
}

static struct hv_effect of_change(const struct hv_pair_result *pair,
                                  const struct hv_pair_result *trial,
                                  const struct hv_experiment_kind *kind,
                                  enum hv_arm_id arm, struct hv_arena *arena)
{
    struct hv_effect effect = {
        .experiment = kind->name, .part = kind->part, .arm = arm};
    const struct hv_evidence *time = quiet_time(pair, arm);
    const char *why = time ? why_silent(trial, arena) : "the pair has no quiet time";
    if (!why && !change_was_made(kind, trial, arena, &effect.witness))
        why = hv_arena_printf(arena, "the change was not made: %s", effect.witness);
    if (why) {
        effect.time = hv_absent("ns", why);
        return effect;
    }
    const struct hv_speedup *s = &trial->speedup;
    const double ci[2] = {share_of(s->ci95[0]), share_of(s->ci95[1])};
    const struct hv_range all = hv_speedup_range(trial);
    effect.share[0] = share_of(all.low);
    effect.share[1] = share_of(all.high);
    effect.time =
        hv_value(HV_MEASURED, time->value * share_of(s->value), "ns",
                 hv_arena_printf(arena, "%s, timed against the same arm with %s",
                                 pair->arm[arm].name, kind->changes));
    scale(&effect.time, time, ci);
    return effect;
}

/* The same arm, its items nearer: ns of the pair's iteration less as many items there.
 * Both times are of different workers, so their intervals add. */
static struct hv_effect of_footprint(const struct hv_pair_result *pair,
                                     const struct hv_pair_result *trial,
                                     enum hv_arm_id arm, struct hv_arena *arena)
{
    struct hv_effect effect = {
        .experiment = FOOTPRINT, .part = HV_PART_MISSES, .arm = arm};
    const struct hv_evidence *far = quiet_time(pair, arm),
                             *near = quiet_time(trial, arm);
    const char *why = !far ? "the pair has no quiet time" : why_silent(trial, arena);
    if (!why && (!near || !pair->items || !trial->items))
        why = "the experiment does not tell its items";
    if (!why && pair->footprint && trial->footprint >= pair->footprint)
        why = "the change was not made: it walks over no less";
    if (why) {
        effect.time = hv_absent("ns", why);
        return effect;
    }
    const double scaled = (double)pair->items / (double)trial->items;
    effect.time =
        hv_value(HV_MEASURED, far->value - scaled * near->value, "ns",
                 hv_arena_printf(
                     arena, "%s, timed against itself walking over %llu bytes",
                     pair->arm[arm].name, (unsigned long long)trial->asked_footprint));
    effect.time.has_ci = true;
    effect.time.ci95[0] = far->ci95[0] - scaled * near->ci95[1];
    effect.time.ci95[1] = far->ci95[1] - scaled * near->ci95[0];
    effect.share[0] = effect.time.ci95[0] / far->value;
    effect.share[1] = effect.time.ci95[1] / far->value;
    effect.witness = hv_arena_printf(
        arena, "asked to walk over %llu bytes, %llu items an iteration instead of %llu",
        (unsigned long long)trial->asked_footprint, (unsigned long long)trial->items,
        (unsigned long long)pair->items);
    return effect;
}

/* Misses cost time: where the items take longer nearby, the shorter walk changed more
 * than they did (its overhead is spread over fewer items), in both arms alike. */
static void find_footprint(struct hv_pair_result *pair,
                           const struct hv_pair_result *trial, struct hv_arena *arena)
{
    struct hv_effect *both = &pair->effects[pair->n_effects];
    bool against = false;
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        both[arm] = of_footprint(pair, trial, (enum hv_arm_id)arm, arena);
        against |= both[arm].time.has_ci && both[arm].time.ci95[1] < 0;
    }
    pair->n_effects += HV_ARMS;
    for (unsigned arm = 0; against && arm < HV_ARMS; arm++)
        both[arm].time = hv_absent(
            "ns", "the shorter walk takes longer for each item: more than the "
                  "misses was changed");
}

void hv_find_effects(const struct hv_result *result, struct hv_pair_result *pair,
                     struct hv_arena *arena)
{
    pair->effects = hv_arena_array(arena, HV_ARMS * (result->n_experiments + 1),
                                   sizeof *pair->effects);
    for (size_t i = 0; i < result->n_experiments; i++) {
        const struct hv_pair_result *trial = &result->experiments[i];
        if (!is_of(trial, pair))
            continue;
        if (trial == hv_trial_of(result, pair, HV_PURPOSE_FOOTPRINT, NULL))
            find_footprint(pair, trial, arena); /* others are points of a sweep */
        if (trial->purpose != HV_PURPOSE_EXPERIMENT)
            continue;
        const struct hv_experiment_kind *kind = hv_experiment_find(trial->experiment);
        const enum hv_arm_id arm = hv_arm_named(pair, trial->arm[HV_BASELINE].name);
        if (!kind || arm == HV_ARMS)
            continue;
        struct hv_effect effect = of_change(pair, trial, kind, arm, arena);
        take_off_control(result, pair, &effect, arena);
        pair->effects[pair->n_effects++] = effect;
    }
}
