/* SPDX-License-Identifier: MIT */
/* Functions that a trace meets, and what each of them did. */
#ifndef HV_COUNTERS_TRACE_FUNCTIONS_H
#define HV_COUNTERS_TRACE_FUNCTIONS_H

#include "src/run_trace.h"

enum {
    HV_FUNCTIONS = 512, /* told apart; the last stands for all others */
    HV_FUNCTION_SLOTS = 1024
};

struct hv_function {
    uint64_t start; /* 0: unknown */
    struct hv_trace_function share;
};

/* Zeroed memory is an empty table. */
struct hv_functions {
    struct hv_function function[HV_FUNCTIONS];
    uint16_t slot[HV_FUNCTION_SLOTS]; /* index + 1; by hash, open addressing */
    uint16_t n;
};

/* The index of (start, group), which is made if need be: code without a symbol shares
 * start 0, but not across groups. */
uint16_t hv_functions_index(struct hv_functions *functions, uint64_t start,
                            const char *name, enum hv_trace_group group);

/* By falling instructions; more than HV_TRACE_FUNCTIONS: the last sums up the rest. */
void hv_functions_totals(const struct hv_functions *functions,
                         struct hv_trace_totals *out);

#endif
