/* SPDX-License-Identifier: MIT */
/* The experiments hvperf understands: what each changes, which evidence calls for it,
 * which witness must show that the change was made, and what its effect is a part of.
 * A new one is a row of the table, and an enum hv_vary of the kernel SDK. */
#ifndef HV_ANALYSE_EXPERIMENTS_H
#define HV_ANALYSE_EXPERIMENTS_H

#include "src/result.h"

struct hv_experiment_kind {
    const char *name;
    enum hv_part part;
    const char *changes;    /* what alone differs, as words after "with" */
    const char *called_for; /* figure of the arm that must exceed `above`; NULL: forced
                               only */
    double above;
    const char *falls; /* figure that the change must bring down; NULL: none tells */
    bool quick;        /* also where there is no time for more (--quick) */
};

/* NULL: not one of the table's. */
const struct hv_experiment_kind *hv_experiment_find(const char *name);

/* The arm of the pair that has this name; HV_ARMS: none. */
enum hv_arm_id hv_arm_named(const struct hv_pair_result *pair, const char *name);

/* Whether the speedup differs from layout to layout by more than builds do: then what
 * one layout's trace does not show may be there in another. */
bool hv_layouts_differ(const struct hv_pair_result *pair);

/* Whether the evidence so far calls for that experiment on that arm: it shows what the
 * experiment takes away, or cannot exclude it. */
bool hv_experiment_wanted(const struct hv_pair_result *pair, const char *experiment,
                          const char *arm);

/* Whether the pair's memory is worth a second look: an arm walks over more than the L1
 * data cache holds, or its model misses. *bytes: the smaller footprint to try. */
bool hv_footprint_wanted(const struct hv_pair_result *pair, uint64_t *bytes);

#endif
