/* SPDX-License-Identifier: MIT */
/* Places in the code that copy, with how often and how much. */
#ifndef HV_COUNTERS_TRACE_SITES_H
#define HV_COUNTERS_TRACE_SITES_H

#include "counters/trace/analyser/functions.h"

enum {
    HV_SITES = 4096, /* told apart; the last stands for all others */
    HV_SITE_SLOTS = 8192
};

struct hv_site {
    uint64_t pc;
    uint64_t copies, bytes, smallest, largest;
    uint16_t function; /* that holds pc */
    bool called;
};

/* Zeroed memory is an empty table. */
struct hv_sites {
    struct hv_site site[HV_SITES];
    uint16_t slot[HV_SITE_SLOTS]; /* index + 1 */
    uint16_t n;
};

/* One copy of so many bytes. */
void hv_sites_add(struct hv_sites *sites, uint64_t pc, uint16_t function, bool called,
                  uint64_t bytes);

/* By falling bytes; more than HV_TRACE_SITES: the last sums up the rest. */
void hv_sites_totals(const struct hv_sites *sites, const struct hv_functions *functions,
                     struct hv_trace_totals *out);

#endif
