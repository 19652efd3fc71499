/* SPDX-License-Identifier: MIT */
/* What the later steps of the analysis know about one pair: raw, gated, estimated. */
#ifndef HV_ANALYSE_VIEW_H
#define HV_ANALYSE_VIEW_H

#include "src/analyse/estimate.h"

struct hv_pair_view {
    const struct hv_run *run;
    const struct hv_pair_run *pair;
    struct hv_gate gate;
    struct hv_estimate quiet, contended;
    enum hv_state state;
    /* What the time figures rest on; NULL: too few samples, and basis_words says so. */
    const struct hv_estimate *basis;
    const char *basis_words; /* e.g. "contended core, 24 layouts" */
};

#endif
