/* SPDX-License-Identifier: MIT */
/* Who did it: an iteration's instructions and copies by function and by place. */
#ifndef HV_ANALYSE_BREAKDOWN_H
#define HV_ANALYSE_BREAKDOWN_H

#include "src/analyse/view.h"

/* time: of one iteration, for the estimate per function; may be absent or NULL. */
void hv_break_down(const struct hv_pair_view *view, enum hv_arm_id arm,
                   const struct hv_evidence *time, struct hv_arena *arena,
                   struct hv_breakdown *out);

#endif
