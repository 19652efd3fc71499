/* SPDX-License-Identifier: MIT */
/* A look at one CPU: its clock, its probe, and the control that needs no counter. */
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
    MULTIPLY_BATCHES = 101,
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

static int ascending_shares(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Cycles of one dependent multiplication by the chain's clock: the median over rounds,
 * so that a change of frequency or a busy stretch moves both sides of a share. */
static double multiply_cycles(void)
{
    double shares[MULTIPLY_BATCHES];
    for (int i = 0; i < MULTIPLY_BATCHES; i++) {
        const double multiply = hv_worker_batch(run_multiply, NULL, MULTIPLY_BLOCKS);
        shares[i] = multiply / hv_worker_batch(run_chain, NULL, HV_CHAIN_BLOCKS);
    }
    qsort(shares, MULTIPLY_BATCHES, sizeof *shares, ascending_shares);
    return shares[MULTIPLY_BATCHES / 2] * HV_CHAIN_BLOCKS / MULTIPLY_BLOCKS;
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
    if (HV_MULTIPLY_LATENCY > 0)
        found.multiply_cycles = multiply_cycles();
    qsort(chain, n, sizeof *chain, ascending);
    found.chain_p25 = chain[n / 4];
    const double quiet = (double)found.chain_p25 / (HV_CHAIN_BLOCKS * HV_CHAIN_BLOCK) *
                         HV_PROBE_BLOCKS * HV_PROBE_BLOCK;
    for (uint32_t i = 0; i < n && w->job.adders > 0; i++) {
        double share = probe[i] * w->job.adders / quiet;
        found.quiet += share >= 0.96 && share <= 1.04;
    }
    qsort(probe, n, sizeof *probe, ascending);
    found.probe_p10 = probe[n / 10];
    found.probe_p50 = probe[n / 2];
    return hv_worker_send(HV_FRAME_SURVEY, &found, sizeof found);
}
