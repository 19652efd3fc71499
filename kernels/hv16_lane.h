/* SPDX-License-Identifier: MIT */
/* The widest vector of the ISA an object is compiled for, and the logic on it. */
#ifndef HV_KERNELS_HV16_LANE_H
#define HV_KERNELS_HV16_LANE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__AVX2__)
#include <immintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

#define HV16_INLINE static inline __attribute__((always_inline))

#if defined(__AVX512BW__)
#define HV16_LANE_BYTES 64
#elif defined(__AVX2__)
#define HV16_LANE_BYTES 32
#elif defined(__aarch64__) && !defined(__ARM_NEON)
#define HV16_LANE_BYTES 8 /* no vectors: a general register */
#else
#define HV16_LANE_BYTES 16 /* SSE2 and NEON, and harmless elsewhere */
#endif

typedef uint64_t hv16_lane __attribute__((vector_size(HV16_LANE_BYTES)));

/* Through memcpy, so that an address needs no alignment. */
HV16_INLINE hv16_lane hv16_load(const uint8_t *from)
{
    hv16_lane lane;
    memcpy(&lane, from, sizeof lane);
    return lane;
}

HV16_INLINE void hv16_store(uint8_t *to, hv16_lane lane)
{
    memcpy(to, &lane, sizeof lane);
}

/* A full adder on every bit: carry and sum of a + b + c. */
HV16_INLINE hv16_lane hv16_carry(hv16_lane a, hv16_lane b, hv16_lane c)
{
#if defined(__AVX512BW__)
    return (hv16_lane)_mm512_ternarylogic_epi64((__m512i)a, (__m512i)b, (__m512i)c,
                                                0xe8);
#elif defined(__ARM_NEON)
    return (hv16_lane)vbslq_u64((uint64x2_t)(a ^ b), (uint64x2_t)c, (uint64x2_t)a);
#else
    return (a & b) | ((a ^ b) & c);
#endif
}

HV16_INLINE hv16_lane hv16_sum(hv16_lane a, hv16_lane b, hv16_lane c)
{
#if defined(__AVX512BW__)
    return (hv16_lane)_mm512_ternarylogic_epi64((__m512i)a, (__m512i)b, (__m512i)c,
                                                0x96);
#else
    return a ^ b ^ c;
#endif
}

#endif
