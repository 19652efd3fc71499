/* SPDX-License-Identifier: MIT */
/* The controls of this architecture: one row a kernel. */
#ifndef HV_COUNTERS_TRACE_CONTROLS_ROWS_H
#define HV_COUNTERS_TRACE_CONTROLS_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "counters/trace/controls_kernels.h"
#include "src/run_trace.h"

/* What a control looks at, beside the values of a trace. */
enum {
    HV_CONTROL_COPIED = HV_TRACE_VALUES, /* all unique bytes, however copied */
    HV_CONTROL_RESULT,                   /* what the kernel left in its page */
};
struct hv_control_check {
    unsigned of;
    double expected;
};

enum { HV_CONTROL_CHECKS = 4, HV_CONTROL_ROWS = 8 };

struct hv_control_row {
    const char *name, *what, *unit;
    hv_control_kernel *kernel;
    uint64_t n;
    bool stepped;                 /* also by single-step */
    bool of_libc;                 /* calls the C library's own memcpy */
    const char *(*why_not)(void); /* NULL, or why this CPU cannot run it */
    /* The first is the one that is told; the others must hold as well. Zeroed: none; no
     * kernel has 0 instructions. */
    struct hv_control_check check[HV_CONTROL_CHECKS];
};

/* Those in use come first; the rest have no kernel. */
extern const struct hv_control_row hv_control_rows[HV_CONTROL_ROWS];

#endif
