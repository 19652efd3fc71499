/* SPDX-License-Identifier: MIT */
/* Kernels that copy from source to target, in every way there is. */
#include "tests/trace/kernels.h"

/* Loaded words must not be stored by anything but the copy itself: at -O0 a pointer
 * kept in a second variable, or passed to a helper, would be one more copied word. */

KERNEL(struct_24)
{
    for (struct buffers *b = ctx; n; n--) {
        HV_BARRIER(b);
        b->target.small = b->source.small;
    }
}

KERNEL(struct_256)
{
    for (struct buffers *b = ctx; n; n--) {
        HV_BARRIER(b);
        b->target.block = b->source.block;
    }
}

#define MEMCPY_CONST(bytes)                                                            \
    KERNEL(memcpy_const_##bytes)                                                       \
    {                                                                                  \
        for (struct buffers *b = ctx; n; n--) {                                        \
            HV_BARRIER(b);                                                             \
            memcpy(b->target.byte, b->source.byte, bytes);                             \
        }                                                                              \
    }
MEMCPY_CONST(0)
MEMCPY_CONST(1)
MEMCPY_CONST(16)
MEMCPY_CONST(100)
MEMCPY_CONST(256)
MEMCPY_CONST(1000)
MEMCPY_CONST(4096)
MEMCPY_CONST(65536)

/* The same, but the compiler does not know how many. */
#define MEMCPY_RUN(bytes)                                                              \
    KERNEL(memcpy_run_##bytes)                                                         \
    {                                                                                  \
        for (struct buffers *b = ctx; n; n--) {                                        \
            size_t size = bytes;                                                       \
            HV_BARRIER(size);                                                          \
            HV_BARRIER(b);                                                             \
            memcpy(b->target.byte, b->source.byte, size);                              \
        }                                                                              \
    }
MEMCPY_RUN(0)
MEMCPY_RUN(1)
MEMCPY_RUN(16)
MEMCPY_RUN(100)
MEMCPY_RUN(256)
MEMCPY_RUN(1000)
MEMCPY_RUN(4096)
MEMCPY_RUN(65536)

KERNEL_ALONE static struct block give(const struct block *block)
{
    return *block;
}

KERNEL(return_by_value)
{
    for (struct buffers *b = ctx; n; n--) {
        HV_BARRIER(b);
        b->target.block = give(&b->source.block);
    }
}

KERNEL(byte_loop)
{
    for (struct buffers *b = ctx; n; n--) {
        HV_BARRIER(b);
        for (unsigned i = 0; i < BLOCK; i++)
            b->target.byte[i] = b->source.byte[i];
    }
}

KERNEL(word_loop)
{
    for (struct buffers *b = ctx; n; n--) {
        HV_BARRIER(b);
        for (unsigned i = 0; i < BLOCK / 8; i++)
            b->target.word[i] = b->source.word[i];
    }
}

#define STRING_COPY(name, instruction, count, last)                                    \
    KERNEL(name)                                                                       \
    {                                                                                  \
        for (struct buffers *b = ctx; n; n--) {                                        \
            HV_BARRIER(b);                                                             \
            uint8_t *to = b->target.byte + (last);                                     \
            const uint8_t *from = b->source.byte + (last);                             \
            size_t times = (count);                                                    \
            __asm__ volatile(instruction                                               \
                             : "+D"(to), "+S"(from), "+c"(times)                       \
                             :                                                         \
                             : "memory");                                              \
        }                                                                              \
    }
STRING_COPY(rep_movsb, "rep movsb", BLOCK, 0)
STRING_COPY(rep_movsq, "rep movsq", BLOCK / 8, 0)
STRING_COPY(rep_movsb_back, "std\n\trep movsb\n\tcld", BLOCK, BLOCK - 1)
STRING_COPY(rep_movsq_back, "std\n\trep movsq\n\tcld", BLOCK / 8, BLOCK - 8)

/* In assembly, since at -O0 every value of an intrinsic goes through the stack. */
KERNEL(non_temporal)
{
    for (struct buffers *b = ctx; n; n--) {
        HV_BARRIER(b);
        for (unsigned i = 0; i < BLOCK; i += 16)
            __asm__ volatile("movdqa (%1), %%xmm0\n\tmovntdq %%xmm0, (%0)"
                             :
                             : "r"(b->target.byte + i), "r"(b->source.byte + i)
                             : "xmm0", "memory");
    }
}

KERNEL(masked_37)
{
    for (struct buffers *b = ctx; n; n--) {
        HV_BARRIER(b);
        __asm__ volatile("kmovq %2, %%k1\n\t"
                         "vmovdqu8 (%1), %%zmm17%{%%k1%}%{z%}\n\t"
                         "vmovdqu8 %%zmm17, (%0)%{%%k1%}\n\t"
                         :
                         : "r"(b->target.byte), "r"(b->source.byte),
                           "r"((UINT64_C(1) << 37) - 1)
                         : "memory");
    }
}
