/* SPDX-License-Identifier: MIT */
/* The possible root causes, one row each. */
#ifndef HV_ANALYSE_CHECKLIST_H
#define HV_ANALYSE_CHECKLIST_H

#include "src/base/arena.h"
#include "src/result.h"

/* Sets result->checklist: for each rule (rules.h) its verdict over all pairs, then that
 * of every pair that asks a question. What is UNDECIDED tells what would settle it.
 * Needs effects, gap, prediction and warnings of the pairs, and the experiments. */
void hv_make_checklist(struct hv_result *result, struct hv_arena *arena);

#endif
