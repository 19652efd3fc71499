/* SPDX-License-Identifier: MIT */
/* Planted: walk.h's copies in 256 MiB, more than any L3 slice holds: from RAM to RAM.
 */
#include "tests/planted/walk.h"

enum { ALL = 256 << 20 };

static int setup(struct hv_work *work, const struct hv_size *size)
{
    return walk_setup(work, size, ALL);
}

PLANTED_PAIR(ram_copy, messages_copied, messages_read, .sweeps = 1,
             .question = "planted: copies from RAM to RAM", .experiments = experiments,
             .n_experiments = HV_COUNT(experiments));
