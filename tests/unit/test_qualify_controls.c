/* SPDX-License-Identifier: MIT */
/* Whether the controls of the counters make what they say, as the tracer sees it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "counters/control.h"
#include "src/base/error.h"
#include "tests/unit/trace_bench.h"

#if defined(__x86_64__)

static struct hv_control_memory memory;

#define CONTROL(name, id)                                                              \
    static void name(void *ctx, uint64_t n)                                            \
    {                                                                                  \
        (void)ctx;                                                                     \
        hv_control_run(id, n, &memory);                                                \
    }

CONTROL(loads, HV_CONTROL_LOADS)
CONTROL(stores, HV_CONTROL_STORES)
CONTROL(refill, HV_CONTROL_REFILL)
CONTROL(taken, HV_CONTROL_TAKEN)
CONTROL(random_branches, HV_CONTROL_RANDOM)
CONTROL(splits, HV_CONTROL_SPLITS)
CONTROL(aliases, HV_CONTROL_ALIASES)
CONTROL(narrow, HV_CONTROL_NARROW)
CONTROL(pages, HV_CONTROL_PAGES)

/* What twice as many turns make more of than n, which is n times so much. */
static const struct {
    const char *name;
    bench_kernel *kernel;
    uint64_t n;
    enum hv_trace_value value;
    uint64_t each;
} cases[] = {
    {"loads",   loads,           100,           HV_T_LOADS,          8},
    {"loads",   loads,           100,           HV_T_STORES,         0},
    {"stores",  stores,          100,           HV_T_STORES,         8},
    {"stores",  stores,          100,           HV_T_LOADS,          0},
    {"refill",  refill,          HV_WALK_STEPS, HV_T_LOADS,          8},
    {"refill",  refill,          HV_WALK_STEPS, HV_T_L1_READ_MISSES, 4},
    {"refill",  refill,          1024,          HV_T_LINES,          4}, /* each its turn */
    {"taken",   taken,           100,           HV_T_BRANCHES,       4},
    {"taken",   taken,           100,           HV_T_INSTRUCTIONS,   5},
    {"random",  random_branches, 1000,          HV_T_BRANCHES,       2},
    {"splits",  splits,          100,           HV_T_LINE_SPLITS,    4},
    {"splits",  splits,          100,           HV_T_PAGE_SPLITS,    0},
    {"splits",  splits,          100,           HV_T_LOADS,          4},
    {"aliases", aliases,         100,           HV_T_ALIAS_4K,       4},
    {"aliases", aliases,         100,           HV_T_LOADS,          4},
    {"aliases", aliases,         100,           HV_T_FORWARD_SPANS,  0},
    {"narrow",  narrow,          100,           HV_T_FORWARD_WIDER,  1},
    {"narrow",  narrow,          100,           HV_T_LOADS,          1},
    {"narrow",  narrow,          100,           HV_T_STORES,         1},
    {"pages",   pages,           100,           HV_T_LOADS,          1},
    {"pages",   pages,           4096,          HV_T_LINES,          1}, /* one a page */
    {"loads",   loads,           100,           HV_T_LINE_SPLITS,    0},
    {"loads",   loads,           100,           HV_T_L1_READ_MISSES, 0},
};

static void controls_make_what_they_say(void **state)
{
    struct bench *bench = *state;
    for (size_t i = 0; i < HV_LEN(cases); i++) {
        const uint64_t *value =
            bench_done(bench, HV_TRACER_CACHE, cases[i].kernel, cases[i].n);
        const uint64_t once = value[cases[i].value];
        value = bench_done(bench, HV_TRACER_CACHE, cases[i].kernel, 2 * cases[i].n);
        const uint64_t more = value[cases[i].value] - once;
        if (more != cases[i].each * cases[i].n)
            fail_msg("%s, %s: %lu more of %lu turns, not %lu each", cases[i].name,
                     hv_trace_value_name(cases[i].value), (unsigned long)more,
                     (unsigned long)cases[i].n, (unsigned long)cases[i].each);
    }
}

/* A turn has an instruction less where the branch is taken. */
static void half_of_the_random_branches_are_taken(void **state)
{
    struct bench *bench = *state;
    enum { N = 4000, TWICE = 2 * N, LONGEST = 14 };
    const uint64_t *value = bench_done(bench, HV_TRACER_CACHE, random_branches, N);
    const uint64_t once = value[HV_T_INSTRUCTIONS];
    value = bench_done(bench, HV_TRACER_CACHE, random_branches, TWICE);
    const uint64_t skipped = (uint64_t)N * LONGEST - (value[HV_T_INSTRUCTIONS] - once);
    assert_in_range(skipped, N * 45 / 100, N * 55 / 100);
}

static int open_all(void **state)
{
    return hv_control_map(&memory, true) || bench_open(state);
}

static int close_all(void **state)
{
    hv_control_unmap(&memory);
    return bench_close(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(controls_make_what_they_say, open_all,
                                        close_all),
        cmocka_unit_test_setup_teardown(half_of_the_random_branches_are_taken, open_all,
                                        close_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

static void no_tracer_looks_at_them_here(void **state)
{
    (void)state;
    skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_tracer_looks_at_them_here)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
