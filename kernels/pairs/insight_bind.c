/* SPDX-License-Identifier: MIT */
/* insight_bind: a bind, beside the loads and stores that it cannot do without. */
#include "kernels/insight.h"

/* b is zero, so that the arm without the operation leaves the same vector. */
HV16_INLINE void move(uint8_t *restrict out, const uint8_t *restrict a,
                      const uint8_t *restrict b, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += sizeof(hv16_lane)) {
        insight_lane(hv16_load(b + i));
        hv16_store(out + i, insight_lane(hv16_load(a + i)));
    }
}

HV_ARM(bind)
{
    struct insight *c = ctx;
    for (; n; n--) {
        const uint8_t *a = c->a, *b = c->b;
        HV_BARRIER(a);
        HV_BARRIER(b);
        if (c->bytes == HV16_BYTES)
            hv16_bind(c->sink, a, b, HV16_BYTES);
        else
            hv16_bind(c->sink, a, b, c->bytes);
        HV_KEEP(c->sink);
    }
}

HV_ARM(loads_and_stores)
{
    struct insight *c = ctx;
    for (; n; n--) {
        const uint8_t *a = c->a, *b = c->b;
        HV_BARRIER(a);
        HV_BARRIER(b);
        if (c->bytes == HV16_BYTES)
            move(c->sink, a, b, HV16_BYTES);
        else
            move(c->sink, a, b, c->bytes);
        HV_KEEP(c->sink);
    }
}

static int setup(struct hv_work *work, const struct hv_size *size)
{
    const int rc =
        insight_setup(work, &(struct hv_size){size->dim_bits, size->seed, 0});
    if (!rc) {
        const struct insight *c = work->ctx;
        work->result = c->sink;
        work->result_bytes = c->bytes;
        work->bytes = 3 * c->bytes;
        work->copied_candidate = c->bytes; /* what is left of it is a copy of a */
    }
    return rc;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct insight *c = work->ctx;
    uint8_t want[HV16_MAX_BYTES];
    hv_reference_bind(want, c->a, c->b, c->bytes);
    return hv_pair_compare("the bound vector", c->sink, want, c->bytes, why, why_bytes);
}

HV_PAIR(insight_bind, .question = "What does a bind cost beside its loads and stores?",
        .purpose = HV_FOR_INSIGHT, .baseline = {"bind_vectors", bind},
        .candidate = {"load_two_store_one", loads_and_stores}, .setup = setup,
        .check = check, .teardown = insight_teardown);
