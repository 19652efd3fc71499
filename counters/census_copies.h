/* SPDX-License-Identifier: MIT */
/* Runs of copies: pairs of a load and a store that move adjoining places. */
#ifndef HV_COUNTERS_CENSUS_COPIES_H
#define HV_COUNTERS_CENSUS_COPIES_H

#include "counters/census.h"
#include "counters/census_walk.h"

struct hv_copy_run {
    struct hv_census_copy copy;
    struct hv_census_pair pair; /* the first of them */
};

enum { HV_OPEN_RUNS = 32 };

/* Runs that may still grow: those since the last branch or target of one. */
struct hv_census_copies {
    struct hv_copy_run run[HV_OPEN_RUNS];
    unsigned n;
};

/* Takes in an instruction; runs that end are added to out. */
void hv_census_copies_add(struct hv_census_copies *copies,
                          const struct hv_census_insn *insn, struct hv_census *out);

/* Ends all runs. */
void hv_census_copies_end(struct hv_census_copies *copies, struct hv_census *out);

#endif
