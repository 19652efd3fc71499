/* SPDX-License-Identifier: MIT */
/* The warnings that speak of counters: witnesses that disagree, doubtful events. */
#include "src/analyse/warnings_counters.h"

#include <math.h>
#include <string.h>

#include "src/base/error.h"

/* Relative; how far two witnesses of one figure may be apart. */
#define WITNESS_LIMIT 0.02

static const struct {
    const char *figure;
    bool only_above; /* the witness sees a part: less of it is no contradiction */
} compared[] = {
    {"cycles",       false},
    {"instructions", false},
    {"memcpy_bytes", true }
};

static bool disagrees(const struct hv_evidence *figure,
                      const struct hv_evidence *witness, bool only_above)
{
    const double limit = WITNESS_LIMIT * fabs(figure->value);
    const double above = witness->value - figure->value;
    return only_above ? above > limit : fabs(above) > limit;
}

static const char *disagreement_of(const struct hv_warning_context *c,
                                   const struct hv_arm_result *arm,
                                   const char *figure_name, bool only_above)
{
    const struct hv_evidence *figure = hv_arm_figure(arm, figure_name);
    if (!figure || figure->provenance == HV_ABSENT)
        return NULL;
    for (size_t i = 0; i < figure->n_witnesses; i++) {
        const struct hv_evidence *witness = &figure->witnesses[i];
        if (disagrees(figure, witness, only_above))
            return hv_arena_printf(
                c->arena, "%s, %s: %.5g (%s), but %.5g (%s) by another witness.",
                arm->name ? arm->name : "arm", figure_name, figure->value,
                hv_provenance_name(figure->provenance), witness->value,
                hv_provenance_name(witness->provenance));
    }
    return NULL;
}

const char *hv_warn_witness_disagreement(const struct hv_warning_context *c)
{
    for (int arm = 0; arm < HV_ARMS; arm++)
        for (size_t i = 0; i < HV_LEN(compared); i++) {
            const char *text = disagreement_of(
                c, &c->pair->arm[arm], compared[i].figure, compared[i].only_above);
            if (text)
                return text;
        }
    return NULL;
}

/* "A, B" of the events that the test picks; NULL: none. */
static const char *list_events(const struct hv_warning_context *c,
                               bool (*picks)(const struct hv_event_run *))
{
    const struct hv_pair_run *pair = c->view->pair;
    const char *text = NULL;
    for (size_t g = 0; g < pair->n_groups; g++)
        for (size_t e = 0; e < pair->groups[g].n_events; e++) {
            const struct hv_event_run *event = &pair->groups[g].events[e];
            const char *name = event->event ? event->event : event->figure;
            if (!name || event->status || !picks(event) || (text && strstr(text, name)))
                continue;
            text = text ? hv_arena_printf(c->arena, "%s, %s", text, name) : name;
        }
    return text;
}

static bool is_unqualified(const struct hv_event_run *event)
{
    return event->qualification == HV_UNQUALIFIED;
}

static bool is_dead(const struct hv_event_run *event)
{
    return event->qualification == HV_DEAD;
}

static bool is_multiplexed(const struct hv_event_run *event)
{
    for (int arm = 0; arm < HV_ARMS; arm++)
        for (size_t i = 0; event->reads[arm] && i < event->n_reads; i++)
            if (event->reads[arm][i].running < event->reads[arm][i].enabled)
                return true;
    return false;
}

const char *hv_warn_unqualified_event(const struct hv_warning_context *c)
{
    const char *names = list_events(c, is_unqualified);
    return names
               ? hv_arena_printf(c->arena, "No control kernel vouches for: %s.", names)
               : NULL;
}

const char *hv_warn_dead_event(const struct hv_warning_context *c)
{
    const char *names = list_events(c, is_dead);
    return names ? hv_arena_printf(c->arena,
                                   "Opened, but did not count a control kernel with a "
                                   "known answer: %s.",
                                   names)
                 : NULL;
}

const char *hv_warn_multiplexed(const struct hv_warning_context *c)
{
    const char *names = list_events(c, is_multiplexed);
    return names
               ? hv_arena_printf(c->arena, "Counted part of the time only: %s.", names)
               : NULL;
}
