/* SPDX-License-Identifier: MIT */
/* The table for real_rust.rs, so that only C knows the table's layout. */
#include "kernels/hvperf.h"
#include "tests/trace/catalogue.h"

uint64_t real_rust_panic(void);
uint64_t real_rust_map(void);

static void run_panic(void *ctx, uint64_t n)
{
    for (struct trace_context *context = ctx; n; n--)
        context->sum = real_rust_panic();
}

static bool panicked(const void *ctx)
{
    return ((const struct trace_context *)ctx)->sum == 21;
}

static void run_map(void *ctx, uint64_t n)
{
    for (struct trace_context *context = ctx; n; n--)
        context->sum = real_rust_map();
}

static bool summed(const void *ctx)
{
    return ((const struct trace_context *)ctx)->sum == 500 * 499 / 2;
}

static const struct trace_row rows[] = {
    {"Rust panic, catch_unwind",   run_panic, panicked, 0, TRACE_CODE, false, false},
    {"Rust HashMap, format, sort", run_map,   summed,   0, TRACE_CODE, false, false},
};

const struct trace_catalogue hv_trace_catalogue = {sizeof(struct trace_context), 0,
                                                   rows, sizeof rows / sizeof *rows};
