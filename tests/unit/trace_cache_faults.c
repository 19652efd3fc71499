/* SPDX-License-Identifier: MIT */
/* Kernels that the code cache refuses, and kernels that crash. */
#include "tests/unit/trace_cache_kernels.h"

#if defined(__x86_64__)

/* .pushsection: the assembler is told of sections as little as the compiler. */
#define KERNEL(name, ...)                                                              \
    __asm__(".pushsection .text\n.globl kernel_" #name "\n.type kernel_" #name         \
            ", @function\n.p2align 4\nkernel_" #name ":\n" __VA_ARGS__                 \
            ".size kernel_" #name ", . - kernel_" #name "\n.popsection\n")

/* ---- refused ------------------------------------------------------------------- */

KERNEL(gather, "vpgatherdd %ymm2, (%rdi,%ymm1,4), %ymm0\n"
               "ret\n");
KERNEL(xlat, "mov %rdi, %rbx\n"
             "xlatb\n"
             "ret\n");
KERNEL(bit_string, "bts %rsi, (%rdi)\n"
                   "ret\n");
KERNEL(maskmov, "vmaskmovps (%rdi), %xmm1, %xmm0\n"
                "ret\n");
KERNEL(gs, "mov %gs:(%rdi), %rax\n"
           "ret\n");
KERNEL(short_address, "mov (%edi), %eax\n"
                      "ret\n");
KERNEL(enter, "enter $16, $1\n"
              "leave\n"
              "ret\n");
KERNEL(xsave, "xsavec 64(%rdi)\n"
              "ret\n");
KERNEL(interrupt, "int $0x80\n"
                  "ret\n");
KERNEL(fs_base, "wrfsbase %rdi\n"
                "ret\n");
KERNEL(transaction, "xbegin 1f\n"
                    "1: ret\n");
KERNEL(far, "lretq\n");
KERNEL(short_jump, ".byte 0x66, 0xeb, 0x00\n"
                   "ret\n");
KERNEL(segment, "mov %ds, %eax\n"
                "mov %eax, %ds\n"
                "ret\n");

/* ---- crashing ------------------------------------------------------------------ */

#define CRASHES(name, before, at)                                                      \
    KERNEL(name, "mov %rdi, %rdx\n"                                                    \
                 "mov %rsi, (%rdx)\n" before ".globl kernel_" #name                    \
                 "_at\nkernel_" #name "_at:\n" at "ret\n")

CRASHES(store, "mov $0x1230, %eax\n", "mov %edi, 4(%rax)\n");
CRASHES(divide, "xor %ecx, %ecx\n", "div %ecx\n");
CRASHES(undefined, "nop\n", "ud2\n");
CRASHES(breakpoint, "nop\n", "int3\n");
CRASHES(unaligned, "inc %rdx\n", "movaps %xmm0, (%rdx)\n");
CRASHES(push, "mov $64, %esp\n", "push %rax\n");

KERNEL(null, "xor %eax, %eax\n"
             "jmp *%rax\n");
KERNEL(nowhere, "mov $16, %eax\n"
                "jmp *%rax\n");
KERNEL(endless, ".globl kernel_endless_at\nkernel_endless_at: jmp kernel_endless_at\n");

#endif
