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

/* A pair of the built-in hypothesis: neither a control nor a plugin's. Needs control
 * and kernel_set. */
bool hv_of_hypothesis(const struct hv_pair_result *pair);

/* Bits of the vectors the built-in hypothesis is about. */
enum { HV_PREDICTED_BITS = 2048 };

/* NULL, or why a run with these settings tests the built-in hypothesis not at all: it
 * was an A/A run, or one with vectors of another size. */
const char *hv_why_untested(const struct hv_settings *settings, struct hv_arena *arena);

/* MATCH: range >= predicted/2. PARTIAL: range >= 1.5 and < predicted/2. FAIL: range
 * < 1.5 and < predicted/2. Else UNDECIDED. A control pair with a predicted value must
 * lie within 0.5 % of it. An A/A run tests no prediction, and vectors of another size
 * none of the hypothesis. Needs name, kernel_set, state, failure, control, kept_share
 * and speedup of pair. */
struct hv_prediction hv_predict(const struct hv_pair_result *pair, double predicted,
                                const struct hv_settings *settings,
                                struct hv_arena *arena);

/* The time that the hypothesis predicts for an iteration of the arm, ns; 0: none. */
double hv_predicted_ns(const struct hv_result *result,
                       const struct hv_pair_result *pair, enum hv_arm_id arm);

#endif
