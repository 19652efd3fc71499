/* SPDX-License-Identifier: MIT */
/* Copied bytes, allocations and page faults of one iteration of an arm. */
#ifndef HV_ANALYSE_COPIES_H
#define HV_ANALYSE_COPIES_H

#include "src/analyse/evidence.h"
#include "src/run.h"

/* Adds memcpy_bytes and its parts, allocations, allocated_bytes and page_faults.
 * memcpy_bytes is what the trace saw copied, by calls and inlined; without a trace what
 * the pair declares, with the counted calls as witness: calls alone miss what the
 * compiler inlined. Its parts: _called (by the arm's own calls of memcpy and its like),
 * _library (by calls that the C library makes inside others, as realloc does),
 * _inlined; _small are runs too short to be a copy that somebody wrote, and are not in
 * memcpy_bytes; _stored is what was physically written for all of them, overlaps and
 * small ones included; _declared is what the source asks for. */
void hv_add_copies(const struct hv_run *run, const struct hv_pair_run *pair,
                   enum hv_arm_id arm, struct hv_figure_list *list);

#endif
