/* SPDX-License-Identifier: MIT */
/* Points and knees of a sweep. */
#include "src/analyse/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "src/analyse/cause.h"
#include "src/analyse/evidence.h"

static bool in_sweep(const struct hv_pair_result *pair)
{
    return (pair->purpose == HV_PURPOSE_INSIGHT ||
            pair->purpose == HV_PURPOSE_FOOTPRINT) &&
           pair->asked_footprint && pair->name;
}

static bool same_sweep(const struct hv_sweep *sweep, const struct hv_pair_result *pair)
{
    return !strcmp(sweep->pair, pair->name) &&
           !strcmp(sweep->isa, pair->isa ? pair->isa : "");
}

static struct hv_evidence per_byte(const struct hv_evidence *time, uint64_t bytes,
                                   struct hv_arena *arena)
{
    if (time->provenance == HV_ABSENT)
        return hv_absent("ns/byte", time->why);
    struct hv_evidence e = hv_value(
        time->provenance, time->value / (double)bytes, "ns/byte",
        hv_arena_printf(arena, "time / %llu bytes", (unsigned long long)bytes));
    e.has_ci = time->has_ci;
    e.ci95[0] = time->ci95[0] / (double)bytes;
    e.ci95[1] = time->ci95[1] / (double)bytes;
    return e;
}

static struct hv_sweep_point point_of(const struct hv_pair_result *pair,
                                      struct hv_arena *arena)
{
    /* What is walked over, in whole items, may be less than what was asked for. */
    struct hv_sweep_point point = {.bytes = pair->footprint ? pair->footprint
                                                            : pair->asked_footprint,
                                   .state = pair->state};
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        const struct hv_evidence *time = hv_arm_figure(&pair->arm[arm], "time");
        point.time[arm] =
            time ? *time
                 : hv_absent("ns", pair->failure ? pair->failure : "not measured");
        point.time[arm].n_witnesses = 0;
        point.time[arm].witnesses = NULL;
        point.per_byte[arm] = per_byte(&point.time[arm], point.bytes, arena);
    }
    return point;
}

static int by_bytes(const void *a, const void *b)
{
    const struct hv_sweep_point *x = a, *y = b;
    return (x->bytes > y->bytes) - (x->bytes < y->bytes);
}

static bool is_usable(const struct hv_sweep_point *point)
{
    return point->state == HV_QUIET &&
           point->per_byte[HV_BASELINE].provenance != HV_ABSENT;
}

static void find_knees(const struct hv_caches *caches, struct hv_sweep *sweep)
{
    const struct hv_sweep_point *cheapest = NULL, *before = NULL;
    for (size_t i = 0; i < sweep->n_points; i++) {
        const struct hv_sweep_point *point = &sweep->points[i];
        if (!is_usable(point))
            continue;
        const double cost = point->per_byte[HV_BASELINE].value;
        if (cheapest && cost >= HV_KNEE_RISE * cheapest->per_byte[HV_BASELINE].value) {
            sweep->knees[sweep->n_knees++] = (struct hv_knee){
                .from = before->bytes,
                .to = point->bytes,
                .before = cheapest->per_byte[HV_BASELINE].value,
                .after = cost,
                .level = hv_cache_level(caches, (double)before->bytes),
            };
            cheapest = point;
        } else if (!cheapest || cost < cheapest->per_byte[HV_BASELINE].value) {
            cheapest = point;
        }
        before = point;
    }
}

static struct hv_sweep *sweep_of(struct hv_result *result,
                                 const struct hv_pair_result *pair,
                                 struct hv_arena *arena)
{
    for (size_t i = 0; i < result->n_sweeps; i++)
        if (same_sweep(&result->sweeps[i], pair))
            return &result->sweeps[i];
    struct hv_sweep *sweep = &result->sweeps[result->n_sweeps++];
    *sweep = (struct hv_sweep){.pair = pair->name, .isa = pair->isa ? pair->isa : ""};
    for (unsigned arm = 0; arm < HV_ARMS; arm++)
        sweep->arm[arm] = pair->arm[arm].name;
    sweep->points = hv_arena_array(arena, result->n_experiments, sizeof *sweep->points);
    sweep->knees = hv_arena_array(arena, result->n_experiments, sizeof *sweep->knees);
    return sweep;
}

void hv_make_sweeps(struct hv_result *result, struct hv_arena *arena)
{
    result->n_sweeps = 0;
    result->sweeps =
        hv_arena_array(arena, result->n_experiments, sizeof *result->sweeps);
    for (size_t i = 0; i < result->n_experiments; i++) {
        if (!in_sweep(&result->experiments[i]))
            continue;
        struct hv_sweep *sweep = sweep_of(result, &result->experiments[i], arena);
        sweep->points[sweep->n_points++] = point_of(&result->experiments[i], arena);
    }
    size_t kept = 0;
    for (size_t i = 0; i < result->n_sweeps; i++)
        if (result->sweeps[i].n_points > 1)
            result->sweeps[kept++] = result->sweeps[i];
    result->n_sweeps = kept;
    for (size_t i = 0; i < result->n_sweeps; i++) {
        struct hv_sweep *sweep = &result->sweeps[i];
        qsort(sweep->points, sweep->n_points, sizeof *sweep->points, by_bytes);
        find_knees(&result->caches, sweep);
    }
}
