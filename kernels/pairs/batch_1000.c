/* SPDX-License-Identifier: MIT */
/* batch_1000: similarity of a query to 1000 memories, on clones or references. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/hv16.h"
#include "kernels/hv16_reference.h"
#include "kernels/hvperf_vary.h"
#include "kernels/pair_support.h"

enum { MEMORIES = 1000 };

/* The similarities are pushed to a vector that is there already, in both arms. */
struct batch {
    size_t usual; /* bytes, if there are MEMORIES; else 0 */
    uint8_t *query, *memories;
    float *out;
    size_t bytes, count;
};

HV16_INLINE float compare_clones(const uint8_t *query, const uint8_t *memory,
                                 size_t bytes, uint8_t *room_query,
                                 uint8_t *room_memory, const enum hv_vary vary)
{
    const uint8_t *clone_query = hv_copy(room_query, query, bytes, vary),
                  *clone_memory = hv_copy(room_memory, memory, bytes, vary);
    return hv16_similarity(clone_query, clone_memory, bytes);
}

/* `limit` is a constant, or read in every iteration: as a parameter it would have
 * gcc schedule the arm in another way. */
#define EACH_MEMORY(limit, similarity)                                                 \
    for (; n; n--) {                                                                   \
        const uint8_t *query = c->query, *memory = c->memories;                        \
        HV_BARRIER(query);                                                             \
        HV_BARRIER(memory);                                                            \
        float *out = c->out;                                                           \
        for (size_t i = 0; i < (limit); i++)                                           \
            out[i] = similarity;                                                       \
        HV_KEEP(out);                                                                  \
    }

HV16_INLINE void clones(struct batch *c, uint64_t n, uint8_t *room_query,
                        uint8_t *room_memory, const enum hv_vary vary){
    EACH_MEMORY(MEMORIES, compare_clones(query, memory + i * HV16_BYTES, HV16_BYTES,
                                         room_query, room_memory, vary))}

HV16_INLINE
    void some_clones(struct batch *c, uint64_t n, size_t bytes, uint8_t *room_query,
                     uint8_t *room_memory, const enum hv_vary vary){
        EACH_MEMORY(c->count, compare_clones(query, memory + i * bytes, bytes,
                                             room_query, room_memory, vary))}

/* The usual size, but not MEMORIES. */
HV_PLACED static void footprint_clones(struct batch *c, uint64_t n)
{
    struct hv16 query, memory;
    some_clones(c, n, HV16_BYTES, query.byte, memory.byte, hv_as_is);
}

/* What tests why the clones cost what they do. */
#define CHANGES(X)                                                                     \
    X(batch_similarities_1000_with_copy, copy_away)                                    \
    X(batch_similarities_1000_with_copy, copy_twice)                                   \
    X(batch_similarities_1000_with_copy, copy_unread)                                  \
    X(batch_similarities_1000_with_copy, copy_called)                                  \
    X(batch_similarities_1000_with_copy, copy_inlined)                                 \
    X(batch_similarities_1000_with_copy, copy_wide)                                    \
    X(batch_similarities_1000_with_copy, temp_64)                                      \
    X(batch_similarities_1000_with_copy, temp_4096)

/* Other sizes have functions of their own: their rooms would spread the arm's frame. */
#define ANY(arm, change)                                                               \
    HV_PLACED static void any_##change(struct batch *c, uint64_t n)                    \
    {                                                                                  \
        struct hv16_room query, memory;                                                \
        if (hv_##change == hv_as_is && c->bytes == HV16_BYTES)                         \
            footprint_clones(c, n);                                                    \
        else                                                                           \
            some_clones(c, n, c->bytes, hv_temporary(query.byte, hv_##change),         \
                        hv_temporary(memory.byte, hv_##change), hv_##change);          \
    }
ANY(, as_is)
CHANGES(ANY)

/* The arm, as it is and changed: not through HV_BODY, whose second level of inlining
 * would have gcc schedule it in another way, too. */
#define CLONES(arm, change)                                                            \
    HV_ARM(arm)                                                                        \
    {                                                                                  \
        struct batch *c = ctx;                                                         \
        if (c->usual != HV16_BYTES) {                                                  \
            any_##change(c, n);                                                        \
            return;                                                                    \
        }                                                                              \
        HV16_TWO_ROOMS(query, memory, hv_##change);                                    \
        clones(c, n, query, memory, hv_##change);                                      \
    }
#define CHANGED(arm, change) CLONES(arm##_##change, change)
CLONES(batch_similarities_1000_with_copy, as_is)
CHANGES(CHANGED)

HV_PLACED static void other_references(struct batch *c, uint64_t n)
{
    if (c->bytes == HV16_BYTES)
        EACH_MEMORY(c->count,
                    hv16_similarity(query, memory + i * HV16_BYTES, HV16_BYTES))
    else
        EACH_MEMORY(c->count, hv16_similarity(query, memory + i * c->bytes, c->bytes))
}

HV_ARM(batch_similarities_1000_zero_copy)
{
    struct batch *c = ctx;
    if (c->usual != HV16_BYTES) {
        other_references(c, n);
        return;
    }
    EACH_MEMORY(MEMORIES, hv16_similarity(query, memory + i * HV16_BYTES, HV16_BYTES))
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
    const size_t count = size->footprint ? hv_pair_count(size, bytes) : MEMORIES;
    struct batch *c = calloc(1, sizeof *c);
    if (!c)
        return -ENOMEM;
    c->usual = count == MEMORIES ? bytes : 0;
    c->bytes = bytes;
    c->count = count;
    c->query = hv_pair_vectors(1, bytes, size->seed);
    c->memories = hv_pair_vectors(count, bytes, size->seed + 1);
    c->out = hv_pair_buffer(count * sizeof *c->out);
    *work = (struct hv_work){
        .ctx = c,
        .result = c->out,
        .result_bytes = count * sizeof *c->out,
        .items = count,
        .bytes = (1 + count) * bytes + count * sizeof *c->out,
        .footprint = count * bytes,
        .declares_copies = 1,
        .copied_baseline = 2 * bytes * count,
    };
    if (c->query && c->memories && c->out)
        return 0;
    teardown(work);
    return -ENOMEM;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct batch *c = work->ctx;
    float *want = hv_pair_buffer(c->count * sizeof *want);
    if (!want)
        return -ENOMEM;
    for (size_t i = 0; i < c->count; i++)
        want[i] =
            hv_reference_similarity(c->query, c->memories + i * c->bytes, c->bytes);
    const int rc = hv_pair_compare("the similarities", c->out, want, work->result_bytes,
                                   why, why_bytes);
    free(want);
    return rc;
}

static const struct hv_experiment experiments[] = {CHANGES(HV_CHANGE)};

HV_PAIR(batch_1000,
        .question = "Does cloning query and memory make 1000 similarities slower?",
        .predicted = 167, .sweeps = 1,
        .baseline = {"batch_similarities_1000_with_copy",
                     batch_similarities_1000_with_copy},
        .candidate = {"batch_similarities_1000_zero_copy",
                      batch_similarities_1000_zero_copy},
        .setup = setup, .check = check, .teardown = teardown,
        .experiments = experiments, .n_experiments = HV_COUNT(experiments));
