/* SPDX-License-Identifier: MIT */
/* The claim's verdict and share, from the speedups of its pairs. */
#include "src/report/claim.h"

#include "src/report/format.h"
#include <math.h>

const char *hv_scenario_title(enum hv_scenario scenario)
{
    return scenario == HV_SCENARIO_NONE ? HV_NO_SCENARIO : hv_scenario_name(scenario);
}

bool hv_tests_claim(const struct hv_result *result, const struct hv_pair_result *pair)
{
    return !pair->control && pair->prediction.speedup > 0 &&
           hv_predicted_of(result->hypothesis, pair->kernel_set, pair->name);
}

const char *hv_matrix_remark(struct hv_arena *arena, const struct hv_decision *decision,
                             bool in_full)
{
    switch (decision->accord) {
    case HV_ACCORD_NONE:
    case HV_AGREES: break;
    case HV_MAY_DIFFER: return " (but the decision matrix is undecided)";
    case HV_DIFFERS:
        return in_full && decision->matrix
                   ? hv_arena_printf(arena, " (but the decision matrix says: %s)",
                                     decision->matrix)
                   : " (but the matrix does not say the same)";
    }
    return NULL;
}

/* ---- the share */

/* The speedup at which the claim's share is reached: 99 % of the time is 1 - 1/100.
 * Infinite where the claim tells no share. */
static double claimed_factor(const struct hv_result *result)
{
    const double share = result->hypothesis ? result->hypothesis->share : 0;
    return share > 0 ? 1 / (1 - share) : INFINITY;
}

struct reach {
    const struct hv_pair_result *pair; /* with the highest upper end; NULL: none */
    double upper, lower;               /* the highest of each over the quiet pairs */
    size_t n_quiet;
    const char *unknown; /* the pairs without a quiet figure */
};

static void take(struct reach *reach, const struct hv_pair_result *pair)
{
    const struct hv_speedup *speedup = &pair->speedup;
    const double upper = fmax(speedup->ci95[1], speedup->placement_band[1]);
    reach->lower =
        fmax(reach->lower, fmin(speedup->ci95[0], speedup->placement_band[0]));
    reach->n_quiet++;
    if (reach->pair && !(upper > reach->upper))
        return;
    reach->pair = pair;
    reach->upper = upper;
}

static struct reach reach_of(const struct hv_result *result, struct hv_arena *arena)
{
    struct reach reach = {.unknown = ""};
    for (size_t i = 0; i < result->n_pairs; i++) {
        const struct hv_pair_result *pair = &result->pairs[i];
        if (!hv_tests_claim(result, pair))
            continue;
        if (hv_quiet_speedup(pair))
            take(&reach, pair);
        else if (arena)
            reach.unknown = hv_arena_printf(arena, "%s%s%s", reach.unknown,
                                            *reach.unknown ? ", " : "",
                                            hv_pair_label(arena, result, pair));
    }
    return reach;
}

const char *hv_claim_word(const struct hv_result *result)
{
    const bool tells_share = result->hypothesis && result->hypothesis->share > 0;
    switch (result->decision.scenario) {
    case HV_SCENARIO_NONE: return HV_NO_SCENARIO;
    case HV_PESSIMISTIC: return "REFUTED";
    case HV_REALISTIC: return "PARTIALLY VERIFIED";
    case HV_OPTIMISTIC:
        return !tells_share || reach_of(result, NULL).lower >= claimed_factor(result)
                   ? "VERIFIED"
                   : "PARTIALLY VERIFIED";
    case HV_SCENARIO_UNDECIDED: break;
    }
    return "UNDECIDED";
}

/* Rounded up, for it is told as the most there can be; but not up to the claim. */
static const char *at_most(struct hv_arena *arena, double upper, double claimed)
{
    const double percent = 100 * (1 - 1 / upper);
    double shown = ceil(percent), step = 1;
    int digits = 0;
    const double limit = upper < claimed ? 100 * (1 - 1 / claimed) : 100;
    for (; shown >= limit && digits < 6; digits++) {
        step /= 10;
        shown = ceil(percent / step) * step;
    }
    return hv_arena_printf(arena, "%.*f %%", digits, shown);
}

static const char *told_share(struct hv_arena *arena, const struct hv_result *result,
                              const struct reach *reach)
{
    const char *label = hv_pair_label(arena, result, reach->pair);
    const struct hv_speedup *speedup = &reach->pair->speedup;
    const char *ratio = hv_format_ratio(arena, speedup, reach->upper);
    if (!(reach->upper > 1))
        return hv_arena_printf(
            arena, "no share at all: no quiet pair is faster (%s: at most %s)", label,
            ratio);
    return hv_arena_printf(
        arena,
        "at most %s of a baseline arm's time went with what its candidate leaves out "
        "(%s: at most %s, %s)",
        at_most(arena, reach->upper, claimed_factor(result)), label, ratio,
        reach->upper > speedup->ci95[1] ? "at one placement of the code"
                                        : "the end of its interval");
}

/* "; no quiet pair reaches the claim's 99 %"; nothing where it tells none. */
static const char *against_claim(struct hv_arena *arena, const struct hv_result *result,
                                 const struct reach *reach)
{
    const double claimed = claimed_factor(result);
    if (isinf(claimed))
        return "";
    const double percent = 100 * result->hypothesis->share;
    if (reach->lower >= claimed)
        return hv_arena_printf(arena, "; a quiet pair shows the claim's %.6g %%",
                               percent);
    if (reach->upper >= claimed)
        return hv_arena_printf(
            arena, "; whether the claim's %.6g %% is reached stays open", percent);
    return hv_arena_printf(arena, "; no quiet pair reaches the claim's %.6g %%",
                           percent);
}

const char *hv_claim_share(struct hv_arena *arena, const struct hv_result *result)
{
    const struct reach reach = reach_of(result, arena);
    if (!reach.pair)
        return "nothing can be said: no pair has a quiet figure.";
    const char *text =
        hv_arena_printf(arena, "%s%s.", told_share(arena, result, &reach),
                        against_claim(arena, result, &reach));
    return *reach.unknown ? hv_arena_printf(arena, "%s Without a quiet figure: %s.",
                                            text, reach.unknown)
                          : text;
}
