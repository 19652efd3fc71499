/* SPDX-License-Identifier: MIT */
/* Every figure of one arm, each with its provenance. */
#ifndef HV_ANALYSE_FIGURES_H
#define HV_ANALYSE_FIGURES_H

#include "src/analyse/view.h"

/* Fills out->figures. time, cycles, instructions, ipc, l1d_misses, memcpy_bytes and the
 * others named in docs/methodology.md are always there, absent ones with the reason;
 * then every other event of the counter passes. A failed pair has no value at all. */
void hv_make_figures(const struct hv_pair_view *view, enum hv_arm_id arm,
                     struct hv_arena *arena, struct hv_arena *scratch,
                     struct hv_arm_result *out);

#endif
