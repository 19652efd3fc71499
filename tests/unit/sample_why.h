/* SPDX-License-Identifier: MIT */
/* Made-up experiments, gaps, causes and a checklist, for tests of dump and report. */
#ifndef HV_TESTS_SAMPLE_WHY_H
#define HV_TESTS_SAMPLE_WHY_H

#include "src/base/arena.h"
#include "src/result.h"

/* To a sample whose first six pairs are made: bind gets a gap by experiments,
 * batch_1000 none, allocation shared work and a variant without it; every purpose is
 * there, and trials that are quiet, contended and failed. */
void sample_make_why(struct hv_arena *arena, struct hv_run *run,
                     struct hv_result *result);

#endif
