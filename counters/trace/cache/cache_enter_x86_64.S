/* SPDX-License-Identifier: MIT */
/* The way into the code cache, out of it, and to its dispatcher. */
#include "counters/trace/cache/cache_state.h"

    .text

    .macro FUNCTION name
    .globl \name
    .hidden \name
    .type \name, @function
    .p2align 4
\name:
    .endm

    .macro EACH do /* every register but rcx and rsp, with its place */
    \do rax, 0
    \do rdx, 2
    \do rbx, 3
    \do rbp, 5
    \do rsi, 6
    \do rdi, 7
    \do r8, 8
    \do r9, 9
    \do r10, 10
    \do r11, 11
    \do r12, 12
    \do r13, 13
    \do r14, 14
    \do r15, 15
    .endm
    .macro STORE register, number
    mov %\register, HV_CACHE_GPR + 8 * \number(%rcx)
    .endm
    .macro RESTORE register, number
    mov HV_CACHE_GPR + 8 * \number(%rcx), %\register
    .endm
    .macro ALL_STATE /* as xsave and xrstor want it */
    mov HV_CACHE_XSAVE(%rbx), %rdi
    mov $-1, %eax
    mov %eax, %edx
    .endm

FUNCTION hv_cache_enter
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, HV_CACHE_HOST(%rdi)
    mov %rdi, %rbx
    jmp .Lresume
    .size hv_cache_enter, . - hv_cache_enter

    /* rcx: the cache; the kernel's own rcx is in its place already. */
FUNCTION hv_cache_dispatch
    EACH STORE
    mov %rsp, HV_CACHE_GPR + 8 * 4(%rcx)
    mov HV_CACHE_STACK(%rcx), %rsp
    pushfq
    popq HV_CACHE_FLAGS(%rcx)
    pushq $2 /* no direction, alignment check, trap or nested task in C code */
    popfq
    mov %rcx, %rbx
    ALL_STATE
    xsave64 (%rdi)
    fninit
    ldmxcsr default_mxcsr(%rip)
    mov %rbx, %rdi
    call hv_cache_next
    test %eax, %eax
    jz .Lleave

.Lresume:
    ALL_STATE
    xrstor64 (%rdi)
    mov %rbx, %rcx
    mov HV_CACHE_STACK(%rcx), %rsp
    /* iretq sets stack, flags and address at once. It also serialises, which is
     * asked for after code was written through another address (Intel SDM 3, 8.1.3). */
    mov %ss, %eax
    push %rax
    push HV_CACHE_GPR + 8 * 4(%rcx)
    push HV_CACHE_FLAGS(%rcx)
    mov %cs, %eax
    push %rax
    push HV_CACHE_RESUME(%rcx)
    EACH RESTORE
    iretq

.Lleave:
    mov HV_CACHE_HOST(%rbx), %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret
    .size hv_cache_dispatch, . - hv_cache_dispatch

    .section .rodata
    .p2align 2
default_mxcsr:
    .long 0x1f80

    .section .note.GNU-stack, "", @progbits
