/* SPDX-License-Identifier: MIT */
/* Instruction sequences of known length for AArch64; what each is for stands in probe.h. */
#include "counters/function.inc"
    .text

    .macro RETURN name
    ret
    END \name
    .endm

FUNCTION hv_chain
    mov x1, #0
    mov x2, #0
1:  .rept 256
    add x1, x1, x2
    .endr
    subs x0, x0, #1
    b.ne 1b
RETURN hv_chain

FUNCTION hv_multiply_chain
    mov x1, #1
    mov x2, #1
1:  .rept 256
    mul x1, x1, x2
    .endr
    subs x0, x0, #1
    b.ne 1b
RETURN hv_multiply_chain

    /* Twelve registers that no caller needs back; x16 to x18 are the platform's. */
FUNCTION hv_probe
    mov x1, #0
1:  .rept 32
    .irp register, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13
    add \register, \register, x1
    .endr
    .endr
    subs x0, x0, #1
    b.ne 1b
RETURN hv_probe

    /* HV_LOOP_INSTRUCTIONS an iteration, as on other machines. */
FUNCTION hv_known_loop
1:  subs x0, x0, #1
    b.ne 1b
RETURN hv_known_loop

    .section .note.GNU-stack, "", %progbits
