/* SPDX-License-Identifier: MIT */
/* What the steps of a hypothesis would bring, measured before anybody takes them. */
#ifndef HV_ANALYSE_FORETASTE_H
#define HV_ANALYSE_FORETASTE_H

#include "src/base/arena.h"
#include "src/result.h"

/* Fills decision.foretastes: one for each step of any scenario that names the pair that
 * measures it, in the order of the file; a pair that several steps name stands once. */
void hv_find_foretastes(struct hv_result *result, struct hv_arena *arena);

#endif
