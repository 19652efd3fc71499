/* SPDX-License-Identifier: MIT */
/* The possible root causes, one row each. */
#ifndef HV_ANALYSE_CHECKLIST_H
#define HV_ANALYSE_CHECKLIST_H

#include "src/base/arena.h"
#include "src/result.h"

/* Sets result->checklist. No experiment tests a cause yet, so a row is UNDECIDED, tells
 * what would settle it, and carries the figures at hand that bear on it; only a control
 * that accuses (controls.h) supports methodology_flawed. Needs pairs and controls of
 * result. */
void hv_make_checklist(struct hv_result *result, struct hv_arena *arena);

#endif
