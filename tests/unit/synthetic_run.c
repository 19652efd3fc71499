/* SPDX-License-Identifier: MIT */
/* Runs with a known truth, made by a seeded generator: what the analysis is tested on.
 */
#include "tests/unit/synthetic_run.h"

#include <math.h>

#include "tests/unit/sample_hypothesis.h"

enum { CHAIN_ADDS = 65536, PROBE_ADDS = 12288, EMPTY_SHORT = 100, EMPTY_LONG = 900 };

static const double CYCLE = 1.1; /* ticks of one dependent add */
static const double ADDERS = 4;

double synthetic_uniform(struct synthetic_random *random)
{
    uint64_t x = random->state;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    random->state = x;
    return (double)((x * UINT64_C(2685821657736338717)) >> 11) / 9007199254740992.0;
}

double synthetic_normal(struct synthetic_random *random)
{
    const double radius = sqrt(-2 * log(1 - synthetic_uniform(random)));
    return radius * cos(6.283185307179586 * synthetic_uniform(random));
}

struct synthetic_truth synthetic_bind(uint64_t seed)
{
    return (struct synthetic_truth){
        .seed = seed,
        .layouts = 24,
        .visits = 100,
        .places = 4,
        .n = {500, 1000},
        .ticks = {80,  40  },
        .fixed = 120,
        .loop = 1.2,
        .layout_sd = 0.002,
        .noise = 0.002,
        .busy_share = 0.4,
        .busy_items = 12,
        .busy_factor = {1.2, 1.8 },
        .hidden_share = 0.02,
        .drop_share = 0.01,
    };
}

static uint32_t as_ticks(double value)
{
    return (uint32_t)(value + 0.5);
}

static struct hv_series new_series(struct hv_arena *arena, size_t len)
{
    return (struct hv_series){
        .ticks = hv_arena_array(arena, len, sizeof(uint32_t)),
        .probe = hv_arena_array(arena, len, sizeof(uint32_t)),
        .len = len,
    };
}

/* The state of the core: bursts and pauses of exponential length, in items. */
static bool step_state(const struct synthetic_truth *truth,
                       struct synthetic_random *random, bool busy)
{
    if (!(truth->busy_share > 0))
        return false;
    if (truth->busy_share >= 1)
        return true;
    const double leave = 1 / truth->busy_items,
                 enter = leave * truth->busy_share / (1 - truth->busy_share);
    const bool flip = synthetic_uniform(random) < (busy ? leave : enter);
    return flip ? !busy : busy;
}

static uint32_t probe_of(const struct synthetic_truth *truth,
                         struct synthetic_random *random, bool busy)
{
    const double jitter = 1 + 0.01 * (synthetic_uniform(random) - 0.5);
    const bool slow = truth->slow_probe_share > 0 &&
                      synthetic_uniform(random) < truth->slow_probe_share;
    return as_ticks(PROBE_ADDS * CYCLE / ADDERS *
                    (busy   ? 1.7
                     : slow ? 1.08
                            : 1) *
                    jitter);
}

static double arm_ticks(const struct synthetic_truth *truth,
                        struct synthetic_random *random, struct hv_item item,
                        double layout_effect, bool busy)
{
    const bool hidden = synthetic_uniform(random) < truth->hidden_share;
    const double tail = -truth->noise * log(1 - synthetic_uniform(random));
    double ticks = truth->ticks[item.arm] * (1 + truth->place[item.arm][item.place]) *
                   (double)truth->n[item.arm] * (1 + tail);
    if (item.arm == HV_BASELINE)
        ticks *= exp(layout_effect);
    if (busy || hidden)
        ticks *= truth->busy_factor[item.arm];
    return truth->fixed + ticks;
}

static struct hv_series *series_of(struct hv_layout *layout, struct hv_item item)
{
    if (item.kind == HV_ITEM_ARM)
        return &layout->cell[item.arm][item.place];
    return item.kind == HV_ITEM_CHAIN ? &layout->chain : &layout->empty;
}

static double item_ticks(const struct synthetic_truth *truth,
                         struct synthetic_random *random, struct hv_item item,
                         double layout_effect, bool busy)
{
    if (item.kind == HV_ITEM_CHAIN)
        return truth->fixed + CHAIN_ADDS * CYCLE * (busy ? 1.02 : 1);
    if (item.kind == HV_ITEM_EMPTY)
        return truth->fixed + truth->loop * (item.visit % 2 ? EMPTY_LONG : EMPTY_SHORT);
    return arm_ticks(truth, random, item, layout_effect, busy);
}

void synthetic_fill_layout(const struct synthetic_truth *truth,
                           struct synthetic_random *random, struct hv_arena *arena,
                           struct hv_layout *out)
{
    *out = (struct hv_layout){.chain = new_series(arena, truth->visits),
                              .empty = new_series(arena, truth->visits)};
    for (unsigned place = 0; place < truth->places; place++)
        for (int arm = 0; arm < HV_ARMS; arm++)
            out->cell[arm][place] = new_series(arena, truth->visits);
    const double effect = truth->layout_sd * synthetic_normal(random);
    bool busy = synthetic_uniform(random) < truth->busy_share;
    const size_t items = truth->visits * hv_sequence_stride(truth->places);
    for (size_t i = 0; i < items; i++) {
        const struct hv_item item = hv_sequence_at(truth->places, i);
        struct hv_series *series = series_of(out, item);
        series->probe[item.visit] = probe_of(truth, random, busy);
        series->ticks[item.visit] =
            as_ticks(item_ticks(truth, random, item, effect, busy));
        if (synthetic_uniform(random) < truth->drop_share)
            series->ticks[item.visit] = 0;
        busy = step_state(truth, random, busy);
    }
    out->closing_probe = probe_of(truth, random, busy);
}

static void name_pair(const struct synthetic_truth *truth, struct hv_pair_run *pair)
{
    pair->name = "bind";
    pair->kernel_set = "builtin";
    pair->isa = "portable";
    pair->question = "does it pay?";
    pair->predicted = 200;
    pair->places = truth->places;
    pair->arm[HV_BASELINE] =
        (struct hv_arm_run){.name = "bind_with_copy", .n = truth->n[HV_BASELINE]};
    pair->arm[HV_CANDIDATE] =
        (struct hv_arm_run){.name = "bind_zero_copy", .n = truth->n[HV_CANDIDATE]};
    for (unsigned place = 0; place < truth->places; place++)
        pair->place_offset[place] = 16 * place;
    pair->stop = HV_STOP_PRECISION;
}

struct hv_run *synthetic_run(const struct synthetic_truth *truth,
                             struct hv_arena *arena)
{
    struct hv_run *run = hv_arena_alloc(arena, sizeof *run);
    struct synthetic_random random = {truth->seed * 2654435769u + 1};
    run->version = "test";
    run->settings =
        (struct hv_settings){.dim_bits = 2048, .precision = 0.01, .budget_seconds = 1};
    run->hypothesis = sample_hypothesis(arena);
    run->clock = (struct hv_clock){
        .ticks_per_ns = 4,
        .source = "synthetic",
        .granule = 1,
        .chain_adds = CHAIN_ADDS,
        .probe_adds = PROBE_ADDS,
        .empty_n = {EMPTY_SHORT, EMPTY_LONG},
        .adders = ADDERS,
        .adders_verified = true,
    };
    run->n_pairs = 1;
    run->pairs = hv_arena_array(arena, 1, sizeof *run->pairs);
    name_pair(truth, run->pairs);
    run->pairs->n_layouts = truth->layouts;
    run->pairs->layouts =
        hv_arena_array(arena, truth->layouts, sizeof *run->pairs->layouts);
    for (size_t i = 0; i < truth->layouts; i++)
        synthetic_fill_layout(truth, &random, arena, &run->pairs->layouts[i]);
    return run;
}
