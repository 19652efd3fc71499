/* SPDX-License-Identifier: MIT */
/* Samples, probes and counts that no two are alike. */
#include "tests/unit/sample_raw.h"

enum { LAYOUTS = 2, VISITS = 3, READS = 2 };

static uint32_t *ticks(struct hv_arena *arena, uint32_t first)
{
    uint32_t *values = hv_arena_array(arena, VISITS, sizeof *values);
    for (uint32_t i = 0; i < VISITS; i++)
        values[i] = first + i * 7;
    return values;
}

static struct hv_series series(struct hv_arena *arena, uint32_t first)
{
    return (struct hv_series){ticks(arena, first), ticks(arena, first + 1000), VISITS};
}

static void make_layout(struct hv_arena *arena, uint32_t l, struct hv_layout *layout)
{
    for (uint32_t a = 0; a < HV_ARMS; a++)
        for (uint32_t p = 0; p < SAMPLE_PLACES; p++)
            layout->cell[a][p] = series(arena, 40000 + 5000 * l + 500 * a + 50 * p);
    layout->cell[HV_BASELINE][1].ticks[1] = 0;
    layout->chain = series(arena, 20000 + l);
    layout->empty = series(arena, 10000 + l);
    layout->closing_probe = 991 + l;
    layout->stack_offset = 64 * l;
    layout->switched = l;
    layout->seconds = 0.0625 + l;
}

static struct hv_reading *readings(struct hv_arena *arena, uint64_t first)
{
    struct hv_reading *reads = hv_arena_array(arena, READS, sizeof *reads);
    for (uint64_t i = 0; i < READS; i++)
        reads[i] = (struct hv_reading){first + i, 5000 + i, 5000 + i};
    return reads;
}

static void make_groups(struct hv_arena *arena, struct hv_pair_run *pair)
{
    struct hv_event_run *events = hv_arena_array(arena, 2, sizeof *events);
    events[0] = (struct hv_event_run){.figure = "instructions",
                                      .event = "INST_RETIRED:ANY",
                                      .source = "perf_event: cpu, config 0xc0",
                                      .qualification = HV_QUALIFIED,
                                      .n_reads = READS};
    for (unsigned a = 0; a <= HV_ARMS; a++)
        events[0].reads[a] = readings(arena, UINT64_C(1000000) * (a + 1));
    events[1] = (struct hv_event_run){.figure = "l1d_misses",
                                      .status = -2,
                                      .why = "no PMU in this VM",
                                      .qualification = HV_BIASED,
                                      .factor = 1.5};
    pair->groups = hv_arena_alloc(arena, sizeof *pair->groups);
    pair->n_groups = 1;
    pair->groups[0] = (struct hv_group_run){
        "core", {1000, 2000},
         events, 2
    };
}

void sample_make_raw(struct hv_arena *arena, struct hv_pair_run *pair)
{
    pair->n_layouts = LAYOUTS;
    pair->layouts = hv_arena_array(arena, LAYOUTS, sizeof *pair->layouts);
    for (uint32_t l = 0; l < LAYOUTS; l++)
        make_layout(arena, l, &pair->layouts[l]);
    make_groups(arena, pair);
    pair->meter = (struct hv_meter_run){
        .present = true,
        .source = "calls through the GOT",
        .iterations = {100, 200},
        .arm = {{{2, 0, 3, 4}, {512, 0, 600, 0}}  }
    };
    pair->usage = (struct hv_usage_run){
        .present = true,
        .iterations = {11, 12},
        .minor_faults = {13, 14},
        .involuntary_switches = {0,  15}
    };
}
