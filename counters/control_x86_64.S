/* SPDX-License-Identifier: MIT */
/* Controls of the counters for x86-64; what each makes stands in control.h. */
#include "counters/function.inc"
    .text

    .macro NEXT name
    dec %rdi
    jnz 1b
    ret
    END \name
    .endm

FUNCTION hv_known_loads
1:  .irp at, 0, 8, 16, 24, 32, 40, 48, 56
    mov \at(%rsi), %rax
    .endr
NEXT hv_known_loads

FUNCTION hv_known_stores
    xor %eax, %eax
1:  .irp at, 0, 8, 16, 24, 32, 40, 48, 56
    mov %rax, \at(%rsi)
    .endr
NEXT hv_known_stores

    /* A line in each quarter of the buffer; the next step is 683 lines further in each,
     * round and round: no page is left by a small stride that a prefetcher would follow,
     * and 683 is odd, so every line has its turn. The second load finds its line on the
     * way: that is what a fill buffer hit is. */
FUNCTION hv_known_refill
    xor %ecx, %ecx
1:  lea (%rsi,%rcx), %rdx
    .irp quarter, 0, 131072, 262144, 393216
    mov \quarter(%rdx), %rax
    mov \quarter + 8(%rdx), %r8
    .endr
    add $(683 * 64), %ecx
    and $131071, %ecx
NEXT hv_known_refill

    /* Each in a block of 16 bytes of its own: predictors hold few branches a line. */
FUNCTION hv_known_taken
1:  jmp 2f
    .p2align 4
2:  jmp 3f
    .p2align 4
3:  jmp 4f
    .p2align 4
4:
NEXT hv_known_taken

    /* A 64-bit shift register (xorshift) that goes on where it stopped: a predictor
     * could learn a pattern that comes again. */
FUNCTION hv_known_random
    mov register(%rip), %rax
1:  mov %rax, %rcx
    shl $13, %rcx
    xor %rcx, %rax
    mov %rax, %rcx
    shr $7, %rcx
    xor %rcx, %rax
    mov %rax, %rcx
    shl $17, %rcx
    xor %rcx, %rax
    test $64, %al
    jz 2f
    nop
2:  dec %rdi
    jnz 1b
    mov %rax, register(%rip)
    ret
    .size hv_known_random, . - hv_known_random

FUNCTION hv_known_splits
1:  .irp at, 60, 124, 188, 252
    mov \at(%rsi), %rax
    .endr
NEXT hv_known_splits

FUNCTION hv_known_aliases
    xor %eax, %eax
1:  .irp at, 0, 64, 128, 192
    mov %rax, \at(%rsi)
    mov 4096 + \at(%rsi), %rdx
    .endr
NEXT hv_known_aliases

    /* The next byte is of the load before: one at a time, none can slip by. */
FUNCTION hv_known_narrow
    xor %eax, %eax
1:  movb %al, (%rsi)
    mov (%rsi), %rax
NEXT hv_known_narrow

    /* 2731 pages further each time, round the 8192: odd, and no neighbour to prefetch. */
FUNCTION hv_known_pages
    xor %ecx, %ecx
1:  mov (%rsi,%rcx), %rax
    add $(2731 * 4096), %ecx
    and $(8192 * 4096 - 1), %ecx
NEXT hv_known_pages

    .data
    .p2align 3
register:
    .quad 0x9e3779b97f4a7c15

    .section .note.GNU-stack, "", @progbits
