/* SPDX-License-Identifier: MIT */
/* For each run and each instruction that stores to it: from where to where that one
 * stored. It tells a copy that is made again from one that goes on. */
#ifndef HV_COUNTERS_TRACE_RUN_HULLS_H
#define HV_COUNTERS_TRACE_RUN_HULLS_H

#include <stdint.h>

enum { HV_HULLS = 1 << 19, HV_HULL_SLOTS = 1 << 18 };

struct hv_hull {
    uint64_t pc, lo, hi;
    uint32_t run;   /* 0: free */
    uint32_t next;  /* of the same run, or free */
    uint32_t chain; /* in the same slot */
};

/* Zeroed memory is empty: index 0 is nobody. */
struct hv_hulls {
    uint32_t used, free;
    uint32_t slot[HV_HULL_SLOTS];
    struct hv_hull hull[HV_HULLS];
};

/* 0: it did not store to this run. */
uint32_t hv_hulls_find(const struct hv_hulls *hulls, uint64_t pc, uint32_t run);

/* Puts a new one in front of the run's list. 0: full. */
uint32_t hv_hulls_add(struct hv_hulls *hulls, uint64_t pc, uint32_t run,
                      uint32_t *list);

/* Those of the list `from` become the other run's; returns how many that adds. */
uint32_t hv_hulls_move(struct hv_hulls *hulls, uint32_t from, uint32_t run,
                       uint32_t *list);
void hv_hulls_free(struct hv_hulls *hulls, uint32_t list);

#endif
