/* SPDX-License-Identifier: MIT */
/* allocation: 1000 random vectors pushed to a growing vector, or made in one buffer. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/hv16.h"
#include "kernels/hv16_reference.h"
#include "kernels/hvperf_vary.h"
#include "kernels/pair_support.h"

/* The definition fixes the inputs, random(0) to random(999); the seed plays no part. */
enum { VECTORS = 1000, FIRST_CAPACITY = 4, KEPT = 18 };

/* What both arms leave behind: one word of each of these vectors, the neighbours of
 * every growth among them. Eighteen loads in 300 us of generator. */
static const uint16_t kept[KEPT] = {0,  3,  4,   7,   8,   15,  16,  31,  32,
                                    63, 64, 127, 128, 255, 256, 511, 512, 999};

struct allocation {
    size_t bytes;
    uint8_t *arena; /* the candidate's; the pool of the baseline with a change */
    uint64_t *out;
    uint8_t *table; /* all vectors, for both arms without the generator */
};

/* The generator carries nearly all the time, so both arms call the same copy of it. */
HV_PLACED static void generate(uint8_t *out, size_t bytes, uint64_t seed)
{
    hv16_random(out, bytes, seed);
}

/* What both arms do in its place when isolated: a copy from the table. */
HV_PLACED static void look_up(uint8_t *out, size_t bytes, const uint8_t *made)
{
    memcpy(out, made, bytes);
}

HV16_INLINE void make(const struct allocation *c, uint8_t *out, size_t bytes,
                      uint64_t seed, const enum hv_vary vary)
{
    if (vary == hv_isolated)
        look_up(out, bytes, c->table + seed * bytes);
    else
        generate(out, bytes, seed);
}

HV16_INLINE void keep_words(uint64_t *out, const uint8_t *vectors, size_t bytes)
{
    for (size_t i = 0; i < KEPT; i++)
        memcpy(&out[i], vectors + kept[i] * bytes + i * 8 % bytes, sizeof out[i]);
}

/* Grows as Rust's Vec does for elements of this size: from nothing to four, then
 * doubling. NULL: out of memory, and the old vector is gone. */
HV16_INLINE uint8_t *grow(uint8_t *vector, size_t *capacity, size_t bytes)
{
    *capacity = *capacity ? 2 * *capacity : FIRST_CAPACITY;
    uint8_t *grown = realloc(vector, *capacity * bytes);
    if (!grown)
        free(vector);
    return grown;
}

HV16_INLINE void fill_arena(struct allocation *c, uint64_t n, size_t bytes,
                            const enum hv_vary vary)
{
    for (; n; n--) {
        uint64_t seed = 0;
        HV_BARRIER(seed);
        uint8_t *arena = c->arena;
        HV_BARRIER(arena);
        for (size_t i = 0; i < VECTORS; i++)
            make(c, arena + i * bytes, bytes, seed + i, vary);
        HV_KEEP(arena);
        keep_words(c->out, arena, bytes);
    }
}

/* What tests why the growing vector costs what it does. */
#define CHANGES(X)                                                                     \
    X(traditional_vec_allocation, copy_away)                                           \
    X(traditional_vec_allocation, alloc_hoisted)                                       \
    X(traditional_vec_allocation, alloc_touched)
#define PUSHES(X) CHANGES(X) X(traditional_vec_allocation, isolated)

/* With every change known to the preprocessor: if the body were an inline function with
 * a parameter for it, gcc would arrange the arm in another way. Without memory the
 * result stays as it was, and check refuses it. Where the capacity is there from the
 * start, the test for growth stays. Room of the largest size has a function of its own,
 * because it would spread the arm's frame. */
#define PUSHING(arm, change)                                                           \
    HV16_INLINE void change##_vectors(struct allocation *c, uint64_t n, size_t bytes,  \
                                      uint8_t *fresh)                                  \
    {                                                                                  \
        for (; n; n--) {                                                               \
            uint64_t seed = 0;                                                         \
            HV_BARRIER(seed);                                                          \
            uint8_t *vector = NULL;                                                    \
            size_t capacity = 0;                                                       \
            if (hv_##change == hv_alloc_hoisted) {                                     \
                vector = c->arena;                                                     \
                capacity = VECTORS;                                                    \
                HV_BARRIER(capacity);                                                  \
            }                                                                          \
            for (size_t i = 0; i < VECTORS; i++) {                                     \
                if (hv_##change != hv_copy_away)                                       \
                    make(c, fresh, bytes, seed + i, hv_##change);                      \
                if (i == capacity && !(vector = grow(vector, &capacity, bytes)))       \
                    return;                                                            \
                uint8_t *place =                                                       \
                    (hv_##change == hv_alloc_touched ? c->arena : vector) + i * bytes; \
                if (hv_##change == hv_copy_away)                                       \
                    make(c, place, bytes, seed + i, hv_##change);                      \
                else                                                                   \
                    memcpy(place, fresh, bytes);                                       \
            }                                                                          \
            uint8_t *filled = hv_##change == hv_alloc_touched ? c->arena : vector;     \
            HV_KEEP(filled);                                                           \
            keep_words(c->out, filled, bytes);                                         \
            if (hv_##change != hv_alloc_hoisted)                                       \
                free(vector);                                                          \
        }                                                                              \
    }                                                                                  \
    HV_PLACED static void any_##change(struct allocation *c, uint64_t n)               \
    {                                                                                  \
        struct hv16_room fresh;                                                        \
        change##_vectors(c, n, c->bytes, fresh.byte);                                  \
    }                                                                                  \
    HV_ARM(arm)                                                                        \
    {                                                                                  \
        struct allocation *c = ctx;                                                    \
        if (c->bytes != HV16_BYTES) {                                                  \
            any_##change(c, n);                                                        \
            return;                                                                    \
        }                                                                              \
        struct hv16 fresh;                                                             \
        change##_vectors(c, n, HV16_BYTES, fresh.byte);                                \
    }
#define CHANGED(arm, change) PUSHING(arm##_##change, change)
PUSHING(traditional_vec_allocation, as_is)
PUSHES(CHANGED)

HV_BODY(arena_preallocated_buffer)
{
    struct allocation *c = ctx;
    if (c->bytes == HV16_BYTES)
        fill_arena(c, n, HV16_BYTES, vary);
    else
        fill_arena(c, n, c->bytes, vary);
}
HV_AS_IS(arena_preallocated_buffer)
HV_CHANGED(arena_preallocated_buffer, isolated)

static void teardown(struct hv_work *work)
{
    struct allocation *c = work->ctx;
    if (!c)
        return;
    free(c->arena);
    free(c->out);
    free(c->table);
    free(c);
    work->ctx = NULL;
}

static int setup(struct hv_work *work, const struct hv_size *size)
{
    const size_t bytes = hv_pair_vector_bytes(size);
    if (!bytes)
        return -EINVAL;
    struct allocation *c = calloc(1, sizeof *c);
    if (!c)
        return -ENOMEM;
    c->bytes = bytes;
    c->arena = hv_pair_buffer(VECTORS * bytes);
    c->out = hv_pair_buffer(KEPT * sizeof *c->out);
    c->table = hv_pair_vectors(VECTORS, bytes, 0);
    /* Declared: a push moves a vector from the stack into place. Not declared: what
     * realloc carries over, since whether it copies is the allocator's choice; whoever
     * counts bytes sees it. The arena's vectors are made where they stay. */
    *work = (struct hv_work){
        .ctx = c,
        .result = c->out,
        .result_bytes = KEPT * sizeof *c->out,
        .items = VECTORS,
        .bytes = VECTORS * bytes,
        .declares_copies = 1,
        .copied_baseline = VECTORS * bytes,
    };
    if (c->arena && c->out && c->table)
        return 0;
    teardown(work);
    return -ENOMEM;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct allocation *c = work->ctx;
    uint64_t want[KEPT];
    uint8_t vector[HV16_MAX_BYTES];
    for (size_t i = 0; i < KEPT; i++) {
        hv_reference_random(vector, c->bytes, kept[i]);
        memcpy(&want[i], vector + i * 8 % c->bytes, sizeof want[i]);
    }
    return hv_pair_compare("the vectors' words", c->out, want, sizeof want, why,
                           why_bytes);
}

static const struct hv_experiment experiments[] = {CHANGES(HV_CHANGE) HV_ISOLATE(
    traditional_vec_allocation, arena_preallocated_buffer)};

HV_PAIR(allocation,
        .question = "Does a growing vector make 1000 random vectors slower to build?",
        .predicted = 100,
        .baseline = {"traditional_vec_allocation", traditional_vec_allocation},
        .candidate = {"arena_preallocated_buffer", arena_preallocated_buffer},
        .setup = setup, .check = check, .teardown = teardown,
        .experiments = experiments, .n_experiments = HV_COUNT(experiments));
