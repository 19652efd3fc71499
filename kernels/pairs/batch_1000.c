/* SPDX-License-Identifier: MIT */
/* batch_1000: similarity of a query to 1000 memories, on clones or references. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/hv16.h"
#include "kernels/hv16_reference.h"
#include "kernels/hvperf.h"
#include "kernels/pair_support.h"

enum { MEMORIES = 1000 };

/* The similarities are pushed to a vector that is there already, in both arms. */
struct batch {
    size_t bytes;
    uint8_t *query, *memories;
    float *out;
};

HV16_INLINE void batch_clones(struct batch *c, uint64_t n, size_t bytes,
                              uint8_t *clone_query, uint8_t *clone_memory)
{
    for (; n; n--) {
        const uint8_t *query = c->query, *memory = c->memories;
        HV_BARRIER(query);
        HV_BARRIER(memory);
        float *out = c->out;
        for (size_t i = 0; i < MEMORIES; i++) {
            memcpy(clone_query, query, bytes);
            HV_KEEP(clone_query);
            memcpy(clone_memory, memory + i * bytes, bytes);
            HV_KEEP(clone_memory);
            out[i] = hv16_similarity(clone_query, clone_memory, bytes);
        }
        HV_KEEP(out);
    }
}

HV16_INLINE void batch_references(struct batch *c, uint64_t n, size_t bytes)
{
    for (; n; n--) {
        const uint8_t *query = c->query, *memory = c->memories;
        HV_BARRIER(query);
        HV_BARRIER(memory);
        float *out = c->out;
        for (size_t i = 0; i < MEMORIES; i++)
            out[i] = hv16_similarity(query, memory + i * bytes, bytes);
        HV_KEEP(out);
    }
}

HV_PLACED static void batch_clones_any(struct batch *c, uint64_t n)
{
    struct hv16_room query, memory;
    batch_clones(c, n, c->bytes, query.byte, memory.byte);
}

HV_ARM(batch_similarities_1000_with_copy)
{
    struct batch *c = ctx;
    if (c->bytes != HV16_BYTES) {
        batch_clones_any(c, n);
        return;
    }
    struct hv16 query, memory;
    batch_clones(c, n, HV16_BYTES, query.byte, memory.byte);
}

HV_ARM(batch_similarities_1000_zero_copy)
{
    struct batch *c = ctx;
    if (c->bytes == HV16_BYTES)
        batch_references(c, n, HV16_BYTES);
    else
        batch_references(c, n, c->bytes);
}

static void teardown(struct hv_work *work)
{
    struct batch *c = work->ctx;
    if (!c)
        return;
    free(c->query);
    free(c->memories);
    free(c->out);
    free(c);
    work->ctx = NULL;
}

static int setup(struct hv_work *work, const struct hv_size *size)
{
    const size_t bytes = hv_pair_vector_bytes(size);
    if (!bytes)
        return -EINVAL;
    struct batch *c = calloc(1, sizeof *c);
    if (!c)
        return -ENOMEM;
    c->bytes = bytes;
    c->query = hv_pair_vectors(1, bytes, size->seed);
    c->memories = hv_pair_vectors(MEMORIES, bytes, size->seed + 1);
    c->out = hv_pair_buffer(MEMORIES * sizeof *c->out);
    *work = (struct hv_work){
        .ctx = c,
        .result = c->out,
        .result_bytes = MEMORIES * sizeof *c->out,
        .items = MEMORIES,
        .bytes = (1 + MEMORIES) * bytes + MEMORIES * sizeof *c->out,
        .declares_copies = 1,
        .copied_baseline = 2 * bytes * MEMORIES,
    };
    if (c->query && c->memories && c->out)
        return 0;
    teardown(work);
    return -ENOMEM;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct batch *c = work->ctx;
    float want[MEMORIES];
    for (size_t i = 0; i < MEMORIES; i++)
        want[i] =
            hv_reference_similarity(c->query, c->memories + i * c->bytes, c->bytes);
    return hv_pair_compare("the similarities", c->out, want, sizeof want, why,
                           why_bytes);
}

HV_PAIR(batch_1000,
        .question = "Does cloning query and memory make 1000 similarities slower?",
        .predicted = 167,
        .baseline = {"batch_similarities_1000_with_copy",
                     batch_similarities_1000_with_copy},
        .candidate = {"batch_similarities_1000_zero_copy",
                      batch_similarities_1000_zero_copy},
        .setup = setup, .check = check, .teardown = teardown);
