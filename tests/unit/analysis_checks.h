/* SPDX-License-Identifier: MIT */
/* Small runs to analyse, and what must hold of every result whatever the run. */
#ifndef HV_TESTS_ANALYSIS_CHECKS_H
#define HV_TESTS_ANALYSIS_CHECKS_H

#include "src/result.h"
#include "tests/unit/synthetic_run.h"

/* Readings an event of event_of has, and iterations each stands for. */
enum { READS = 5, COUNTER_ITERATIONS = 100 };

/* Eight layouts, two placements, 1000 ns against 500 ns, no noise at all. */
struct synthetic_truth small_truth(void);

/* hv_analyse; fails the test when a figure lacks its source or reason, is not finite,
 * or one that must always be there is missing. */
struct hv_result *analyse_checked(const struct hv_run *run, struct hv_arena *arena);

/* NULL: not warned. */
const struct hv_warning *find_warning(const struct hv_pair_result *pair,
                                      const char *id);

/* A qualified event that counted all the time: readings around value for baseline, half
 * of it for candidate, each on top of 50 for the empty batch. */
struct hv_event_run event_of(const char *figure, const char *event, uint64_t value,
                             struct hv_arena *arena);

/* small_truth with one counter pass. */
struct hv_run *counted_run(struct hv_event_run *events, size_t n_events,
                           struct hv_arena *arena);

#endif
