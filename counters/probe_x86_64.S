/* SPDX-License-Identifier: MIT */
/* Instruction sequences of known length for x86-64; what each is for stands in probe.h. */
#include "counters/function.inc"
    .text

    .macro RETURN name
    ret
    END \name
    .endm

    /* The callee-saved registers the probe needs beside the free ones. */
    .macro SAVE
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    .endm
    .macro RESTORE
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    .endm

FUNCTION hv_chain
    xor %eax, %eax
    xor %ecx, %ecx
1:  .rept 256
    add %rcx, %rax
    .endr
    dec %rdi
    jnz 1b
RETURN hv_chain

FUNCTION hv_multiply_chain
    mov $1, %eax
    mov $1, %ecx
1:  .rept 256
    imul %rcx, %rax
    .endr
    dec %rdi
    jnz 1b
RETURN hv_multiply_chain

FUNCTION hv_probe
    SAVE
    xor %ecx, %ecx
1:  .rept 32
    .irp register, rax, rdx, rsi, rbx, rbp, r8, r9, r10, r11, r12, r13, r14
    add %rcx, %\register
    .endr
    .endr
    dec %rdi
    jnz 1b
    RESTORE
RETURN hv_probe

FUNCTION hv_known_loop
1:  dec %rdi
    jnz 1b
RETURN hv_known_loop

    .section .note.GNU-stack, "", @progbits
