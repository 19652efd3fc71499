/* SPDX-License-Identifier: MIT */
/* From the speedups of the pairs that the hypothesis predicts to a scenario, a row of
 * its matrix and the next steps. */
#ifndef HV_ANALYSE_DECISION_H
#define HV_ANALYSE_DECISION_H

#include "src/base/arena.h"
#include "src/result.h"

/* Needs of a pair what hv_analyse_pair gives. Judges the pairs that the hypothesis
 * names among pairs: of several rows of one pair the last (the best ISA). Every speedup
 * that the intervals and placement bands allow is taken for possible: the scenario is
 * undecided only if they lead to different ones, and then the pairs that would settle
 * it are named. Where scenario and matrix ask for different things, accord, rule and
 * next say so. A run that does not test the hypothesis (hv_why_untested) decides
 * nothing; so does one without a hypothesis. */
struct hv_decision hv_decide(const struct hv_hypothesis *hypothesis,
                             const struct hv_pair_result *pairs, size_t n_pairs,
                             const struct hv_settings *settings,
                             struct hv_arena *arena);

#endif
