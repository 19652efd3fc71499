/* SPDX-License-Identifier: MIT */
/* Judges that rest on a part of the gap: an experiment that takes the cause away, or a
 * witness that excludes it. */
#include <math.h>

#include "src/analyse/cause.h"
#include "src/analyse/effects.h"
#include "src/analyse/gap.h"
#include "src/analyse/parts.h"
#include "src/analyse/rules.h"

static const struct hv_effect *told_on(const struct hv_judging *j, unsigned arm)
{
    return hv_told_effect(j->result, j->pair, j->rule->part, (enum hv_arm_id)arm);
}

/* The effect that decides: one that supports by itself, whatever the other arm's; else
 * the one that reaches further. NULL: no experiment told one. */
static const struct hv_effect *larger_effect(const struct hv_judging *j)
{
    const struct hv_effect *a = told_on(j, HV_BASELINE), *b = told_on(j, HV_CANDIDATE);
    if (!a || !b)
        return a ? a : b;
    if (fmax(a->share[0], b->share[0]) >= j->rule->supports)
        return a->share[0] >= b->share[0] ? a : b;
    return a->share[1] >= b->share[1] ? a : b;
}

/* The arm that was not tested and may have some of it; NULL: none. */
static const char *open_arm(const struct hv_judging *j)
{
    for (unsigned arm = 0; arm < HV_ARMS; arm++)
        if (!told_on(j, arm) &&
            hv_part_is_open(j->result, j->pair, j->rule->part, (enum hv_arm_id)arm))
            return j->pair->arm[arm].name;
    return NULL;
}

/* Why there is no effect to judge: what the experiments themselves say. */
static const char *why_none(const struct hv_judging *j)
{
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        const struct hv_effect *effect =
            hv_effect_on(j->pair, j->rule->part, (enum hv_arm_id)arm);
        if (effect && effect->time.why)
            return effect->time.why;
    }
    return "the run made no experiment on it";
}

/* "12.3 ns of bind_with_copy, 10.2 % to 14.1 % of its time over interval and
 * placements": what goes with the cause. A footprint is timed against another worker's,
 * over both intervals and no single placement. */
static const char *words_of(const struct hv_judging *j, const struct hv_effect *effect)
{
    return hv_arena_printf(
        j->arena,
        "%.4g ns of %s, %.3g %% to %.3g %% of its time over %s, go with experiment "
        "%s%s%s%s",
        effect->time.value, j->pair->arm[effect->arm].name, 100 * effect->share[0],
        100 * effect->share[1],
        effect->part == HV_PART_MISSES ? "both intervals" : "interval and placements",
        effect->experiment, effect->witness ? " (" : "",
        effect->witness ? effect->witness : "", effect->witness ? ")" : "");
}

static void add_effect(struct hv_judging *j, const struct hv_effect *effect)
{
    hv_add_evidence(j,
                    hv_arena_printf(j->arena, "%s, experiment %s",
                                    j->pair->arm[effect->arm].name, effect->experiment),
                    &effect->time);
}

/* A witness shows that neither arm has any of it. */
static bool refuted_by_witness(struct hv_judging *j)
{
    const struct hv_evidence none =
        hv_excluded_part(j->result, j->pair, j->rule->part, j->arena);
    if (none.provenance == HV_ABSENT)
        return false;
    hv_add_evidence(j, j->pair->name, &none);
    hv_refute(j, "Excluded in %s: %s (%s).", j->pair->name, none.source,
              hv_provenance_name(none.provenance));
    return true;
}

void hv_judge_part(struct hv_judging *j)
{
    const struct hv_effect *effect = larger_effect(j);
    enum hv_verdict verdict;
    if (refuted_by_witness(j))
        return;
    if (!effect) {
        hv_leave_open(j, "Neither tested nor excluded: %s.", why_none(j));
        return;
    }
    add_effect(j, effect);
    const char *words = words_of(j, effect);
    if (!hv_decided(j->rule, effect->share[0], effect->share[1], &verdict))
        hv_leave_open(j, "%s: on both sides of %.3g %%.", words,
                      100 * j->rule->supports);
    else if (verdict == HV_SUPPORTED)
        hv_support(j, "%s: at least %.3g %%.", words, 100 * j->rule->supports);
    else if (open_arm(j))
        hv_leave_open(j, "%s: below %.3g %%; but %s may have some of it: %s.", words,
                      100 * j->rule->refutes, open_arm(j), why_none(j));
    else
        hv_refute(j, "%s: below %.3g %%.", words, 100 * j->rule->refutes);
}

void hv_judge_dominates(struct hv_judging *j)
{
    const struct hv_effect *effect = hv_effect_on(j->pair, HV_PART_COPY, HV_BASELINE);
    const struct hv_evidence *copied = hv_none_in(j->pair, HV_PART_COPY, HV_BASELINE);
    enum hv_verdict verdict;
    if (copied) {
        hv_add_evidence(j, j->pair->arm[HV_BASELINE].name, copied);
        hv_refute(j, "%s copies no byte in an iteration (%s).",
                  j->pair->arm[HV_BASELINE].name,
                  hv_provenance_name(copied->provenance));
        return;
    }
    if (!effect || effect->time.provenance == HV_ABSENT) {
        hv_leave_open(j, "Its copies were not left out: %s.", why_none(j));
        return;
    }
    add_effect(j, effect);
    const char *words = words_of(j, effect);
    if (!hv_decided(j->rule, effect->share[0], effect->share[1], &verdict))
        hv_leave_open(j, "%s: on both sides of one half.", words);
    else if (verdict == HV_SUPPORTED)
        hv_support(j, "%s: more than half.", words);
    else
        hv_refute(j, "%s: less than half.", words);
}

/* "64 KiB (L2)", or that nobody told. */
static const char *walked(const struct hv_judging *j, double bytes)
{
    const char *level = hv_cache_level(&j->result->caches, bytes);
    if (!(bytes > 0))
        return "a footprint that is not known";
    return hv_arena_printf(j->arena, "%.6g KiB (%s)", bytes / 1024,
                           level ? level : "caches unknown");
}

void hv_judge_bandwidth(struct hv_judging *j)
{
    const struct hv_effect *effect = larger_effect(j);
    const struct hv_caches *caches = &j->result->caches;
    const double bytes = fmax(hv_footprint_of(j->result, j->pair, HV_BASELINE),
                              hv_footprint_of(j->result, j->pair, HV_CANDIDATE));
    const char *at = walked(j, bytes);
    enum hv_verdict verdict;
    hv_strong_figure(j, HV_BASELINE, "gb_per_s");
    hv_strong_figure(j, HV_BASELINE, "l1d_lines");
    if (bytes > 0 && caches->l2 && bytes <= (double)caches->l2) {
        hv_refute(j,
                  "An iteration walks over %s, which the core's own %.6g KiB hold: no "
                  "traffic with memory.",
                  at, (double)caches->l2 / 1024);
        return;
    }
    if (!effect) {
        hv_leave_open(j, "An iteration walks over %s; that was not varied: %s.", at,
                      why_none(j));
        return;
    }
    add_effect(j, effect);
    const char *words = words_of(j, effect);
    if (!hv_decided(j->rule, effect->share[0], effect->share[1], &verdict))
        hv_leave_open(j, "%s, at %s: neither a third nor nothing.", words, at);
    else if (verdict == HV_SUPPORTED)
        hv_support(j, "%s, at %s.", words, at);
    else if (open_arm(j))
        hv_leave_open(j, "%s, at %s; but %s may have some of it: %s.", words, at,
                      open_arm(j), why_none(j));
    else
        hv_refute(j, "%s, at %s.", words, at);
}

/* Misses of the arm, and of the same arm with its memory made beforehand: whether the
 * allocations bring them along. false: no witness tells. */
static bool misses_of(struct hv_judging *j, const struct hv_effect *effect,
                      const struct hv_evidence *misses[HV_ARMS])
{
    const struct hv_pair_result *trial =
        hv_trial_on(j->result, j->pair, effect->arm, effect->experiment);
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        misses[arm] = trial ? hv_arm_figure(&trial->arm[arm], "l1d_misses") : NULL;
        if (!misses[arm] || !hv_is_witness(misses[arm]) ||
            hv_is_lower_bound(trial, misses[arm]))
            return false;
    }
    for (unsigned arm = 0; arm < HV_ARMS; arm++)
        hv_add_evidence(
            j, hv_arena_printf(j->arena, "%s, l1d_misses", trial->arm[arm].name),
            misses[arm]);
    return true;
}

void hv_judge_allocation(struct hv_judging *j)
{
    hv_judge_part(j);
    const struct hv_effect *effect = larger_effect(j);
    const struct hv_evidence *misses[HV_ARMS];
    if (j->check->verdict != HV_SUPPORTED || !effect)
        return;
    const char *words = words_of(j, effect);
    if (!misses_of(j, effect, misses)) {
        hv_leave_open(j, "%s, but the misses that go along are not known.", words);
        return;
    }
    const double before = misses[HV_BASELINE]->value,
                 after = misses[HV_CANDIDATE]->value;
    const char *by = hv_provenance_name(misses[HV_CANDIDATE]->provenance);
    if (before - after >= 1)
        hv_support(j, "%s, and L1 misses go from %.4g to %.4g an iteration (%s).",
                   words, before, after, by);
    else
        hv_refute(j,
                  "%s, but no L1 miss goes along (%.4g before, %.4g after, %s): the "
                  "calls cost the time, not the cache.",
                  words, before, after, by);
}
