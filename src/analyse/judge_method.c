/* SPDX-License-Identifier: MIT */
/* Judges of the measurement itself, of placement, and of what the claim assumed. */
#include <math.h>
#include <string.h>

#include "src/analyse/controls.h"
#include "src/analyse/effects.h"
#include "src/analyse/prediction.h"
#include "src/analyse/rules.h"
#include "src/analyse/shared.h"
#include "src/base/error.h"

/* Warnings that say the method failed this pair; the others tell a reader to be
 * careful.
 */
static const char *const flaws[] = {
    "control_failed", "aa_excludes_one", "drift",
    "dropped_many",   "short_sample",    "clock_granule",
    "order_effect",   "optimised_away",  "tracers_differ",
};

static const char *join(struct hv_judging *j, const char *so_far, const char *next)
{
    return so_far ? hv_arena_printf(j->arena, "%s %s", so_far, next) : next;
}

static const char *warned_flaws(struct hv_judging *j)
{
    const char *found = NULL;
    for (size_t w = 0; w < j->pair->n_warnings; w++)
        for (size_t i = 0; i < HV_LEN(flaws); i++)
            if (!strcmp(j->pair->warnings[w].id, flaws[i]))
                found = join(j, found, j->pair->warnings[w].text);
    return found;
}

static const char *isolated_words(struct hv_judging *j)
{
    const struct hv_pair_result *trial =
        hv_trial_of(j->result, j->pair, HV_PURPOSE_EXPERIMENT, "isolated");
    if (!trial)
        return "no variant without it was measured";
    if (trial->state == HV_FAILED)
        return hv_arena_printf(j->arena, "the variant without it failed: %s",
                               trial->failure ? trial->failure : "no reason was told");
    if (trial->state != HV_QUIET)
        return "the variant without it found no quiet core";
    return hv_arena_printf(
        j->arena, "without it the speedup is %.4gx (95 %% interval %.4gx to %.4gx)",
        trial->speedup.value, trial->speedup.ci95[0], trial->speedup.ci95[1]);
}

/* A trace counts instructions; that time goes with them is an estimate. */
static const char *shared_flaw(struct hv_judging *j)
{
    const struct hv_shared_work shared = hv_shared_work(j->pair);
    if (shared.share < HV_SHARED_WORK_MOST)
        return NULL;
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        struct hv_evidence share = {
            .provenance = HV_TRACED,
            .value = 100 * shared.shares[arm],
            .unit = "% of instructions",
            .source = "functions that both arms run alike",
        };
        hv_add_evidence(j, j->pair->arm[arm].name, &share);
    }
    const double predicted = j->pair->prediction.speedup;
    const char *against =
        predicted > shared.most
            ? hv_arena_printf(j->arena, ", and the predicted %.4gx cannot appear",
                              predicted)
            : "";
    return hv_arena_printf(
        j->arena,
        "%.3g %% of %s and %.3g %% of %s are instructions that both run alike, most in "
        "%s: if time goes as they do, no speedup above %.4gx can appear%s; %s.",
        100 * shared.shares[HV_BASELINE], j->pair->arm[HV_BASELINE].name,
        100 * shared.shares[HV_CANDIDATE], j->pair->arm[HV_CANDIDATE].name,
        shared.function, shared.most, against, isolated_words(j));
}

/* The same code against itself, in this run; *said: what it read, where that is no
 * flaw.
 */
static const char *aa_flaw(struct hv_judging *j, const char **said)
{
    const struct hv_pair_result *trial =
        hv_trial_of(j->result, j->pair, HV_PURPOSE_AA, NULL);
    *said = "";
    if (!trial || trial->state != HV_QUIET)
        return NULL;
    const struct hv_speedup *s = &trial->speedup;
    struct hv_evidence aa = {
        .provenance = HV_MEASURED,
        .value = s->value,
        .unit = "x",
        .source = "the candidate against a second copy of itself",
        .has_ci = true,
        .ci95 = {s->ci95[0], s->ci95[1]}
    };
    hv_add_evidence(j, j->pair->name, &aa);
    const char *words = hv_arena_printf(
        j->arena, "same code against itself reads %.4gx (%.4gx to %.4gx)", s->value,
        s->ci95[0], s->ci95[1]);
    /* An interval that misses 1 by less is expected of 1 in 20. */
    if (s->ci95[0] >= 1.01 || s->ci95[1] <= 0.99)
        return hv_arena_printf(j->arena, "The %s.", words);
    *said = hv_arena_printf(j->arena, "; the %s", words);
    return NULL;
}

/* None that failed accuses the method here; that is not to have read right. */
static const char *controls_words(struct hv_judging *j)
{
    size_t ran = 0, passed = 0;
    for (size_t i = 0; i < j->result->n_controls; i++) {
        ran += j->result->controls[i].ran;
        passed += j->result->controls[i].ran && j->result->controls[i].passed;
    }
    if (!ran)
        return "no control was run";
    if (passed == ran)
        return hv_arena_printf(j->arena, "all %zu controls that ran read right", ran);
    return hv_arena_printf(
        j->arena,
        "%zu of the %zu controls that ran read right, and the others "
        "do not speak against the method",
        passed, ran);
}

void hv_judge_method(struct hv_judging *j)
{
    const char *aa;
    const char *found = shared_flaw(j), *more = warned_flaws(j);
    if (more)
        found = join(j, found, more);
    more = aa_flaw(j, &aa);
    if (more)
        found = join(j, found, more);
    if (found) {
        hv_support(j, "%.900s", found);
        return;
    }
    const bool traced = j->pair->arm[HV_BASELINE].breakdown.present &&
                        j->pair->arm[HV_CANDIDATE].breakdown.present;
    if (j->pair->state != HV_QUIET || !traced) {
        hv_leave_open(j, "%s.",
                      traced ? "There is no quiet speedup"
                             : "Without a trace nobody knows what the arms share");
        return;
    }
    const struct hv_shared_work shared = hv_shared_work(j->pair);
    hv_refute(j,
              "The audit found nothing: both arms run %.3g %% of their instructions "
              "alike at most; order, drift, lost samples and clock are within their "
              "limits; %s%s.",
              100 * fmax(shared.shares[HV_BASELINE], shared.shares[HV_CANDIDATE]),
              controls_words(j), aa);
}

void hv_judge_placement(struct hv_judging *j)
{
    const struct hv_speedup *s = &j->pair->speedup;
    enum hv_verdict verdict;
    if (j->pair->state != HV_QUIET || !s->present) {
        hv_leave_open(j, "There is no quiet speedup.");
        return;
    }
    const double *band = s->placement_band;
    /* Beside no effect at all any width is the wider. */
    const double width = log(band[1] / band[0]),
                 effect = fmax(fabs(log(s->value)), 1e-9);
    struct hv_evidence e = {
        .provenance = HV_MEASURED,
        .value = s->value,
        .unit = "x",
        .source = "speedup",
        .has_ci = true,
        .ci95 = {s->ci95[0], s->ci95[1]}
    };
    hv_add_evidence(j, j->pair->name, &e);
    const char *words = hv_arena_printf(
        j->arena, "From placement to placement the speedup goes from %.4gx to %.4gx",
        band[0], band[1]);
    /* But a hair's breadth is no finding. */
    if (width < 0.02)
        hv_refute(j, "%s: less than 2 %%.", words);
    else if (!hv_decided(j->rule, width / effect, width / effect, &verdict))
        hv_leave_open(j,
                      "%s, beside an effect of %.4gx: it matters, but cannot turn "
                      "it round.",
                      words, s->value);
    else if (verdict == HV_SUPPORTED)
        hv_support(j, "%s, beside an effect of %.4gx.", words, s->value);
    else
        hv_refute(j, "%s, beside an effect of %.4gx.", words, s->value);
}

void hv_judge_simd(struct hv_judging *j)
{
    const struct hv_evidence *time = hv_strong_figure(j, HV_CANDIDATE, "time");
    const double thought = hv_predicted_ns(j->result, j->pair, HV_CANDIDATE);
    const char *name = j->pair->arm[HV_CANDIDATE].name;
    enum hv_verdict verdict;
    if (hv_shared_work(j->pair).share >= HV_SHARED_WORK_MOST) {
        hv_leave_open(j,
                      "Nine tenths of the instructions of %s are work that both arms "
                      "share, not the operation.",
                      name);
        return;
    }
    if (!(thought > 0)) {
        hv_leave_open(j, "The hypothesis says nothing of the time of %s.", name);
        return;
    }
    const char *untested =
        hv_why_untested(j->result->hypothesis, &j->result->settings, j->arena);
    if (untested) {
        hv_leave_open(j, "%s", untested);
        return;
    }
    if (!time || !time->has_ci || j->pair->state != HV_QUIET) {
        hv_leave_open(j, "There is no quiet time of %s.", name);
        return;
    }
    const char *words =
        hv_arena_printf(j->arena, "%s takes %.4g ns (%.4g to %.4g); thought were %.4g",
                        name, time->value, time->ci95[0], time->ci95[1], thought);
    if (!hv_decided(j->rule, time->ci95[0] / thought, time->ci95[1] / thought,
                    &verdict))
        hv_leave_open(j, "%s.", words);
    else if (verdict == HV_SUPPORTED)
        hv_support(j, "%s.", words);
    else
        hv_refute(j, "%s.", words);
}
