/* SPDX-License-Identifier: MIT */
/* consciousness_cycle: bundle 100 concepts and compare with 1000 memories. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/hv16.h"
#include "kernels/hv16_reference.h"
#include "kernels/hvperf_vary.h"
#include "kernels/pair_support.h"

enum { CONCEPTS = 100, MEMORIES = 1000 };

/* thought and similarities lie in one block, the result. */
struct cycle {
    size_t bytes;
    uint8_t *concepts, *memories, *thought;
    float *similarities;
    uint8_t *pool;  /* the vector of clones, with a change */
    uint8_t *table; /* the thought, for both arms without the bundle */
};

/* Both arms call the same copy, so they cannot differ in how it was compiled. */
HV_PLACED static void bundle(uint8_t *out, const uint8_t *concepts, size_t bytes)
{
    hv16_bundle(out, concepts, CONCEPTS, bytes);
}

/* What both arms do in its place when isolated: a copy from the table. */
HV_PLACED static void look_up(uint8_t *out, size_t bytes, const uint8_t *made)
{
    memcpy(out, made, bytes);
}

HV16_INLINE void think(const struct cycle *c, const uint8_t *concepts, size_t bytes,
                       const enum hv_vary vary)
{
    if (vary == hv_isolated)
        look_up(c->thought, bytes, c->table);
    else
        bundle(c->thought, concepts, bytes);
}

HV16_INLINE void compare_clones(struct cycle *c, size_t bytes, uint8_t *room_thought,
                                uint8_t *room_memory, const enum hv_vary vary)
{
    const uint8_t *memory = c->memories;
    HV_BARRIER(memory);
    float *out = c->similarities;
    for (size_t i = 0; i < MEMORIES; i++) {
        const uint8_t *clone_thought = hv_copy(room_thought, c->thought, bytes, vary),
                      *clone_memory =
                          hv_copy(room_memory, memory + i * bytes, bytes, vary);
        out[i] = hv16_similarity(clone_thought, clone_memory, bytes);
    }
    HV_KEEP(out);
}

/* What tests why the clones cost what they do. */
#define CHANGES(X)                                                                     \
    X(consciousness_cycle_with_copies, copy_away)                                      \
    X(consciousness_cycle_with_copies, copy_twice)                                     \
    X(consciousness_cycle_with_copies, copy_unread)                                    \
    X(consciousness_cycle_with_copies, copy_called)                                    \
    X(consciousness_cycle_with_copies, copy_inlined)                                   \
    X(consciousness_cycle_with_copies, copy_wide)                                      \
    X(consciousness_cycle_with_copies, temp_64)                                        \
    X(consciousness_cycle_with_copies, temp_4096)                                      \
    X(consciousness_cycle_with_copies, alloc_hoisted)                                  \
    X(consciousness_cycle_with_copies, alloc_touched)

/* With every change known to the preprocessor: if the body were an inline function with
 * a parameter for it, gcc would arrange the arm in another way. Without memory the
 * result stays as it was, and check refuses it. Room of the largest size has a function
 * of its own, because it would spread the arm's frame. */
#define ALLOCATE(vary)                                                                 \
    ((vary) == hv_alloc_hoisted || (vary) == hv_alloc_touched                          \
         ? hv_allocate(c->pool, CONCEPTS * bytes, vary)                                \
         : malloc(CONCEPTS * bytes))
#define CHANGES_COPY(vary) ((vary) >= hv_copy_away && (vary) <= hv_copy_wide)
#define CLONING(arm, change)                                                           \
    HV16_INLINE void change##_clones(struct cycle *c, uint64_t n, size_t bytes,        \
                                     uint8_t *room_thought, uint8_t *room_memory)      \
    {                                                                                  \
        for (; n; n--) {                                                               \
            const uint8_t *concepts = c->concepts;                                     \
            HV_BARRIER(concepts);                                                      \
            uint8_t *clones = ALLOCATE(hv_##change);                                   \
            if (!clones)                                                               \
                return;                                                                \
            const uint8_t *cloned = clones;                                            \
            if (CHANGES_COPY(hv_##change))                                             \
                cloned = hv_copy_all(clones, concepts, CONCEPTS, bytes, hv_##change);  \
            for (size_t i = 0; i < CONCEPTS && !CHANGES_COPY(hv_##change); i++)        \
                memcpy(clones + i * bytes, concepts + i * bytes, bytes);               \
            HV_KEEP(clones);                                                           \
            think(c, cloned, bytes, hv_##change);                                      \
            hv_release(clones, hv_##change);                                           \
            compare_clones(c, bytes, room_thought, room_memory, hv_##change);          \
        }                                                                              \
    }                                                                                  \
    HV_PLACED static void any_##change(struct cycle *c, uint64_t n)                    \
    {                                                                                  \
        struct hv16_room thought, memory;                                              \
        change##_clones(c, n, c->bytes, hv_temporary(thought.byte, hv_##change),       \
                        hv_temporary(memory.byte, hv_##change));                       \
    }                                                                                  \
    HV_ARM(arm)                                                                        \
    {                                                                                  \
        struct cycle *c = ctx;                                                         \
        if (c->bytes != HV16_BYTES) {                                                  \
            any_##change(c, n);                                                        \
            return;                                                                    \
        }                                                                              \
        HV16_TWO_ROOMS(thought, memory, hv_##change);                                  \
        change##_clones(c, n, HV16_BYTES, thought, memory);                            \
    }
#define CHANGED(arm, change) CLONING(arm##_##change, change)
CLONING(consciousness_cycle_with_copies, as_is)
CHANGES(CHANGED)
CLONING(consciousness_cycle_with_copies_isolated, isolated)

#define REFERRING(arm, change)                                                         \
    HV16_INLINE void change##_references(struct cycle *c, uint64_t n, size_t bytes)    \
    {                                                                                  \
        for (; n; n--) {                                                               \
            const uint8_t *concepts = c->concepts, *memory = c->memories;              \
            HV_BARRIER(concepts);                                                      \
            if (hv_##change == hv_isolated)                                            \
                look_up(c->thought, bytes, c->table);                                  \
            else                                                                       \
                bundle(c->thought, concepts, bytes);                                   \
            HV_BARRIER(memory);                                                        \
            float *out = c->similarities;                                              \
            for (size_t i = 0; i < MEMORIES; i++)                                      \
                out[i] = hv16_similarity(c->thought, memory + i * bytes, bytes);       \
            HV_KEEP(out);                                                              \
        }                                                                              \
    }                                                                                  \
    HV_ARM(arm)                                                                        \
    {                                                                                  \
        struct cycle *c = ctx;                                                         \
        if (c->bytes == HV16_BYTES)                                                    \
            change##_references(c, n, HV16_BYTES);                                     \
        else                                                                           \
            change##_references(c, n, c->bytes);                                       \
    }
REFERRING(consciousness_cycle_zero_copy, as_is)
REFERRING(consciousness_cycle_zero_copy_isolated, isolated)

static void teardown(struct hv_work *work)
{
    struct cycle *c = work->ctx;
    if (!c)
        return;
    free(c->concepts);
    free(c->memories);
    free(c->thought);
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
    struct cycle *c = calloc(1, sizeof *c);
    if (!c)
        return -ENOMEM;
    c->bytes = bytes;
    c->concepts = hv_pair_vectors(CONCEPTS, bytes, size->seed);
    c->memories = hv_pair_vectors(MEMORIES, bytes, size->seed + CONCEPTS);
    const size_t result_bytes = bytes + MEMORIES * sizeof *c->similarities;
    c->thought = hv_pair_buffer(result_bytes);
    c->pool = hv_pair_buffer(CONCEPTS * bytes);
    c->table = hv_pair_buffer(bytes);
    if (c->thought)
        c->similarities = (float *)(void *)(c->thought + bytes);
    *work = (struct hv_work){
        .ctx = c,
        .result = c->thought,
        .result_bytes = result_bytes,
        .items = 1,
        .bytes = (CONCEPTS + 1 + MEMORIES) * bytes + MEMORIES * sizeof(float),
        .declares_copies = 1,
        .copied_baseline = (CONCEPTS + 2 * MEMORIES) * bytes,
    };
    if (c->concepts && c->memories && c->thought && c->pool && c->table) {
        hv_reference_bundle(c->table, c->concepts, CONCEPTS, bytes);
        return 0;
    }
    teardown(work);
    return -ENOMEM;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct cycle *c = work->ctx;
    uint8_t thought[HV16_MAX_BYTES];
    float want[MEMORIES];
    hv_reference_bundle(thought, c->concepts, CONCEPTS, c->bytes);
    for (size_t i = 0; i < MEMORIES; i++)
        want[i] =
            hv_reference_similarity(thought, c->memories + i * c->bytes, c->bytes);
    int rc =
        hv_pair_compare("the bundle", c->thought, thought, c->bytes, why, why_bytes);
    if (rc)
        return rc;
    return hv_pair_compare("the similarities", c->similarities, want, sizeof want, why,
                           why_bytes);
}

static const struct hv_experiment experiments[] = {CHANGES(HV_CHANGE) HV_ISOLATE(
    consciousness_cycle_with_copies, consciousness_cycle_zero_copy)};

HV_PAIR(consciousness_cycle,
        .question = "Does cloning make a cycle of bundle and 1000 similarities slower?",
        .predicted = 17,
        .baseline = {"consciousness_cycle_with_copies",
                     consciousness_cycle_with_copies},
        .candidate = {"consciousness_cycle_zero_copy", consciousness_cycle_zero_copy},
        .setup = setup, .check = check, .teardown = teardown,
        .experiments = experiments, .n_experiments = HV_COUNT(experiments));
