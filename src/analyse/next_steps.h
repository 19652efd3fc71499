/* SPDX-License-Identifier: MIT */
/* What to do next: what would settle an open decision, then the steps of what is
 * decided. */
#ifndef HV_ANALYSE_NEXT_STEPS_H
#define HV_ANALYSE_NEXT_STEPS_H

#include "src/base/arena.h"
#include "src/result.h"

/* The name of what a scenario asks for; NULL: nothing, or no such scenario. */
const char *hv_scenario_action(const struct hv_hypothesis *hypothesis,
                               enum hv_scenario scenario);

/* A pair that keeps the decision open. */
struct hv_open_pair {
    const struct hv_pair_result *pair;
    const char *name; /* as the hypothesis has it */
    bool by_interval; /* its interval alone would, without the placement band */
};

/* Appends what would settle each of count pairs, one step a cause: it failed, it was
 * interrupted, its core was contended, its budget ended ... */
void hv_settling_steps(struct hv_decision *decision, const struct hv_open_pair *open,
                       size_t count, const struct hv_settings *settings,
                       struct hv_arena *arena);

/* Appends one step. */
void hv_add_step(struct hv_decision *decision, const char *step,
                 struct hv_arena *arena);

/* Appends the steps of decision->scenario: those of its row, or for none those for
 * otherwise. */
void hv_scenario_steps(struct hv_decision *decision,
                       const struct hv_hypothesis *hypothesis, struct hv_arena *arena);

#endif
