/* SPDX-License-Identifier: MIT */
/* How much faster the code cache traces the arms of a pair than stepping would: both in
 * one run, dataflow and cache model included. Prints one line an arm. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counters/trace/trace.h"
#include "kernels/builtin.h"
#include "kernels/isa.h"

enum { TIMES = 7, STEPS = 20000 };

struct bench {
    struct hv_trace_session *session;
    struct hv_trace_call call;
    struct hv_trace_outcome outcome;
};

static int ascending(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* ns an instruction of each of TIMES traces, ascending. */
static void measure(struct bench *b, enum hv_tracer tracer,
                    const struct hv_trace_limits *limits, double ns[TIMES])
{
    for (int i = 0; i < TIMES; i++) {
        int rc = hv_trace_run(b->session, tracer, &b->call, limits, &b->outcome);
        const double n = (double)b->outcome.totals.value[HV_T_INSTRUCTIONS];
        if (rc || b->outcome.end > HV_TRACE_LIMIT || !(n > 0)) {
            fprintf(stderr, "not traced: %s\n", b->outcome.why);
            exit(1);
        }
        ns[i] = 1e9 * b->outcome.seconds / n;
    }
    qsort(ns, TIMES, sizeof *ns, ascending);
}

static void bench_arm(struct bench *b, const struct hv_pair *pair,
                      const struct hv_arm *arm)
{
    static const struct hv_trace_limits whole = {.seconds = 60},
                                        some = {.instructions = STEPS,
                                                .seconds = 60,
                                                .limit_is_fine = true};
    double cache[TIMES], step[TIMES];
    b->call.run = arm->run;
    arm->run(b->call.ctx, 1);
    measure(b, HV_TRACER_STEP, &some, step);
    measure(b, HV_TRACER_CACHE, &whole, cache);
    printf(
        "%-20s %-10s %-28s %9.0f instructions  cache %5.1f ns (%.1f-%.1f)  step %6.0f "
        "ns (%.0f-%.0f)  ratio %.0f (worst %.0f)\n",
        pair->name, pair->isa, arm->name,
        (double)b->outcome.totals.value[HV_T_INSTRUCTIONS], cache[TIMES / 2], cache[0],
        cache[TIMES - 1], step[TIMES / 2], step[0], step[TIMES - 1],
        step[TIMES / 2] / cache[TIMES / 2], step[0] / cache[TIMES - 1]);
}

static void bench_pair(const struct hv_pair *pair)
{
    const struct hv_size size = {.dim_bits = 2048, .seed = 42};
    const struct hv_trace_config config = {
        .l1 = hv_trace_l1(0),
        .object = (const void *)(uintptr_t)pair->baseline.run,
    };
    struct hv_error error = {""};
    struct hv_work work;
    struct bench b;
    memset(&b, 0, sizeof b);
    if (pair->setup(&work, &size) || hv_trace_open(&b.session, &config, &error)) {
        fprintf(stderr, "%s: %s\n", pair->name, error.text);
        exit(1);
    }
    b.call.ctx = work.ctx;
    b.call.n = 1;
    bench_arm(&b, pair, &pair->baseline);
    bench_arm(&b, pair, &pair->candidate);
    hv_trace_close(b.session);
    pair->teardown(&work);
}

/* Rows come worst ISA first: the last that this CPU has is the best. */
int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const struct hv_pair *best = NULL;
        for (uint32_t r = 0; r < hv_builtin_kernels.n_rows; r++) {
            const struct hv_pair *pair = hv_builtin_kernels.rows[r].at[0];
            if (strcmp(pair->name, argv[i]) == 0 &&
                hv_isa_available(hv_isa_find(pair->isa)))
                best = pair;
        }
        if (!best) {
            fprintf(stderr, "no pair %s\n", argv[i]);
            return 2;
        }
        bench_pair(best);
    }
    return 0;
}
