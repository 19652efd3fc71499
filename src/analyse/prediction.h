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

/* MATCH: range >= predicted/2. PARTIAL: range >= 1.5 and < predicted/2. FAIL: range
 * < 1.5 and < predicted/2. Else UNDECIDED. A control pair with a predicted value must
 * lie within 0.5 % of it. Needs state, failure, control, contended and speedup of pair;
 * aa: an A/A run predicts nothing. */
struct hv_prediction hv_predict(const struct hv_pair_result *pair, double predicted,
                                bool aa, struct hv_arena *arena);

#endif
