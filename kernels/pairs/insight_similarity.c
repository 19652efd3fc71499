/* SPDX-License-Identifier: MIT */
/* insight_similarity: a similarity, beside the loads that it cannot do without. */
#include "kernels/insight.h"

/* Both vectors are the same, so that the arm without the operation leaves the same
 * number. */
HV16_INLINE float load_both(const uint8_t *a, const uint8_t *b, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += sizeof(hv16_lane)) {
        insight_lane(hv16_load(a + i));
        insight_lane(hv16_load(b + i));
    }
    return 1.0f;
}

HV16_INLINE void leave(struct insight *c, float similarity)
{
    memcpy(c->left, &similarity, sizeof similarity);
    HV_KEEP(c->left);
}

HV_ARM(similarity)
{
    struct insight *c = ctx;
    for (; n; n--) {
        const uint8_t *a = c->a, *b = c->b;
        HV_BARRIER(a);
        HV_BARRIER(b);
        if (c->bytes == HV16_BYTES)
            leave(c, hv16_similarity(a, b, HV16_BYTES));
        else
            leave(c, hv16_similarity(a, b, c->bytes));
    }
}

HV_ARM(loads)
{
    struct insight *c = ctx;
    for (; n; n--) {
        const uint8_t *a = c->a, *b = c->b;
        HV_BARRIER(a);
        HV_BARRIER(b);
        if (c->bytes == HV16_BYTES)
            leave(c, load_both(a, b, HV16_BYTES));
        else
            leave(c, load_both(a, b, c->bytes));
    }
}

static int setup(struct hv_work *work, const struct hv_size *size)
{
    const int rc =
        insight_setup(work, &(struct hv_size){size->dim_bits, size->seed, 0});
    if (!rc) {
        const struct insight *c = work->ctx;
        memcpy(c->b, c->a, c->bytes);
        work->result_bytes = sizeof(float);
        work->bytes = 2 * c->bytes;
    }
    return rc;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct insight *c = work->ctx;
    const float want = hv_reference_similarity(c->a, c->b, c->bytes);
    return hv_pair_compare("the similarity", c->left, &want, sizeof want, why,
                           why_bytes);
}

HV_PAIR(insight_similarity, .question = "What does a similarity cost beside its loads?",
        .purpose = HV_FOR_INSIGHT, .baseline = {"compare_vectors", similarity},
        .candidate = {"load_two", loads}, .setup = setup, .check = check,
        .teardown = insight_teardown);
