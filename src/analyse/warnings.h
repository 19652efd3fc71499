/* SPDX-License-Identifier: MIT */
/* What a reader must know before trusting a pair's figures: a closed table of rows. */
#ifndef HV_ANALYSE_WARNINGS_H
#define HV_ANALYSE_WARNINGS_H

#include "src/analyse/view.h"

/* Sets out->warnings. Last step of a pair: everything else of out must be there. */
void hv_warn(const struct hv_pair_view *view, struct hv_arena *arena,
             struct hv_arena *scratch, struct hv_pair_result *out);

/* The precision asked for was reached. */
bool hv_precise(const struct hv_speedup *speedup, double precision);

#endif
