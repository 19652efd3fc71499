/* SPDX-License-Identifier: MIT */
/* Runs the tracers' controls. */
#include "counters/trace/controls.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>

#include "counters/trace/controls_rows.h"

#if defined(__x86_64__) || defined(__aarch64__)

_Static_assert(2 * (int)HV_CONTROL_ROWS + 1 <= (int)HV_TRACE_CONTROLS,
               "there is room for all");

/* The kernel that both tracers follow. */
enum { MIXED_N = 8, MIXED_LENGTH = 14 * MIXED_N + 5 };

static const struct hv_trace_limits limits = {.instructions = 1000000, .seconds = 5};

struct bench {
    struct hv_trace_session *session;
    struct hv_arena *arena;
    struct hv_control_page *page; /* one a row, and one more */
    struct hv_trace_outcome out[HV_CONTROL_ROWS];
};
_Static_assert((int)HV_CONTROL_ROWS <= (int)HV_TRACE_EACH,
               "one child follows them all");

static size_t n_rows(void)
{
    size_t n = 0;
    while (n < HV_CONTROL_ROWS && hv_control_rows[n].kernel)
        n++;
    return n;
}

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
    return (struct hv_trace_call){hv_control_rows[row].kernel, &bench->page[row],
                                  hv_control_rows[row].n};
}

static double looked_at(const struct bench *bench, size_t row, unsigned of)
{
    const uint64_t *value = bench->out[row].totals.value;
    if (of == HV_CONTROL_RESULT)
        return (double)bench->page[row].result;
    if (of == HV_CONTROL_COPIED)
        return (double)(value[HV_T_COPIED_CALLED] + value[HV_T_COPIED_INLINED] +
                        value[HV_T_COPIED_SMALL]);
    return (double)value[of];
}

static const char *name_of(unsigned of)
{
    if (of < HV_TRACE_VALUES)
        return hv_trace_value_name(of);
    return of == HV_CONTROL_RESULT ? "result" : "copied";
}

/* ---- what is told of it
 * ---------------------------------------------------------------- */

static struct hv_control begin(struct bench *bench, enum hv_tracer tracer,
                               const struct hv_control_row *row)
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
    control->got = looked_at(bench, row, hv_control_rows[row].check[0].of);
    control->passed = true;
    for (unsigned i = 0; control->passed && i < HV_CONTROL_CHECKS; i++) {
        const struct hv_control_check *check = &hv_control_rows[row].check[i];
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
static const char *why_not(const struct hv_control_row *row)
{
    if (row->of_libc && SANITIZED)
        return "a sanitised build has another memcpy";
    return row->why_not ? row->why_not() : NULL;
}

/* A memcpy of instructions that are not followed (SVE) has no known answer. */
static bool is_followed(const struct bench *bench, size_t row)
{
    return !hv_control_rows[row].of_libc ||
           !bench->out[row].totals.value[HV_T_UNSUPPORTED];
}

static void tell(struct bench *bench, enum hv_tracer tracer, size_t row,
                 struct hv_control *out)
{
    *out = begin(bench, tracer, &hv_control_rows[row]);
    out->why = why_not(&hv_control_rows[row]);
    if (out->why || !ended_well(bench, &bench->out[row], out))
        return;
    if (is_followed(bench, row))
        judge(bench, row, out);
    else
        out->why = "the C library's memcpy has instructions that are not understood";
}

static int run_stepped(struct bench *bench, struct hv_control *out, unsigned *n)
{
    int rc = 0;
    for (size_t row = 0; !rc && row < n_rows(); row++) {
        const struct hv_trace_call call = call_of(bench, row);
        if (!hv_control_rows[row].stepped)
            continue;
        if (!why_not(&hv_control_rows[row]))
            rc = hv_trace_run(bench->session, HV_TRACER_STEP, &call, &limits,
                              &bench->out[row]);
        if (!rc)
            tell(bench, HV_TRACER_STEP, row, &out[(*n)++]);
    }
    return rc;
}

#if defined(__x86_64__)

/* One child follows them all: a child each would take longer than the kernels do. */
static int run_cached(struct bench *bench)
{
    struct hv_trace_call calls[HV_CONTROL_ROWS];
    struct hv_trace_outcome *out = bench->out;
    size_t of[HV_CONTROL_ROWS] = {0};
    unsigned n = 0;
    for (size_t row = 0; row < n_rows(); row++)
        if (!why_not(&hv_control_rows[row])) {
            of[n] = row;
            calls[n++] = call_of(bench, row);
        }
    const int rc = hv_trace_run_each(bench->session, calls, n, &limits, out);
    for (unsigned i = n; !rc && i-- > 0;) /* to their rows, from behind */
        out[of[i]] = out[i];
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
    struct hv_control_page *page = &bench->page[HV_CONTROL_ROWS];
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
    for (size_t row = 0; !rc && row < n_rows(); row++)
        tell(bench, HV_TRACER_CACHE, row, &out[(*n)++]);
    if (!rc)
        rc = run_stepped(bench, out, n);
    return rc ? rc : run_agreement(bench, &out[(*n)++]);
}

#else /* there is no code cache */

static int run_all(struct bench *bench, struct hv_control *out, unsigned *n)
{
    return run_stepped(bench, out, n);
}

#endif

int hv_trace_controls(struct hv_trace_session *session, struct hv_arena *arena,
                      struct hv_control *out, unsigned *n)
{
    const size_t bytes = (HV_CONTROL_ROWS + 1) * sizeof(struct hv_control_page);
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
