/* SPDX-License-Identifier: MIT */
/* What the experiments of a run say about each arm of a pair. */
#ifndef HV_ANALYSE_EFFECTS_H
#define HV_ANALYSE_EFFECTS_H

#include "src/base/arena.h"
#include "src/result.h"

/* Fills pair->effects from result->experiments, which are analysed already. */
void hv_find_effects(const struct hv_result *result, struct hv_pair_result *pair,
                     struct hv_arena *arena);

/* The pair's experiment of that name and kind of purpose; NULL: not measured. */
const struct hv_pair_result *hv_trial_of(const struct hv_result *result,
                                         const struct hv_pair_result *pair,
                                         enum hv_purpose purpose, const char *name);

/* The pair's experiment of that name on that arm; NULL: not measured. */
const struct hv_pair_result *hv_trial_on(const struct hv_result *result,
                                         const struct hv_pair_result *pair,
                                         enum hv_arm_id arm, const char *name);

/* The effect on that arm, or NULL. */
const struct hv_effect *hv_effect_on(const struct hv_pair_result *pair,
                                     enum hv_part part, enum hv_arm_id arm);

#endif
