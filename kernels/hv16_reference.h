/* SPDX-License-Identifier: MIT */
/* The slow and obvious HV16 that the fast ones are checked against. */
#ifndef HV_KERNELS_HV16_REFERENCE_H
#define HV_KERNELS_HV16_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

/* One bit at a time, compiled once, never placed. Sizes in bytes, any number. random is
 * the same source as the placed generators', at the tool's own flags; what vouches for
 * it are the published vectors (tests/unit/test_blake3.c). */
void hv_reference_random(uint8_t *out, size_t bytes, uint64_t seed);
void hv_reference_bind(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t bytes);
float hv_reference_similarity(const uint8_t *a, const uint8_t *b, size_t bytes);
/* k vectors one after the other; ties give 0. */
void hv_reference_bundle(uint8_t *out, const uint8_t *vectors, size_t k, size_t bytes);

#endif
