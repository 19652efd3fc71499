/* SPDX-License-Identifier: MIT */
/* The worker: the only process that runs kernels. It does one job and ends. */
#ifndef HV_MEASURE_WORKER_H
#define HV_MEASURE_WORKER_H

#include "counters/backend.h"
#include "counters/trace/symbols.h"
#include "kernels/hvperf.h"
#include "src/measure/wire.h"

/* The user pages of the counter group. */
struct hv_pages {
    const struct perf_event_mmap_page *page[HV_GROUP_EVENTS];
    uint64_t strays[HV_GROUP_EVENTS]; /* most that can be between both ways' readings */
    bool count; /* both ways counted the same: batches are counted by the pages */
};

/* A worker's whole state. */
struct hv_worker {
    struct hv_job job;
    int events[HV_GROUP_EVENTS];      /* of the counter group, job.n_events of them */
    int leader;                       /* the first of them, -1: none */
    const struct hv_backend *backend; /* that they are of */
    struct hv_pages pages;
    struct hv_beacon *beacon;
    /* Filled by hv_worker_load: */
    const struct hv_kernel_set *set;
    const struct hv_pair *pair; /* at its first placement */
    int object;                 /* file the kernels were loaded from */
    unsigned places;            /* entries used below */
    hv_run_fn *run[HV_ARMS][HV_MAX_PLACES];
    /* Filled by hv_worker_setup: */
    struct hv_work work;
};

/* Entry point of a process started as HV_WORKER_NAME; the exit code. */
int hv_worker_main(void);

/* One job each; 0 or -errno, after hv_worker_fail where there is something to say. */
int hv_worker_describe(struct hv_worker *w);
int hv_worker_survey(struct hv_worker *w);
int hv_worker_prepare(struct hv_worker *w);
int hv_worker_time(struct hv_worker *w);
int hv_worker_count(struct hv_worker *w);
int hv_worker_meter(struct hv_worker *w);
int hv_worker_qualify(struct hv_worker *w);
int hv_worker_controls(struct hv_worker *w);
int hv_worker_trace(struct hv_worker *w);
int hv_worker_inspect(struct hv_worker *w);

/* Tells main the census of the arm and of what it calls in its own object; listing: the
 * instructions too. A function whose code cannot be read is left out. 0 or -errno of
 * telling. */
int hv_worker_tell_census(const struct hv_worker *w, const struct hv_symbols *symbols,
                          enum hv_arm_id arm, bool listing);

/* Loads job.set and finds job.row in it (not for HV_JOB_DESCRIBE: the set only). */
int hv_worker_load_set(struct hv_worker *w);
int hv_worker_load(struct hv_worker *w);

/* The pair's setup and teardown with job's size. */
int hv_worker_setup(struct hv_worker *w);
void hv_worker_teardown(struct hv_worker *w);

/* Sends one frame to main; -errno when main is gone. */
int hv_worker_send(enum hv_frame_kind kind, const void *payload, size_t bytes);

/* Tells main why the job cannot be done; returns rc. */
int hv_worker_fail(int rc, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Tells the beacon what runs from now on; costs a few stores. */
static inline void hv_worker_note(struct hv_worker *w, enum hv_phase phase,
                                  enum hv_arm_id arm, unsigned place)
{
    w->beacon->phase = phase;
    w->beacon->arm = arm;
    w->beacon->place = place;
    w->beacon->entry = (uint64_t)(uintptr_t)w->run[arm][place];
}

/* What is counted: a function, and iterations of it. */
struct hv_counted_batch {
    hv_run_fn *run;
    void *ctx;
    uint64_t n;
};

/* Maps the user pages of the group; where the kernel offers them, counts a loop with
 * both ways. Tells main what came of it and, if cost, what a reading takes either way.
 * -errno when main is gone. */
int hv_worker_try_ways(struct hv_worker *w, bool cost);

/* Counts one batch by the pages, with read(2) around them. -EAGAIN: they did not tell,
 * or not the same; the batch has run, and may have to run again. */
int hv_worker_page_batch(struct hv_worker *w, const struct hv_counted_batch *batch,
                         struct hv_reading out[HV_GROUP_EVENTS]);

/* Counts one batch with the group of the job and sends the readings of all its events,
 * or the error for each, under these numbers. -errno when main is gone; -ESTALE: the
 * pages stopped telling, and are not asked any more: all batches of the group have to
 * be counted again, so that all are counted one way. */
int hv_worker_count_batch(struct hv_worker *w, const struct hv_counted_batch *batch,
                          unsigned arm, unsigned index);

/* No event could be opened: the job is done, and main knows why. */
bool hv_worker_nothing_opened(const struct hv_worker *w);

/* Ticks of one batch, at most UINT32_MAX; the timed region of hvperf. */
uint32_t hv_worker_batch(hv_run_fn *run, void *ctx, uint64_t n);

/* The arm without a body: a loop of n barriers. */
void hv_worker_empty_arm(void *ctx, uint64_t n);

/* Sends a crash frame and ends the process on a fatal signal or SIGALRM. */
int hv_worker_catch_crashes(void);

#endif
