/* SPDX-License-Identifier: MIT */
/* What the built-in pairs share in setup and check: memory, inputs, comparison. */
#ifndef HV_KERNELS_PAIR_SUPPORT_H
#define HV_KERNELS_PAIR_SUPPORT_H

#include <stddef.h>
#include <stdint.h>

#include "kernels/hvperf.h"

/* Compiled once, at the tool's own flags: none of it may be called by an arm. */

/* Bytes of a vector of this size; 0 if the size is not one that hv_size allows. */
size_t hv_pair_vector_bytes(const struct hv_size *size);

/* How many items of that many bytes the footprint holds; at least 1. */
size_t hv_pair_count(const struct hv_size *size, size_t bytes);

/* Zeroed (so already mapped), at a 64-byte boundary; NULL: out of memory. free() it. */
void *hv_pair_buffer(size_t bytes);

/* count vectors one after the other: random(seed), random(seed + 1), ...; else as
 * hv_pair_buffer. */
uint8_t *hv_pair_vectors(size_t count, size_t bytes, uint64_t seed);

/* 0 if both are the same, else -EBADMSG and the first difference in why. */
int hv_pair_compare(const char *what, const void *got, const void *want, size_t bytes,
                    char *why, size_t why_bytes);

#endif
