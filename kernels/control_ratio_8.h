/* SPDX-License-Identifier: MIT */
/* A control of true ratio 8: the same chain of additions, eight times as long. */
#ifndef HV_KERNELS_CONTROL_RATIO_8_H
#define HV_KERNELS_CONTROL_RATIO_8_H

#include <errno.h>
#include <stdlib.h>

#include "kernels/control_chain.h"
#include "kernels/hvperf.h"
#include "kernels/pair_support.h"

struct ratio {
    uint64_t zero, one, eight; /* in memory, so that no compiler knows them */
    uint64_t sum, want;
};

/* Adds y to a sum 1000 thousands times. An iteration must wait for the one before, or
 * their chains would overlap at the ends: hence the masked old sum. */
CHAIN_INLINE void ratio_count(struct ratio *c, uint64_t n, uint64_t thousands,
                              uint64_t y)
{
    uint64_t sum = c->zero;
    for (; n; n--) {
        sum &= c->zero;
        for (uint64_t i = 0; i < thousands; i++)
            sum = chain_add_1000(sum, y);
        c->sum = sum;
    }
}

/* The long arm adds ones and the short arm eights, so both come to the same sum. */
CHAIN_INLINE void ratio_long(struct ratio *c, uint64_t n, uint64_t thousands)
{
    ratio_count(c, n, 8 * thousands, c->one);
}

CHAIN_INLINE void ratio_short(struct ratio *c, uint64_t n, uint64_t thousands)
{
    ratio_count(c, n, thousands, c->eight);
}

static inline int ratio_setup(struct hv_work *work, uint64_t thousands)
{
    struct ratio *c = hv_pair_buffer(sizeof *c);
    if (!c)
        return -ENOMEM;
    c->one = 1;
    c->eight = 8;
    c->want = 8000 * thousands;
    *work = (struct hv_work){
        .ctx = c,
        .result = &c->sum,
        .result_bytes = sizeof c->sum,
        .items = 1,
        .declares_copies = 1, /* none */
    };
    return 0;
}

static inline int ratio_check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct ratio *c = work->ctx;
    return hv_pair_compare("the sum", &c->sum, &c->want, sizeof c->sum, why, why_bytes);
}

static inline void ratio_teardown(struct hv_work *work)
{
    free(work->ctx);
    work->ctx = NULL;
}

#endif
