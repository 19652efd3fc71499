/* SPDX-License-Identifier: MIT */
/* Counter readings as evidence: what an event says about one iteration of an arm. */
#include "src/analyse/events.h"

#include <math.h>
#include <string.h>

#include "src/analyse/stats.h"
#include "src/analyse/vouch.h"
#include "src/base/error.h"

/* Readings of one batch, scaled to the time they were asked for, sorted. */
struct batch {
    double *values;
    size_t count;
    double share; /* running / enabled over all readings; 1: counted all the time */
};

static struct batch read_batch(const struct hv_reading *reads, size_t count,
                               struct hv_arena *scratch)
{
    struct batch batch = {.share = 1};
    if (!reads)
        return batch;
    batch.values = hv_arena_array(scratch, count, sizeof *batch.values);
    double enabled = 0, running = 0;
    for (size_t i = 0; i < count; i++) {
        enabled += (double)reads[i].enabled;
        running += (double)reads[i].running;
        if (reads[i].running == 0)
            continue;
        const double scale = reads[i].running < reads[i].enabled
                                 ? (double)reads[i].enabled / (double)reads[i].running
                                 : 1;
        batch.values[batch.count++] = (double)reads[i].value * scale;
    }
    if (running < enabled)
        batch.share = running / enabled;
    hv_sort(batch.values, batch.count);
    return batch;
}

static double spread_of(const struct batch *batch)
{
    return batch->count ? batch->values[batch->count - 1] - batch->values[0] : 0;
}

const char *hv_event_figure(const struct hv_event_run *event)
{
    return event->figure ? event->figure : event->event;
}

static const char *event_name(const struct hv_event_run *event)
{
    return event->event ? event->event : event->figure ? event->figure : "event";
}

/* How far an event may be believed that its control did not find right. */
static const struct standing {
    bool figure; /* it gives one, as an estimate */
    const char *words;
} standings[HV_QUALIFICATIONS] = {
    [HV_UNQUALIFIED] = {true,  "unqualified: no control kernel vouches for it"      },
    [HV_DEAD] = {false, "it does not count here"                             },
    [HV_BIASED] = {true,  "biased"                                             },
    [HV_ERRATIC] = {false, "it counts something else here"                      },
    [HV_SILENT] = {true,  "unqualified: read 0 in all controls"                },
    [HV_UNOPENED] = {true,  "unqualified: it could not be opened for its control"},
};

static bool is_trusted(enum hv_qualification standing)
{
    return standing == HV_QUALIFIED || standing == HV_OS_COUNTER;
}

/* NULL, or why the controls speak against the event. */
static const char *why_distrusted(const struct hv_run *run,
                                  const struct hv_event_run *event,
                                  struct hv_arena *arena)
{
    const enum hv_qualification standing = hv_event_standing(run, event);
    if (is_trusted(standing) || standing == HV_BIASED)
        return NULL;
    if (!standings[standing].figure)
        return hv_arena_printf(arena, "%s: %s", event_name(event),
                               event->why ? event->why : standings[standing].words);
    const char *doubt = hv_why_pmu_doubted(run, arena);
    return doubt ? hv_arena_printf(arena, "%s has no control of its own, and %s",
                                   event_name(event), doubt)
                 : NULL;
}

/* NULL, or why the event gives no figure at all. */
static const char *why_unusable(const struct hv_run *run,
                                const struct hv_group_run *group,
                                const struct hv_event_run *event, enum hv_arm_id arm,
                                struct hv_arena *arena)
{
    if (event->status)
        return hv_arena_printf(arena, "%s: %s", event_name(event),
                               event->why ? event->why : "could not be opened");
    const char *distrust = why_distrusted(run, event, arena);
    if (distrust)
        return distrust;
    if (group->iterations[arm] == 0 || event->n_reads == 0 || !event->reads[arm])
        return hv_arena_printf(arena, "%s: no reading was taken", event_name(event));
    return NULL;
}

/* What is to be told beside a figure whose event nobody vouches for. */
static const char *doubt_text(const struct hv_event_run *event,
                              enum hv_qualification standing, struct hv_arena *arena)
{
    if (is_trusted(standing))
        return "";
    if (standing == HV_BIASED && event->factor > 0)
        return hv_arena_printf(
            arena,
            "; biased: counts %.3g for each one made in its control, "
            "and is not corrected for it",
            event->factor);
    return hv_arena_printf(arena, "; %s", standings[standing].words);
}

static const char *source_text(const struct hv_event_run *event, const char *doubt,
                               double share, bool subtracted, const char *note,
                               struct hv_arena *arena)
{
    const char *scaled =
        share < 1 ? hv_arena_printf(arena, "; scaled: counted %.3g %% of the time",
                                    100 * share)
                  : "";
    return hv_arena_printf(
        arena, "%s%s%s; any state of the core%s%s%s%s", event_name(event),
        event->source ? "; " : "", event->source ? event->source : "", scaled, doubt,
        subtracted ? "" : "; the cost of reading is not taken off", note);
}

/* A 0 that is all an event has ever said is no count. */
static bool is_silent(const struct batch *batch, enum hv_qualification standing)
{
    return standing == HV_SILENT && !(batch->values[batch->count - 1] > 0);
}

struct hv_evidence hv_event_evidence(const struct hv_run *run,
                                     const struct hv_group_run *group,
                                     const struct hv_event_run *event,
                                     enum hv_arm_id arm, const char *unit,
                                     struct hv_arena *arena, struct hv_arena *scratch)
{
    const char *why = why_unusable(run, group, event, arm, arena);
    if (why)
        return hv_absent(unit, why);
    const struct batch batch = read_batch(event->reads[arm], event->n_reads, scratch);
    const struct batch empty =
        read_batch(event->reads[HV_ARMS], event->n_reads, scratch);
    if (batch.count == 0)
        return hv_absent(
            unit, hv_arena_printf(arena, "<not counted>: %s %s", event_name(event),
                                  event->why ? event->why : "was never scheduled"));
    const enum hv_qualification standing = hv_event_standing(run, event);
    if (is_silent(&batch, standing))
        return hv_absent(unit, hv_arena_printf(arena,
                                               "%s opened, and read 0 here; it read 0 "
                                               "in all controls: not believed",
                                               event_name(event)));
    double value = hv_quantile(batch.values, batch.count, 0.5) -
                   (empty.count ? hv_quantile(empty.values, empty.count, 0.5) : 0);
    const char *note = "";
    if (value < 0) {
        if (-value > spread_of(&empty))
            return hv_absent(unit, hv_arena_printf(arena,
                                                   "%s counted less than in the empty "
                                                   "batch, by more than that varies",
                                                   event_name(event)));
        note = "; below the empty batch, but within what that varies: 0";
        value = 0;
    }
    const double share = fmin(batch.share, empty.share);
    enum hv_provenance provenance = share < 1 ? HV_SCALED : HV_MEASURED;
    if (!is_trusted(standing))
        provenance = HV_ESTIMATED;
    return hv_value(provenance, value / (double)group->iterations[arm], unit,
                    source_text(event, doubt_text(event, standing, arena), share,
                                empty.count > 0, note, arena));
}

static void take_event(struct hv_evidence *best, struct hv_evidence found,
                       struct hv_arena *arena)
{
    if (found.provenance <= best->provenance) {
        hv_add_witness(arena, best, found);
        return;
    }
    const struct hv_evidence previous = *best;
    *best = found;
    for (size_t i = 0; i < previous.n_witnesses; i++)
        hv_add_witness(arena, best, previous.witnesses[i]);
    struct hv_evidence bare = previous;
    bare.witnesses = NULL;
    bare.n_witnesses = 0;
    hv_add_witness(arena, best, bare);
}

struct hv_evidence hv_counted(const struct hv_run *run, const struct hv_pair_run *pair,
                              enum hv_arm_id arm, const char *figure, const char *unit,
                              struct hv_arena *arena, struct hv_arena *scratch)
{
    struct hv_evidence best =
        hv_absent(unit, run->settings.counters
                            ? "no counter pass of this run held an event for it"
                            : "the run was made without --counters");
    bool met = false;
    for (size_t g = 0; g < pair->n_groups; g++) {
        const struct hv_group_run *group = &pair->groups[g];
        for (size_t e = 0; e < group->n_events; e++) {
            const char *name = hv_event_figure(&group->events[e]);
            if (!name || strcmp(name, figure) != 0)
                continue;
            const struct hv_evidence found = hv_event_evidence(
                run, group, &group->events[e], arm, unit, arena, scratch);
            if (!met)
                best = found;
            else
                take_event(&best, found, arena);
            met = true;
        }
    }
    return best;
}

/* Software clocks count time; everything else counts events. */
static const char *unit_of(const char *figure)
{
    static const char *const clocks[] = {"task-clock", "cpu-clock"};
    for (size_t i = 0; i < HV_LEN(clocks); i++)
        if (strcmp(figure, clocks[i]) == 0)
            return "ns";
    return "events";
}

void hv_add_other_events(const struct hv_run *run, const struct hv_pair_run *pair,
                         enum hv_arm_id arm, struct hv_figure_list *list,
                         struct hv_arena *scratch)
{
    for (size_t g = 0; g < pair->n_groups; g++)
        for (size_t e = 0; e < pair->groups[g].n_events; e++) {
            const char *name = hv_event_figure(&pair->groups[g].events[e]);
            if (name && !hv_find_figure(list, name))
                hv_add_figure(list, name,
                              hv_counted(run, pair, arm, name, unit_of(name),
                                         list->arena, scratch));
        }
}
