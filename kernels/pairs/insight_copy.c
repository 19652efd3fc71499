/* SPDX-License-Identifier: MIT */
/* insight_copy: what a copy costs beside the loads that it cannot do without. */
#include "kernels/insight.h"

/* Of the usual size gcc copies in line, as in the pairs; others are calls. What is left
 * behind is written once, after the last iteration. */
HV_ARM(copy)
{
    struct insight *c = ctx;
    const uint64_t iterations = n;
    for (; n; n--) {
        uint8_t *to = c->sink;
        const uint8_t *from = c->a;
        HV_BARRIER(to);
        HV_BARRIER(from);
        if (c->bytes == HV16_BYTES)
            memcpy(to, from, HV16_BYTES);
        else
            memcpy(to, from, c->bytes);
        HV_KEEP(to);
    }
    if (iterations)
        memcpy(c->left, c->sink + c->bytes - INSIGHT_LEFT, INSIGHT_LEFT);
}

HV_ARM(load)
{
    struct insight *c = ctx;
    const uint64_t iterations = n;
    for (; n; n--) {
        const uint8_t *from = c->a;
        HV_BARRIER(from);
        if (c->bytes == HV16_BYTES)
            for (size_t i = 0; i < HV16_BYTES; i += sizeof(hv16_lane))
                insight_lane(hv16_load(from + i));
        else
            for (size_t i = 0; i < c->bytes; i += sizeof(hv16_lane))
                insight_lane(hv16_load(from + i));
    }
    if (iterations)
        memcpy(c->left, c->a + c->bytes - INSIGHT_LEFT, INSIGHT_LEFT);
}

static int setup(struct hv_work *work, const struct hv_size *size)
{
    const int rc = insight_setup(work, size);
    if (!rc)
        work->copied_baseline = work->bytes;
    return rc;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct insight *c = work->ctx;
    return hv_pair_compare("the last bytes", c->left, c->a + c->bytes - INSIGHT_LEFT,
                           INSIGHT_LEFT, why, why_bytes);
}

HV_PAIR(insight_copy, .question = "What does a copy cost beside its loads alone?",
        .purpose = HV_FOR_INSIGHT, .sweeps = 1, .baseline = {"copy_bytes", copy},
        .candidate = {"load_bytes", load}, .setup = setup, .check = check,
        .teardown = insight_teardown);
