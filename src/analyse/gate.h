/* SPDX-License-Identifier: MIT */
/* The gate: which samples were taken while the core was quiet. */
#ifndef HV_ANALYSE_GATE_H
#define HV_ANALYSE_GATE_H

#include "src/base/arena.h"
#include "src/run.h"

/* A probe is quiet when its time per add, in chain cycles, is within 4 % of 1/k, k the
 * adders of the core. */
#define HV_GATE_TOLERANCE (HV_GATE_PERCENT / 100.0)
/* The quantile of every cell and of the chain: part of the definition of a speedup. */
#define HV_CELL_QUANTILE 0.25
/* Below this share of quiet samples nothing is quiet: the few that pass the gate were
 * disturbed between its two probes. */
#define HV_KEPT_SHARE_MIN 0.05

/* Zero: dropped when it was taken, or beyond the end of the sequence. A sample is quiet
 * when the probes before and after it are. */
enum hv_mark { HV_MARK_NONE, HV_MARK_CONTENDED, HV_MARK_QUIET };

/* One mark (enum hv_mark) a sample, in the order of the series. */
struct hv_layout_marks {
    unsigned char *cell[HV_ARMS][HV_MAX_PLACES];
    unsigned char *empty;
    size_t quiet_probes, slow_probes; /* see hv_stands_apart */
    double cycle; /* clock ticks of one dependent add in this layout; 0: unknown */
};

struct hv_gate {
    struct hv_layout_marks *layouts; /* one for each of the pair */
    unsigned places;                 /* 0: the pair has none that can be used */
    /* samples of the arms: all that the sequence holds, and how they were marked */
    size_t samples, quiet, contended, dropped;
};

/* Marks every sample of the pair. Everything hangs on scratch. */
void hv_gate_make(const struct hv_clock *clock, const struct hv_pair_run *pair,
                  struct hv_arena *scratch, struct hv_gate *out);

#endif
