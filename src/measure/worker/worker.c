/* SPDX-License-Identifier: MIT */
/* The worker's entry: one job, from its socket to its last frame. */
#include "src/measure/worker/worker.h"

#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "counters/clock.h"
#include "src/base/error.h"

typedef int job_fn(struct hv_worker *w);

static job_fn *const jobs[] = {
    [HV_JOB_DESCRIBE] = hv_worker_describe, [HV_JOB_SURVEY] = hv_worker_survey,
    [HV_JOB_PREPARE] = hv_worker_prepare,   [HV_JOB_TIME] = hv_worker_time,
    [HV_JOB_COUNT] = hv_worker_count,       [HV_JOB_METER] = hv_worker_meter,
    [HV_JOB_QUALIFY] = hv_worker_qualify,   [HV_JOB_CONTROLS] = hv_worker_controls,
    [HV_JOB_TRACE] = hv_worker_trace,       [HV_JOB_INSPECT] = hv_worker_inspect,
};

int hv_worker_send(enum hv_frame_kind kind, const void *payload, size_t bytes)
{
    const struct hv_frame frame = {.kind = kind, .bytes = (uint32_t)bytes};
    int rc = hv_wire_write(HV_FD_FRAMES, &frame, sizeof frame);
    return rc || !bytes ? rc : hv_wire_write(HV_FD_FRAMES, payload, bytes);
}

int hv_worker_fail(int rc, const char *format, ...)
{
    struct hv_failed_frame failed = {{0}};
    va_list args;
    va_start(args, format);
    vsnprintf(failed.text, sizeof failed.text, format, args);
    va_end(args);
    (void)hv_worker_send(HV_FRAME_FAILED, &failed,
                         sizeof failed); /* rc is told anyway */
    return rc;
}

__attribute__((noinline, aligned(64))) uint32_t hv_worker_batch(hv_run_fn *run,
                                                                void *ctx, uint64_t n)
{
    const uint64_t start = hv_ticks();
    run(ctx, n);
    const uint64_t ticks = hv_ticks() - start;
    return ticks < UINT32_MAX ? (uint32_t)ticks : UINT32_MAX;
}

__attribute__((noinline, aligned(64))) void hv_worker_empty_arm(void *ctx, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++)
        HV_BARRIER(ctx);
}

static int pin(int cpu)
{
    cpu_set_t set;
    if (cpu < 0)
        return 0;
    if (cpu >= CPU_SETSIZE)
        return -EINVAL;
    CPU_ZERO(&set);
    CPU_SET((unsigned)cpu, &set);
    return sched_setaffinity(0, sizeof set, &set) ? -errno : 0;
}

static int run_job(struct hv_worker *w)
{
    unsigned n_fds = HV_GROUP_EVENTS;
    int rc = hv_wire_receive(HV_FD_JOB, &w->job, sizeof w->job, w->events, &n_fds);
    if (rc)
        return rc;
    w->leader = n_fds ? w->events[0] : -1;
    w->backend = hv_backend_find(w->job.fake_counters ? "fake" : "perf");
    if (n_fds != w->job.n_events)
        return hv_worker_fail(-EPROTO, "%u events came for a job of %u", n_fds,
                              w->job.n_events);
    if (w->job.kind >= HV_LEN(jobs))
        return hv_worker_fail(-EINVAL, "job %u is unknown to this worker", w->job.kind);
    rc = pin(w->job.cpu);
    if (rc)
        return hv_worker_fail(rc, "cannot run on CPU %d: %s", w->job.cpu,
                              strerror(-rc));
    return jobs[w->job.kind](w);
}

int hv_worker_main(void)
{
    static struct hv_worker w;
    w.beacon = mmap(NULL, sizeof *w.beacon, PROT_READ | PROT_WRITE, MAP_SHARED,
                    HV_FD_BEACON, 0);
    if (w.beacon == MAP_FAILED) {
        fprintf(stderr, "hvperf: a worker is started by hvperf, not by hand\n");
        return 2;
    }
    int rc = hv_worker_catch_crashes();
    if (!rc)
        rc = hv_worker_send(HV_FRAME_HELLO, NULL, 0);
    if (!rc)
        rc = run_job(&w);
    if (!rc)
        rc = hv_worker_send(HV_FRAME_DONE, NULL, 0);
    fflush(NULL);
    _exit(rc ? 1 : 0); /* a kernel's own exit handlers have nothing more to say */
}
