/* SPDX-License-Identifier: MIT */
/* Whether a pair showed what the hypothesis predicts. */
#include "src/analyse/prediction.h"

#include <math.h>
#include <string.h>

#include "src/analyse/digits.h"
#include "src/analyse/gate.h"

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

bool hv_is_own_pair(const struct hv_pair_result *pair)
{
    return !pair->control && pair->kernel_set &&
           strcmp(pair->kernel_set, "builtin") == 0;
}

const char *hv_why_untested(const struct hv_hypothesis *hypothesis,
                            const struct hv_settings *settings, struct hv_arena *arena)
{
    if (settings->aa)
        return "A/A run: both arms are the same code, so no prediction is tested.";
    if (!hypothesis->bits || settings->dim_bits == hypothesis->bits)
        return NULL;
    if (settings->dim_bits == 0)
        return hv_arena_printf(arena,
                               "Predicted for %u bits; this run does not tell how many "
                               "it had.",
                               (unsigned)hypothesis->bits);
    return hv_arena_printf(arena, "Predicted for %u bits; this run had %u.",
                           (unsigned)hypothesis->bits, (unsigned)settings->dim_bits);
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

/* What is predicted of a pair, by whom, and how it is judged. */
struct forecast {
    double speedup;                         /* 0: nothing */
    const struct hv_hypothesis *hypothesis; /* NULL: it does not speak of the pair */
    struct hv_thresholds thresholds;
};

static struct forecast forecast_of(const struct hv_pair_result *pair,
                                   const struct hv_hypothesis *hypothesis, double own)
{
    const struct hv_predicted *predicted =
        pair->control ? NULL
                      : hv_predicted_of(hypothesis, pair->kernel_set, pair->name);
    if (predicted)
        return (struct forecast){predicted->speedup, hypothesis,
                                 hypothesis->thresholds};
    /* a pair of the tool's own has none but that of the hypothesis */
    return (struct forecast){
        hv_is_own_pair(pair) || !(own > 0) ? 0 : own,
        NULL,
        {HV_MATCH_SHARE, HV_PARTIAL_FROM}
    };
}

/* NULL, or why nothing can be said. */
static const char *why_undecided(const struct hv_pair_result *pair,
                                 const struct forecast *forecast,
                                 const struct hv_settings *settings,
                                 struct hv_arena *arena)
{
    static const struct hv_hypothesis any = {.present = false};
    const char *untested = hv_why_untested(
        forecast->hypothesis ? forecast->hypothesis : &any, settings, arena);
    if (settings->aa)
        return untested;
    if (pair->control && !(forecast->speedup > 0))
        return "A control pair: it tests the tool, not the hypothesis.";
    if (!(forecast->speedup > 0))
        return "The hypothesis predicts nothing for this pair.";
    if (pair->state == HV_FAILED)
        return hv_arena_printf(arena, "There is no figure: %s.",
                               pair->failure ? pair->failure : "the pair failed");
    if (untested)
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

static enum hv_match match_of(struct hv_range range, double enough, double partial)
{
    if (range.low >= enough)
        return HV_MATCH;
    if (range.low >= partial && range.high < enough)
        return HV_PARTIAL;
    if (range.high < partial && range.high < enough)
        return HV_FAIL;
    return HV_UNDECIDED;
}

/* "half" or "60 %" */
static const char *share_words(double share, struct hv_arena *arena)
{
    return fabs(share - 0.5) < 1e-9 ? "half"
                                    : hv_arena_printf(arena, "%.4g %%", 100 * share);
}

static const char *rule_of(enum hv_match match, struct hv_range range, double enough,
                           const struct hv_thresholds *thresholds,
                           struct hv_arena *arena)
{
    const double partial = thresholds->partial_from;
    const struct hv_marks marks = {
        {partial, enough},
        2
    };
    const struct hv_marks ends = {
        {range.low, range.high},
        2
    };
    const char *found = hv_arena_printf(arena, "Interval and placement band span %s",
                                        hv_span(range.low, range.high, marks, arena));
    const char *share = share_words(thresholds->match_share, arena);
    const char *wanted = hv_factor(enough, ends, arena);
    switch (match) {
    case HV_MATCH:
        return hv_arena_printf(arena, "%s: at least %s, %s of what was predicted.",
                               found, wanted, share);
    case HV_PARTIAL:
        return hv_arena_printf(
            arena, "%s: at least %.4gx, but below %s, %s of what was predicted.", found,
            partial, wanted, share);
    case HV_FAIL:
        return enough < partial
                   ? hv_arena_printf(arena, "%s: below %s.", found, wanted)
                   : hv_arena_printf(arena, "%s: below %.4gx.", found, partial);
    case HV_UNDECIDED: break;
    }
    const bool low = range.low < partial && range.high >= partial;
    return low && enough > partial
               ? hv_arena_printf(arena, "%s: on both sides of %.4gx.", found, partial)
               : hv_arena_printf(arena, "%s: on both sides of %s.", found, wanted);
}

struct hv_prediction hv_predict(const struct hv_pair_result *pair,
                                const struct hv_hypothesis *hypothesis, double own,
                                const struct hv_settings *settings,
                                struct hv_arena *arena)
{
    const struct forecast forecast = forecast_of(pair, hypothesis, own);
    const char *why = why_undecided(pair, &forecast, settings, arena);
    if (why)
        return (struct hv_prediction){settings->aa ? 0 : forecast.speedup, HV_UNDECIDED,
                                      why};
    if (pair->control)
        return judge_control(pair, forecast.speedup, arena);
    const struct hv_range range = hv_speedup_range(pair);
    const double enough = forecast.thresholds.match_share * forecast.speedup;
    const enum hv_match match =
        match_of(range, enough, forecast.thresholds.partial_from);
    return (struct hv_prediction){
        forecast.speedup, match,
        rule_of(match, range, enough, &forecast.thresholds, arena)};
}

double hv_predicted_ns(const struct hv_result *result,
                       const struct hv_pair_result *pair, enum hv_arm_id arm)
{
    const struct hv_predicted *predicted =
        hv_predicted_of(result->hypothesis, pair->kernel_set, pair->name);
    return predicted ? predicted->time_ns[arm] : 0;
}
