/* SPDX-License-Identifier: MIT */
/* The parts that a gap can have, and what the figures of the arms exclude of them. */
#include "src/analyse/parts.h"

#include <math.h>
#include <string.h>

#include "src/analyse/effects.h"
#include "src/analyse/evidence.h"
#include "src/analyse/experiments.h"

const struct hv_part_row hv_part_rows[HV_PART_ROWS] = {
    {HV_PART_COPY,    HV_PART_NONE,  "memcpy_bytes",  0,    0 },
    {HV_PART_FORWARD, HV_PART_COPY,  "forward_spans", 0,    10},
    {HV_PART_ALIAS,   HV_PART_COPY,  "alias_4k",      0,    5 },
    {HV_PART_MISSES,  HV_PART_COPY,  "l1d_misses",    0,    0 },
    {HV_PART_ALLOC,   HV_PART_NONE,  "allocations",   0,    0 },
    {HV_PART_FAULTS,  HV_PART_ALLOC, "page_faults",   0.01, 0 },
};

const struct hv_part_row *hv_part_row(enum hv_part part)
{
    for (size_t i = 0; i < HV_PART_ROWS; i++)
        if (hv_part_rows[i].part == part)
            return &hv_part_rows[i];
    return NULL;
}

double hv_footprint_of(const struct hv_result *result,
                       const struct hv_pair_result *pair, enum hv_arm_id arm)
{
    const struct hv_evidence *lines = hv_arm_figure(&pair->arm[arm], "l1d_lines");
    if (pair->footprint)
        return (double)pair->footprint;
    return lines && lines->provenance != HV_ABSENT
               ? lines->value * (double)result->caches.line
               : 0;
}

bool hv_is_witness(const struct hv_evidence *figure)
{
    return figure && figure->provenance >= HV_MODELLED &&
           figure->provenance != HV_ESTIMATED;
}

bool hv_is_lower_bound(const struct hv_pair_result *pair,
                       const struct hv_evidence *figure)
{
    for (size_t i = 0; i < pair->n_warnings; i++)
        if (!strcmp(pair->warnings[i].id, "trace_unsupported"))
            return figure->provenance != HV_MEASURED;
    return false;
}

const struct hv_evidence *hv_none_in(const struct hv_pair_result *pair,
                                     enum hv_part part, enum hv_arm_id arm)
{
    const struct hv_evidence *figure =
        hv_arm_figure(&pair->arm[arm], hv_part_row(part)->figure);
    return hv_is_witness(figure) && !hv_is_lower_bound(pair, figure) &&
                   figure->value <= hv_part_row(part)->above
               ? figure
               : NULL;
}

/* Whether neither arm has anything of the part, by figures that looked; *provenance:
 * the weakest of them. */
static bool has_none(const struct hv_pair_result *pair, enum hv_part part,
                     enum hv_provenance *provenance)
{
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        const struct hv_evidence *figure = hv_none_in(pair, part, (enum hv_arm_id)arm);
        if (!figure)
            return false;
        *provenance =
            arm ? hv_weakest(*provenance, figure->provenance) : figure->provenance;
    }
    return true;
}

bool hv_few_in(const struct hv_pair_result *pair, enum hv_part part, enum hv_arm_id arm,
               double *most)
{
    const struct hv_evidence *count = hv_arm_figure(&pair->arm[arm],
                                                    hv_part_row(part)->figure),
                             *time = hv_arm_figure(&pair->arm[arm], "time");
    if (!(hv_part_row(part)->worst_ns > 0) || !hv_is_witness(count) ||
        hv_is_lower_bound(pair, count) || !time || time->provenance == HV_ABSENT)
        return false;
    *most = count->value * hv_part_row(part)->worst_ns;
    return *most < HV_BOUND_SHARE * time->value;
}

static bool too_few(const struct hv_pair_result *pair, enum hv_part part, double *bound)
{
    *bound = 0;
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        double most;
        if (!hv_few_in(pair, part, (enum hv_arm_id)arm, &most))
            return false;
        *bound = fmax(*bound, most);
    }
    return true;
}

bool hv_may_be_elsewhere(const struct hv_result *result,
                         const struct hv_pair_result *pair, enum hv_part part)
{
    if (part == HV_PART_MISSES && pair->footprint)
        return !result->caches.l1d || pair->footprint > result->caches.l1d;
    return part == HV_PART_ALIAS && hv_layouts_differ(pair);
}

bool hv_none_isolated(const struct hv_result *result, const struct hv_pair_result *pair,
                      enum hv_part part, enum hv_provenance *provenance)
{
    const struct hv_pair_result *isolated =
        hv_trial_of(result, pair, HV_PURPOSE_EXPERIMENT, "isolated");
    return isolated && isolated->state != HV_FAILED &&
           has_none(isolated, part, provenance);
}

void hv_exclude(const struct hv_result *result, const struct hv_pair_result *pair,
                enum hv_part part, struct hv_arena *arena, struct hv_exclusion *out)
{
    const struct hv_part_row *row = hv_part_row(part);
    *out = (struct hv_exclusion){.provenance = HV_ABSENT};
    if (!row || hv_may_be_elsewhere(result, pair, part))
        return;
    if (has_none(pair, part, &out->provenance)) {
        out->source = hv_arena_printf(arena, "neither arm has %s", row->figure);
    } else if (hv_none_isolated(result, pair, part, &out->provenance)) {
        out->source = hv_arena_printf(
            arena, "neither arm has %s but in the work that both share", row->figure);
    } else if (too_few(pair, part, &out->bound)) {
        out->provenance = HV_DECLARED;
        out->source = hv_arena_printf(
            arena,
            "%s at %.3g ns each, the most one can cost, are below %.3g %% of each arm",
            row->figure, row->worst_ns, 100 * HV_BOUND_SHARE);
    } else {
        out->provenance = HV_ABSENT;
        out->bound = 0;
    }
}
