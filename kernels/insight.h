/* SPDX-License-Identifier: MIT */
/* What the insights share: buffers, and lanes that are loaded or stored for their own
 * sake. An insight is the price of something beside the price of its loads and stores.
 */
#ifndef HV_KERNELS_INSIGHT_H
#define HV_KERNELS_INSIGHT_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/hv16.h"
#include "kernels/hv16_reference.h"
#include "kernels/pair_support.h"

struct insight {
    size_t bytes; /* of each of the two sources and of the sink */
    uint8_t *a, *b, *sink;
    uint8_t *left; /* what both arms leave behind: 64 bytes */
};

enum { INSIGHT_LEFT = 64 };

/* The lane must be in a register here: neither its load nor a store of it can go. */
HV16_INLINE hv16_lane insight_lane(hv16_lane lane)
{
#if defined(__x86_64__)
    __asm__ volatile("" : "+v"(lane));
#elif defined(__aarch64__) && defined(__ARM_NEON)
    __asm__ volatile("" : "+w"(lane));
#elif defined(__aarch64__)
    __asm__ volatile("" : "+r"(lane));
#else
    __asm__ volatile("" : "+m"(lane));
#endif
    return lane;
}

static inline void insight_teardown(struct hv_work *work)
{
    struct insight *c = work->ctx;
    if (!c)
        return;
    free(c->a);
    free(c->b);
    free(c->sink);
    free(c->left);
    free(c);
    work->ctx = NULL;
}

/* As many bytes as the footprint says, in whole vectors of 64 bytes; else a vector of
 * the dimension. a is random, b and the sink are zero. The caller fills in the rest of
 * work. */
static inline int insight_setup(struct hv_work *work, const struct hv_size *size)
{
    const size_t vector = hv_pair_vector_bytes(size);
    if (!vector)
        return -EINVAL;
    struct insight *c = calloc(1, sizeof *c);
    if (!c)
        return -ENOMEM;
    c->bytes = size->footprint ? 64 * hv_pair_count(size, 64) : vector;
    c->a = hv_pair_vectors(c->bytes / 64, 64, size->seed);
    c->b = hv_pair_buffer(c->bytes);
    c->sink = hv_pair_buffer(c->bytes);
    c->left = hv_pair_buffer(INSIGHT_LEFT);
    *work = (struct hv_work){
        .ctx = c,
        .result = c->left,
        .result_bytes = INSIGHT_LEFT,
        .items = 1,
        .bytes = c->bytes,
        .footprint = c->bytes,
        .declares_copies = 1,
    };
    if (c->a && c->b && c->sink && c->left)
        return 0;
    insight_teardown(work);
    return -ENOMEM;
}

#endif
