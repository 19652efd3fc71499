/* SPDX-License-Identifier: MIT */
/* A look at one CPU: its clock, its probe, and the control that needs no counter. */
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "counters/clock.h"
#include "counters/probe.h"
#include "src/measure/worker/worker.h"

enum {
    SURVEY_CAP = 4096,
    TICK_READS = 4096,
    MULTIPLY_BLOCKS =
        85, /* as many cycles as a chain sample, so that fixed costs cancel */
    MULTIPLY_BATCHES = 401,
};

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

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

static void run_chain(void *ctx, uint64_t n)
{
    (void)ctx;
    hv_chain(n);
}
static void run_probe(void *ctx, uint64_t n)
{
    (void)ctx;
    hv_probe(n);
}
static void run_multiply(void *ctx, uint64_t n)
{
    (void)ctx;
    hv_multiply_chain(n);
}

/* Bounds of a quiet probe, ticks; adders unknown: every probe passes. */
struct gate {
    double low, high;
};

static struct gate gate_of(uint32_t chain_ticks, double adders)
{
    const double quiet = (double)chain_ticks / (HV_CHAIN_BLOCKS * HV_CHAIN_BLOCK) *
                         (HV_PROBE_BLOCKS * HV_PROBE_BLOCK) / adders;
    if (!(adders > 0))
        return (struct gate){0, UINT32_MAX};
    return (struct gate){0.96 * quiet, 1.04 * quiet};
}

static bool quiet_now(const struct gate *gate)
{
    const uint32_t probe = hv_worker_batch(run_probe, NULL, HV_PROBE_BLOCKS);
    return probe >= gate->low && probe <= gate->high;
}

/* Cycles of one dependent multiplication by the chain's clock, in quiet moments: a busy
 * sibling delays a step of one cycle more often than one of three (2.93 instead
 * of 3.00). 0: there were too few. */
static double multiply_cycles(const struct gate *gate)
{
    uint32_t multiply[MULTIPLY_BATCHES], chain[MULTIPLY_BATCHES], n = 0;
    bool before = quiet_now(gate);
    for (int i = 0; i < MULTIPLY_BATCHES; i++) {
        multiply[n] = hv_worker_batch(run_multiply, NULL, MULTIPLY_BLOCKS);
        chain[n] = hv_worker_batch(run_chain, NULL, HV_CHAIN_BLOCKS);
        const bool after = quiet_now(gate);
        n += before && after;
        before = after;
    }
    if (n < HV_MIN_QUIET)
        return 0;
    qsort(multiply, n, sizeof *multiply, ascending);
    qsort(chain, n, sizeof *chain, ascending);
    return (double)multiply[n / 4] / MULTIPLY_BLOCKS /
           ((double)chain[n / 4] / HV_CHAIN_BLOCKS);
}

int hv_worker_survey(struct hv_worker *w)
{
    static uint32_t chain[SURVEY_CAP], probe[SURVEY_CAP];
    struct hv_survey_frame found = {.granule = granule()};
    const uint64_t first_ns = raw_ns(), first = hv_ticks();
    uint64_t last_ns;
    uint32_t n = 0;
    do {
        chain[n] = hv_worker_batch(run_chain, NULL, HV_CHAIN_BLOCKS);
        probe[n] = hv_worker_batch(run_probe, NULL, HV_PROBE_BLOCKS);
        n++;
        last_ns = raw_ns();
    } while (n < SURVEY_CAP && last_ns - first_ns < w->job.limit_ns);
    found.ticks_per_ns = (double)(hv_ticks() - first) / (double)(last_ns - first_ns);
    found.samples = n;
    qsort(chain, n, sizeof *chain, ascending);
    found.chain_p25 = chain[n / 4];
    const struct gate gate = gate_of(found.chain_p25, w->job.adders);
    for (uint32_t i = 0; i < n && w->job.adders > 0; i++)
        found.quiet += probe[i] >= gate.low && probe[i] <= gate.high;
    if (HV_MULTIPLY_LATENCY > 0)
        found.multiply_cycles = multiply_cycles(&gate);
    qsort(probe, n, sizeof *probe, ascending);
    found.probe_p10 = probe[n / 10];
    found.probe_p50 = probe[n / 2];
    return hv_worker_send(HV_FRAME_SURVEY, &found, sizeof found);
}
