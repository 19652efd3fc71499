/* SPDX-License-Identifier: MIT */
/* The warnings of the methodology audit: each where it is planted, and not elsewhere.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "src/base/error.h"
#include "tests/unit/analysis_checks.h"
#include "tests/unit/sample_trace.h"

static const char *warned(const struct hv_run *run, const char *id,
                          struct hv_arena *arena)
{
    const struct hv_warning *warning =
        find_warning(&analyse_checked(run, arena)->pairs[0], id);
    return warning ? warning->text : NULL;
}

static void assert_says(const char *text, const char *words)
{
    if (!text || !strstr(text, words))
        fail_msg("\"%s\" does not say \"%s\"", text ? text : "no warning", words);
}

/* ---- order and neighbours: by times alone */

enum order { NOBODY, BASELINE_ONLY, BOTH };

/* Makes samples that go first in their round slower by `more`. */
static void slow_the_first(struct hv_run *run, enum order who, double more)
{
    for (size_t l = 0; l < run->pairs->n_layouts; l++)
        for (unsigned place = 0; place < run->pairs->places; place++)
            for (unsigned arm = 0; arm < (unsigned)who; arm++) {
                struct hv_series *cell = &run->pairs->layouts[l].cell[arm][place];
                for (size_t visit = arm; visit < cell->len; visit += 2)
                    cell->ticks[visit] =
                        (uint32_t)lround(cell->ticks[visit] * (1 + more));
            }
}

/* Each arm goes first in every other visit: what both bear alike does no harm. */
static void an_order_that_one_arm_bears_is_told(void **state)
{
    (void)state;
    static const struct {
        enum order who;
        double more;
        size_t layouts, visits;
        bool warned;
    } rows[] = {
        {NOBODY,        0,    8, 20, false},
        {BASELINE_ONLY, 0.1,  8, 20, true },
        {BASELINE_ONLY, -0.1, 8, 20, true },
        {BASELINE_ONLY, 0.04, 8, 20, false},
        {BOTH,          0.2,  8, 20, false},
        {BASELINE_ONLY, 0.1,  7, 20, false}, /* layouts are too few to tell */
    };
    struct hv_arena *arena = hv_arena_open();
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        struct synthetic_truth truth = small_truth();
        truth.layouts = rows[i].layouts;
        truth.visits = rows[i].visits;
        struct hv_run *run = synthetic_run(&truth, arena);
        slow_the_first(run, rows[i].who, rows[i].more);
        const char *text = warned(run, "order_effect", arena);
        if ((text != NULL) != rows[i].warned)
            fail_msg("row %zu: %s", i, text ? text : "no warning");
    }
    hv_arena_close(arena);
}

static void an_order_is_told_in_percent(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    const struct synthetic_truth truth = small_truth();
    struct hv_run *run = synthetic_run(&truth, arena);
    slow_the_first(run, BASELINE_ONLY, 0.1);
    assert_says(warned(run, "order_effect", arena), "10 % larger");
    hv_arena_close(arena);
}

/* Slow waves of 5 % through every cell. */
static void make_waves(struct hv_run *run)
{
    for (size_t l = 0; l < run->pairs->n_layouts; l++)
        for (unsigned place = 0; place < run->pairs->places; place++)
            for (unsigned arm = 0; arm < HV_ARMS; arm++) {
                struct hv_series *cell = &run->pairs->layouts[l].cell[arm][place];
                for (size_t visit = 0; visit < cell->len; visit++)
                    cell->ticks[visit] = (uint32_t)lround(
                        cell->ticks[visit] * (1 + 0.05 * sin((double)visit / 8)));
            }
}

static void neighbours_that_hang_together_are_told(void **state)
{
    (void)state;
    static const struct {
        size_t visits;
        double noise;
        bool waves, warned;
    } rows[] = {
        {100, 0,    true,  true },
        {100, 0,    false, false},
        {100, 0.02, false, false},
        {20,  0,    true,  false}, /* 608 neighbours do not tell */
    };
    struct hv_arena *arena = hv_arena_open();
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        struct synthetic_truth truth = small_truth();
        truth.visits = rows[i].visits;
        truth.noise = rows[i].noise;
        struct hv_run *run = synthetic_run(&truth, arena);
        if (rows[i].waves)
            make_waves(run);
        const char *text = warned(run, "autocorrelated", arena);
        if ((text != NULL) != rows[i].warned)
            fail_msg("row %zu: %s", i, text ? text : "no warning");
    }
    hv_arena_close(arena);
}

/* ---- by the trace */

/* The sample's trace in both arms, all of it understood; of its 10 instructions an
 * iteration 8 are in a function of each arm's own name, 2 in memcpy. */
static struct hv_run *traced_run(struct hv_arena *arena)
{
    struct hv_run *run = counted_run(NULL, 0, arena);
    run->controls = hv_arena_array(arena, 1, sizeof *run->controls);
    run->n_controls = 1;
    run->controls[0] = (struct hv_control){.name = "trace:loop",
                                           .unit = "instructions",
                                           .ran = true,
                                           .expected = 2001,
                                           .got = 2001,
                                           .passed = true};
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        struct hv_trace_run *trace = &run->pairs[0].arm[arm].trace;
        sample_make_trace(arena, trace);
        for (size_t i = 0; i < trace->n_calls; i++) {
            trace->calls[i].functions[0].name = run->pairs[0].arm[arm].name;
            trace->calls[i].value[HV_T_UNSUPPORTED] = 0;
            trace->calls[i].value[HV_T_OVERFLOW] = 0;
        }
    }
    return run;
}

static struct hv_call_run *call_of(struct hv_run *run, unsigned arm, size_t i)
{
    return &run->pairs[0].arm[arm].trace.calls[i];
}

/* Gives the second function of both arms another name, group and weight. */
static void plant_shared(struct hv_run *run, const char *name,
                         enum hv_trace_group group, uint64_t each)
{
    for (unsigned arm = 0; arm < HV_ARMS; arm++)
        for (size_t i = 0; i < HV_TRACE_CALLS; i++) {
            struct hv_function_run *f = &call_of(run, arm, i)->functions[1];
            f->name = name;
            f->group = group;
            f->instructions = each * (i + 1);
        }
}

static void shared_work_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum hv_trace_group group;
        uint64_t each; /* beside 8 of the arm's own */
        bool warned;
    } rows[] = {
        {"generate", HV_GROUP_GENERATOR, 8,  true }, /* half of it */
        {"generate", HV_GROUP_GENERATOR, 7,  false},
        {"generate", HV_GROUP_REST,      80, true },
        {"memcpy",   HV_GROUP_COPY,      80, false}, /* it is what differs */
        {"malloc",   HV_GROUP_ALLOC,     80, false},
    };
    struct hv_arena *arena = hv_arena_open();
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        struct hv_run *run = traced_run(arena);
        plant_shared(run, rows[i].name, rows[i].group, rows[i].each);
        const char *text = warned(run, "shared_work", arena);
        if ((text != NULL) != rows[i].warned)
            fail_msg("row %zu: %s", i, text ? text : "no warning");
        if (text)
            assert_says(text, "most in generate");
    }
    hv_arena_close(arena);
}

/* The same name with other counts is other work; without a trace there is no claim. */
static void work_that_differs_is_not_shared(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_run *run = traced_run(arena);
    plant_shared(run, "generate", HV_GROUP_GENERATOR, 90);
    assert_says(warned(run, "shared_work", arena), "91.8 % of baseline's");
    for (size_t i = 0; i < HV_TRACE_CALLS; i++)
        call_of(run, HV_CANDIDATE, i)->functions[1].instructions = 92 * (i + 1);
    assert_null(warned(run, "shared_work", arena));
    plant_shared(run, "generate", HV_GROUP_GENERATOR, 90);
    run->pairs[0].arm[HV_CANDIDATE].trace.n_calls = 0;
    run->pairs[0].arm[HV_CANDIDATE].trace.why = "refused";
    assert_null(warned(run, "shared_work", arena));
    hv_arena_close(arena);
}

/* An iteration of the sample loads 14 and stores 15 bytes. */
static void work_that_was_folded_is_told(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_run *run = traced_run(arena);
    run->pairs[0].bytes = 0; /* not told */
    assert_null(warned(run, "optimised_away", arena));
    run->pairs[0].bytes = 58;
    assert_null(warned(run, "optimised_away", arena));
    run->pairs[0].bytes = 59;
    const char *text = warned(run, "optimised_away", arena);
    assert_says(text, "bind_with_copy must read and write 59 bytes");
    assert_says(text, "only 29 were seen");
    run->pairs[0].arm[HV_BASELINE].trace.n_calls = 0;
    run->pairs[0].arm[HV_BASELINE].trace.why = "refused";
    assert_says(warned(run, "optimised_away", arena), "bind_zero_copy must read");
    hv_arena_close(arena);
}

/* What was not understood may have touched the rest. */
static void a_lower_bound_accuses_nobody(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_run *run = traced_run(arena);
    run->pairs[0].bytes = 59;
    for (unsigned arm = 0; arm < HV_ARMS; arm++)
        call_of(run, arm, HV_TRACE_CALLS - 1)->value[HV_T_UNSUPPORTED] = 1;
    assert_null(warned(run, "optimised_away", arena));
    hv_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_that_one_arm_bears_is_told),
        cmocka_unit_test(an_order_is_told_in_percent),
        cmocka_unit_test(neighbours_that_hang_together_are_told),
        cmocka_unit_test(shared_work_is_told),
        cmocka_unit_test(work_that_differs_is_not_shared),
        cmocka_unit_test(work_that_was_folded_is_told),
        cmocka_unit_test(a_lower_bound_accuses_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
