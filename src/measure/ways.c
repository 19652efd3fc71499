/* SPDX-License-Identifier: MIT */
/* How counts are read, and what that costs: by the pages that the kernel shares of its
 * events where it does and both ways counted the same, else by read(2). */
#include "src/measure/ways.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <math.h>
#include <string.h>

#include "counters/user_page.h"
#include "src/measure/group.h"

#define NAME "counter_reads"
/* Relative, as of hv_ways_agree for a count of some thousands. */
#define TOLERANCE 0.01

bool hv_ways_frame_is_sane(const struct hv_ways_frame *frame)
{
    return frame->rc <= 0 && frame->rc >= -4095 && frame->events <= HV_GROUP_EVENTS &&
           isfinite(frame->call_ns) && frame->call_ns >= 0 &&
           isfinite(frame->page_ns) && frame->page_ns >= 0;
}

/* The event that tells most: the first on which both ways differ, else the one that
 * counted most of the loop. */
static unsigned telling(const struct hv_ways_frame *frame)
{
    unsigned most = 0;
    for (unsigned i = 0; i < frame->events; i++) {
        if (!hv_ways_agree(frame->call[i], frame->page[i], HV_WAYS_STRAYS))
            return i;
        most = frame->page[i] > frame->page[most] ? i : most;
    }
    return most;
}

static const char *why_call(struct hv_measurement *m, const struct hv_group *group,
                            const struct hv_ways_frame *frame, unsigned event)
{
    const char *figure = group->event[event].figure;
    if (group->event[0].type == PERF_TYPE_SOFTWARE)
        return "no hardware event was opened, and software events have no counter that "
               "could be read without a call: counts are taken by read(2)";
    if (frame->rc)
        return hv_arena_printf(m->arena,
                               "no user page: %s; counts are taken by read(2)",
                               hv_user_page_words(frame->rc));
    if (hv_ways_agree(frame->call[event], frame->page[event], HV_WAYS_STRAYS))
        return hv_arena_printf(m->arena,
                               "the loop moved %s by %llu only, which proves nothing: "
                               "counts are taken by read(2)",
                               figure, (unsigned long long)frame->page[event]);
    return hv_arena_printf(
        m->arena,
        "the user page counted %llu %s where read(2) counted %llu: counts are taken by "
        "read(2)",
        (unsigned long long)frame->page[event], figure,
        (unsigned long long)frame->call[event]);
}

static void add_control(struct hv_measurement *m, const struct hv_group *group,
                        const struct hv_ways_frame *frame)
{
    struct hv_run *run = m->run;
    if (run->n_controls >= (size_t)HV_MAX_CONTROLS)
        return;
    const unsigned event = telling(frame);
    run->controls[run->n_controls++] = (struct hv_control){
        .name = m->ways.told
                    ? hv_arena_printf(m->arena, NAME " in group %s", group->name)
                    : NAME,
        .what = "a loop counted by read(2) and by the user page within it",
        .unit = hv_arena_text(m->arena, group->event[event].figure),
        .ran = !frame->rc,
        .expected = frame->rc ? 0 : (double)frame->call[event],
        .got = frame->rc ? 0 : (double)frame->page[event],
        .tolerance = TOLERANCE,
        .passed = !frame->rc && frame->by_page,
        .why = frame->by_page ? NULL : why_call(m, group, frame, event),
    };
}

void hv_measure_tell_ways(struct hv_measurement *m, const struct hv_group *opened,
                          const struct hv_ways_frame *frame)
{
    struct hv_ways *ways = &m->ways;
    const bool by_page = !frame->rc && frame->by_page;
    if (frame->events != opened->n || (ways->told && ways->by_page == by_page))
        return;
    add_control(m, opened, frame);
    if (ways->told)
        return;
    *ways = (struct hv_ways){
        .told = true,
        .by_page = by_page,
        .group = hv_arena_text(m->arena, opened->name),
        .events = opened->n,
        .call_ns = frame->call_ns,
        .page_ns = frame->page_ns,
        .why = by_page ? NULL : why_call(m, opened, frame, telling(frame)),
    };
}

static int on_frame(void *user, enum hv_frame_kind kind, const void *payload,
                    size_t bytes)
{
    struct hv_ways_frame *frame = user;
    if (kind == HV_FRAME_READING)
        return 0; /* of empty batches: nobody asked */
    if (kind != HV_FRAME_WAYS || bytes != sizeof *frame)
        return -EPROTO;
    memcpy(frame, payload, sizeof *frame);
    return hv_ways_frame_is_sane(frame) ? 0 : -EPROTO;
}

static int ask_group(struct hv_measurement *m, const struct hv_group *group,
                     struct hv_error *error)
{
    struct hv_ways_frame frame = {.events = 0};
    struct hv_job job = {.kind = HV_JOB_QUALIFY,
                         .cpu = m->cpu,
                         .fake_counters = strcmp(m->plan->backend->name, "fake") == 0};
    struct hv_job_events events = {.event = group->event, .n = group->n};
    const int rc = hv_session_run(m->session, &job, &events, m->plan->hang_seconds,
                                  on_frame, &frame, error);
    if (rc || !frame.events)
        return rc;
    const struct hv_group opened = hv_opened_of(group, &events);
    hv_measure_tell_ways(m, &opened, &frame);
    return 0;
}

int hv_measure_software_ways(struct hv_measurement *m, struct hv_error *error)
{
    struct hv_group groups[HV_GROUPS];
    unsigned n = 0;
    int rc = hv_measure_groups(m, NULL, groups, &n, error);
    for (unsigned i = 0; !rc && !m->ways.told && i < n; i++)
        if (groups[i].event[0].type == PERF_TYPE_SOFTWARE)
            rc = ask_group(m, &groups[i], error);
    return rc;
}

struct hv_group hv_opened_of(const struct hv_group *group,
                             const struct hv_job_events *events)
{
    struct hv_group opened = *group;
    opened.n = 0;
    for (unsigned i = 0; i < events->n; i++)
        if (!events->status[i])
            opened.event[opened.n++] = group->event[i];
    return opened;
}
