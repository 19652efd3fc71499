/* SPDX-License-Identifier: MIT */
/* stack_vs_heap: one random vector in a fresh heap block, or on the stack. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/hv16.h"
#include "kernels/hv16_reference.h"
#include "kernels/hvperf.h"
#include "kernels/pair_support.h"

/* The definition fixes the input, random(42); the seed plays no part. */
enum { SEED = 42, BLOCK = 64 };

/* What both arms leave behind: the first word of every 64 bytes, that is of every
 * BLAKE3 output block. Four loads in 300 ns of generator. */
struct stack_vs_heap {
    size_t bytes;
    uint64_t *out;
};

HV_PLACED static void generate(uint8_t *out, size_t bytes, uint64_t seed)
{
    hv16_random(out, bytes, seed);
}

HV16_INLINE void keep_words(uint64_t *out, const uint8_t *vector, size_t bytes)
{
    for (size_t i = 0; i < bytes / BLOCK; i++)
        memcpy(&out[i], vector + i * BLOCK, sizeof out[i]);
}

HV16_INLINE void make_on_heap(struct stack_vs_heap *c, uint64_t n, size_t bytes)
{
    for (; n; n--) {
        uint64_t seed = SEED;
        HV_BARRIER(seed);
        uint8_t *vector = malloc(bytes);
        if (!vector)
            return; /* the result stays as it was, and check refuses it */
        generate(vector, bytes, seed);
        HV_KEEP(vector);
        keep_words(c->out, vector, bytes);
        free(vector);
    }
}

HV16_INLINE void make_on_stack(struct stack_vs_heap *c, uint64_t n, size_t bytes,
                               uint8_t *vector)
{
    for (; n; n--) {
        uint64_t seed = SEED;
        HV_BARRIER(seed);
        generate(vector, bytes, seed);
        HV_KEEP(vector);
        keep_words(c->out, vector, bytes);
    }
}

HV_PLACED static void make_on_stack_any(struct stack_vs_heap *c, uint64_t n)
{
    struct hv16_room vector;
    make_on_stack(c, n, c->bytes, vector.byte);
}

HV_ARM(heap_box_allocation)
{
    struct stack_vs_heap *c = ctx;
    if (c->bytes == HV16_BYTES)
        make_on_heap(c, n, HV16_BYTES);
    else
        make_on_heap(c, n, c->bytes);
}

HV_ARM(stack_allocation)
{
    struct stack_vs_heap *c = ctx;
    if (c->bytes != HV16_BYTES) {
        make_on_stack_any(c, n);
        return;
    }
    struct hv16 vector;
    make_on_stack(c, n, HV16_BYTES, vector.byte);
}

static void teardown(struct hv_work *work)
{
    struct stack_vs_heap *c = work->ctx;
    if (!c)
        return;
    free(c->out);
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
    *work = (struct hv_work){
        .ctx = c,
        .result = c->out,
        .result_bytes = bytes / BLOCK * sizeof *c->out,
        .items = 1,
        .bytes = bytes,
        .declares_copies = 1, /* none: both arms make the vector where it stays */
    };
    if (c->out)
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

HV_PAIR(stack_vs_heap,
        .question = "Does a heap block make one random vector slower to make?",
        .predicted = 50, .baseline = {"heap_box_allocation", heap_box_allocation},
        .candidate = {"stack_allocation", stack_allocation}, .setup = setup,
        .check = check, .teardown = teardown);
