/* SPDX-License-Identifier: MIT */
/* A census as a worker told it: untrusted, made safe. */
#ifndef HV_MEASURE_CENSUS_H
#define HV_MEASURE_CENSUS_H

#include "src/base/arena.h"
#include "src/measure/wire.h"

/* Forces every text to end and every count into its room. -EPROTO: no worker of ours
 * sends that. */
int hv_census_check(struct hv_census_frame *frame);

/* What the run keeps of it. */
struct hv_census_run hv_census_keep(const struct hv_census_frame *frame,
                                    struct hv_arena *arena);

#endif
