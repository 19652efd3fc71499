/* SPDX-License-Identifier: MIT */
/* A made-up trace of an arm, raw and broken down, for tests of dump and report. */
#include "tests/unit/sample_trace.h"

static void make_call(struct hv_arena *arena, uint64_t n, struct hv_call_run *call)
{
    call->iterations = n;
    for (uint64_t v = 0; v < HV_TRACE_VALUES; v++)
        call->value[v] = v + n * (10 + v);
    for (uint64_t g = 0; g < HV_TRACE_GROUPS; g++)
        call->group[g] = g + n * (5 + g);
    call->n_functions = 2;
    call->functions = hv_arena_array(arena, 2, sizeof *call->functions);
    call->functions[0] = (struct hv_function_run){
        .name = "bind_with_copy",
        .group = HV_GROUP_OPERATION,
        .calls = 1,
        .instructions = 4 + 8 * n,
        .load_bytes = 512 * n,
        .store_bytes = 256 * n,
        .copied = 512 * n,
    };
    call->functions[1] = (struct hv_function_run){
        .name = "memcpy", .group = HV_GROUP_COPY, .calls = n, .instructions = 2 * n};
    call->n_sites = 1;
    call->sites = hv_arena_array(arena, 1, sizeof *call->sites);
    call->sites[0] = (struct hv_site_run){.function = "bind_with_copy",
                                          .offset = 0x40,
                                          .called = false,
                                          .copies = 2 * n,
                                          .bytes = 512 * n,
                                          .smallest = 256,
                                          .largest = 256};
}

void sample_make_trace(struct hv_arena *arena, struct hv_trace_run *trace)
{
    *trace = (struct hv_trace_run){
        .tried = true,
        .tracer = "code cache",
        .l1 = {64, 64, 12},
        .compared = 34,
        .agreed = true,
        .n_calls = HV_TRACE_CALLS,
    };
    trace->calls = hv_arena_array(arena, HV_TRACE_CALLS, sizeof *trace->calls);
    for (uint64_t n = 1; n <= HV_TRACE_CALLS; n++)
        make_call(arena, n, &trace->calls[n - 1]);
    trace->n_census = 1;
    trace->census = hv_arena_alloc(arena, sizeof *trace->census);
    *trace->census = (struct hv_census_run){
        .symbol = "bind_with_copy",
        .sha256 = "c0de",
        .size = 182,
        .instructions = 41,
        .loops = 1,
        .vector_bits = 512,
        .calls = 3,
        .copy_calls = 2,
        .rep_movs = 1,
        .copy_pairs = 8,
        .copy_bytes = 513,
        .frame_bytes = 528,
    };
}

void sample_make_breakdown(struct hv_arena *arena, struct hv_breakdown *b)
{
    *b = (struct hv_breakdown){
        .present = true,
        .source = "code cache; an iteration is what a call with 3 adds to one with 2",
        .n_who = 2,
        .n_copying = 2,
        .group = {2, 0, 0, 8, 0},
    };
    b->who = hv_arena_array(arena, b->n_who, sizeof *b->who);
    b->who[0] = (struct hv_who){
        .name = "bind_with_copy",
        .group = "operation",
        .instructions = 8,
        .load_bytes = 512,
        .store_bytes = 256,
        .copied = 512,
        .share = 0.8,
        .time = {.provenance = HV_ESTIMATED,
                 .value = 15.37,
                 .unit = "ns",
                 .source = "80 % of the instructions x the arm's time"},
    };
    b->who[1] = (struct hv_who){
        .name = "memcpy",
        .group = "copy",
        .calls = 1,
        .instructions = 2,
        .share = 0.2,
        .time = {.unit = "ns", .why = "the arm was not timed"},
    };
    b->copying = hv_arena_array(arena, b->n_copying, sizeof *b->copying);
    b->copying[0] = (struct hv_copying){
        "bind_with_copy", 0x40, false, 2, 512, 256, 256,
    };
    b->copying[1] = (struct hv_copying){"helper|evil", 0x8, true, 0.5, 3, 1, 9};
}
