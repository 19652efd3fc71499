/* SPDX-License-Identifier: MIT */
/* control_equal: the same body in two functions, bound by throughput, not latency. */
#include <errno.h>
#include <stdlib.h>

#include "kernels/hv16.h"
#include "kernels/hv16_reference.h"
#include "kernels/hvperf.h"
#include "kernels/pair_support.h"

struct equal {
    struct hv16 a, b, out;
};

HV16_INLINE void bind_all(struct equal *c, uint64_t n)
{
    for (; n; n--) {
        const uint8_t *a = c->a.byte, *b = c->b.byte;
        HV_BARRIER(a);
        HV_BARRIER(b);
        hv16_bind(c->out.byte, a, b, HV16_BYTES);
    }
    HV_KEEP(c);
}

HV_ARM(baseline)
{
    bind_all(ctx, n);
}

HV_ARM(candidate)
{
    bind_all(ctx, n);
}

static void teardown(struct hv_work *work)
{
    free(work->ctx);
    work->ctx = NULL;
}

static int setup(struct hv_work *work, const struct hv_size *size)
{
    struct equal *c = hv_pair_buffer(sizeof *c);
    if (!c)
        return -ENOMEM;
    hv_reference_random(c->a.byte, HV16_BYTES, size->seed);
    hv_reference_random(c->b.byte, HV16_BYTES, size->seed + 1);
    *work = (struct hv_work){
        .ctx = c,
        .result = c->out.byte,
        .result_bytes = HV16_BYTES,
        .items = 1,
        .bytes = sizeof *c,
        .declares_copies = 1, /* none */
    };
    return 0;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct equal *c = work->ctx;
    uint8_t want[HV16_BYTES];
    hv_reference_bind(want, c->a.byte, c->b.byte, HV16_BYTES);
    return hv_pair_compare("the bound vector", c->out.byte, want, sizeof want, why,
                           why_bytes);
}

HV_PAIR(control_equal, .question = "Do two copies of the same code take the same time?",
        .predicted = 1, .control = 1, .baseline = {"control_equal_first", baseline},
        .candidate = {"control_equal_second", candidate}, .setup = setup,
        .check = check, .teardown = teardown);
