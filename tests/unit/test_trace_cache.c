/* SPDX-License-Identifier: MIT */
/* Kernels in the code cache do what they do natively, and it logs what stepping sees.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/skip_all.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "counters/trace/session.h"
#include "tests/unit/trace_bench.h"
#include "tests/unit/trace_cache_kernels.h"

#if defined(__x86_64__)

/* ---- equal to native ------------------------------------------------------------ */

static bool has_masks(void)
{
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512f");
}

static const struct row {
    const char *name;
    cache_kernel *kernel;
    uint64_t n;
    uint64_t instructions; /* known, 0: not */
    bool varies;           /* not the same twice: cannot be compared with stepping */
} rows[] = {
    {"a loop",                 kernel_loop,         1000,   2001,   false},
    {"a long loop",            kernel_loop,         300000, 600001, false},
    {"flags",                  kernel_flags,        0,      0,      false},
    {"the red zone",           kernel_red_zone,     50,     0,      false},
    {"all registers",          kernel_registers,    500,    0,      false},
    {"relative addresses",     kernel_relative,     0,      0,      false},
    {"loop and jrcxz",         kernel_counted,      0,      0,      false},
    {"strings",                kernel_strings,      0,      0,      false},
    {"stack",                  kernel_stack,        42,     0,      false},
    {"masks",                  kernel_masks,        0,      0,      false},
    {"x87 and mmx",            kernel_x87,          0,      0,      false},
    {"f3 41 90",               kernel_pause,        0,      6,      false},
    {"a syscall",              kernel_syscall,      0,      0,      false},
    {"colliding addresses",    kernel_colliding,    100,    0,      true },
    {"a fall into a function", kernel_falling,      0,      7,      false},
    {"recursion",              kernel_recursion,    12,     0,      false},
    {"a jump table",           kernel_jump_table,   300,    0,      false},
    {"qsort",                  kernel_sorting,      200,    0,      false},
    {"snprintf",               kernel_printing,     77,     0,      false},
    {"longjmp",                kernel_jumping,      9,      0,      false},
    {"malloc",                 kernel_allocating,   100,    0,      false},
    {"syscalls",               kernel_syscalls,     5,      0,      false},
    {"the vDSO",               kernel_telling_time, 20,     0,      true },
    {"rep stosb",              kernel_filling,      3,      0,      true },
};

static struct bench *ready(void **state)
{
    struct bench *bench = *state;
    const struct hv_trace_outcome *out =
        bench_run(bench, HV_TRACER_CACHE, kernel_loop, 1);
    if (out->end == HV_TRACE_FAILED) {
        print_message("# %s\n", out->why);
        skip();
    }
    return bench;
}

static const char *cannot_run(const struct row *row)
{
    if (row->kernel == kernel_masks && !has_masks())
        return "this CPU has no AVX-512";
    if (row->kernel == kernel_jumping && SANITIZED)
        return "a sanitizer's longjmp prints a warning, with the process id in it";
    return NULL;
}

static void same_as_native(void **state)
{
    struct bench *bench = ready(state);
    static unsigned char native[BENCH_BYTES];
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        const char *why = cannot_run(&rows[i]);
        if (why) {
            print_message("# %s: %s\n", rows[i].name, why);
            continue;
        }
        memset(native, 0, sizeof native);
        rows[i].kernel(native, rows[i].n);
        const uint64_t *value =
            bench_done(bench, HV_TRACER_CACHE, rows[i].kernel, rows[i].n);
        if (memcmp(native, bench->page, BENCH_BYTES))
            fail_msg("%s: it leaves other memory", rows[i].name);
        if (rows[i].instructions)
            assert_int_equal(value[HV_T_INSTRUCTIONS], rows[i].instructions);
    }
}

static void same_as_stepping(void **state)
{
    static struct hv_trace_totals cached;
    struct bench *bench = ready(state);
    char why[256];
    bench->limits.instructions = 10000;
    bench->limits.limit_is_fine = true;
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        uint64_t compared;
        if (rows[i].varies || cannot_run(&rows[i]))
            continue;
        bench_done(bench, HV_TRACER_CACHE, rows[i].kernel, rows[i].n);
        cached = bench->out.totals;
        const struct hv_trace_outcome *out =
            bench_run(bench, HV_TRACER_STEP, rows[i].kernel, rows[i].n);
        if (out->end == HV_TRACE_FAILED)
            skip();
        assert_int_equal(out->end, HV_TRACE_DONE);
        if (hv_trace_compare(bench->session, &compared, why, sizeof why))
            fail_msg("%s: %s", rows[i].name, why);
        if (compared < bench->limits.instructions)
            assert_memory_equal(&cached, &out->totals, sizeof cached);
        if (compared < out->totals.value[HV_T_INSTRUCTIONS])
            fail_msg("%s: only %lu of %lu instructions were compared", rows[i].name,
                     compared, out->totals.value[HV_T_INSTRUCTIONS]);
    }
}

/* rdi, rsi, rsp, and all else as a program finds it that has just begun. */
static void kernels_begin_with_known_state(void **state)
{
    struct bench *bench = ready(state);
    static const uint64_t words[] = {0, 42, 56, 0x202, 0x1f80, 0x37f, 0, 0, 0, 0};
    for (int tracer = 0; tracer < 2; tracer++) {
        const struct hv_trace_outcome *out =
            bench_run(bench, (enum hv_tracer)tracer, kernel_state, 42);
        if (out->end == HV_TRACE_FAILED)
            continue; /* no ptrace here */
        assert_int_equal(out->end, HV_TRACE_DONE);
        assert_memory_equal(bench->page, words, sizeof words);
    }
}

/* A function that is known by what it does may begin in the middle of a straight line:
 * its arguments are logged there. */
static void roles_begin_blocks(void **state)
{
    static struct hv_trace_totals cached;
    struct bench *bench = ready(state);
    const uint64_t entry = (uint64_t)(uintptr_t)kernel_middle_at;
    const struct hv_role role = {entry, HV_CALL_COPY, HV_BYTES_THIRD, "copy"};
    uint64_t compared;
    char why[256];
    bench->session->roles = (struct hv_roles){.role = {role}, .n = 1};
    const uint64_t *value = bench_done(bench, HV_TRACER_CACHE, kernel_middle, 42);
    assert_int_equal(value[HV_T_INSTRUCTIONS], 7);
    cached = bench->out.totals;
    const struct hv_trace_outcome *out =
        bench_run(bench, HV_TRACER_STEP, kernel_middle, 42);
    if (out->end == HV_TRACE_FAILED)
        skip();
    if (hv_trace_compare(bench->session, &compared, why, sizeof why))
        fail_msg("%s", why);
    assert_int_equal(compared, 7);
    assert_memory_equal(&cached, &out->totals, sizeof cached);
}

/* ---- counts that are known ------------------------------------------------------ */

static void rep_strings_are_counted(void **state)
{
    struct bench *bench = ready(state);
    const uint64_t *value = bench_done(bench, HV_TRACER_CACHE, kernel_filling, 3);
    assert_int_equal(value[HV_T_REP_ITERATIONS], 3 << 20);
    assert_true(value[HV_T_STORE_BYTES] >= 3 << 20);
    assert_true(value[HV_T_STORE_BYTES] < (3 << 20) + 1024);
    assert_int_equal(value[HV_T_SYSCALLS], 2);
}

static void calls_and_syscalls_are_counted(void **state)
{
    struct bench *bench = ready(state);
    const uint64_t *value = bench_done(bench, HV_TRACER_CACHE, kernel_syscalls, 5);
    assert_int_equal(value[HV_T_SYSCALLS], 5 + 5);
    value = bench_done(bench, HV_TRACER_CACHE, kernel_flags, 0);
    assert_int_equal(value[HV_T_CALLS], 2);
    assert_int_equal(value[HV_T_UNSUPPORTED], 0);
}

/* The second trace of a process begins where the first did. */
static void traces_are_repeatable(void **state)
{
    struct bench *bench = ready(state);
    static struct hv_trace_totals first;
    bench_done(bench, HV_TRACER_CACHE, kernel_sorting, 300);
    first = bench->out.totals;
    bench_done(bench, HV_TRACER_CACHE, kernel_sorting, 300);
    assert_memory_equal(&first, &bench->out.totals, sizeof first);
}

/* ---- signals -------------------------------------------------------------------- */

/* A handler has no other way to what it counts in. */
static volatile uint64_t *alarms;

static void count_alarm(int number)
{
    (void)number;
    ++*alarms;
}

static void storm(void *ctx, uint64_t n)
{
    const struct itimerval often =
                               {
                                   {0, 200},
                                   {0, 200}
    },
                           never = {{0, 0}, {0, 0}};
    const struct sigaction action = {.sa_handler = count_alarm};
    uint64_t *words = ctx;
    alarms = &words[1];
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    for (uint64_t i = 0; i < n || *alarms < 20; i++)
        kernel_jump_table(words, 200);
    setitimer(ITIMER_REAL, &never, NULL);
}

static void alarms_change_nothing(void **state)
{
    struct bench *bench = ready(state);
    uint64_t expected = 0;
    kernel_jump_table(&expected, 200);
    bench_done(bench, HV_TRACER_CACHE, storm, 500);
    assert_int_equal(bench_word(bench, 0), expected);
    assert_true(bench_word(bench, 8) >= 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(same_as_native, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(same_as_stepping, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(roles_begin_blocks, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(kernels_begin_with_known_state, bench_open,
                                        bench_close),
        cmocka_unit_test_setup_teardown(rep_strings_are_counted, bench_open,
                                        bench_close),
        cmocka_unit_test_setup_teardown(calls_and_syscalls_are_counted, bench_open,
                                        bench_close),
        cmocka_unit_test_setup_teardown(traces_are_repeatable, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(alarms_change_nothing, bench_open, bench_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else
int main(void)
{
    return skip_all("not x86-64");
}
#endif
