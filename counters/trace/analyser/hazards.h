/* SPDX-License-Identifier: MIT */
/* Loads that meet young stores: what a store buffer can forward, and what it cannot.
 *
 * Modelled. A load sees the last HV_HAZARD_STORES stores, as far as they are at most
 * HV_HAZARD_AGE instructions old; about what a large core keeps in flight. A string
 * instruction empties this window: its stores are not the kind that is forwarded. */
#ifndef HV_COUNTERS_TRACE_HAZARDS_H
#define HV_COUNTERS_TRACE_HAZARDS_H

#include <stdbool.h>
#include <stdint.h>

enum {
    HV_HAZARD_STORES = 64, /* a power of two */
    HV_HAZARD_AGE = 256,
    HV_HAZARD_GRANULES = 4096 / 8,
    HV_HAZARD_LINES = 4096 / 64,
};

struct hv_hazard_store {
    uint64_t lo, hi, now;
};

/* By bits 6 to 11 of the address: lines of 64 bytes. */
struct hv_hazard_line {
    uint64_t line;  /* of the last store to any with these bits */
    uint32_t last;  /* its number */
    uint32_t other; /* number of the last store to another line with these bits */
};

/* Zeroed memory is an empty window. Stores have numbers from 1. */
struct hv_hazards {
    uint64_t spans, wider, alias;
    uint32_t n;      /* stores so far: the number of the last one */
    uint32_t before; /* stores up to this number are out of the window */
    struct hv_hazard_store store[HV_HAZARD_STORES];
    struct hv_hazard_line line[HV_HAZARD_LINES];
    uint32_t granule[HV_HAZARD_GRANULES]; /* by bits 3 to 11: the last store's number */
};

void hv_hazards_store(struct hv_hazards *hazards, uint64_t address, uint64_t bytes,
                      uint64_t now);
void hv_hazards_load(struct hv_hazards *hazards, uint64_t address, uint64_t bytes,
                     uint64_t now);
void hv_hazards_empty(struct hv_hazards *hazards);

#endif
