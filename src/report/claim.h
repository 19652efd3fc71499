/* SPDX-License-Identifier: MIT */
/* What becomes of the claim that the hypothesis of the run makes. */
#ifndef HV_REPORT_CLAIM_H
#define HV_REPORT_CLAIM_H

#include "src/base/arena.h"
#include "src/result.h"

/* "pessimistic" ...; for none in full: HV_NO_SCENARIO. */
#define HV_NO_SCENARIO "NONE (the results fit no scenario)"
const char *hv_scenario_title(enum hv_scenario scenario);

/* The pairs that the claim is about: named by the hypothesis, and no control. */
bool hv_tests_claim(const struct hv_result *result, const struct hv_pair_result *pair);

/* NULL, or " (but ...)" where the decision matrix does not call for the action of the
 * scenario: belongs beside every word that the scenario gives. in_full quotes the
 * matrix. */
const char *hv_matrix_remark(struct hv_arena *arena, const struct hv_decision *decision,
                             bool in_full);

/* The word of the template: "VERIFIED" only in the optimistic scenario and where a pair
 * shows the claim's share, if it tells one. */
const char *hv_claim_word(const struct hv_result *result);

/* A sentence: the largest share of a baseline arm's time, 1 - 1/speedup, that the quiet
 * figures allow. Its upper end is that of the interval or of the placement band,
 * whichever is higher, as in every comparison with a threshold. */
const char *hv_claim_share(struct hv_arena *arena, const struct hv_result *result);

#endif
