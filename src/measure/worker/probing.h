/* SPDX-License-Identifier: MIT */
/* Probe and chain as the worker uses them: to tell quiet moments from busy ones while
 * it samples. The analysis judges again, from everything that is sent. */
#ifndef HV_MEASURE_WORKER_PROBING_H
#define HV_MEASURE_WORKER_PROBING_H

#include <stdbool.h>
#include <stdint.h>

/* Ticks of one chain and of one probe sample (counters/probe.h). */
uint32_t hv_chain_now(void);
uint32_t hv_probe_now(void);

/* Bounds of a quiet probe, and of one that is slower than that by little; ticks. */
struct hv_window {
    double low, high, slow;
};

/* From the ticks of a chain sample. adders 0 (unknown): every probe is quiet. */
struct hv_window hv_window_of(uint32_t chain_ticks, double adders);

/* How many probes were quiet, and how many slower by little. Start zeroed. */
struct hv_tally {
    uint64_t quiet, slow, probes;
};

bool hv_is_quiet(const struct hv_window *window, uint32_t probe);

/* Counts the probe; returns whether it is quiet. */
bool hv_tally_add(struct hv_tally *tally, const struct hv_window *window,
                  uint32_t probe);

/* The p-quantile of ticks as an order statistic; sorts them. n > 0, 0 <= p < 1. */
uint32_t hv_ticks_quantile(uint32_t *ticks, uint32_t n, double p);

#endif
