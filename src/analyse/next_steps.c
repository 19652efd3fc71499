/* SPDX-License-Identifier: MIT */
/* The steps of each scenario. */
#include "src/analyse/next_steps.h"

#include <string.h>

static const struct hv_scenario_row *row_of(const struct hv_hypothesis *hypothesis,
                                            enum hv_scenario scenario)
{
    for (size_t i = 0; i < hypothesis->n_scenarios; i++)
        if (hypothesis->scenarios[i].id == scenario)
            return &hypothesis->scenarios[i];
    return NULL;
}

const char *hv_scenario_action(const struct hv_hypothesis *hypothesis,
                               enum hv_scenario scenario)
{
    const struct hv_scenario_row *row = row_of(hypothesis, scenario);
    return row ? row->action : NULL;
}

void hv_add_step(struct hv_decision *decision, const char *step, struct hv_arena *arena)
{
    const char **grown =
        hv_arena_array(arena, decision->n_next + 1, sizeof *decision->next);
    if (decision->n_next)
        memcpy(grown, decision->next, decision->n_next * sizeof *grown);
    grown[decision->n_next++] = step;
    decision->next = grown;
}

static void add_steps(struct hv_decision *decision, const struct hv_step *steps,
                      size_t n, struct hv_arena *arena)
{
    for (size_t i = 0; i < n; i++)
        hv_add_step(decision, steps[i].text, arena);
}

void hv_scenario_steps(struct hv_decision *decision,
                       const struct hv_hypothesis *hypothesis, struct hv_arena *arena)
{
    const struct hv_scenario_row *row = row_of(hypothesis, decision->scenario);
    if (row)
        add_steps(decision, row->steps, row->n_steps, arena);
    else if (decision->scenario == HV_SCENARIO_NONE)
        add_steps(decision, hypothesis->otherwise, hypothesis->n_otherwise, arena);
}
