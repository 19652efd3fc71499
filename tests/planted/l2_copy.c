/* SPDX-License-Identifier: MIT */
/* Planted: walk.h's copies in 192 KiB: at least four times the L1 data cache, and well
 * inside L2. */
#include "tests/planted/walk.h"

enum { ALL = 192 << 10 };

static int setup(struct hv_work *work, const struct hv_size *size)
{
    return walk_setup(work, size, ALL);
}

PLANTED_PAIR(l2_copy, messages_copied, messages_read, .sweeps = 1,
             .question = "planted: copies from L2 to L2", .experiments = experiments,
             .n_experiments = HV_COUNT(experiments));
