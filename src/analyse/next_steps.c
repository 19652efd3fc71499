/* SPDX-License-Identifier: MIT */
/* The steps of each scenario. */
#include "src/analyse/next_steps.h"

#include <string.h>

#include "src/base/error.h"

static const struct {
    enum hv_scenario scenario;
    const char *step;
} steps[] = {
    {HV_OPTIMISTIC,    "Implement the zero-copy architecture: vectors in mapped storage."},
    {HV_OPTIMISTIC,    "Give temporaries one arena, freed at once."                      },
    {HV_OPTIMISTIC,    "Let the SIMD operations take references to stored vectors."      },
    {HV_OPTIMISTIC,    "Run hvperf again on the result; report only verified gains."     },
    {HV_REALISTIC,     "Remove the copies only where a pair above is at least 1.5x."     },
    {HV_REALISTIC,     "Keep the simple form where the interval includes 1x."            },
    {HV_REALISTIC,     "Report the gain of each workload, never one factor for all."     },
    {HV_PESSIMISTIC,   "Write down that removing these copies does not pay."             },
    {HV_PESSIMISTIC,   "Look at what fills the time instead: checklist, counters."       },
    {HV_PESSIMISTIC,   "Plan the move to GPU, with a prediction of its own to test."     },
    {HV_SCENARIO_NONE, "Decide pair by pair: the five do not agree on a scenario."       },
    {HV_SCENARIO_NONE, "Measure the real workload: it tells how much each weighs."       },
};

enum hv_action hv_scenario_action(enum hv_scenario scenario)
{
    switch (scenario) {
    case HV_OPTIMISTIC: return HV_ACTION_ZERO_COPY;
    case HV_REALISTIC: return HV_ACTION_SELECTIVE;
    case HV_PESSIMISTIC: return HV_ACTION_GPU;
    case HV_SCENARIO_NONE:
    case HV_SCENARIO_UNDECIDED: break;
    }
    return HV_ACTION_NONE;
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

void hv_scenario_steps(struct hv_decision *decision, struct hv_arena *arena)
{
    for (size_t i = 0; i < HV_LEN(steps); i++)
        if (steps[i].scenario == decision->scenario)
            hv_add_step(decision, steps[i].step, arena);
}
