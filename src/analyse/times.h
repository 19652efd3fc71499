/* SPDX-License-Identifier: MIT */
/* Time, cycles by the chain clock, and the rates that follow from time. */
#ifndef HV_ANALYSE_TIMES_H
#define HV_ANALYSE_TIMES_H

#include "src/analyse/evidence.h"
#include "src/analyse/view.h"

/* Adds time, time_min, time_p25, time_median and time_p95, ns of one iteration. */
void hv_add_times(const struct hv_pair_view *view, enum hv_arm_id arm,
                  struct hv_figure_list *list, struct hv_arena *scratch);

/* Core cycles of one iteration: time over the cycle of a dependent-add chain in the
 * same layouts. Estimated; a core that executes an add in another time would differ. */
struct hv_evidence hv_chain_cycles(const struct hv_pair_view *view, enum hv_arm_id arm,
                                   struct hv_arena *arena, struct hv_arena *scratch);

/* Adds gb_per_s (10^9 bytes a second) and items_per_s, from time and what the pair
 * declares an iteration to handle. After hv_add_times. */
void hv_add_rates(const struct hv_pair_run *pair, struct hv_figure_list *list);

#endif
