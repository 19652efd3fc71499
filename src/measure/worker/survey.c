/* SPDX-License-Identifier: MIT */
/* A look at one CPU: its clock, its probe, and the control that needs no counter. */
#include <stdbool.h>
#include <time.h>

#include "counters/clock.h"
#include "counters/probe.h"
#include "src/measure/worker/probing.h"
#include "src/measure/worker/worker.h"

enum {
    SURVEY_CAP = 4096,
    TICK_READS = 4096,
    MULTIPLY_BLOCKS =
        21, /* as many cycles as a chain sample, so that fixed costs cancel */
    MULTIPLY_BATCHES = 401,
};

static uint64_t raw_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_RAW, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* The smallest step between two reads that differ, if the steps are its multiples (give
 * or take one: a hypervisor's scaled clock rounds); else the clock is as fine as a
 * tick. */
static uint32_t granule(void)
{
    static uint32_t steps[TICK_READS];
    uint32_t smallest = UINT32_MAX, n = 0;
    uint64_t last = hv_ticks();
    for (uint32_t i = 0; i < TICK_READS; i++) {
        uint64_t now = hv_ticks();
        uint64_t step = now - last;
        last = now;
        if (step < 2 || step > 10000)
            continue;
        steps[n++] = (uint32_t)step;
        if (step < smallest)
            smallest = (uint32_t)step;
    }
    uint32_t multiples = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t rest = steps[i] % smallest;
        multiples += rest <= 1 || rest + 1 >= smallest;
    }
    /* Steps of 4 and less are multiples of anything. */
    return n && smallest > 4 && multiples >= n - n / 20 ? smallest : 1;
}

static void run_multiply(void *ctx, uint64_t n)
{
    (void)ctx;
    hv_multiply_chain(n);
}

/* Cycles of one dependent multiplication by the chain's clock, in quiet moments: a busy
 * sibling delays a step of one cycle more often than one of three (2.93 instead
 * of 3.00). 0: there were too few, or none apart from the busy state. */
static double multiply_cycles(const struct hv_window *window)
{
    uint32_t multiply[MULTIPLY_BATCHES], chain[MULTIPLY_BATCHES], n = 0;
    struct hv_tally tally = {0};
    bool before = hv_tally_add(&tally, window, hv_probe_now());
    for (int i = 0; i < MULTIPLY_BATCHES; i++) {
        multiply[n] = hv_worker_batch(run_multiply, NULL, MULTIPLY_BLOCKS);
        chain[n] = hv_chain_now();
        const bool after = hv_tally_add(&tally, window, hv_probe_now());
        n += before && after;
        before = after;
    }
    if (n < HV_MIN_QUIET || !hv_stands_apart(tally.quiet, tally.slow))
        return 0;
    return (double)hv_ticks_quantile(multiply, n, 0.25) / MULTIPLY_BLOCKS /
           ((double)hv_ticks_quantile(chain, n, 0.25) / HV_CHAIN_BLOCKS);
}

int hv_worker_survey(struct hv_worker *w)
{
    static uint32_t chain[SURVEY_CAP], probe[SURVEY_CAP];
    struct hv_survey_frame found = {.granule = granule()};
    const uint64_t first_ns = raw_ns(), first = hv_ticks();
    uint64_t last_ns;
    uint32_t n = 0;
    do {
        chain[n] = hv_chain_now();
        probe[n] = hv_probe_now();
        n++;
        last_ns = raw_ns();
    } while (n < SURVEY_CAP && last_ns - first_ns < w->job.limit_ns);
    found.ticks_per_ns = (double)(hv_ticks() - first) / (double)(last_ns - first_ns);
    found.samples = n;
    found.chain_p25 = hv_ticks_quantile(chain, n, 0.25);
    const struct hv_window window = hv_window_of(found.chain_p25, w->job.adders);
    for (uint32_t i = 0; i < n && w->job.adders > 0; i++)
        found.quiet += hv_is_quiet(&window, probe[i]);
    if (HV_MULTIPLY_LATENCY > 0)
        found.multiply_cycles = multiply_cycles(&window);
    found.probe_p10 = hv_ticks_quantile(probe, n, 0.1);
    return hv_worker_send(HV_FRAME_SURVEY, &found, sizeof found);
}
