/* SPDX-License-Identifier: MIT */
/* HV16's operations as functions; compiled once for each ISA, with its flags. */
#include "kernels/hv16_ops.h"

#include "kernels/hv16.h"
#include "kernels/hvperf.h"

static void fill(uint8_t *out, size_t bytes, uint64_t seed)
{
    hv16_random(out, bytes, seed);
}

static void bind(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t bytes)
{
    hv16_bind(out, a, b, bytes);
}

static float similarity(const uint8_t *a, const uint8_t *b, size_t bytes)
{
    return hv16_similarity(a, b, bytes);
}

static void bundle(uint8_t *out, const uint8_t *vectors, size_t k, size_t bytes)
{
    hv16_bundle(out, vectors, k, bytes);
}

/* hv_hv16_ops_<isa>_0 */
extern const struct hv_hv16_ops HV_SYMBOL(hv16_ops);
const struct hv_hv16_ops HV_SYMBOL(hv16_ops) = {fill, bind, similarity, bundle};
