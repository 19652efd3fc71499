/* SPDX-License-Identifier: MIT */
/* Copied bytes, allocations and page faults of one iteration of an arm. */
#ifndef HV_ANALYSE_COPIES_H
#define HV_ANALYSE_COPIES_H

#include "src/analyse/evidence.h"
#include "src/run.h"

/* Adds memcpy_bytes and its three parts (memcpy_bytes_declared, _called, _inlined),
 * allocations, allocated_bytes and page_faults. memcpy_bytes is what the pair declares,
 * with the counted calls as witness: calls alone miss what the compiler inlined. */
void hv_add_copies(const struct hv_run *run, const struct hv_pair_run *pair,
                   enum hv_arm_id arm, struct hv_figure_list *list);

#endif
