/* SPDX-License-Identifier: MIT */
/* step_zero_copy_simd: bundle and similarities on clones of stored vectors, or on
 * references to them wherever they lie. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/hv16.h"
#include "kernels/hv16_reference.h"
#include "kernels/pair_support.h"

/* Every third of the stored vectors is a concept: they do not lie side by side. */
enum { CONCEPTS = 100, STRIDE = 3, EIGHT = 8 };

struct stored {
    size_t bytes;
    uint8_t *store, *thought;
    float *similarities; /* behind the thought, in one block: the result */
    const uint8_t *pattern[CONCEPTS];
};

HV_PLACED static void bundle_clones(uint8_t *out, const uint8_t *clones, size_t bytes)
{
    hv16_bundle(out, clones, CONCEPTS, bytes);
}

/* hv16_add_eight with eight addresses instead of a distance */
HV16_INLINE void add_eight(hv16_lane *plane, size_t planes, const uint8_t *const *v,
                           size_t at)
{
    hv16_lane two[EIGHT / 2];
    for (size_t i = 0; i < EIGHT / 2; i++)
        two[i] =
            hv16_add(plane, hv16_load(v[2 * i] + at), hv16_load(v[2 * i + 1] + at));
    const hv16_lane four_a = hv16_add(plane + 1, two[0], two[1]);
    const hv16_lane four_b = hv16_add(plane + 1, two[2], two[3]);
    hv16_ripple(plane, 3, planes, hv16_add(plane + 2, four_a, four_b));
}

HV_PLACED static void bundle_references(uint8_t *out, const uint8_t *const *v,
                                        size_t bytes)
{
    enum { PLANES = 7 }; /* 100 < 2^7 */
    for (size_t at = 0; at < bytes; at += sizeof(hv16_lane)) {
        hv16_lane plane[PLANES] = {{0}};
        size_t i = 0;
        for (; i + EIGHT <= CONCEPTS; i += EIGHT)
            add_eight(plane, PLANES, v + i, at);
        for (; i < CONCEPTS; i++)
            hv16_ripple(plane, 0, PLANES, hv16_load(v[i] + at));
        hv16_store(out + at, hv16_greater(plane, PLANES, CONCEPTS / 2));
    }
}

HV16_INLINE void on_clones(struct stored *c, uint64_t n, size_t bytes, uint8_t *clone)
{
    for (; n; n--) {
        const uint8_t *const *pattern = c->pattern;
        HV_BARRIER(pattern);
        uint8_t *clones = malloc(CONCEPTS * bytes);
        if (!clones)
            return; /* the result stays as it was, and check refuses it */
        for (size_t i = 0; i < CONCEPTS; i++)
            memcpy(clones + i * bytes, pattern[i], bytes);
        HV_KEEP(clones);
        bundle_clones(c->thought, clones, bytes);
        free(clones);
        float *out = c->similarities;
        for (size_t i = 0; i < CONCEPTS; i++) {
            memcpy(clone, pattern[i], bytes);
            HV_KEEP(clone);
            out[i] = hv16_similarity(c->thought, clone, bytes);
        }
        HV_KEEP(out);
    }
}

HV16_INLINE void on_references(struct stored *c, uint64_t n, size_t bytes)
{
    for (; n; n--) {
        const uint8_t *const *pattern = c->pattern;
        HV_BARRIER(pattern);
        bundle_references(c->thought, pattern, bytes);
        float *out = c->similarities;
        for (size_t i = 0; i < CONCEPTS; i++)
            out[i] = hv16_similarity(c->thought, pattern[i], bytes);
        HV_KEEP(out);
    }
}

HV_PLACED static void on_clones_any(struct stored *c, uint64_t n)
{
    struct hv16_room clone;
    on_clones(c, n, c->bytes, clone.byte);
}

HV_ARM(simd_on_clones)
{
    struct stored *c = ctx;
    if (c->bytes != HV16_BYTES) {
        on_clones_any(c, n);
        return;
    }
    struct hv16 clone;
    on_clones(c, n, HV16_BYTES, clone.byte);
}

HV_ARM(simd_on_references)
{
    struct stored *c = ctx;
    if (c->bytes == HV16_BYTES)
        on_references(c, n, HV16_BYTES);
    else
        on_references(c, n, c->bytes);
}

static void teardown(struct hv_work *work)
{
    struct stored *c = work->ctx;
    if (!c)
        return;
    free(c->store);
    free(c->thought);
    free(c);
    work->ctx = NULL;
}

static int setup(struct hv_work *work, const struct hv_size *size)
{
    const size_t bytes = hv_pair_vector_bytes(size);
    if (!bytes)
        return -EINVAL;
    struct stored *c = calloc(1, sizeof *c);
    if (!c)
        return -ENOMEM;
    const size_t result_bytes = bytes + CONCEPTS * sizeof *c->similarities;
    c->bytes = bytes;
    c->store = hv_pair_vectors((size_t)CONCEPTS * STRIDE, bytes, size->seed);
    c->thought = hv_pair_buffer(result_bytes);
    *work = (struct hv_work){
        .ctx = c,
        .result = c->thought,
        .result_bytes = result_bytes,
        .items = 1,
        .bytes = (size_t)2 * CONCEPTS * bytes + result_bytes,
        .declares_copies = 1,
        .copied_baseline = (size_t)2 * CONCEPTS * bytes,
    };
    if (!c->store || !c->thought) {
        teardown(work);
        return -ENOMEM;
    }
    c->similarities = (float *)(void *)(c->thought + bytes);
    for (size_t i = 0; i < CONCEPTS; i++)
        c->pattern[i] = c->store + i * STRIDE * bytes;
    return 0;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct stored *c = work->ctx;
    uint8_t thought[HV16_MAX_BYTES];
    float want[CONCEPTS];
    uint8_t *concepts = hv_pair_buffer(CONCEPTS * c->bytes);
    if (!concepts)
        return -ENOMEM;
    for (size_t i = 0; i < CONCEPTS; i++)
        memcpy(concepts + i * c->bytes, c->pattern[i], c->bytes);
    hv_reference_bundle(thought, concepts, CONCEPTS, c->bytes);
    free(concepts);
    for (size_t i = 0; i < CONCEPTS; i++)
        want[i] = hv_reference_similarity(thought, c->pattern[i], c->bytes);
    const int rc =
        hv_pair_compare("the bundle", c->thought, thought, c->bytes, why, why_bytes);
    return rc ? rc
              : hv_pair_compare("the similarities", c->similarities, want, sizeof want,
                                why, why_bytes);
}

HV_PAIR(step_zero_copy_simd,
        .question = "Would references make bundle and similarities faster?",
        .purpose = HV_FOR_STEP, .baseline = {"simd_on_clones", simd_on_clones},
        .candidate = {"simd_on_references", simd_on_references}, .setup = setup,
        .check = check, .teardown = teardown);
