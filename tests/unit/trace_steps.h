/* SPDX-License-Identifier: MIT */
/* Short words for the tests of the stepper, on any architecture. */
#ifndef HV_TESTS_TRACE_STEPS_H
#define HV_TESTS_TRACE_STEPS_H

#include "tests/unit/trace_bench.h"

/* How many instructions the kernel takes; it must end well. */
static inline uint64_t steps(struct bench *bench, bench_kernel *kernel, uint64_t n)
{
    return bench_done(bench, HV_TRACER_STEP, kernel, n)[HV_T_INSTRUCTIONS];
}

/* How it ended. */
static inline const struct hv_trace_outcome *step(struct bench *bench,
                                                  bench_kernel *kernel, uint64_t n)
{
    return bench_run(bench, HV_TRACER_STEP, kernel, n);
}

static inline uint64_t address(bench_kernel *kernel)
{
    return (uint64_t)(uintptr_t)kernel;
}

#endif
