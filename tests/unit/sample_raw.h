/* SPDX-License-Identifier: MIT */
/* Made-up raw data for one pair of the sample run. */
#ifndef HV_TESTS_SAMPLE_RAW_H
#define HV_TESTS_SAMPLE_RAW_H

#include "src/base/arena.h"
#include "src/run.h"

enum { SAMPLE_PLACES = 2 };

/* Layouts, counter readings, meter and usage; pair->places must be SAMPLE_PLACES. */
void sample_make_raw(struct hv_arena *arena, struct hv_pair_run *pair);

#endif
