/* SPDX-License-Identifier: MIT */
/* control_ratio_8_long: 1,120,000 against 140,000 additions, 280 and 35 us. */
#include "kernels/control_ratio_8.h"

enum { THOUSANDS = 140 };

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

HV_PAIR(control_ratio_8_long,
        .question = "Do 1,120,000 dependent additions take 8 times as long as 140,000?",
        .predicted = 8, .control = 1, .baseline = {"control_1120000_adds", baseline},
        .candidate = {"control_140000_adds", candidate}, .setup = setup,
        .check = ratio_check, .teardown = ratio_teardown);
