/* SPDX-License-Identifier: MIT */
/* Whether a pair showed what the hypothesis predicts. */
#include "src/analyse/prediction.h"

#include <math.h>

/* What a speedup must reach to count as partly what was predicted. */
#define PARTIAL_FROM 1.5
/* Relative; how near a control pair must come to its known answer. */
#define CONTROL_TOLERANCE 0.005

struct hv_range hv_speedup_range(const struct hv_pair_result *pair)
{
    const struct hv_speedup *speedup = &pair->speedup;
    if (pair->state != HV_QUIET || !speedup->present)
        return (struct hv_range){0, INFINITY};
    return (struct hv_range){
        fmin(speedup->ci95[0], speedup->placement_band[0]),
        fmax(speedup->ci95[1], speedup->placement_band[1]),
    };
}

/* NULL, or why nothing can be said. */
static const char *why_undecided(const struct hv_pair_result *pair, double predicted,
                                 bool aa, struct hv_arena *arena)
{
    if (aa)
        return "A/A run: both arms are the same code, so no prediction is tested.";
    if (pair->control && !(predicted > 0))
        return "A control pair: it tests the tool, not the hypothesis.";
    if (!(predicted > 0))
        return "The hypothesis predicts nothing for this pair.";
    if (pair->state == HV_FAILED)
        return hv_arena_printf(arena, "There is no figure: %s.",
                               pair->failure ? pair->failure : "the pair failed");
    if (pair->state == HV_CONTENDED)
        return "The core was contended: there is no quiet speedup to test.";
    return NULL;
}

static struct hv_prediction judge_control(const struct hv_pair_result *pair,
                                          double predicted, struct hv_arena *arena)
{
    const double value = pair->speedup.value;
    const bool near = fabs(value / predicted - 1) <= CONTROL_TOLERANCE;
    return (struct hv_prediction){
        predicted, near ? HV_MATCH : HV_FAIL,
        hv_arena_printf(arena, "Known answer %.4gx, measured %.5gx: %s 0.5 %%.",
                        predicted, value, near ? "within" : "off by more than")};
}

static enum hv_match match_of(struct hv_range range, double half)
{
    if (range.low >= half)
        return HV_MATCH;
    if (range.low >= PARTIAL_FROM && range.high < half)
        return HV_PARTIAL;
    if (range.high < PARTIAL_FROM && range.high < half)
        return HV_FAIL;
    return HV_UNDECIDED;
}

static const char *rule_of(enum hv_match match, struct hv_range range, double half,
                           struct hv_arena *arena)
{
    const char *found =
        hv_arena_printf(arena, "Interval and placement band span %.4gx to %.4gx",
                        range.low, range.high);
    switch (match) {
    case HV_MATCH:
        return hv_arena_printf(arena, "%s: at least %.4gx, half of what was predicted.",
                               found, half);
    case HV_PARTIAL:
        return hv_arena_printf(
            arena, "%s: at least %.2gx, but below %.4gx, half of what was predicted.",
            found, PARTIAL_FROM, half);
    case HV_FAIL:
        return hv_arena_printf(arena, "%s: below %.4gx.", found,
                               fmin(half, PARTIAL_FROM));
    case HV_UNDECIDED: break;
    }
    const bool low = range.low < PARTIAL_FROM && range.high >= PARTIAL_FROM;
    return hv_arena_printf(arena, "%s: on both sides of %.4gx.", found,
                           low && half > PARTIAL_FROM ? PARTIAL_FROM : half);
}

struct hv_prediction hv_predict(const struct hv_pair_result *pair, double predicted,
                                bool aa, struct hv_arena *arena)
{
    const char *why = why_undecided(pair, predicted, aa, arena);
    if (why)
        return (struct hv_prediction){predicted > 0 ? predicted : 0, HV_UNDECIDED, why};
    if (pair->control)
        return judge_control(pair, predicted, arena);
    const struct hv_range range = hv_speedup_range(pair);
    const enum hv_match match = match_of(range, predicted / 2);
    return (struct hv_prediction){predicted, match,
                                  rule_of(match, range, predicted / 2, arena)};
}
