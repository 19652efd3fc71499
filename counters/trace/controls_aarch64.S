/* SPDX-License-Identifier: MIT */
/* Kernels with known answers for the stepper; controls_kernels.h tells them. */
    .set FROM, 4096
    .set RESULT, 8192
#include "counters/function.inc"
    .text

FUNCTION hv_control_empty
    ret
END hv_control_empty

FUNCTION hv_control_loop
1:  subs x1, x1, #1
    b.ne 1b
    ret
END hv_control_loop

    /* Each turn adds the carry and makes it anew; a tracer that touches the flags gets
     * another sum. */
FUNCTION hv_control_flags
    mov x2, #0
    cmp x2, x2
1:  b 2f
2:  adcs x2, x2, xzr
    sub x1, x1, #1
    cbz x1, 3f
    cmp x2, x2
    b 1b
3:  str x2, [x0, #RESULT]
    ret
END hv_control_flags

    /* The first store lets the page be written: a fault between load and store would
     * make that store fail. */
FUNCTION hv_control_exclusive
    add x2, x0, #RESULT
    str xzr, [x2]
1:  ldaxr x3, [x2]
    add x3, x3, #1
    stlxr w4, x3, [x2]
    cbnz w4, 1b
    subs x1, x1, #1
    b.ne 1b
    ret
END hv_control_exclusive

FUNCTION hv_control_copy
    add x1, x0, #FROM
    ldp q0, q1, [x1]
    stp q0, q1, [x0]
    ldp x2, x3, [x1, #32]
    stp x2, x3, [x0, #32]
    ldr q4, [x1, #48]
    umov x5, v4.d[1]
    fmov x4, d4
    stp x4, x5, [x0, #48]
    add x1, x1, #64
    add x0, x0, #64
    ld4 {v0.16b - v3.16b}, [x1]
    st4 {v0.16b - v3.16b}, [x0]
    ret
END hv_control_copy

FUNCTION hv_control_memcpy
    mov x2, x1
    add x1, x0, #FROM
    b memcpy
END hv_control_memcpy

FUNCTION hv_control_xor
    add x1, x0, #FROM
    mov x2, #256
1:  ldr q0, [x0]
    ldr q1, [x1], #16
    eor v0.16b, v0.16b, v1.16b
    str q0, [x0], #16
    subs x2, x2, #16
    b.ne 1b
    ret
END hv_control_xor

    .section .note.GNU-stack, "", %progbits
