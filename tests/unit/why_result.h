/* SPDX-License-Identifier: MIT */
/* Results made by hand, for tests of the cause analysis: pairs and experiments with the
 * figures that a test plants, and nothing else. */
#ifndef HV_TESTS_WHY_RESULT_H
#define HV_TESTS_WHY_RESULT_H

#include "src/base/arena.h"
#include "src/result.h"

/* Half the width of every interval and band that a test does not set, relative. */
#define WHY_ERROR 0.01

struct why {
    struct hv_arena *arena;
    struct hv_result result; /* caches: 32 KiB, 1 MiB, 8 MiB, lines of 64; 2048 bits */
};

/* cmocka fixtures; *state is a struct why. */
int why_open(void **state);
int why_close(void **state);

/* A quiet built-in pair for avx2 of the arms "NAME_copy" and "NAME_zero", which take so
 * many ns; no other figure. Room for 8. */
struct hv_pair_result *why_pair(struct why *why, const char *name, double baseline,
                                double candidate);

/* An experiment on that arm of the pair: its times are the arm's, and that / speedup.
 * Room for 32 trials; setting n_experiments to 0 begins anew. */
struct hv_pair_result *why_trial(struct why *why, const struct hv_pair_result *pair,
                                 const char *experiment, enum hv_arm_id arm,
                                 double speedup);
/* A trial of the pair, with its arms, for another purpose. */
struct hv_pair_result *why_other(struct why *why, const struct hv_pair_result *pair,
                                 enum hv_purpose purpose, double baseline,
                                 double candidate);

/* Sets value, interval and bands of the speedup. */
void why_speedup(struct hv_pair_result *pair, double value, double error);

/* Sets a figure of one arm; HV_ABSENT takes it away. At most 16 an arm. */
struct hv_evidence *why_set(struct hv_pair_result *pair, enum hv_arm_id arm,
                            const char *name, enum hv_provenance provenance,
                            double value);
/* Traced, in both arms. */
void why_both(struct hv_pair_result *pair, const char *name, double baseline,
              double candidate);
/* Every hazard that a witness can exclude is traced in both arms: 0. */
void why_clean(struct hv_pair_result *pair);

/* Both arms traced: so many instructions in a function that both run alike, and so many
 * of each arm's own. */
void why_shared(struct why *why, struct hv_pair_result *pair, double alike,
                double baseline, double candidate);

/* Effects, gap and cause of every pair, as hv_analyse does it. */
void why_explain(struct why *why);
/* The same, of a test with one pair. */
const struct hv_cause *why_cause(struct why *why);

/* Ends the test, with both texts, unless the one is in the other. */
void why_says(const char *text, const char *wanted);
void why_says_not(const char *text, const char *unwanted);
/* Within 1e-9. */
void why_near(double value, double wanted);

#endif
