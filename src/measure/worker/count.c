/* SPDX-License-Identifier: MIT */
/* One counter group: the paired experiment repeated under it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "counters/got.h"
#include "counters/perf.h"
#include "src/measure/worker/worker.h"

enum { PAGE_TRIES = 4 };

static int call_batch(struct hv_worker *w, const struct hv_counted_batch *batch,
                      struct hv_reading out[HV_GROUP_EVENTS])
{
    const struct hv_backend *backend = w->backend;
    struct hv_reading before[HV_GROUP_EVENTS] = {{0}};
    const unsigned n = w->job.n_events;
    /* A first read may fail where the second succeeds: only the second is evidence. */
    (void)backend->read(w->leader, n, before);
    int counted = backend->reset_enable(w->leader);
    batch->run(batch->ctx, batch->n);
    int rc = backend->disable(w->leader);
    counted = counted ? counted : rc;
    rc = backend->read(w->leader, n, out);
    counted = counted ? counted : rc;
    for (unsigned event = 0; !counted && event < n; event++)
        out[event] = hv_reading_since(&out[event], &before[event]);
    return counted;
}

/* A batch during which the group was moved runs again: nothing is wrong with it. */
static int page_batch(struct hv_worker *w, const struct hv_counted_batch *batch,
                      struct hv_reading out[HV_GROUP_EVENTS])
{
    for (int i = 0; i < PAGE_TRIES; i++)
        if (!hv_worker_page_batch(w, batch, out))
            return 0;
    w->pages.count = false;
    return -ESTALE;
}

int hv_worker_count_batch(struct hv_worker *w, const struct hv_counted_batch *batch,
                          unsigned arm, unsigned index)
{
    struct hv_reading reading[HV_GROUP_EVENTS] = {{0}};
    const bool paged = w->pages.count;
    const int counted =
        paged ? page_batch(w, batch, reading) : call_batch(w, batch, reading);
    if (counted == -ESTALE)
        return counted;
    for (unsigned event = 0; event < w->job.n_events; event++) {
        struct hv_reading_frame frame = {.event = event,
                                         .arm = arm,
                                         .index = index,
                                         .rc = counted,
                                         .paged = paged,
                                         .iterations = batch->n};
        if (!counted)
            frame.reading = reading[event];
        const int rc = hv_worker_send(HV_FRAME_READING, &frame, sizeof frame);
        if (rc)
            return rc;
    }
    return 0;
}

/* ABBA over both batches, an empty one after each round. */
static int count_rounds(struct hv_worker *w,
                        const struct hv_counted_batch batch[HV_ARMS + 1],
                        unsigned index)
{
    const unsigned first = index % 2 ? HV_CANDIDATE : HV_BASELINE;
    int rc = hv_worker_count_batch(w, &batch[first], first, index);
    if (!rc)
        rc = hv_worker_count_batch(w, &batch[!first], !first, index);
    if (!rc)
        rc = hv_worker_count_batch(w, &batch[HV_ARMS], HV_ARMS, index);
    return rc;
}

static int count_all(struct hv_worker *w)
{
    int rc = 0;
    for (unsigned i = 0; !rc && i < w->job.n_reads; i++) {
        struct hv_counted_batch batch[HV_ARMS + 1];
        const unsigned place = i / 2 % w->places;
        for (unsigned arm = 0; arm < HV_ARMS; arm++)
            batch[arm] = (struct hv_counted_batch){w->run[arm][place], w->work.ctx,
                                                   w->job.n[arm]};
        batch[HV_ARMS] = (struct hv_counted_batch){hv_worker_empty_arm, w->work.ctx, 0};
        hv_worker_note(w, HV_PHASE_COUNT, HV_BASELINE, place);
        rc = count_rounds(w, batch, i);
    }
    return rc;
}

bool hv_worker_nothing_opened(const struct hv_worker *w)
{
    return w->leader < 0 || w->job.n_events == 0 || w->job.n_events > HV_GROUP_EVENTS;
}

int hv_worker_count(struct hv_worker *w)
{
    if (hv_worker_nothing_opened(w))
        return 0;
    int rc = hv_worker_load(w);
    if (!rc)
        rc = hv_worker_setup(w);
    if (rc)
        return rc;
    for (unsigned arm = 0; arm < HV_ARMS; arm++) /* pages and caches, uncounted */
        w->run[arm][0](w->work.ctx, w->job.n[arm]);
    rc = hv_worker_try_ways(w, w->job.time_reads);
    if (!rc)
        rc = count_all(w);
    if (rc == -ESTALE)
        rc = count_all(w);
    hv_worker_teardown(w);
    return rc;
}

static void meter_calls(struct hv_worker *w, struct hv_meter_frame *frame)
{
    struct hv_got *got = NULL;
    struct hv_error error = {""};
    const void *address = (const void *)(uintptr_t)w->run[HV_BASELINE][0];
    int rc = hv_got_attach(&got, address, &error);
    if (rc) {
        snprintf(frame->why, sizeof frame->why, "%.255s",
                 error.text[0] ? error.text : strerror(-rc));
        return;
    }
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        hv_worker_note(w, HV_PHASE_COUNT, arm, 0);
        hv_got_reset(got);
        w->run[arm][0](w->work.ctx, w->job.n[arm]);
        hv_got_read(got, &frame->meter.arm[arm]);
        frame->meter.iterations[arm] = w->job.n[arm];
    }
    frame->metered = 1;
    snprintf(frame->source, sizeof frame->source, "%s", hv_got_source(got));
    hv_got_detach(got);
}

static void meter_usage(struct hv_worker *w, struct hv_meter_frame *frame)
{
    struct hv_usage_run *usage = &frame->usage;
    struct rusage before, after;
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        if (getrusage(RUSAGE_THREAD, &before))
            return;
        w->run[arm][0](w->work.ctx, w->job.n[arm]);
        if (getrusage(RUSAGE_THREAD, &after))
            return;
        usage->iterations[arm] = w->job.n[arm];
        usage->minor_faults[arm] = (uint64_t)(after.ru_minflt - before.ru_minflt);
        usage->major_faults[arm] = (uint64_t)(after.ru_majflt - before.ru_majflt);
        usage->voluntary_switches[arm] = (uint64_t)(after.ru_nvcsw - before.ru_nvcsw);
        usage->involuntary_switches[arm] =
            (uint64_t)(after.ru_nivcsw - before.ru_nivcsw);
    }
    frame->used = 1;
}

int hv_worker_meter(struct hv_worker *w)
{
    int rc = hv_worker_load(w);
    if (!rc)
        rc = hv_worker_setup(w);
    if (rc)
        return rc;
    struct hv_meter_frame frame;
    memset(&frame, 0, sizeof frame);
    for (unsigned arm = 0; arm < HV_ARMS; arm++)
        w->run[arm][0](w->work.ctx, 1); /* first touch is not the steady state */
    meter_calls(w, &frame);
    meter_usage(w, &frame);
    rc = hv_worker_send(HV_FRAME_METER, &frame, sizeof frame);
    hv_worker_teardown(w);
    return rc;
}
