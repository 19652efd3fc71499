/* SPDX-License-Identifier: MIT */
/* consciousness_cycle: bundle 100 concepts and compare with 1000 memories. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/hv16.h"
#include "kernels/hv16_reference.h"
#include "kernels/hvperf.h"
#include "kernels/pair_support.h"

enum { CONCEPTS = 100, MEMORIES = 1000 };

/* thought and similarities lie in one block, the result. */
struct cycle {
    size_t bytes;
    uint8_t *concepts, *memories, *thought;
    float *similarities;
};

/* Both arms call the same copy, so they cannot differ in how it was compiled. */
HV_PLACED static void bundle(uint8_t *out, const uint8_t *concepts, size_t bytes)
{
    hv16_bundle(out, concepts, CONCEPTS, bytes);
}

HV16_INLINE void compare_clones(struct cycle *c, size_t bytes, uint8_t *clone_thought,
                                uint8_t *clone_memory)
{
    const uint8_t *memory = c->memories;
    HV_BARRIER(memory);
    float *out = c->similarities;
    for (size_t i = 0; i < MEMORIES; i++) {
        memcpy(clone_thought, c->thought, bytes);
        HV_KEEP(clone_thought);
        memcpy(clone_memory, memory + i * bytes, bytes);
        HV_KEEP(clone_memory);
        out[i] = hv16_similarity(clone_thought, clone_memory, bytes);
    }
    HV_KEEP(out);
}

HV16_INLINE void cycle_clones(struct cycle *c, uint64_t n, size_t bytes,
                              uint8_t *clone_thought, uint8_t *clone_memory)
{
    for (; n; n--) {
        const uint8_t *concepts = c->concepts;
        HV_BARRIER(concepts);
        uint8_t *clones = malloc(CONCEPTS * bytes); /* a collected vector of clones */
        if (!clones)
            return; /* the result stays as it was, and check refuses it */
        for (size_t i = 0; i < CONCEPTS; i++)
            memcpy(clones + i * bytes, concepts + i * bytes, bytes);
        HV_KEEP(clones);
        bundle(c->thought, clones, bytes);
        free(clones);
        compare_clones(c, bytes, clone_thought, clone_memory);
    }
}

HV16_INLINE void cycle_references(struct cycle *c, uint64_t n, size_t bytes)
{
    for (; n; n--) {
        const uint8_t *concepts = c->concepts, *memory = c->memories;
        HV_BARRIER(concepts);
        bundle(c->thought, concepts, bytes);
        HV_BARRIER(memory);
        float *out = c->similarities;
        for (size_t i = 0; i < MEMORIES; i++)
            out[i] = hv16_similarity(c->thought, memory + i * bytes, bytes);
        HV_KEEP(out);
    }
}

HV_PLACED static void cycle_clones_any(struct cycle *c, uint64_t n)
{
    struct hv16_room thought, memory;
    cycle_clones(c, n, c->bytes, thought.byte, memory.byte);
}

HV_ARM(consciousness_cycle_with_copies)
{
    struct cycle *c = ctx;
    if (c->bytes != HV16_BYTES) {
        cycle_clones_any(c, n);
        return;
    }
    struct hv16 thought, memory;
    cycle_clones(c, n, HV16_BYTES, thought.byte, memory.byte);
}

HV_ARM(consciousness_cycle_zero_copy)
{
    struct cycle *c = ctx;
    if (c->bytes == HV16_BYTES)
        cycle_references(c, n, HV16_BYTES);
    else
        cycle_references(c, n, c->bytes);
}

static void teardown(struct hv_work *work)
{
    struct cycle *c = work->ctx;
    if (!c)
        return;
    free(c->concepts);
    free(c->memories);
    free(c->thought);
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
    if (c->concepts && c->memories && c->thought)
        return 0;
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

HV_PAIR(consciousness_cycle,
        .question = "Does cloning make a cycle of bundle and 1000 similarities slower?",
        .predicted = 17,
        .baseline = {"consciousness_cycle_with_copies",
                     consciousness_cycle_with_copies},
        .candidate = {"consciousness_cycle_zero_copy", consciousness_cycle_zero_copy},
        .setup = setup, .check = check, .teardown = teardown);
