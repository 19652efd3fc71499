/* SPDX-License-Identifier: MIT */
/* Runs the tracers' controls. */
#include "counters/trace/controls.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>

#include "counters/trace/controls_kernels.h"

#if defined(__x86_64__)

/* What a control looks at, beside the values of a trace. */
enum {
    COPIED = HV_TRACE_VALUES, /* all unique bytes, however copied */
    RESULT,                   /* what the kernel left in its page */
};
struct check {
    unsigned of;
    double expected;
};

enum { CHECKS = 4 };

/* The first check is the one that is told; the others must hold as well. */
static const struct row {
    const char *name, *what, *unit;
    hv_control_kernel *kernel;
    uint64_t n;
    bool avx512, stepped;       /* also by single-step */
    bool of_libc;               /* calls the C library's own memcpy */
    struct check check[CHECKS]; /* zeroed: none; no kernel has 0 instructions */
} rows[] = {
    {
     .name = "empty",
     .what = "a kernel that only returns",
     .unit = "instructions",
     .kernel = hv_control_empty,
     .check = {{HV_T_INSTRUCTIONS, 1}, {HV_T_LOAD_BYTES, 8}, {HV_T_STORE_BYTES, 0}},
     },
    {
     .name = "loop",
     .what = "a loop of 1000 turns",
     .unit = "instructions",
     .kernel = hv_control_loop,
     .n = 1000,
     .check = {{HV_T_INSTRUCTIONS, 2001}, {HV_T_BRANCHES, 1000}},
     },
    {
     .name = "flags",
     .what = "a carry that lives across blocks, and words below the stack pointer",
     .unit = "instructions",
     .kernel = hv_control_flags,
     .n = 10,
     .check = {{HV_T_INSTRUCTIONS, 68}, {RESULT, 10}},
     },
    {
     .name = "rep_movs",
     .what = "rep movsb of 300 bytes: one instruction, 300 bytes copied",
     .unit = "bytes",
     .kernel = hv_control_rep_movs,
     .n = 300,
     .stepped = true,
     .check = {{COPIED, 300}, {HV_T_INSTRUCTIONS, 4}, {HV_T_REP_ITERATIONS, 300}},
     },
    {
     .name = "masked",
     .what = "37 of 64 bytes copied under a mask",
     .unit = "bytes",
     .kernel = hv_control_masked,
     .avx512 = true,
     .stepped = true,
     .check = {{COPIED, 37},
                  {HV_T_INSTRUCTIONS, 5},
                  {HV_T_LOAD_BYTES, 37 + 8},
                  {HV_T_STORE_BYTES, 37}},
     },
    {
     .name = "avx512",
     .what = "a sum in 512-bit registers, which the tracer leaves intact",
     .unit = "sum",
     .kernel = hv_control_avx512,
     .n = 100,
     .avx512 = true,
     .check = {{RESULT, 3600}, {HV_T_INSTRUCTIONS, 315}, {HV_T_VECTOR_512, 103}},
     },
    {
     .name = "memcpy",
     .what = "memcpy of 100 bytes",
     .unit = "bytes",
     .kernel = hv_control_memcpy,
     .n = 100,
     .of_libc = true,
     .check = {{HV_T_COPIED_CALLED, 100}, {COPIED, 100}},
     },
    {
     .name = "xor",
     .what = "256 bytes bound by XOR: nothing is copied",
     .unit = "bytes",
     .kernel = hv_control_xor,
     .check = {{COPIED, 0},
                  {HV_T_INSTRUCTIONS, 82},
                  {HV_T_LOAD_BYTES, 512 + 8},
                  {HV_T_STORE_BYTES, 256}},
     },
};
_Static_assert(2 * HV_LEN(rows) + 1 <= HV_TRACE_CONTROLS, "there is room for all");

/* The kernel that both tracers follow. */
enum { MIXED_N = 8, MIXED_LENGTH = 14 * MIXED_N + 5 };

static const struct hv_trace_limits limits = {.instructions = 1000000, .seconds = 5};

struct bench {
    struct hv_trace_session *session;
    struct hv_arena *arena;
    struct hv_control_page *page; /* one a row, and one more */
    struct hv_trace_outcome out[HV_LEN(rows)];
};
_Static_assert(HV_LEN(rows) <= HV_TRACE_EACH, "one child follows them all");

/* ---- one kernel
 * ------------------------------------------------------------------------ */

static void fill(struct hv_control_page *page)
{
    memset(page, 0, sizeof *page);
    for (uint64_t i = 0; i < sizeof page->from / sizeof i; i++) {
        const uint64_t word = i + 1;
        memcpy(page->from + i * sizeof word, &word, sizeof word);
    }
}

static struct hv_trace_call call_of(struct bench *bench, size_t row)
{
    fill(&bench->page[row]);
    return (struct hv_trace_call){rows[row].kernel, &bench->page[row], rows[row].n};
}

static double looked_at(const struct bench *bench, size_t row, unsigned of)
{
    const uint64_t *value = bench->out[row].totals.value;
    if (of == RESULT)
        return (double)bench->page[row].result;
    if (of == COPIED)
        return (double)(value[HV_T_COPIED_CALLED] + value[HV_T_COPIED_INLINED] +
                        value[HV_T_COPIED_SMALL]);
    return (double)value[of];
}

static const char *name_of(unsigned of)
{
    if (of < HV_TRACE_VALUES)
        return hv_trace_value_name(of);
    return of == RESULT ? "result" : "copied";
}

/* ---- what is told of it
 * ---------------------------------------------------------------- */

static struct hv_control begin(struct bench *bench, enum hv_tracer tracer,
                               const struct row *row)
{
    return (struct hv_control){
        .name =
            hv_arena_printf(bench->arena, "%s:%s",
                            tracer == HV_TRACER_CACHE ? "trace" : "step", row->name),
        .what = row->what,
        .unit = row->unit,
        .expected = row->check[0].expected,
    };
}

static void judge(struct bench *bench, size_t row, struct hv_control *control)
{
    control->ran = true;
    control->got = looked_at(bench, row, rows[row].check[0].of);
    control->passed = true;
    for (unsigned i = 0; control->passed && i < CHECKS; i++) {
        const struct check *check = &rows[row].check[i];
        if (check->of == HV_T_INSTRUCTIONS && !check->expected)
            break;
        const double got = looked_at(bench, row, check->of);
        control->passed = got == check->expected;
        if (!control->passed)
            control->why = hv_arena_printf(bench->arena, "%s: %.0f instead of %.0f",
                                           name_of(check->of), got, check->expected);
    }
}

/* A tracer that cannot work here has said nothing wrong. */
static bool ended_well(struct bench *bench, const struct hv_trace_outcome *outcome,
                       struct hv_control *control)
{
    if (outcome->end == HV_TRACE_DONE)
        return true;
    control->ran = outcome->end != HV_TRACE_FAILED;
    control->got = -1; /* no count was read: told in words */
    control->why = hv_arena_text(bench->arena, outcome->why);
    return false;
}

/* A sanitizer puts a memcpy of its own before the library's, which copies more. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* NULL, or why the row has no known answer here. */
static const char *why_not(const struct row *row)
{
    if (row->of_libc && SANITIZED)
        return "a sanitised build has another memcpy";
    if (row->avx512 &&
        !(__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512f")))
        return "this CPU has no AVX-512";
    return NULL;
}

/* One child follows them all: a child each would take longer than the kernels do. */
static int run_cached(struct bench *bench)
{
    struct hv_trace_call calls[HV_LEN(rows)];
    struct hv_trace_outcome *out = bench->out;
    size_t of[HV_LEN(rows)];
    unsigned n = 0;
    for (size_t row = 0; row < HV_LEN(rows); row++)
        if (!why_not(&rows[row])) {
            of[n] = row;
            calls[n++] = call_of(bench, row);
        }
    const int rc = hv_trace_run_each(bench->session, calls, n, &limits, out);
    for (unsigned i = n; !rc && i-- > 0;) /* to their rows, from behind */
        out[of[i]] = out[i];
    return rc;
}

static void tell(struct bench *bench, enum hv_tracer tracer, size_t row,
                 struct hv_control *out)
{
    *out = begin(bench, tracer, &rows[row]);
    out->why = why_not(&rows[row]);
    if (!out->why && ended_well(bench, &bench->out[row], out))
        judge(bench, row, out);
}

static int run_stepped(struct bench *bench, struct hv_control *out, unsigned *n)
{
    int rc = 0;
    for (size_t row = 0; !rc && row < HV_LEN(rows); row++) {
        const struct hv_trace_call call = call_of(bench, row);
        if (!rows[row].stepped)
            continue;
        if (!why_not(&rows[row]))
            rc = hv_trace_run(bench->session, HV_TRACER_STEP, &call, &limits,
                              &bench->out[row]);
        if (!rc)
            tell(bench, HV_TRACER_STEP, row, &out[(*n)++]);
    }
    return rc;
}

static int run_agreement(struct bench *bench, struct hv_control *out)
{
    char why[256];
    uint64_t compared = 0;
    *out = (struct hv_control){
        .name = "trace:agreement",
        .what = "code cache and single-step, word for word",
        .unit = "instructions",
        .expected = MIXED_LENGTH,
    };
    struct hv_control_page *page = &bench->page[HV_LEN(rows)];
    const struct hv_trace_call call = {hv_control_mixed, page, MIXED_N};
    for (int tracer = 0; tracer <= HV_TRACER_STEP; tracer++) {
        fill(page);
        const int rc = hv_trace_run(bench->session, (enum hv_tracer)tracer, &call,
                                    &limits, bench->out);
        if (rc)
            return rc;
        if (!ended_well(bench, bench->out, out))
            return 0;
    }
    const int rc = hv_trace_compare(bench->session, &compared, why, sizeof why);
    out->ran = true;
    out->got = (double)compared;
    out->passed = !rc && compared == MIXED_LENGTH;
    if (rc)
        out->why = hv_arena_text(bench->arena, why);
    else if (!out->passed)
        out->why = "not all of it was compared";
    return 0;
}

static int run_all(struct bench *bench, struct hv_control *out, unsigned *n)
{
    int rc = run_cached(bench);
    for (size_t row = 0; !rc && row < HV_LEN(rows); row++)
        tell(bench, HV_TRACER_CACHE, row, &out[(*n)++]);
    if (!rc)
        rc = run_stepped(bench, out, n);
    return rc ? rc : run_agreement(bench, &out[(*n)++]);
}

int hv_trace_controls(struct hv_trace_session *session, struct hv_arena *arena,
                      struct hv_control *out, unsigned *n)
{
    const size_t bytes = (HV_LEN(rows) + 1) * sizeof(struct hv_control_page);
    struct bench *bench = hv_arena_alloc(arena, sizeof *bench);
    *n = 0;
    /* shared: the results are looked at when the child is gone */
    void *page =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return -errno;
    bench->session = session;
    bench->arena = arena;
    bench->page = page;
    const int rc = run_all(bench, out, n);
    (void)munmap(page, bytes);
    return rc;
}

#else

int hv_trace_controls(struct hv_trace_session *session, struct hv_arena *arena,
                      struct hv_control *out, unsigned *n)
{
    (void)session;
    (void)arena;
    (void)out;
    *n = 0; /* no tracer, nothing to qualify */
    return 0;
}

#endif
