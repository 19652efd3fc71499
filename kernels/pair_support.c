/* SPDX-License-Identifier: MIT */
/* Memory, inputs and comparison for the built-in pairs. */
#include "kernels/pair_support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/hv16_reference.h"

enum { DIM_STEP = 512, DIM_MAX = 65536 };

size_t hv_pair_vector_bytes(const struct hv_size *size)
{
    const uint32_t dim = size->dim_bits;
    return dim > DIM_MAX || dim % DIM_STEP ? 0 : dim / 8;
}

size_t hv_pair_count(const struct hv_size *size, size_t bytes)
{
    return size->footprint < bytes ? 1 : size->footprint / bytes;
}

void *hv_pair_buffer(size_t bytes)
{
    const size_t rounded = (bytes + 63) / 64 * 64;
    void *buffer = aligned_alloc(64, rounded);
    if (buffer)
        memset(buffer, 0, rounded);
    return buffer;
}

uint8_t *hv_pair_vectors(size_t count, size_t bytes, uint64_t seed)
{
    uint8_t *vectors = hv_pair_buffer(count * bytes);
    for (size_t i = 0; vectors && i < count; i++)
        hv_reference_random(vectors + i * bytes, bytes, seed + i);
    return vectors;
}

int hv_pair_compare(const char *what, const void *got, const void *want, size_t bytes,
                    char *why, size_t why_bytes)
{
    const uint8_t *g = got, *w = want;
    for (size_t i = 0; i < bytes; i++) {
        if (g[i] == w[i])
            continue;
        snprintf(why, why_bytes,
                 "byte %zu of %zu of %s is 0x%02x, the reference says 0x%02x", i, bytes,
                 what, g[i], w[i]);
        return -EBADMSG;
    }
    return 0;
}
