/* SPDX-License-Identifier: MIT */
/* Whether a pair showed what the hypothesis predicts. */
#ifndef HV_ANALYSE_PREDICTION_H
#define HV_ANALYSE_PREDICTION_H

#include "src/base/arena.h"
#include "src/result.h"

/* The range a pair's true speedup must be thought of as lying in: the interval and the
 * placement band together. A threshold is decided only if the range lies on one side.
 * Without a quiet speedup: 0 to infinity. */
struct hv_range {
    double low, high;
};
struct hv_range hv_speedup_range(const struct hv_pair_result *pair);

/* One of the tool's own pairs, and no control: what the root causes are about. Needs
 * control and kernel_set. */
bool hv_is_own_pair(const struct hv_pair_result *pair);
/* Its former name. Whether a hypothesis speaks of a pair tells hv_predicted_of(). */
#define hv_of_hypothesis hv_is_own_pair

/* NULL, or why a run with these settings tests the hypothesis not at all: it was an A/A
 * run, or one with vectors of another size. */
const char *hv_why_untested(const struct hv_hypothesis *hypothesis,
                            const struct hv_settings *settings, struct hv_arena *arena);

/* What is predicted for the pair is what the hypothesis says of it; else, for a control
 * or a plugin's pair, `own`, the speedup that the pair itself names (0: none). With m =
 * match_share and p = partial_from of the hypothesis (the usual ones for a plugin's own
 * prediction): MATCH: range >= m x predicted. PARTIAL: range >= p and < m x predicted.
 * FAIL: range < p and < m x predicted. Else UNDECIDED. A control pair with a predicted
 * value must lie within 0.5 % of it. An A/A run tests no prediction, and vectors of
 * another size none of the hypothesis. Needs name, kernel_set, state, failure, control,
 * kept_share and speedup of pair. hypothesis may be NULL. */
struct hv_prediction hv_predict(const struct hv_pair_result *pair,
                                const struct hv_hypothesis *hypothesis, double own,
                                const struct hv_settings *settings,
                                struct hv_arena *arena);

/* The time that the hypothesis predicts for an iteration of the arm, ns; 0: none. */
double hv_predicted_ns(const struct hv_result *result,
                       const struct hv_pair_result *pair, enum hv_arm_id arm);

#endif
