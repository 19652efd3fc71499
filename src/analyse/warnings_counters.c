/* SPDX-License-Identifier: MIT */
/* The warnings that speak of counters: witnesses that disagree, doubtful events. */
#include "src/analyse/warnings_counters.h"

#include <math.h>
#include <string.h>

#include "src/analyse/vouch.h"
#include "src/base/error.h"

/* limit is relative: how far two witnesses of one figure may be apart. A PMU counts
 * around the iterations, the reading of itself among them; calls are counted one by one
 * by either witness. */
static const struct comparison {
    const char *figure;
    double limit;
    bool only_above; /* the witness sees a part: less of it is no contradiction */
} compared[] = {
    {"cycles",              0.02, false},
    {"instructions",        0.02, false},
    {"memcpy_bytes",        0.02, true },
    {"memcpy_bytes_called", 0,    false},
    {"memcpy_calls",        0,    false},
    {"allocations",         0,    false},
    {"allocated_bytes",     0,    false},
};
/* What doubles of equal counts may differ by. */
#define ROUNDING 1e-9

static bool disagrees(const struct comparison *row, const struct hv_evidence *figure,
                      const struct hv_evidence *witness)
{
    const double limit = (row->limit + ROUNDING) * fabs(figure->value);
    const double above = witness->value - figure->value;
    return row->only_above ? above > limit : fabs(above) > limit;
}

static const char *disagreement_of(const struct hv_warning_context *c,
                                   const struct hv_arm_result *arm,
                                   const struct comparison *row)
{
    const struct hv_evidence *figure = hv_arm_figure(arm, row->figure);
    if (!figure || figure->provenance == HV_ABSENT)
        return NULL;
    for (size_t i = 0; i < figure->n_witnesses; i++) {
        const struct hv_evidence *witness = &figure->witnesses[i];
        if (disagrees(row, figure, witness))
            return hv_arena_printf(
                c->arena, "%s, %s: %.5g (%s), but %.5g (%s) by another witness.",
                arm->name ? arm->name : "arm", row->figure, figure->value,
                hv_provenance_name(figure->provenance), witness->value,
                hv_provenance_name(witness->provenance));
    }
    return NULL;
}

const char *hv_warn_witness_disagreement(const struct hv_warning_context *c)
{
    for (int arm = 0; arm < HV_ARMS; arm++)
        for (size_t i = 0; i < HV_LEN(compared); i++) {
            const char *text = disagreement_of(c, &c->pair->arm[arm], &compared[i]);
            if (text)
                return text;
        }
    return NULL;
}

typedef bool picks_fn(const struct hv_warning_context *, const struct hv_event_run *);

static const char *name_of(const struct hv_event_run *event)
{
    return event->event ? event->event : event->figure;
}

static bool is_picked(const struct hv_warning_context *c, picks_fn *picks,
                      const struct hv_event_run *event)
{
    return name_of(event) && !event->status && picks(c, event);
}

/* A pass before this place has an event of the same name that was picked. */
static bool is_told(const struct hv_warning_context *c, picks_fn *picks, size_t group,
                    size_t index)
{
    const struct hv_group_run *groups = c->view->pair->groups;
    const char *name = name_of(&groups[group].events[index]);
    for (size_t g = 0; g <= group; g++) {
        const size_t end = g < group ? groups[g].n_events : index;
        for (size_t e = 0; e < end; e++)
            if (is_picked(c, picks, &groups[g].events[e]) &&
                strcmp(name_of(&groups[g].events[e]), name) == 0)
                return true;
    }
    return false;
}

/* "A, B" of the events that the test picks, each once; NULL: none. */
static const char *list_events(const struct hv_warning_context *c, picks_fn *picks)
{
    const struct hv_pair_run *pair = c->view->pair;
    const char *text = NULL;
    for (size_t g = 0; g < pair->n_groups; g++)
        for (size_t e = 0; e < pair->groups[g].n_events; e++) {
            const struct hv_event_run *event = &pair->groups[g].events[e];
            if (!is_picked(c, picks, event) || is_told(c, picks, g, e))
                continue;
            text = text ? hv_arena_printf(c->arena, "%s, %s", text, name_of(event))
                        : name_of(event);
        }
    return text;
}

static bool is_unqualified(const struct hv_warning_context *c,
                           const struct hv_event_run *event)
{
    const enum hv_qualification standing = hv_event_standing(c->view->run, event);
    return standing == HV_UNQUALIFIED || standing == HV_SILENT ||
           standing == HV_UNOPENED;
}

static bool is_dead(const struct hv_warning_context *c,
                    const struct hv_event_run *event)
{
    const enum hv_qualification standing = hv_event_standing(c->view->run, event);
    return standing == HV_DEAD || standing == HV_ERRATIC;
}

static bool is_biased(const struct hv_warning_context *c,
                      const struct hv_event_run *event)
{
    return hv_event_standing(c->view->run, event) == HV_BIASED;
}

/* Part of the time, not never: what never ran has no count at all. */
static bool is_multiplexed(const struct hv_warning_context *c,
                           const struct hv_event_run *event)
{
    (void)c;
    bool ran = false, paused = false;
    for (int arm = 0; arm <= HV_ARMS; arm++)
        for (size_t i = 0; event->reads[arm] && i < event->n_reads; i++) {
            ran |= event->reads[arm][i].running > 0;
            paused |= event->reads[arm][i].running < event->reads[arm][i].enabled;
        }
    return ran && paused;
}

const char *hv_warn_unqualified_event(const struct hv_warning_context *c)
{
    const char *names = list_events(c, is_unqualified);
    if (!names)
        return NULL;
    const char *doubt = hv_why_pmu_doubted(c->view->run, c->arena);
    return doubt
               ? hv_arena_printf(c->arena,
                                 "No control kernel vouches for: %s. They were left "
                                 "out: %s.",
                                 names, doubt)
               : hv_arena_printf(c->arena, "No control kernel vouches for: %s.", names);
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

const char *hv_warn_biased_event(const struct hv_warning_context *c)
{
    const char *names = list_events(c, is_biased);
    return names ? hv_arena_printf(c->arena,
                                   "Counted a multiple of what a control kernel made, "
                                   "so they support no verdict: %s.",
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
