/* SPDX-License-Identifier: MIT */
/* Opens one group on a worker and takes its readings. */
#include "src/measure/group.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "counters/cpu.h"
#include "counters/perf.h"
#include "src/measure/ways.h"

int hv_measure_groups(const struct hv_measurement *m, struct hv_cpu_id *id,
                      struct hv_group groups[HV_GROUPS], unsigned *n,
                      struct hv_error *error)
{
    struct hv_cpu_id found;
    const int rc = hv_cpu_identify_at(&found, m->cpu);
    if (id)
        *id = found;
    return rc ? rc
              : hv_groups_plan(&found, m->plan->events, m->plan->kernel_mode, groups, n,
                               error);
}

/* Where the readings of one group go. */
struct intake {
    struct hv_job_events *events;
    struct hv_group_run *run;
    struct hv_ways_frame ways; /* events 0: it did not come */
    bool paged;                /* the last batch, so all that count, by the user page */
};

/* Workers number the events that were opened; the others have a status. */
static struct hv_event_run *opened_event(const struct intake *in, unsigned number)
{
    for (unsigned i = 0; i < in->events->n; i++)
        if (in->events->status[i] == 0 && number-- == 0)
            return &in->run->events[i];
    return NULL;
}

static int on_reading(void *user, enum hv_frame_kind kind, const void *payload,
                      size_t bytes)
{
    struct intake *in = user;
    struct hv_reading_frame frame;
    if (kind == HV_FRAME_WAYS) {
        memcpy(&in->ways, payload, sizeof in->ways);
        return hv_ways_frame_is_sane(&in->ways) ? 0 : -EPROTO;
    }
    if (kind != HV_FRAME_READING || bytes != sizeof frame)
        return -EPROTO;
    memcpy(&frame, payload, sizeof frame);
    struct hv_event_run *event = opened_event(in, frame.event);
    if (!event || frame.arm > HV_ARMS || frame.index >= HV_GROUP_READS ||
        frame.rc > 0 || frame.rc < -4095)
        return -EPROTO;
    in->paged = frame.paged;
    if (frame.rc)
        event->status = frame.rc;
    event->reads[frame.arm][frame.index] = frame.reading;
    if (frame.index >= event->n_reads)
        event->n_reads = frame.index + 1;
    return 0;
}

static void start(struct hv_arena *arena, const struct hv_job *job,
                  const struct hv_group *group, struct hv_group_run *run)
{
    char source[128];
    *run = (struct hv_group_run){
        .name = hv_arena_text(arena, group->name),
        .iterations = {job->n[0], job->n[1]},
        .n_events = group->n
    };
    run->events = hv_arena_array(arena, group->n, sizeof *run->events);
    for (unsigned i = 0; i < group->n; i++) {
        const struct hv_event *event = &group->event[i];
        struct hv_event_run *to = &run->events[i];
        to->figure = hv_arena_text(arena, event->figure);
        to->event = hv_arena_text(arena, event->name);
        to->source =
            hv_arena_text(arena, hv_event_source(event, source, sizeof source));
        for (unsigned arm = 0; arm <= HV_ARMS; arm++)
            to->reads[arm] = hv_arena_array(arena, HV_GROUP_READS, sizeof **to->reads);
    }
}

/* Any reading that is not a count of the whole time is worth words. */
static int state_of(const struct hv_event_run *event)
{
    for (unsigned arm = 0; arm <= HV_ARMS; arm++)
        for (size_t i = 0; i < event->n_reads; i++)
            if (hv_reading_state(&event->reads[arm][i]) == HV_NOT_COUNTED)
                return -EAGAIN;
    return 0;
}

static void explain(struct hv_arena *arena, const struct intake *in)
{
    char words[512];
    const struct hv_job_events *events = in->events;
    for (unsigned i = 0; i < events->n; i++) {
        struct hv_event_run *event = &in->run->events[i];
        event->source = hv_arena_printf(arena, "%s, %s", event->source,
                                        in->paged ? "by its user page" : "by read(2)");
        const int unopened = events->status[i],
                  failure = event->status ? event->status : state_of(event);
        if (unopened)
            event->status = unopened;
        if (event->status)
            event->n_reads = 0; /* what a failed batch left is no reading */
        if (unopened)
            hv_perf_words(unopened, &events->event[i], words, sizeof words);
        else if (failure)
            hv_perf_words_opened(failure, &events->event[i], words, sizeof words);
        if (unopened || failure)
            event->why = hv_arena_text(arena, words);
    }
}

int hv_measure_group(struct hv_measurement *m, struct hv_job *job,
                     const struct hv_group *group, struct hv_group_run *run,
                     struct hv_error *error)
{
    struct hv_job_events events = {.event = group->event, .n = group->n};
    struct intake in = {.events = &events, .run = run};
    start(m->arena, job, group, run);
    job->n_reads = HV_GROUP_READS;
    job->time_reads = !m->ways.told;
    int rc = hv_session_run(m->session, job, &events, m->plan->hang_seconds, on_reading,
                            &in, error);
    if (rc)
        return rc;
    explain(m->arena, &in);
    if (!m->ways.told && in.ways.events) {
        const struct hv_group opened = hv_opened_of(group, &events);
        hv_measure_tell_ways(m, &opened, &in.ways);
    }
    return 0;
}

bool hv_measure_group_too_big(const struct hv_group_run *run)
{
    bool any_counted = false, any_missing = false;
    for (size_t i = 0; i < run->n_events; i++) {
        const struct hv_event_run *event = &run->events[i];
        any_counted |= event->status == 0;
        any_missing |= event->status == -EINVAL || event->status == -ENOSPC ||
                       event->status == -ENODATA;
        for (size_t k = 0; k < event->n_reads; k++)
            any_missing |= hv_reading_state(&event->reads[0][k]) != HV_COUNTED;
    }
    return any_missing && (any_counted || run->events[0].status == -ENODATA);
}

void hv_measure_group_halve(const struct hv_group *group, struct hv_group half[2])
{
    const unsigned middle = 1 + group->n / 2;
    half[0] = half[1] = *group;
    half[0].n = middle;
    half[1].n = 1 + group->n - middle;
    memcpy(half[1].event + 1, group->event + middle,
           (group->n - middle) * sizeof *group->event);
    for (int i = 0; i < 2; i++) {
        size_t used = strlen(half[i].name);
        snprintf(half[i].name + used, sizeof half[i].name - used, ".%d", i + 1);
    }
}
