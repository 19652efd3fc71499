/* SPDX-License-Identifier: MIT */
/* The steps that a pair measures. */
#include "src/analyse/foretaste.h"

#include <string.h>

#include "src/analyse/evidence.h"

static const struct hv_pair_result *measured_by(const struct hv_result *result,
                                                const char *name)
{
    const struct hv_pair_result *found = NULL;
    for (size_t i = 0; i < result->n_experiments; i++) {
        const struct hv_pair_result *pair = &result->experiments[i];
        if (pair->purpose == HV_PURPOSE_STEP && pair->name && !strcmp(pair->name, name))
            found = pair;
    }
    return found;
}

static struct hv_evidence gain_of(const struct hv_pair_result *pair,
                                  struct hv_arena *arena)
{
    if (!pair)
        return hv_absent("x", "this run did not measure it");
    if (pair->state == HV_FAILED)
        return hv_absent("x", pair->failure ? pair->failure : "the pair failed");
    if (pair->state != HV_QUIET)
        return hv_absent("x", "there was no quiet core to measure it on");
    struct hv_evidence gain =
        hv_value(HV_MEASURED, pair->speedup.value, "x",
                 hv_arena_printf(arena, "%s against %s", pair->arm[HV_CANDIDATE].name,
                                 pair->arm[HV_BASELINE].name));
    gain.has_ci = true;
    gain.ci95[0] = pair->speedup.ci95[0];
    gain.ci95[1] = pair->speedup.ci95[1];
    return gain;
}

static bool is_told(const struct hv_decision *decision, const char *pair)
{
    for (size_t i = 0; i < decision->n_foretastes; i++)
        if (!strcmp(decision->foretastes[i].pair, pair))
            return true;
    return false;
}

void hv_find_foretastes(struct hv_result *result, struct hv_arena *arena)
{
    const struct hv_hypothesis *h = result->hypothesis;
    struct hv_decision *decision = &result->decision;
    size_t room = 0;
    for (size_t i = 0; h && i < h->n_scenarios; i++)
        room += h->scenarios[i].n_steps;
    decision->foretastes = hv_arena_array(arena, room, sizeof *decision->foretastes);
    for (size_t i = 0; h && i < h->n_scenarios; i++)
        for (size_t k = 0; k < h->scenarios[i].n_steps; k++) {
            const struct hv_step *step = &h->scenarios[i].steps[k];
            if (!step->measured_by || is_told(decision, step->measured_by))
                continue;
            decision->foretastes[decision->n_foretastes++] = (struct hv_foretaste){
                .step = step->text,
                .pair = step->measured_by,
                .gain = gain_of(measured_by(result, step->measured_by), arena),
            };
        }
}
