/* SPDX-License-Identifier: MIT */
/* Kernels with known answers for the tracers; controls_kernels.h tells them. */
    .set FROM, 4096
    .set RESULT, 8192
#include "counters/function.inc"
    .text

FUNCTION hv_control_empty
    ret
END hv_control_empty

FUNCTION hv_control_loop
1:  dec %rsi
    jnz 1b
    ret
END hv_control_loop

    /* Each turn adds the carry and makes it anew; a tracer that touches the flags
     * between blocks, or the stack below rsp, gets another sum. */
FUNCTION hv_control_flags
    movabs $0x1122334455667788, %rax
    mov %rax, -8(%rsp)
    mov %rax, -128(%rsp)
    mov %rsi, %rcx
    xor %edx, %edx
    stc
1:  jmp 2f
2:  adc $0, %rdx
    lea -1(%rcx), %rcx
    jrcxz 3f
    cmc
    jmp 1b
3:  add -8(%rsp), %rdx
    sub -128(%rsp), %rdx
    mov %rdx, RESULT(%rdi)
    ret
END hv_control_flags

FUNCTION hv_control_rep_movs
    mov %rsi, %rcx
    lea FROM(%rdi), %rsi
    rep movsb
    ret
END hv_control_rep_movs

FUNCTION hv_control_masked
    movabs $0x1fffffffff, %rax
    kmovq %rax, %k1
    vmovdqu8 FROM(%rdi), %zmm16{%k1}{z}
    vmovdqu8 %zmm16, (%rdi){%k1}
    ret
END hv_control_masked

FUNCTION hv_control_avx512
    vmovdqu64 FROM(%rdi), %zmm17
    vpxorq %zmm18, %zmm18, %zmm18
1:  vpaddq %zmm17, %zmm18, %zmm18
    dec %rsi
    jnz 1b
    vmovdqu64 %zmm18, (%rdi)
    xor %eax, %eax
    .irp offset, 0, 8, 16, 24, 32, 40, 48, 56
    add \offset(%rdi), %rax
    .endr
    mov %rax, RESULT(%rdi)
    vzeroupper
    ret
END hv_control_avx512

FUNCTION hv_control_memcpy
    mov %rsi, %rdx
    lea FROM(%rdi), %rsi
    jmp memcpy@PLT
END hv_control_memcpy

FUNCTION hv_control_xor
    mov $256, %ecx
1:  movdqu -16(%rdi, %rcx), %xmm0
    pxor FROM-16(%rdi, %rcx), %xmm0
    movdqu %xmm0, -16(%rdi, %rcx)
    sub $16, %ecx
    jnz 1b
    ret
END hv_control_xor

    /* Indexed and plain accesses, vectors, a stack, calls, a rep string. */
FUNCTION hv_control_mixed
    push %rbx
    mov %rsi, %rbx
1:  lea (%rdi, %rbx, 8), %rdx
    mov FROM(%rdi, %rbx, 8), %rax
    mov %rax, (%rdx)
    movdqu FROM(%rdi), %xmm0
    movdqu %xmm0, 1024(%rdi)
    call 2f
    dec %rbx
    jnz 1b
    pop %rbx
    jmp 3f
2:  push %rdi
    mov $16, %ecx
    lea FROM(%rdi), %rsi
    rep movsb
    pop %rdi
    ret
3:  ret
END hv_control_mixed

    .section .note.GNU-stack, "", @progbits
