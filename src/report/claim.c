/* SPDX-License-Identifier: MIT */
/* The claim's verdict and share, from the speedups of its pairs. */
#include "src/report/claim.h"

#include <math.h>
#include <string.h>

#include "src/base/error.h"
#include "src/report/format.h"

/* 99 % of the time: 1 - 1/100. */
#define CLAIMED 100.0

const char *hv_scenario_title(enum hv_scenario scenario)
{
    return scenario == HV_SCENARIO_NONE ? HV_NO_SCENARIO : hv_scenario_name(scenario);
}

bool hv_tests_claim(const struct hv_pair_result *pair)
{
    return !pair->control && pair->prediction.speedup > 0 && pair->kernel_set &&
           hv_is_builtin(pair);
}

/* ---- scenario against matrix */

/* What the matrix calls the action of each scenario. Words that are not known count as
 * another action: a needless remark misleads nobody. */
static const char *const actions[] = {
    [HV_PESSIMISTIC] = "GPU",
    [HV_REALISTIC] = "selective zero copy",
    [HV_OPTIMISTIC] = "full zero copy",
};

static bool names_only(const char *matrix, enum hv_scenario own)
{
    for (size_t i = HV_PESSIMISTIC; i < HV_LEN(actions); i++)
        if ((strstr(matrix, actions[i]) != NULL) != (i == own))
            return false;
    return true;
}

const char *hv_matrix_remark(struct hv_arena *arena, const struct hv_decision *decision,
                             bool in_full)
{
    static const char undecided[] = "undecided";
    const enum hv_scenario scenario = decision->scenario;
    const char *matrix = decision->matrix;
    if (!matrix || scenario < HV_PESSIMISTIC || scenario > HV_OPTIMISTIC ||
        names_only(matrix, scenario))
        return NULL;
    if (!strncmp(matrix, undecided, strlen(undecided)))
        return " (but the decision matrix is undecided)";
    if (!in_full)
        return " (but the matrix does not say the same)";
    return hv_arena_printf(arena, " (but the decision matrix says: %s)", matrix);
}

/* ---- the share */

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
        if (!hv_tests_claim(pair))
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
    switch (result->decision.scenario) {
    case HV_SCENARIO_NONE: return HV_NO_SCENARIO;
    case HV_PESSIMISTIC: return "REFUTED";
    case HV_REALISTIC: return "PARTIALLY VERIFIED";
    case HV_OPTIMISTIC:
        return reach_of(result, NULL).lower >= CLAIMED ? "VERIFIED"
                                                       : "PARTIALLY VERIFIED";
    case HV_SCENARIO_UNDECIDED: break;
    }
    return "UNDECIDED";
}

/* Rounded up, for it is told as the most there can be; but not up to the claim. */
static const char *at_most(struct hv_arena *arena, double upper)
{
    const double percent = 100 * (1 - 1 / upper);
    double shown = ceil(percent), step = 1;
    int digits = 0;
    const double limit = upper < CLAIMED ? 99 : 100;
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
        at_most(arena, reach->upper), label, ratio,
        reach->upper > speedup->ci95[1] ? "at one placement of the code"
                                        : "the end of its interval");
}

const char *hv_claim_share(struct hv_arena *arena, const struct hv_result *result)
{
    const struct reach reach = reach_of(result, arena);
    if (!reach.pair)
        return "nothing can be said: no pair has a quiet figure.";
    const char *claim = reach.lower >= CLAIMED ? "a quiet pair shows the claim's 99 %"
                        : reach.upper >= CLAIMED
                            ? "whether the claim's 99 % is reached stays open"
                            : "no quiet pair reaches the claim's 99 %";
    const char *text =
        hv_arena_printf(arena, "%s; %s.", told_share(arena, result, &reach), claim);
    return *reach.unknown ? hv_arena_printf(arena, "%s Without a quiet figure: %s.",
                                            text, reach.unknown)
                          : text;
}
