/* SPDX-License-Identifier: MIT */
/* Open runs of copied bytes in order: by origin, then distance, then target. A treap
 * whose nodes are threaded to a list, in an arena of fixed size.
 *
 * Runs of one origin and distance never touch each other, so that a run may grow at
 * both ends where it stands. */
#ifndef HV_COUNTERS_TRACE_RUN_TREE_H
#define HV_COUNTERS_TRACE_RUN_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HV_OPEN_RUNS = 1 << 18 };

struct hv_copy_run {
    uint64_t origin;         /* 0: inlined; else the number of the call it is in */
    uint64_t distance;       /* target - source */
    uint64_t lo, hi;         /* target [lo, hi) */
    uint64_t loaded, stored; /* earliest load, last store */
    uint64_t begun;          /* first store */
    uint64_t place;          /* the site it counts for */
    uint32_t left, right, prev, next;
    uint32_t hulls, n_hulls; /* see run_hulls.h */
    uint16_t function;       /* of the place */
    bool wide;               /* a vector register or rep stored some of it */
};

/* Zeroed memory is an empty tree: index 0 is nobody, and the list's ends meet there. */
struct hv_run_tree {
    uint32_t root, n, free; /* free: list by next of what was removed */
    uint32_t used;          /* indices given out so far */
    struct hv_copy_run run[HV_OPEN_RUNS];
};

/* The last run of this origin and distance that begins at or before `at`; if there is
 * none, what comes before it in the order, of whatever key; else 0. */
uint32_t hv_run_tree_floor(const struct hv_run_tree *tree, uint64_t origin,
                           uint64_t distance, uint64_t at);

/* Makes a run with these three and the rest 0. 0: full. */
uint32_t hv_run_tree_insert(struct hv_run_tree *tree, uint64_t origin,
                            uint64_t distance, uint64_t lo);
void hv_run_tree_remove(struct hv_run_tree *tree, uint32_t index);

#endif
