/* SPDX-License-Identifier: MIT */
/* Whether a pair showed what the hypothesis predicts. */
#include "src/analyse/prediction.h"

#include <math.h>
#include <string.h>

#include "src/analyse/digits.h"
#include "src/analyse/gate.h"

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

bool hv_of_hypothesis(const struct hv_pair_result *pair)
{
    return !pair->control && pair->kernel_set &&
           strcmp(pair->kernel_set, "builtin") == 0;
}

const char *hv_why_untested(const struct hv_settings *settings, struct hv_arena *arena)
{
    if (settings->aa)
        return "A/A run: both arms are the same code, so no prediction is tested.";
    if (settings->dim_bits == 0)
        return hv_arena_printf(arena,
                               "Predicted for %d bits; this run does not tell how many "
                               "it had.",
                               (int)HV_PREDICTED_BITS);
    if (settings->dim_bits != HV_PREDICTED_BITS)
        return hv_arena_printf(arena, "Predicted for %d bits; this run had %u.",
                               (int)HV_PREDICTED_BITS, (unsigned)settings->dim_bits);
    return NULL;
}

/* What a contended pair lacks: samples, quiet ones, or layouts full of them. */
static const char *why_not_quiet(const struct hv_pair_result *pair,
                                 struct hv_arena *arena)
{
    if (!pair->has_kept_share)
        return "No sample was taken: there is no speedup to test.";
    if (pair->kept_share >= HV_KEPT_SHARE_MIN)
        return hv_arena_printf(arena,
                               "Too few complete layouts, %u of the %d a quiet speedup "
                               "needs: there is none to test.",
                               (unsigned)pair->speedup.layouts, (int)HV_MIN_LAYOUTS);
    return "The core was contended: there is no quiet speedup to test.";
}

/* NULL, or why nothing can be said. */
static const char *why_undecided(const struct hv_pair_result *pair, double predicted,
                                 const struct hv_settings *settings,
                                 struct hv_arena *arena)
{
    const char *untested = hv_why_untested(settings, arena);
    if (settings->aa)
        return untested;
    if (pair->control && !(predicted > 0))
        return "A control pair: it tests the tool, not the hypothesis.";
    if (!(predicted > 0))
        return "The hypothesis predicts nothing for this pair.";
    if (pair->state == HV_FAILED)
        return hv_arena_printf(arena, "There is no figure: %s.",
                               pair->failure ? pair->failure : "the pair failed");
    if (untested && hv_of_hypothesis(pair))
        return untested;
    if (pair->state == HV_CONTENDED)
        return why_not_quiet(pair, arena);
    return NULL;
}

static struct hv_prediction judge_control(const struct hv_pair_result *pair,
                                          double predicted, struct hv_arena *arena)
{
    const double value = pair->speedup.value;
    const bool near = fabs(value / predicted - 1) <= CONTROL_TOLERANCE;
    const struct hv_marks limits = {
        {predicted * (1 - CONTROL_TOLERANCE), predicted * (1 + CONTROL_TOLERANCE)},
        2
    };
    return (struct hv_prediction){
        predicted, near ? HV_MATCH : HV_FAIL,
        hv_arena_printf(arena, "Known answer %.4gx, measured %s: %s 0.5 %%.", predicted,
                        hv_factor(value, limits, arena),
                        near ? "within" : "off by more than")};
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
    const struct hv_marks thresholds = {
        {PARTIAL_FROM, half},
        2
    };
    const struct hv_marks ends = {
        {range.low, range.high},
        2
    };
    const char *found =
        hv_arena_printf(arena, "Interval and placement band span %s",
                        hv_span(range.low, range.high, thresholds, arena));
    const char *halved = hv_factor(half, ends, arena);
    switch (match) {
    case HV_MATCH:
        return hv_arena_printf(arena, "%s: at least %s, half of what was predicted.",
                               found, halved);
    case HV_PARTIAL:
        return hv_arena_printf(
            arena, "%s: at least %.2gx, but below %s, half of what was predicted.",
            found, PARTIAL_FROM, halved);
    case HV_FAIL:
        return hv_arena_printf(arena, "%s: below %s.", found,
                               half < PARTIAL_FROM ? halved : "1.5x");
    case HV_UNDECIDED: break;
    }
    const bool low = range.low < PARTIAL_FROM && range.high >= PARTIAL_FROM;
    return hv_arena_printf(arena, "%s: on both sides of %s.", found,
                           low && half > PARTIAL_FROM ? "1.5x" : halved);
}

struct hv_prediction hv_predict(const struct hv_pair_result *pair, double predicted,
                                const struct hv_settings *settings,
                                struct hv_arena *arena)
{
    const char *why = why_undecided(pair, predicted, settings, arena);
    if (why)
        return (struct hv_prediction){predicted > 0 ? predicted : 0, HV_UNDECIDED, why};
    if (pair->control)
        return judge_control(pair, predicted, arena);
    const struct hv_range range = hv_speedup_range(pair);
    const enum hv_match match = match_of(range, predicted / 2);
    return (struct hv_prediction){predicted, match,
                                  rule_of(match, range, predicted / 2, arena)};
}

double hv_predicted_ns(const struct hv_result *result,
                       const struct hv_pair_result *pair, enum hv_arm_id arm)
{
    static const struct {
        const char *pair;
        double ns[HV_ARMS];
    } rows[] = {
        {"bind",                {2010, 10}     },
        {"batch_1000",          {2.012e6, 12e3}},
        {"allocation",          {100e3, 1e3}   },
        {"consciousness_cycle", {250e3, 15e3}  },
    };
    (void)result;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (hv_of_hypothesis(pair) && !strcmp(rows[i].pair, pair->name))
            return rows[i].ns[arm];
    return 0;
}
