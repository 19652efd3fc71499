/* SPDX-License-Identifier: MIT */
/* stack_vs_heap: one random vector in a fresh heap block, or on the stack. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/hv16.h"
#include "kernels/hv16_reference.h"
#include "kernels/hvperf_vary.h"
#include "kernels/pair_support.h"

/* The definition fixes the input, random(42); the seed plays no part. */
enum { SEED = 42, BLOCK = 64 };

/* What both arms leave behind: the first word of every 64 bytes, that is of every
 * BLAKE3 output block. Four loads in 300 ns of generator. */
struct stack_vs_heap {
    size_t bytes;
    uint64_t *out;
    uint8_t *pool;  /* the heap block of the baseline with a change */
    uint8_t *table; /* the vector, for both arms without the generator */
};

HV_PLACED static void generate(uint8_t *out, size_t bytes, uint64_t seed)
{
    hv16_random(out, bytes, seed);
}

/* What both arms do in its place when isolated: a copy from the table. */
HV_PLACED static void look_up(uint8_t *out, size_t bytes, const uint8_t *made)
{
    memcpy(out, made, bytes);
}

HV16_INLINE void make(const struct stack_vs_heap *c, uint8_t *out, size_t bytes,
                      uint64_t seed, const enum hv_vary vary)
{
    if (vary == hv_isolated)
        look_up(out, bytes, c->table + (seed - SEED) * bytes);
    else
        generate(out, bytes, seed);
}

HV16_INLINE void keep_words(uint64_t *out, const uint8_t *vector, size_t bytes)
{
    for (size_t i = 0; i < bytes / BLOCK; i++)
        memcpy(&out[i], vector + i * BLOCK, sizeof out[i]);
}

HV16_INLINE void make_on_stack(struct stack_vs_heap *c, uint64_t n, size_t bytes,
                               uint8_t *vector, const enum hv_vary vary)
{
    for (; n; n--) {
        uint64_t seed = SEED;
        HV_BARRIER(seed);
        make(c, vector, bytes, seed, vary);
        HV_KEEP(vector);
        keep_words(c->out, vector, bytes);
    }
}

/* What tests why the heap block costs what it does. */
#define CHANGES(X)                                                                     \
    X(heap_box_allocation, alloc_hoisted)                                              \
    X(heap_box_allocation, alloc_touched)

/* With every change known to the preprocessor: if the body were an inline function with
 * a parameter for it, gcc would arrange the arm in another way. Without memory the
 * result stays as it was, and check refuses it. */
#define ALLOCATE(vary)                                                                 \
    ((vary) == hv_as_is || (vary) == hv_isolated ? malloc(bytes)                       \
                                                 : hv_allocate(c->pool, bytes, vary))
#define ON_HEAP(arm, change)                                                           \
    HV16_INLINE void change##_on_heap(struct stack_vs_heap *c, uint64_t n,             \
                                      size_t bytes)                                    \
    {                                                                                  \
        for (; n; n--) {                                                               \
            uint64_t seed = SEED;                                                      \
            HV_BARRIER(seed);                                                          \
            uint8_t *vector = ALLOCATE(hv_##change);                                   \
            if (!vector)                                                               \
                return;                                                                \
            make(c, vector, bytes, seed, hv_##change);                                 \
            HV_KEEP(vector);                                                           \
            keep_words(c->out, vector, bytes);                                         \
            hv_release(vector, hv_##change);                                           \
        }                                                                              \
    }                                                                                  \
    HV_ARM(arm)                                                                        \
    {                                                                                  \
        struct stack_vs_heap *c = ctx;                                                 \
        if (c->bytes == HV16_BYTES)                                                    \
            change##_on_heap(c, n, HV16_BYTES);                                        \
        else                                                                           \
            change##_on_heap(c, n, c->bytes);                                          \
    }
#define CHANGED(arm, change) ON_HEAP(arm##_##change, change)
ON_HEAP(heap_box_allocation, as_is)
CHANGES(CHANGED)
ON_HEAP(heap_box_allocation_isolated, isolated)

/* Room of the largest size has a function of its own: it would spread the arm's frame.
 */
#define ON_STACK(arm, change)                                                          \
    HV_PLACED static void any_##change(struct stack_vs_heap *c, uint64_t n)            \
    {                                                                                  \
        struct hv16_room vector;                                                       \
        make_on_stack(c, n, c->bytes, vector.byte, hv_##change);                       \
    }                                                                                  \
    HV_ARM(arm)                                                                        \
    {                                                                                  \
        struct stack_vs_heap *c = ctx;                                                 \
        if (c->bytes != HV16_BYTES) {                                                  \
            any_##change(c, n);                                                        \
            return;                                                                    \
        }                                                                              \
        struct hv16 vector;                                                            \
        make_on_stack(c, n, HV16_BYTES, vector.byte, hv_##change);                     \
    }
ON_STACK(stack_allocation, as_is)
ON_STACK(stack_allocation_isolated, isolated)

static void teardown(struct hv_work *work)
{
    struct stack_vs_heap *c = work->ctx;
    if (!c)
        return;
    free(c->out);
    free(c->pool);
    free(c->table);
    free(c);
    work->ctx = NULL;
}

static int setup(struct hv_work *work, const struct hv_size *size)
{
    const size_t bytes = hv_pair_vector_bytes(size);
    if (!bytes)
        return -EINVAL;
    struct stack_vs_heap *c = calloc(1, sizeof *c);
    if (!c)
        return -ENOMEM;
    c->bytes = bytes;
    c->out = hv_pair_buffer(bytes / BLOCK * sizeof *c->out);
    c->pool = hv_pair_buffer(bytes);
    c->table = hv_pair_vectors(1, bytes, SEED);
    *work = (struct hv_work){
        .ctx = c,
        .result = c->out,
        .result_bytes = bytes / BLOCK * sizeof *c->out,
        .items = 1,
        .bytes = bytes,
        .declares_copies = 1, /* none: both arms make the vector where it stays */
    };
    if (c->out && c->pool && c->table)
        return 0;
    teardown(work);
    return -ENOMEM;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct stack_vs_heap *c = work->ctx;
    uint64_t want[HV16_MAX_BYTES / BLOCK];
    uint8_t vector[HV16_MAX_BYTES];
    hv_reference_random(vector, c->bytes, SEED);
    for (size_t i = 0; i < c->bytes / BLOCK; i++)
        memcpy(&want[i], vector + i * BLOCK, sizeof want[i]);
    return hv_pair_compare("the vector's words", c->out, want, work->result_bytes, why,
                           why_bytes);
}

static const struct hv_experiment experiments[] = {
    CHANGES(HV_CHANGE) HV_ISOLATE(heap_box_allocation, stack_allocation)};

HV_PAIR(stack_vs_heap,
        .question = "Does a heap block make one random vector slower to make?",
        .predicted = 50, .baseline = {"heap_box_allocation", heap_box_allocation},
        .candidate = {"stack_allocation", stack_allocation}, .setup = setup,
        .check = check, .teardown = teardown, .experiments = experiments,
        .n_experiments = HV_COUNT(experiments));
