/* SPDX-License-Identifier: MIT */
/* What to do next, by scenario. */
#ifndef HV_ANALYSE_NEXT_STEPS_H
#define HV_ANALYSE_NEXT_STEPS_H

#include "src/base/arena.h"
#include "src/result.h"

/* Sets decision->next from decision->scenario; first, if any, comes before the rows of
 * the scenario. */
void hv_next_steps(struct hv_decision *decision, const char *first,
                   struct hv_arena *arena);

#endif
