/* SPDX-License-Identifier: MIT */
/* control_ratio_8_short: 80,000 against 10,000 dependent additions, 20 and 2.5 us. */
#include "kernels/control_ratio_8.h"

enum { THOUSANDS = 10 };

HV_ARM(baseline)
{
    ratio_long(ctx, n, THOUSANDS);
}

HV_ARM(candidate)
{
    ratio_short(ctx, n, THOUSANDS);
}

static int setup(struct hv_work *work, const struct hv_size *size)
{
    (void)size; /* the answer is known for this size only */
    return ratio_setup(work, THOUSANDS);
}

HV_PAIR(control_ratio_8_short,
        .question = "Do 80,000 dependent additions take 8 times as long as 10,000?",
        .predicted = 8, .control = 1, .baseline = {"control_80000_adds", baseline},
        .candidate = {"control_10000_adds", candidate}, .setup = setup,
        .check = ratio_check, .teardown = ratio_teardown);
