/* SPDX-License-Identifier: MIT */
/* Controls of the counters for AArch64; what each makes stands in control.h, and why it
 * is made so beside its twin for x86-64. */
#include "counters/function.inc"
    .text

    .macro NEXT name
    subs x0, x0, #1
    b.ne 1b
    ret
    END \name
    .endm

FUNCTION hv_known_loads
1:  .irp at, 0, 8, 16, 24, 32, 40, 48, 56
    ldr x2, [x1, #\at]
    .endr
NEXT hv_known_loads

FUNCTION hv_known_stores
1:  .irp at, 0, 8, 16, 24, 32, 40, 48, 56
    str xzr, [x1, #\at]
    .endr
NEXT hv_known_stores

FUNCTION hv_known_refill
    mov x2, #0
    mov x3, #(683 * 64)
    add x4, x1, #(131072)
    add x5, x1, #(262144)
    add x6, x1, #(393216)
1:  .irp quarter, x1, x4, x5, x6
    add x7, \quarter, x2
    ldr x8, [x7]
    ldr x9, [x7, #8]
    .endr
    add x2, x2, x3
    and x2, x2, #131071
NEXT hv_known_refill

FUNCTION hv_known_taken
1:  b 2f
    .p2align 4
2:  b 3f
    .p2align 4
3:  b 4f
    .p2align 4
4:
NEXT hv_known_taken

FUNCTION hv_known_random
    adrp x3, register
    ldr x2, [x3, #:lo12:register]
1:  eor x2, x2, x2, lsl #13
    eor x2, x2, x2, lsr #7
    eor x2, x2, x2, lsl #17
    tbz x2, #6, 2f
    nop
2:  subs x0, x0, #1
    b.ne 1b
    str x2, [x3, #:lo12:register]
    ret
    .size hv_known_random, . - hv_known_random

FUNCTION hv_known_splits
    add x1, x1, #60
1:  .irp at, 0, 64, 128, 192
    ldr x2, [x1, #\at]
    .endr
NEXT hv_known_splits

FUNCTION hv_known_aliases
    add x3, x1, #4096
1:  .irp at, 0, 64, 128, 192
    str xzr, [x1, #\at]
    ldr x2, [x3, #\at]
    .endr
NEXT hv_known_aliases

FUNCTION hv_known_narrow
    mov x2, #0
1:  strb w2, [x1]
    ldr x2, [x1]
NEXT hv_known_narrow

FUNCTION hv_known_pages
    mov x2, #0
    mov x3, #(2731 * 4096 & 0xffff)
    movk x3, #(2731 * 4096 >> 16), lsl #16
1:  ldr x4, [x1, x2]
    add x2, x2, x3
    and x2, x2, #(8192 * 4096 - 1)
NEXT hv_known_pages

    .data
    .p2align 3
register:
    .quad 0x9e3779b97f4a7c15

    .section .note.GNU-stack, "", %progbits
