/* SPDX-License-Identifier: MIT */
/* Predicted times and copied bytes of single arms against what was found. */
#ifndef HV_ANALYSE_ARM_PREDICTIONS_H
#define HV_ANALYSE_ARM_PREDICTIONS_H

#include "src/base/arena.h"
#include "src/result.h"

/* Sets out->arm_predictions: one for each figure that the hypothesis tells of this
 * pair. A time is a MATCH within a factor of 2 either way, with its whole interval;
 * copied bytes are one if they are equal. Only the times of a quiet pair and bytes that
 * a trace or a counter saw are judged; else the verdict is UNDECIDED, with the reason.
 * Needs what hv_predict does, and the figures. */
void hv_predict_arms(const struct hv_hypothesis *hypothesis,
                     const struct hv_settings *settings, struct hv_arena *arena,
                     struct hv_pair_result *out);

#endif
