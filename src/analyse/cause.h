/* SPDX-License-Identifier: MIT */
/* The one cause that a pair's gap, or its absence, is put down to. */
#ifndef HV_ANALYSE_CAUSE_H
#define HV_ANALYSE_CAUSE_H

#include "src/base/arena.h"
#include "src/result.h"

/* A speedup within so much of 1 is no gap: A/A runs resolve about 1 %. */
#define HV_GAP_REAL 0.02
/* A cause must carry at least so much of the gap to be named alone. */
#define HV_CAUSE_SHARE 0.25
/* An interval that reaches further from 1 does not show that there is no gap. */
#define HV_NO_GAP 0.05
/* A band of placements as wide as this is worth naming where there is no gap. */
#define HV_BAND_WIDE 0.05

/* Fills pair->cause from pair->gap, in this order; the first that fits:
 *   undecided    no quiet speedup
 *   shared_work  functions that both arms run alike hold nine tenths of both, and the
 *                speedup is none that what is left could not make
 *   undecided    no gap is shown, but one of 5 % is not excluded
 *   elided       no gap that every placement has: the source asks for copies, and none
 *                was made
 *   placement    no gap but a wide band, or a gap that not every placement has
 *   none         no gap
 *   copy, forwarding, aliasing, misses, allocation, page_faults
 *                the largest part of the gap, by an experiment, and known of both arms
 *   other_work   the rest is the largest part, and every other part was tested or is
 *                excluded by a witness
 *   undecided    else */
void hv_name_cause(const struct hv_result *result, struct hv_pair_result *pair,
                   struct hv_arena *arena);

/* Whether the speedup is a gap, at every placement on the same side. */
bool hv_gap_is_real(const struct hv_pair_result *pair);

/* "L1", "L2", "L3", "RAM": the smallest that holds so many bytes; "beyond L2" where the
 * L3 is unknown; NULL: nothing is known. */
const char *hv_cache_level(const struct hv_caches *caches, double bytes);

#endif
