/* SPDX-License-Identifier: MIT */
/* A made-up run and what was made of it: every state, provenance and kind of absence,
 * with figures nobody measured. Shared by the tests of dump and report. */
#ifndef HV_TESTS_SAMPLE_RESULT_H
#define HV_TESTS_SAMPLE_RESULT_H

#include "src/base/arena.h"
#include "src/result.h"
#include "src/run.h"

enum sample {
    SAMPLE_FULL,    /* one ISA; a pair in every state, a control, hostile names */
    SAMPLE_TWO_ISA, /* the same pairs at two ISAs */
    SAMPLE_BARE,    /* no pairs, nothing known, interrupted */
    SAMPLES
};

void sample_make(enum sample sample, struct hv_arena *arena, struct hv_run *run,
                 struct hv_result *result);

#endif
