/* SPDX-License-Identifier: MIT */
/* control_imul: one dependent multiplication against one dependent addition. */
#include <errno.h>
#include <stdlib.h>

#include "kernels/control_chain.h"
#include "kernels/hvperf.h"
#include "kernels/pair_support.h"

/* An iteration is one instruction: 3.00 cycles against 1.00 on x86-64. With x odd,
 * x (2^63 + 1) = x + 2^63: either arm flips the top bit, and both agree after any n. */
#define TOP_BIT (UINT64_C(1) << 63)

struct imul {
    uint64_t start, factor, addend; /* in memory, so that no compiler knows them */
    uint64_t value;
};

HV_ARM(baseline)
{
    struct imul *c = ctx;
    if (n)
        c->value = chain_multiply(c->start, c->factor, n);
}

HV_ARM(candidate)
{
    struct imul *c = ctx;
    if (n)
        c->value = chain_add(c->start, c->addend, n);
}

static void teardown(struct hv_work *work)
{
    free(work->ctx);
    work->ctx = NULL;
}

static int setup(struct hv_work *work, const struct hv_size *size)
{
    struct imul *c = hv_pair_buffer(sizeof *c);
    if (!c)
        return -ENOMEM;
    c->start = (size->seed | 1) & ~TOP_BIT;
    c->factor = TOP_BIT + 1;
    c->addend = TOP_BIT;
    *work = (struct hv_work){
        .ctx = c,
        .result = &c->value,
        .result_bytes = sizeof c->value,
        .items = 1,
        .declares_copies = 1, /* none */
    };
    return 0;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct imul *c = work->ctx;
    const uint64_t want = c->start + TOP_BIT;
    return hv_pair_compare("the value", &c->value, &want, sizeof want, why, why_bytes);
}

HV_PAIR(
    control_imul,
    .question = "Does a dependent multiplication take 3 times as long as an addition?",
    .predicted = 3, .control = 1, .baseline = {"control_imul_chain", baseline},
    .candidate = {"control_add_chain", candidate}, .setup = setup, .check = check,
    .teardown = teardown);
