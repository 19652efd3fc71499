/* SPDX-License-Identifier: MIT */
/* The estimator of docs/methodology.md, on the quiet or on the contended samples. */
#ifndef HV_ANALYSE_ESTIMATE_H
#define HV_ANALYSE_ESTIMATE_H

#include "src/analyse/gate.h"
#include "src/analyse/stats.h"
#include "src/result.h"

/* A layout all of whose cells hold at least HV_MIN_QUIET samples of the mark. */
struct hv_layout_estimate {
    size_t index;                   /* in pair->layouts */
    double ln_place[HV_MAX_PLACES]; /* ln c_baseline - ln c_candidate */
    double ln_speedup;              /* mean of ln_place: s_l */
    double ln_ticks[HV_ARMS];       /* mean over placements of ln c */
    double half_granule[HV_ARMS];   /* mean of half a clock step / sample */
    double sample[HV_ARMS];         /* mean p25 of a sample, ticks, as timed */
    double ln_cycle;                /* ln of the chain's cycle, ticks */
    uint32_t rounds;                /* both samples have the mark */
};

struct hv_estimate {
    enum hv_mark mark;
    struct hv_layout_estimate *layouts; /* complete ones only, in order of time */
    size_t n_layouts;
    bool has_fixed_cost;
    double fixed_cost;         /* ticks of a sample with no iteration in it */
    struct hv_speedup speedup; /* present with HV_MIN_LAYOUTS layouts or more */
};

void hv_estimate_make(const struct hv_clock *clock, const struct hv_pair_run *pair,
                      const struct hv_gate *gate, enum hv_mark mark,
                      struct hv_arena *scratch, struct hv_estimate *out);

/* Ticks of one iteration of an arm: exp(median over layouts of ln_ticks), the interval
 * widened by half a clock step. In chain cycles instead of ticks when in_cycles.
 * estimate->n_layouts > 0. */
struct hv_median hv_estimate_arm(const struct hv_estimate *estimate, enum hv_arm_id arm,
                                 bool in_cycles, struct hv_arena *scratch);

/* All samples of the arm with the estimate's mark, over layouts and placements: ticks
 * of one iteration after the fixed cost, sorted. Returns how many. */
size_t hv_estimate_samples(const struct hv_estimate *estimate,
                           const struct hv_pair_run *pair, const struct hv_gate *gate,
                           enum hv_arm_id arm, struct hv_arena *scratch,
                           double **sorted);

/* ln of the second half's median speedup over the first half's; 0 below two layouts. */
double hv_estimate_drift(const struct hv_estimate *estimate, struct hv_arena *scratch);

#endif
