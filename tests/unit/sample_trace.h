/* SPDX-License-Identifier: MIT */
/* A made-up trace of an arm, raw and broken down, for tests of dump and report. */
#ifndef HV_TESTS_SAMPLE_TRACE_H
#define HV_TESTS_SAMPLE_TRACE_H

#include "src/base/arena.h"
#include "src/result.h"

/* Three calls; value v of the call with n iterations is v + n (10 + v), whatever v
 * means. Two functions and one site. */
void sample_make_trace(struct hv_arena *arena, struct hv_trace_run *trace);

/* What might be said of it. */
void sample_make_breakdown(struct hv_arena *arena, struct hv_breakdown *breakdown);

#endif
