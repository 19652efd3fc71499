/* SPDX-License-Identifier: MIT */
/* From what a run observed to what it means: pure, no I/O, no clock. The definitions
 * and their reasons are in docs/methodology.md. */
#ifndef HV_ANALYSE_ANALYSE_H
#define HV_ANALYSE_ANALYSE_H

#include "src/base/arena.h"
#include "src/result.h"

/* Never fails: what cannot be said is absent or undecided, with the reason. The result
 * borrows names and texts of run, so run must live as long; raw_sha256 stays NULL. */
struct hv_result *hv_analyse(const struct hv_run *run, struct hv_arena *arena);

/* One pair of run; hv_analyse does this for each. Cheap enough to be called after every
 * batch of layouts (some ms for 100,000 samples). */
void hv_analyse_pair(const struct hv_run *run, const struct hv_pair_run *pair,
                     struct hv_arena *arena, struct hv_pair_result *out);

/* There is a quiet speedup, and neither end of its interval is further from it than
 * precision x speedup (0.01: 1 %). */
bool hv_precise_enough(const struct hv_pair_result *pair, double precision);

#endif
