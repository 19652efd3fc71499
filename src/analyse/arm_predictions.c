/* SPDX-License-Identifier: MIT */
/* Predicted times and copied bytes of single arms against what was found. */
#include "src/analyse/arm_predictions.h"

#include <math.h>

#include "src/analyse/digits.h"
#include "src/analyse/prediction.h"

/* How far a time may be off either way. */
#define TIME_FACTOR 2.0

enum { MOST = 2 * HV_ARMS };

static void conclude(struct hv_arm_prediction *p, enum hv_match verdict,
                     const char *rule)
{
    p->verdict = verdict;
    p->rule = rule;
}

/* "104.6x less"; the factor never looks like the limit. */
static const char *apart(double predicted, double value, struct hv_arena *arena)
{
    const struct hv_marks limit = {
        {TIME_FACTOR, 1},
        2
    };
    const bool less = value < predicted;
    return hv_arena_printf(
        arena, "%s %s",
        hv_factor(less ? predicted / value : value / predicted, limit, arena),
        less ? "less" : "more");
}

static void judge_time(struct hv_arm_prediction *p, const struct hv_evidence *found,
                       struct hv_arena *arena)
{
    const double low = found->has_ci ? found->ci95[0] : found->value,
                 high = found->has_ci ? found->ci95[1] : found->value;
    const double least = p->predicted / TIME_FACTOR, most = p->predicted * TIME_FACTOR;
    if (!(found->value > 0))
        conclude(p, HV_UNDECIDED, "no time above 0 was measured");
    else if (low >= least && high <= most)
        conclude(p, HV_MATCH, "within a factor of 2");
    else if (high < least || low > most)
        conclude(p, HV_FAIL, apart(p->predicted, found->value, arena));
    else
        conclude(p, HV_UNDECIDED, "its interval lies on both sides of a factor of 2");
}

static void judge_bytes(struct hv_arm_prediction *p, const struct hv_evidence *found,
                        struct hv_arena *arena)
{
    const double off = found->value - p->predicted;
    if (found->provenance != HV_TRACED)
        conclude(p, HV_UNDECIDED,
                 hv_arena_printf(arena, "the bytes are %s only: no trace saw them",
                                 hv_provenance_name(found->provenance)));
    else if (fabs(off) < 0.5)
        conclude(p, HV_MATCH, "equal");
    else
        conclude(p, HV_FAIL,
                 hv_arena_printf(arena, "%.10g bytes %s", fabs(off),
                                 off < 0 ? "fewer" : "more"));
}

/* NULL, or why none of the pair's figures says anything. */
static const char *why_untold(const struct hv_pair_result *pair,
                              const struct hv_hypothesis *hypothesis,
                              const struct hv_settings *settings,
                              struct hv_arena *arena)
{
    if (pair->state == HV_FAILED)
        return "the pair failed";
    return hv_why_untested(hypothesis, settings, arena);
}

static void add(struct hv_pair_result *out, struct hv_arm_prediction prediction,
                const char *untold, struct hv_arena *arena)
{
    struct hv_arm_prediction *p = &out->arm_predictions[out->n_arm_predictions++];
    const bool is_time = prediction.unit[0] == 'n';
    const struct hv_evidence *found =
        hv_arm_figure(&out->arm[prediction.arm], prediction.figure);
    *p = prediction;
    if (untold)
        conclude(p, HV_UNDECIDED, untold);
    else if (!found || found->provenance == HV_ABSENT)
        conclude(p, HV_UNDECIDED, found && found->why ? found->why : "it is absent");
    else if (is_time && out->state != HV_QUIET)
        conclude(p, HV_UNDECIDED, "the pair is contended");
    else if (is_time)
        judge_time(p, found, arena);
    else
        judge_bytes(p, found, arena);
}

void hv_predict_arms(const struct hv_hypothesis *hypothesis,
                     const struct hv_settings *settings, struct hv_arena *arena,
                     struct hv_pair_result *out)
{
    const struct hv_predicted *predicted =
        out->control ? NULL : hv_predicted_of(hypothesis, out->kernel_set, out->name);
    if (!predicted || settings->aa)
        return;
    const char *untold = why_untold(out, hypothesis, settings, arena);
    out->arm_predictions = hv_arena_array(arena, MOST, sizeof *out->arm_predictions);
    for (int arm = 0; arm < HV_ARMS; arm++) {
        struct hv_arm_prediction time = {.arm = (enum hv_arm_id)arm,
                                         .figure = "time",
                                         .unit = "ns",
                                         .predicted = predicted->time_ns[arm]};
        struct hv_arm_prediction bytes = {.arm = (enum hv_arm_id)arm,
                                          .figure = "memcpy_bytes",
                                          .unit = "bytes",
                                          .predicted = predicted->bytes[arm]};
        if (predicted->time_ns[arm] > 0)
            add(out, time, untold, arena);
        if (predicted->tells_bytes[arm])
            add(out, bytes, untold, arena);
    }
}
