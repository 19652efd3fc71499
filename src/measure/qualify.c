/* SPDX-License-Identifier: MIT */
/* Events on controls with a known answer, each in the group it will be counted in: only
 * what counted there may support a figure. */
#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>

#include "counters/cpu.h"
#include "src/measure/group.h"
#include "src/measure/vouch.h"
#include "src/measure/ways.h"

/* More than the groups, and the halves of those that the PMU cannot hold, can need. */
enum { MOST = 2 * HV_GROUPS * HV_GROUP_EVENTS };

/* Where the readings of one group go. */
struct intake {
    struct hv_job_events events;
    struct hv_control_reads reads[HV_GROUP_EVENTS];
    struct hv_ways_frame ways; /* events 0: it did not come */
};

/* Workers number the events that were opened; the others have a status. */
static struct hv_control_reads *reads_of(struct intake *in, unsigned number)
{
    for (unsigned i = 0; i < in->events.n; i++)
        if (in->events.status[i] == 0 && number-- == 0)
            return &in->reads[i];
    return NULL;
}

static int on_reading(void *user, enum hv_frame_kind kind, const void *payload,
                      size_t bytes)
{
    struct hv_reading_frame frame;
    struct intake *in = user;
    if (kind == HV_FRAME_WAYS && bytes == sizeof in->ways) {
        memcpy(&in->ways, payload, sizeof in->ways);
        return hv_ways_frame_is_sane(&in->ways) ? 0 : -EPROTO;
    }
    if (kind != HV_FRAME_READING || bytes != sizeof frame)
        return -EPROTO;
    memcpy(&frame, payload, sizeof frame);
    struct hv_control_reads *reads = reads_of(in, frame.event);
    if (!reads || frame.arm > HV_CONTROLS ||
        frame.index >= HV_CONTROL_SIZES * HV_CONTROL_REPEATS || frame.rc > 0 ||
        frame.rc < -4095)
        return -EPROTO;
    if (frame.rc)
        reads->failed = frame.rc;
    reads->at[frame.arm][frame.index / HV_CONTROL_REPEATS]
             [frame.index % HV_CONTROL_REPEATS] = frame.reading;
    reads->n++;
    return 0;
}

/* The controls that the group's events have; all where one of them has none, for then
 * anything that moves it will do. */
static unsigned controls_of(const struct hv_group *group, const char *vendor)
{
    unsigned asked = 0;
    for (unsigned i = 0; i < group->n; i++) {
        const struct hv_event_kind *kind = hv_event_kind_of(&group->event[i], vendor);
        asked |= kind ? 1U << kind->control : HV_ALL_CONTROLS;
    }
    return asked;
}

static int read_group(struct hv_measurement *m, const char *vendor,
                      const struct hv_group *group, struct intake *in,
                      struct hv_error *error)
{
    struct hv_job job = {.kind = HV_JOB_QUALIFY,
                         .cpu = m->cpu,
                         .controls = controls_of(group, vendor),
                         .fake_counters = strcmp(m->plan->backend->name, "fake") == 0};
    memset(in, 0, sizeof *in);
    in->events = (struct hv_job_events){.event = group->event, .n = group->n};
    const int rc = hv_session_run(m->session, &job, &in->events, m->plan->hang_seconds,
                                  on_reading, in, error);
    for (unsigned i = 0; i < in->events.n; i++) {
        in->reads[i].made = job.controls;
        if (in->events.status[i])
            in->reads[i].status = in->events.status[i];
    }
    return rc;
}

static bool ran_throughout(const struct hv_reading *reading)
{
    return reading->running > 0 && reading->running >= reading->enabled;
}

/* As hv_measure_group_too_big, which sees a pair's readings. */
static bool too_big(const struct intake *in)
{
    bool any_counted = false, any_missing = false;
    for (unsigned i = 0; i < in->events.n; i++) {
        const struct hv_control_reads *reads = &in->reads[i];
        any_counted |= reads->status == 0 && reads->failed == 0;
        any_missing |= reads->status == -EINVAL || reads->status == -ENOSPC ||
                       reads->failed == -ENODATA;
        any_missing |= reads->n > 0 && !hv_all_control_reads(reads, ran_throughout);
    }
    return any_missing && (any_counted || in->reads[0].failed == -ENODATA);
}

/* A figure has one control; another group in which its event fares otherwise has one
 * more, named after the group. */
static void add_control(struct hv_measurement *m, const struct hv_group *group,
                        const struct hv_vouched *vouched, struct hv_control *control)
{
    struct hv_run *run = m->run;
    const struct hv_vouched *first = NULL;
    for (size_t i = 0; !first && i < m->n_vouched; i++)
        if (!strcmp(m->vouched[i].figure, vouched->figure))
            first = &m->vouched[i];
    if (run->n_controls >= (size_t)HV_MAX_CONTROLS ||
        (first && first->verdict == vouched->verdict))
        return;
    if (first)
        control->name =
            hv_arena_printf(m->arena, "%s in group %s", control->name, group->name);
    run->controls[run->n_controls++] = *control;
}

static void judge_group(struct hv_measurement *m, const char *vendor,
                        const struct hv_group *group, const struct intake *in)
{
    for (unsigned i = 0; i < group->n && m->n_vouched < MOST; i++) {
        const struct hv_event *event = &group->event[i];
        const struct hv_event_kind *kind = hv_event_kind_of(event, vendor);
        struct hv_control control = {.name = NULL};
        struct hv_vouched vouched =
            hv_vouch(m->arena, event, kind, &in->reads[i], &control);
        vouched.group = hv_arena_text(m->arena, group->name);
        if (kind)
            add_control(m, group, &vouched, &control);
        m->vouched[m->n_vouched++] = vouched;
    }
}

static int qualify_group(struct hv_measurement *m, const char *vendor,
                         const struct hv_group *group, struct hv_error *error)
{
    static struct intake in; /* too large for a stack; main has one thread */
    int rc = read_group(m, vendor, group, &in, error);
    if (rc)
        return rc;
    if (group->n > 2 && too_big(&in)) {
        struct hv_group half[2];
        hv_measure_group_halve(group, half);
        rc = qualify_group(m, vendor, &half[0], error);
        return rc ? rc : qualify_group(m, vendor, &half[1], error);
    }
    judge_group(m, vendor, group, &in);
    if (in.ways.events) {
        const struct hv_group opened = hv_opened_of(group, &in.events);
        hv_measure_tell_ways(m, &opened, &in.ways);
    }
    return 0;
}

int hv_measure_qualify(struct hv_measurement *m, struct hv_error *error)
{
    struct hv_group groups[HV_GROUPS];
    struct hv_cpu_id id;
    unsigned n = 0;
    int rc = hv_measure_groups(m, &id, groups, &n, error);
    m->vouched = hv_arena_array(m->arena, MOST, sizeof *m->vouched);
    m->n_vouched = 0;
    for (unsigned i = 0; !rc && i < n; i++)
        if (groups[i].event[0].type != PERF_TYPE_SOFTWARE)
            rc = qualify_group(m, id.vendor, &groups[i], error);
    return rc;
}

const struct hv_vouched *hv_measure_vouched(const struct hv_measurement *m,
                                            const char *group, const char *figure)
{
    const struct hv_vouched *other = NULL;
    for (size_t i = 0; i < m->n_vouched; i++) {
        const struct hv_vouched *vouched = &m->vouched[i];
        if (strcmp(vouched->figure, figure))
            continue;
        if (!strcmp(vouched->group, group))
            return vouched;
        other = other ? other : vouched;
    }
    return other;
}
