/* SPDX-License-Identifier: MIT */
/* What one iteration adds to a trace's counts, as evidence. */
#ifndef HV_ANALYSE_TRACED_H
#define HV_ANALYSE_TRACED_H

#include "src/analyse/evidence.h"
#include "src/run.h"

/* The value of the call with 2 iterations less that of the call with 1; where the call
 * with 3 adds something else, the mean of both steps, and the source says so. With one
 * call only: that whole call, entry and exit included. Sums up to four values. */
struct hv_trace_sum {
    enum hv_trace_value value[4];
    unsigned n;
};
struct hv_evidence hv_traced_sum(const struct hv_run *run, const struct hv_trace_run *t,
                                 const struct hv_trace_sum *sum, const char *unit,
                                 struct hv_arena *arena);

/* The same of one value. HV_T_L1_* are modelled, and absent where the CPU does not tell
 * its cache; the hazards are modelled too. */
struct hv_evidence hv_traced(const struct hv_run *run, const struct hv_trace_run *t,
                             enum hv_trace_value value, const char *unit,
                             struct hv_arena *arena);

/* Of the whole call with one iteration: what is no sum, or is wanted from cold. */
struct hv_evidence hv_traced_call(const struct hv_run *run,
                                  const struct hv_trace_run *t,
                                  const struct hv_trace_sum *sum, const char *unit,
                                  struct hv_arena *arena);

/* Adds what a trace alone can tell: loads, stores, their bytes, the widest vector,
 * lines touched, misses from cold, hazards. */
void hv_add_traced(const struct hv_run *run, const struct hv_trace_run *t,
                   struct hv_figure_list *list);

#endif
