/* SPDX-License-Identifier: MIT */
/* insight_store: stores alone, beside a load and a store of the same bytes in place. */
#include "kernels/insight.h"

/* All ones, which no compiler loads from memory: a load would make copies of the
 * stores.
 */
enum { PATTERN = 0xff };

/* setup fills the sink with the pattern that the baseline stores, so that both arms
 * leave the same. */
HV16_INLINE void store_all(uint8_t *to, size_t bytes)
{
    const hv16_lane zero = {0}, ones = ~zero;
    for (size_t i = 0; i < bytes; i += sizeof(hv16_lane))
        hv16_store(to + i, insight_lane(ones));
}

HV16_INLINE void renew_all(uint8_t *to, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += sizeof(hv16_lane))
        hv16_store(to + i, insight_lane(hv16_load(to + i)));
}

HV16_INLINE void leave(struct insight *c, uint64_t iterations)
{
    if (iterations)
        memcpy(c->left, c->sink + c->bytes - INSIGHT_LEFT, INSIGHT_LEFT);
}

HV_ARM(store)
{
    struct insight *c = ctx;
    for (uint64_t i = 0; i < n; i++) {
        uint8_t *to = c->sink;
        HV_BARRIER(to);
        if (c->bytes == HV16_BYTES)
            store_all(to, HV16_BYTES);
        else
            store_all(to, c->bytes);
    }
    leave(c, n);
}

HV_ARM(load_and_store)
{
    struct insight *c = ctx;
    for (uint64_t i = 0; i < n; i++) {
        uint8_t *to = c->sink;
        HV_BARRIER(to);
        if (c->bytes == HV16_BYTES)
            renew_all(to, HV16_BYTES);
        else
            renew_all(to, c->bytes);
    }
    leave(c, n);
}

static int setup(struct hv_work *work, const struct hv_size *size)
{
    const int rc = insight_setup(work, size);
    if (!rc) {
        const struct insight *c = work->ctx;
        memset(c->sink, PATTERN, c->bytes);
    }
    return rc;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct insight *c = work->ctx;
    uint8_t want[INSIGHT_LEFT];
    memset(want, PATTERN, sizeof want);
    for (size_t i = 0; i < c->bytes; i += INSIGHT_LEFT) {
        const int rc = hv_pair_compare("64 bytes of the block", c->sink + i, want,
                                       INSIGHT_LEFT, why, why_bytes);
        if (rc)
            return rc;
    }
    return hv_pair_compare("the last bytes", c->left, want, INSIGHT_LEFT, why,
                           why_bytes);
}

HV_PAIR(insight_store, .question = "What do stores cost beside loads and stores?",
        .purpose = HV_FOR_INSIGHT, .sweeps = 1, .baseline = {"store_bytes", store},
        .candidate = {"load_and_store_bytes", load_and_store}, .setup = setup,
        .check = check, .teardown = insight_teardown);
