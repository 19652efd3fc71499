/* SPDX-License-Identifier: MIT */
/* HV16 one bit at a time. */
#include "kernels/hv16_reference.h"

#include "kernels/blake3_xof.h"

static unsigned bit(const uint8_t *vector, size_t index)
{
    return vector[index / 8] >> (index % 8) & 1u;
}

void hv_reference_random(uint8_t *out, size_t bytes, uint64_t seed)
{
    uint8_t input[8];
    for (unsigned i = 0; i < 8; i++)
        input[i] = (uint8_t)(seed >> (8 * i));
    blake3_xof(out, bytes, input, sizeof input);
}

void hv_reference_bind(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        out[i] = a[i] ^ b[i];
}

float hv_reference_similarity(const uint8_t *a, const uint8_t *b, size_t bytes)
{
    size_t differ = 0;
    for (size_t i = 0; i < 8 * bytes; i++)
        differ += bit(a, i) != bit(b, i);
    return 1.0f - (float)differ / (float)(8 * bytes);
}

void hv_reference_bundle(uint8_t *out, const uint8_t *vectors, size_t k, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        out[i] = 0;
    for (size_t i = 0; i < 8 * bytes; i++) {
        size_t ones = 0;
        for (size_t v = 0; v < k; v++)
            ones += bit(vectors + v * bytes, i);
        if (2 * ones > k)
            out[i / 8] |= (uint8_t)(1u << (i % 8));
    }
}
