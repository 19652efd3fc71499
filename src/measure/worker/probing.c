/* SPDX-License-Identifier: MIT */
/* Takes probes and chains, and judges them. */
#include "src/measure/worker/probing.h"

#include <stdlib.h>

#include "counters/probe.h"
#include "src/measure/worker/worker.h"

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

uint32_t hv_chain_now(void)
{
    return hv_worker_batch(run_chain, NULL, HV_CHAIN_BLOCKS);
}

uint32_t hv_probe_now(void)
{
    return hv_worker_batch(run_probe, NULL, HV_PROBE_BLOCKS);
}

struct hv_window hv_window_of(uint32_t chain_ticks, double adders)
{
    if (!(adders > 0))
        return (struct hv_window){.high = UINT32_MAX, .slow = UINT32_MAX};
    const double cycle = (double)chain_ticks / (HV_CHAIN_BLOCKS * HV_CHAIN_BLOCK),
                 quiet = cycle * HV_PROBE_BLOCKS * HV_PROBE_BLOCK / adders;
    return (struct hv_window){.low = quiet * (1 - HV_GATE_PERCENT / 100.0),
                              .high = quiet * (1 + HV_GATE_PERCENT / 100.0),
                              .slow = quiet * (1 + HV_SLOW_PERCENT / 100.0)};
}

bool hv_is_quiet(const struct hv_window *window, uint32_t probe)
{
    return probe >= window->low && probe <= window->high;
}

bool hv_tally_add(struct hv_tally *tally, const struct hv_window *window,
                  uint32_t probe)
{
    const bool quiet = hv_is_quiet(window, probe);
    tally->probes++;
    tally->quiet += quiet;
    tally->slow += probe > window->high && probe <= window->slow;
    return quiet;
}

static int ascending(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

uint32_t hv_ticks_quantile(uint32_t *ticks, uint32_t n, double p)
{
    qsort(ticks, n, sizeof *ticks, ascending);
    return ticks[(uint32_t)(n * p)];
}
