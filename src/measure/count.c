/* SPDX-License-Identifier: MIT */
/* Counter passes of a pair: one worker a group, groups split until the PMU can hold
 * them; then the calls through the GOT. */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>

#include "counters/perf.h"
#include "src/measure/group.h"
#include "src/measure/job.h"

enum {
    BATCH_NS = 200000, /* a counted batch lasts about so long */
    METER_SAMPLES = 2, /* ... and a metered one so many samples */
    MAX_GROUPS = (HV_GROUP_EVENTS - 1) * HV_GROUPS, /* each split down to pairs */
};

static void scale_n(struct hv_job *job, const struct hv_target *target,
                    double target_ns)
{
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        const double times = target_ns / (target->sample_ns[arm] + 1);
        if (times > 1)
            job->n[arm] = (uint64_t)((double)job->n[arm] * times);
    }
}

/* A hardware event can be believed only as far as a control vouches for it. */
static void vouch(const struct hv_measurement *m, const struct hv_event *event,
                  const char *group, struct hv_event_run *run)
{
    if (event->type == PERF_TYPE_SOFTWARE) {
        run->qualification = HV_OS_COUNTER;
        return;
    }
    const struct hv_vouched *vouched = hv_measure_vouched(m, group, run->figure);
    if (!vouched)
        return;
    run->qualification = vouched->verdict;
    run->factor = vouched->verdict == HV_BIASED ? vouched->factor : 0;
    run->why = run->why ? run->why : vouched->why;
}

static void append(struct hv_measurement *m, struct hv_pair_run *pair,
                   const struct hv_group_run *run)
{
    if (!pair->groups)
        pair->groups = hv_arena_array(m->arena, MAX_GROUPS, sizeof *pair->groups);
    if (pair->n_groups < MAX_GROUPS)
        pair->groups[pair->n_groups++] = *run;
}

static int count_group(struct hv_measurement *m, struct hv_target *target,
                       const struct hv_group *group, struct hv_error *error)
{
    struct hv_job job = hv_measure_job(m, target, HV_JOB_COUNT);
    struct hv_group_run run;
    scale_n(&job, target, BATCH_NS);
    int rc = hv_measure_group(m, &job, group, &run, error);
    if (rc)
        return rc;
    if (group->n > 2 && hv_measure_group_too_big(&run)) {
        struct hv_group half[2];
        hv_measure_group_halve(group, half);
        rc = count_group(m, target, &half[0], error);
        return rc ? rc : count_group(m, target, &half[1], error);
    }
    for (unsigned i = 0; i < run.n_events; i++)
        vouch(m, &group->event[i], group->name, &run.events[i]);
    append(m, target->run, &run);
    return 0;
}

static int on_meter(void *user, enum hv_frame_kind kind, const void *payload,
                    size_t bytes)
{
    if (kind != HV_FRAME_METER)
        return -EPROTO;
    memcpy(user, payload, bytes);
    return 0;
}

static int meter(struct hv_measurement *m, struct hv_target *target,
                 struct hv_error *error)
{
    struct hv_meter_frame frame;
    memset(&frame, 0, sizeof frame);
    struct hv_job job = hv_measure_job(m, target, HV_JOB_METER);
    struct hv_pair_run *pair = target->run;
    for (unsigned arm = 0; arm < HV_ARMS; arm++)
        job.n[arm] *= METER_SAMPLES;
    int rc = hv_session_run(m->session, &job, NULL, m->plan->hang_seconds, on_meter,
                            &frame, error);
    if (rc)
        return rc;
    frame.meter.present = frame.metered != 0;
    frame.usage.present = frame.used != 0;
    pair->meter = frame.meter;
    const char *why = hv_wire_text(frame.why, sizeof frame.why),
               *source = hv_wire_text(frame.source, sizeof frame.source);
    pair->meter.why = pair->meter.present ? NULL : hv_arena_text(m->arena, why);
    pair->meter.source = pair->meter.present ? hv_arena_text(m->arena, source) : NULL;
    pair->usage = frame.usage;
    return 0;
}

int hv_measure_count(struct hv_measurement *m, struct hv_target *target,
                     struct hv_error *error)
{
    struct hv_group groups[HV_GROUPS];
    struct hv_error inner = {""};
    unsigned n = 0;
    int rc = hv_measure_groups(m, NULL, groups, &n, &inner);
    for (unsigned i = 0; !rc && i < n; i++)
        rc = count_group(m, target, &groups[i], &inner);
    if (!rc)
        rc = meter(m, target, &inner);
    if (!rc)
        return 0;
    hv_fail(error, rc, "%s: %s", target->run->name, inner.text);
    return hv_measure_give_up(m, target, rc, &inner);
}
