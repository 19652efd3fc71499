/* SPDX-License-Identifier: MIT */
/* An L1 data cache with LRU replacement, empty at first, and the lines ever touched.
 * Modelled: reads and writes both allocate, non-temporal stores too; no prefetcher. */
#ifndef HV_COUNTERS_TRACE_L1_H
#define HV_COUNTERS_TRACE_L1_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/run_trace.h"

enum {
    HV_L1_WAYS = 32,
    HV_L1_ENTRIES = 1 << 14, /* sets x ways at most: 1 MiB of 64-byte lines */
    HV_L1_PAGES = 1 << 18,   /* of 64 lines: so many are told apart */
    HV_L1_SLOTS = 1 << 19,
};

/* 64 lines that lie together, a bit each: those that were touched. */
struct hv_l1_page {
    uint64_t name; /* number + 1 */
    uint64_t lines;
};

/* Zeroed memory plus shape and shift is an empty cache: a line's number is kept as
 * number + 1, so that 0 is nothing. */
struct hv_l1 {
    struct hv_cache_shape shape; /* line 0: nothing is simulated */
    unsigned shift;              /* log2 of the line */
    uint64_t last;               /* line + 1 of the last access: it is a hit */
    uint64_t lines;              /* different lines so far */
    uint64_t overflow;           /* misses in other pages than HV_L1_PAGES */
    uint64_t pages;
    uint64_t entry[HV_L1_ENTRIES];       /* by set, most recently used first */
    struct hv_l1_page seen[HV_L1_SLOTS]; /* hash table, open addressing */
};

/* -EINVAL: a shape that is not modelled (sets or line no power of two, too large). */
int hv_l1_open(struct hv_l1 *l1, const struct hv_cache_shape *shape);

/* One access: true if one of its lines was not there. */
bool hv_l1_touch(struct hv_l1 *l1, uint64_t address, uint64_t bytes);

/* The access is to the line of the last one, which is a hit and changes nothing. */
static inline bool hv_l1_same(const struct hv_l1 *l1, uint64_t address, uint64_t bytes)
{
    return (address >> l1->shift) + 1 == l1->last &&
           (address + bytes - 1) >> l1->shift == address >> l1->shift;
}

#endif
