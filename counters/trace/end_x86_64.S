/* SPDX-License-Identifier: MIT */
/* Where a followed call returns to: an address that is nobody else's. Native code that
 * gets here has escaped its tracer, and is told so. */
    .text
    .globl hv_trace_end
    .type hv_trace_end, @function
    .p2align 6
hv_trace_end:
    ud2
    .size hv_trace_end, . - hv_trace_end

    .section .note.GNU-stack, "", @progbits
