/* SPDX-License-Identifier: MIT */
/* The tracers' controls: all pass here, and each can fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "counters/trace/controls.h"
#include "tests/unit/trace_bench.h"

static void all_pass(void **state)
{
    struct bench *bench = *state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_control controls[HV_TRACE_CONTROLS];
    unsigned n = 0, failed = 0, ran = 0;
    assert_int_equal(hv_trace_controls(bench->session, arena, controls, &n), 0);
    assert_true(n <= HV_TRACE_CONTROLS);
    for (unsigned i = 0; i < n; i++) {
        const struct hv_control *control = &controls[i];
        ran += control->ran;
        failed += control->ran && !control->passed;
        if (!control->passed)
            print_message("# %s: %s\n", control->name, control->why);
        assert_true(control->passed || control->why);
        assert_true(!control->passed || control->got == control->expected);
    }
    assert_int_equal(failed, 0);
#if defined(__x86_64__)
    assert_true(ran >= 5);
#endif
    hv_arena_close(arena);
    bench_no_child();
}

static const struct hv_control *find(const struct hv_control *controls, unsigned n,
                                     const char *name)
{
    for (unsigned i = 0; i < n; i++)
        if (!strcmp(controls[i].name, name))
            return &controls[i];
    return NULL;
}

/* Without a prefix there is nothing to compare: no agreement is claimed. */
static void no_agreement_without_a_comparison(void **state)
{
    (void)state;
    struct hv_error error = {""};
    struct hv_trace_session *session;
    const struct hv_trace_config config = {.object = (const void *)(uintptr_t)all_pass};
    struct hv_arena *arena = hv_arena_open();
    struct hv_control controls[HV_TRACE_CONTROLS];
    unsigned n = 0;
    assert_int_equal(hv_trace_open(&session, &config, &error), 0);
    assert_int_equal(hv_trace_controls(session, arena, controls, &n), 0);
    const struct hv_control *agreement = find(controls, n, "trace:agreement");
    if (agreement) {
        assert_false(agreement->passed);
        assert_non_null(agreement->why);
    }
    hv_trace_close(session);
    hv_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_pass),
        cmocka_unit_test(no_agreement_without_a_comparison),
    };
    return cmocka_run_group_tests_name("trace_controls", tests, bench_open,
                                       bench_close);
}
