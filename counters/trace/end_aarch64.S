/* SPDX-License-Identifier: MIT */
/* Where a followed call returns to: an address that is nobody else's. Native code that
 * gets here has escaped its tracer, and is told so. */
#include "counters/function.inc"
    .text

FUNCTION hv_trace_end
    udf #0
END hv_trace_end

    .section .note.GNU-stack, "", %progbits
