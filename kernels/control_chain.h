/* SPDX-License-Identifier: MIT */
/* Chains of dependent additions and multiplications, exact in number. */
#ifndef HV_KERNELS_CONTROL_CHAIN_H
#define HV_KERNELS_CONTROL_CHAIN_H

#include <stdint.h>

#define CHAIN_INLINE static inline __attribute__((always_inline))

/* Both operands are registers: newer cores execute an add of a small constant in the
 * renamer, in no time. 64-bit add: 1 cycle of latency on every core known. 64-bit imul:
 * 3 cycles on Intel since Nehalem and on AMD since Zen (uops.info). */
#if defined(__x86_64__)
#define CHAIN_ADD   "addq %1, %0\n\t"
#define CHAIN_MUL   "imulq %1, %0\n\t"
#define CHAIN_FLAGS , "cc"
#elif defined(__aarch64__)
#define CHAIN_ADD "add %0, %0, %1\n\t"
#define CHAIN_MUL "mul %0, %0, %1\n\t"
#define CHAIN_FLAGS
#endif

#ifdef CHAIN_ADD
#define CHAIN_STEPS(count, step, x, y)                                                 \
    __asm__ volatile(".rept " #count "\n\t" step ".endr"                               \
                     : "+r"(x)                                                         \
                     : "r"(y)                                                          \
                     : "memory" CHAIN_FLAGS)

/* x + 1000 y, as 1000 additions */
CHAIN_INLINE uint64_t chain_add_1000(uint64_t x, uint64_t y)
{
    CHAIN_STEPS(1000, CHAIN_ADD, x, y);
    return x;
}

/* x + n y, as n additions; the loop's own work hides behind 50 cycles of latency */
CHAIN_INLINE uint64_t chain_add(uint64_t x, uint64_t y, uint64_t n)
{
    for (; n >= 50; n -= 50)
        CHAIN_STEPS(50, CHAIN_ADD, x, y);
    for (; n; n--)
        CHAIN_STEPS(1, CHAIN_ADD, x, y);
    return x;
}

/* x y^n, as n multiplications */
CHAIN_INLINE uint64_t chain_multiply(uint64_t x, uint64_t y, uint64_t n)
{
    for (; n >= 50; n -= 50)
        CHAIN_STEPS(50, CHAIN_MUL, x, y);
    for (; n; n--)
        CHAIN_STEPS(1, CHAIN_MUL, x, y);
    return x;
}

#else /* The steps are as many, their cycles are the compiler's affair. */

CHAIN_INLINE uint64_t chain_add(uint64_t x, uint64_t y, uint64_t n)
{
    for (; n; n--) {
        x += y;
        __asm__ volatile("" : "+r"(x));
    }
    return x;
}

CHAIN_INLINE uint64_t chain_add_1000(uint64_t x, uint64_t y)
{
    return chain_add(x, y, 1000);
}

CHAIN_INLINE uint64_t chain_multiply(uint64_t x, uint64_t y, uint64_t n)
{
    for (; n; n--) {
        x *= y;
        __asm__ volatile("" : "+r"(x));
    }
    return x;
}

#endif

#endif
