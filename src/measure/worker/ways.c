/* SPDX-License-Identifier: MIT */
/* The two ways to read a counter group: read(2), and the pages that the kernel shares
 * of its events. The pages are believed only after both have counted the same. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "counters/perf.h"
#include "counters/probe.h"
#include "counters/user_page.h"
#include "src/measure/worker/worker.h"

enum {
    REPEATS = 5,
    LOOP = 50000,  /* 12 us or more */
    READINGS = 32, /* timed at once */
    SOME = 8,      /* times what is usual between both ways, after an interrupt */
    LEAST_COUNTED = 1000, /* by some event of the group: 0 = 0 would prove nothing */
};

/* One batch, counted both ways: the pages within read(2). */
struct both {
    struct hv_reading call[2][HV_GROUP_EVENTS];
    struct hv_user_count page[2][HV_GROUP_EVENTS];
    int rc; /* of the pages */
    bool steady;
};

static int look_at_all(const struct hv_worker *w,
                       struct hv_user_count out[HV_GROUP_EVENTS])
{
    const struct hv_backend *backend = w->backend;
    int rc = 0;
    for (unsigned i = 0; !rc && i < w->job.n_events; i++)
        rc = backend->look(w->pages.page[i], &out[i]);
    return rc;
}

/* The pages are read in the same order before and after, so that each event counts the
 * batch and the reading of all others. 0 or -errno of read(2). */
static int count_both(const struct hv_worker *w, const struct hv_counted_batch *batch,
                      struct both *out)
{
    const struct hv_backend *backend = w->backend;
    const unsigned n = w->job.n_events;
    int rc = backend->read(w->leader, n, out->call[0]);
    out->rc = look_at_all(w, out->page[0]);
    batch->run(batch->ctx, batch->n);
    const int after = look_at_all(w, out->page[1]);
    out->rc = out->rc ? out->rc : after;
    const int read_rc = backend->read(w->leader, n, out->call[1]);
    out->steady = !out->rc;
    for (unsigned i = 0; out->steady && i < n; i++)
        out->steady = hv_user_page_steady(&out->page[0][i], &out->page[1][i]);
    return rc ? rc : read_rc;
}

static uint64_t by_call(const struct both *both, unsigned event)
{
    return both->call[1][event].value - both->call[0][event].value;
}

static uint64_t by_page(const struct both *both, unsigned event)
{
    return both->page[1][event].value - both->page[0][event].value;
}

int hv_worker_page_batch(struct hv_worker *w, const struct hv_counted_batch *batch,
                         struct hv_reading out[HV_GROUP_EVENTS])
{
    struct both both;
    if (count_both(w, batch, &both) || !both.steady)
        return -EAGAIN;
    for (unsigned i = 0; i < w->job.n_events; i++) {
        const uint64_t call = by_call(&both, i), page = by_page(&both, i);
        if (call < page || !hv_ways_agree(call, page, w->pages.strays[i]))
            return -EAGAIN;
        out[i] = hv_reading_since(&both.call[1][i], &both.call[0][i]);
        out[i].value = page;
    }
    return 0;
}

static int ascending(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static uint64_t median(uint64_t values[REPEATS])
{
    qsort(values, REPEATS, sizeof *values, ascending);
    return values[REPEATS / 2];
}

static void run_loop(void *ctx, uint64_t n)
{
    (void)ctx;
    if (n)
        hv_known_loop(n);
}

/* Medians of n iterations, each way. 0, or -errno of the pages. */
static int count_loop(const struct hv_worker *w, uint64_t n,
                      uint64_t call[HV_GROUP_EVENTS], uint64_t page[HV_GROUP_EVENTS])
{
    const struct hv_counted_batch batch = {run_loop, NULL, n};
    uint64_t calls[HV_GROUP_EVENTS][REPEATS], pages[HV_GROUP_EVENTS][REPEATS];
    for (unsigned i = 0; i < REPEATS; i++) {
        struct both both = {.rc = 0};
        const int rc = count_both(w, &batch, &both);
        if (rc || both.rc)
            return both.rc ? both.rc : -EAGAIN;
        for (unsigned event = 0; event < w->job.n_events; event++) {
            calls[event][i] = by_call(&both, event);
            pages[event][i] = by_page(&both, event);
        }
    }
    for (unsigned event = 0; event < w->job.n_events; event++) {
        call[event] = median(calls[event]);
        page[event] = median(pages[event]);
    }
    return 0;
}

/* A way that reads less of a long batch than of none has counted nothing. */
static uint64_t beyond(uint64_t loop, uint64_t empty)
{
    return loop > empty ? loop - empty : 0;
}

/* The loop both ways; whether they agree. */
static bool compare(struct hv_worker *w, struct hv_ways_frame *frame)
{
    uint64_t call[2][HV_GROUP_EVENTS], page[2][HV_GROUP_EVENTS], most = 0;
    bool agree = true;
    frame->rc = count_loop(w, 0, call[0], page[0]);
    if (!frame->rc)
        frame->rc = count_loop(w, LOOP, call[1], page[1]);
    if (frame->rc)
        return false;
    for (unsigned i = 0; i < w->job.n_events; i++) {
        frame->call[i] = beyond(call[1][i], call[0][i]);
        frame->page[i] = beyond(page[1][i], page[0][i]);
        most = frame->page[i] > most ? frame->page[i] : most;
        w->pages.strays[i] = SOME * (beyond(call[0][i], page[0][i]) + SOME);
        agree = agree && hv_ways_agree(frame->call[i], frame->page[i], HV_WAYS_STRAYS);
    }
    return agree && most >= LEAST_COUNTED;
}

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* ns that one reading of the whole group takes, the quickest of some tries; 0: none
 * succeeded. */
static double cost_of(const struct hv_worker *w, bool paged)
{
    struct hv_reading reading[HV_GROUP_EVENTS];
    struct hv_user_count count[HV_GROUP_EVENTS];
    const struct hv_backend *backend = w->backend;
    double best = 0;
    for (int i = 0; i < REPEATS; i++) {
        int rc = 0;
        const double start = now_ns();
        for (int k = 0; !rc && k < READINGS; k++)
            rc = paged ? look_at_all(w, count)
                       : backend->read(w->leader, w->job.n_events, reading);
        const double one = (now_ns() - start) / READINGS;
        if (!rc && (best <= 0 || one < best))
            best = one;
    }
    return best;
}

static int map_all(struct hv_worker *w)
{
    const struct hv_backend *backend = w->backend;
    if (!backend->map)
        return -EOPNOTSUPP;
    int rc = 0;
    for (unsigned i = 0; !rc && i < w->job.n_events; i++)
        rc = backend->map(w->events[i], &w->pages.page[i]);
    return rc;
}

static sigjmp_buf refused;

static void on_signal(int number)
{
    siglongjmp(refused, number);
}

/* The first look. The kernel said that the counter may be read; a hypervisor or an
 * emulator under it may see that otherwise, which is a signal. */
static int look_with_care(const struct hv_worker *w)
{
    static const int numbers[] = {SIGILL, SIGSEGV, SIGBUS};
    const struct sigaction care = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK};
    struct sigaction old[HV_LEN(numbers)];
    struct hv_user_count count[HV_GROUP_EVENTS];
    volatile int rc = -EFAULT;
    for (size_t i = 0; i < HV_LEN(numbers); i++)
        sigaction(numbers[i], &care, &old[i]);
    if (!sigsetjmp(refused, 1))
        rc = look_at_all(w, count);
    for (size_t i = 0; i < HV_LEN(numbers); i++)
        sigaction(numbers[i], &old[i], NULL);
    return rc;
}

/* The pages stay mapped until the worker ends, and the group stays on if it is counted
 * by them. */
int hv_worker_try_ways(struct hv_worker *w, bool cost)
{
    struct hv_ways_frame frame = {.events = w->job.n_events};
    const struct hv_backend *backend = w->backend;
    frame.rc = map_all(w);
    if (!frame.rc)
        frame.rc = backend->reset_enable(w->leader);
    if (!frame.rc)
        frame.rc = look_with_care(w);
    if (!frame.rc)
        frame.by_page = w->pages.count = compare(w, &frame);
    if (cost)
        frame.call_ns = cost_of(w, false);
    if (cost && !frame.rc)
        frame.page_ns = cost_of(w, true);
    if (!w->pages.count)
        (void)backend->disable(w->leader); /* the batches will say what is wrong */
    return hv_worker_send(HV_FRAME_WAYS, &frame, sizeof frame);
}
