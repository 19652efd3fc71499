/* SPDX-License-Identifier: MIT */
/* HV16, the binary hypervector of the built-in hypothesis: random, bind, similarity. */
#ifndef HV_KERNELS_HV16_H
#define HV_KERNELS_HV16_H

#include "kernels/blake3_xof.h"
#include "kernels/hv16_bundle.h"
#include "kernels/hv16_hamming.h"
#include "kernels/hv16_lane.h"
#include "kernels/hvperf_vary.h"

/* Everything is static and inlined, so that each placed object carries its own copy,
 * compiled for its ISA. Sizes are in bytes: a multiple of 64, at most HV16_MAX_BYTES.
 * Addresses need no alignment, but the pairs align everything to 64, or the split cache
 * lines of one layout would be timed as a difference between arms. */
enum {
    HV16_BYTES = 256,      /* the hypothesis' own size, 2048 bits */
    HV16_MAX_BYTES = 8192, /* 65536 bits */
};

/* A vector of the default size: clones have a length that the compiler knows. */
struct hv16 {
    _Alignas(64) uint8_t byte[HV16_BYTES];
};

/* Room for a vector of any size, also for one that an experiment moves. The tail keeps
 * two neighbours from having the same address mod 4096, where stores to one would hold
 * up loads from the other. */
struct hv16_room {
    _Alignas(64) uint8_t byte[HV16_MAX_BYTES + HV_VARY_SLACK + 320];
};

/* Declares room for two clones of the default size, first and second, where an arm as
 * it is has them and, as vary says, elsewhere: the frame then grows by HV_VARY_SLACK,
 * so that temp_64 changes the low 12 bits of their addresses by 64, and temp_4096 not.
 */
#define HV16_TWO_ROOMS(first, second, vary)                                            \
    struct hv16 first##_here, second##_here;                                           \
    struct {                                                                           \
        _Alignas(64) uint8_t byte[2 * HV16_BYTES + HV_VARY_SLACK];                     \
    } moved;                                                                           \
    uint8_t *first = hv_is_moved(vary) ? hv_temporary(moved.byte, vary)                \
                                       : first##_here.byte,                            \
            *second = hv_is_moved(vary) ? first + HV16_BYTES : second##_here.byte

/* Fills the vector with BLAKE3's output for the seed's eight little-endian bytes. */
HV16_INLINE void hv16_random(uint8_t *out, size_t bytes, uint64_t seed)
{
    uint8_t input[8];
    for (unsigned i = 0; i < 8; i++)
        input[i] = (uint8_t)(seed >> (8 * i));
    blake3_xof(out, bytes, input, sizeof input);
}

/* out = a XOR b; out overlaps neither. */
HV16_INLINE void hv16_bind(uint8_t *restrict out, const uint8_t *restrict a,
                           const uint8_t *restrict b, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += sizeof(hv16_lane))
        hv16_store(out + i, hv16_load(a + i) ^ hv16_load(b + i));
}

/* The share of equal bits: 1 - hamming / bits, 0 to 1. Counted in integers and divided
 * once, so every ISA gives the same float. */
HV16_INLINE float hv16_similarity(const uint8_t *a, const uint8_t *b, size_t bytes)
{
    return 1.0f - (float)hv16_hamming(a, b, bytes) / (float)(8 * bytes);
}

#endif
