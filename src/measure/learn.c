/* SPDX-License-Identifier: MIT */
/* The adders of a core that is in no table, from everything sampled so far. */
#include <stdlib.h>

#include "src/measure/measure.h"

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int ascending_ticks(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The chain's p25 in a layout, dropped samples left out; 0: none. */
static uint32_t chain_ticks(const struct hv_series *chain)
{
    uint32_t *kept = malloc((chain->len + 1) * sizeof *kept);
    size_t n = 0;
    for (size_t i = 0; kept && i < chain->len; i++)
        if (chain->ticks[i])
            kept[n++] = chain->ticks[i];
    if (n)
        qsort(kept, n, sizeof *kept, ascending_ticks);
    uint32_t ticks = n ? kept[n / 4] : 0;
    free(kept);
    return ticks;
}

/* Adds per cycle of every probe of one placement's baseline: enough of them. */
static size_t rates_of(const struct hv_clock *clock, const struct hv_layout *layout,
                       double *rates, size_t room)
{
    const uint32_t chain = chain_ticks(&layout->chain);
    const struct hv_series *series = &layout->cell[HV_BASELINE][0];
    size_t n = 0;
    for (size_t i = 0; chain && i < series->len && n < room; i++)
        if (series->probe[i])
            rates[n++] = (double)chain / clock->chain_adds * clock->probe_adds /
                         series->probe[i];
    return n;
}

void hv_measure_learn(struct hv_measurement *m)
{
    struct hv_clock *clock = &m->run->clock;
    if (clock->adders_verified)
        return;
    double *rates = malloc(HV_SAMPLE_CAP * sizeof *rates);
    size_t n = 0;
    for (size_t p = 0; rates && p < m->run->n_pairs; p++)
        for (size_t i = 0; i < m->run->pairs[p].n_layouts; i++)
            n += rates_of(clock, &m->run->pairs[p].layouts[i], rates + n,
                          HV_SAMPLE_CAP - n);
    if (n >= 10) {
        qsort(rates, n, sizeof *rates, ascending);
        clock->adders = rates[n - 1 - n / 10]; /* reached by a tenth of the probes */
    }
    free(rates);
}
