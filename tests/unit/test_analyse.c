/* SPDX-License-Identifier: MIT */
/* Warnings, the checklist, and results of runs that hold little or nonsense. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "src/base/error.h"
#include "tests/unit/analysis_checks.h"

/* ---- warnings -------------------------------------------------------------------- */

static void expect_warning(const struct synthetic_truth *truth,
                           void (*change)(struct hv_run *), const char *id)
{
    struct hv_arena *arena = hv_arena_open();
    struct hv_run *run = synthetic_run(truth, arena);
    if (change)
        change(run);
    const struct hv_result *result = analyse_checked(run, arena);
    if (!find_warning(&result->pairs[0], id))
        fail_msg("no warning %s", id);
    hv_arena_close(arena);
}

static void unverify(struct hv_run *run)
{
    run->clock.adders_verified = false;
}

static void interrupt(struct hv_run *run)
{
    run->interrupted = true;
    run->pairs->stop = HV_STOP_INTERRUPTED;
}

static void end_budget(struct hv_run *run)
{
    run->pairs->stop = HV_STOP_BUDGET;
    run->settings.precision = 1e-7;
}

static void coarsen(struct hv_run *run)
{
    run->clock.granule = 500;
}

static void fail_control(struct hv_run *run)
{
    static struct hv_control control = {
        .name = "imul", .unit = "cycles", .ran = true, .expected = 3, .got = 3.2};
    control.passed = false;
    run->controls = &control;
    run->n_controls = 1;
}

static void lose_empty(struct hv_run *run)
{
    run->clock.empty_n[1] = run->clock.empty_n[0];
}

static void compare_with_itself(struct hv_run *run)
{
    run->settings.aa = true;
}

static void each_warning_can_appear(void **state)
{
    (void)state;
    const struct synthetic_truth plain = small_truth();
    expect_warning(&plain, unverify, "probe_unverified");
    expect_warning(&plain, interrupt, "interrupted");
    expect_warning(&plain, end_budget, "budget_reached_before_precision");
    expect_warning(&plain, coarsen, "clock_granule");
    expect_warning(&plain, coarsen, "short_sample");
    expect_warning(&plain, fail_control, "control_failed");
    expect_warning(&plain, lose_empty, "empty_cost_unknown");
    expect_warning(&plain, compare_with_itself, "aa_excludes_one");
    struct synthetic_truth truth = plain;
    truth.layouts = 7;
    expect_warning(&truth, NULL, "few_layouts");
    expect_warning(&truth, NULL, "contended");
    truth = plain;
    truth.places = 1;
    expect_warning(&truth, NULL, "single_placement");
    truth = plain;
    truth.place[HV_CANDIDATE][1] = 3;
    truth.ticks[HV_CANDIDATE] = 1700;
    expect_warning(&truth, NULL, "placement_band_wider_than_effect");
    truth = plain;
    truth.visits = 60;
    truth.drop_share = 0.2;
    expect_warning(&truth, NULL, "dropped_many");
    truth = plain;
    truth.fixed = 800;
    expect_warning(&truth, NULL, "empty_cost_large");
    truth = plain;
    truth.n[HV_BASELINE] = 50;
    expect_warning(&truth, NULL, "unequal_samples");
}

static void drift_is_noticed(void **state)
{
    (void)state;
    struct synthetic_truth truth = small_truth();
    truth.layouts = 32;
    struct hv_arena *arena = hv_arena_open();
    struct hv_run *run = synthetic_run(&truth, arena);
    /* rises by 0.4 % a layout: the interval of the median spans 13 of the 31 steps, the
     * medians of the halves are 16 apart */
    for (size_t l = 0; l < 32; l++)
        for (int place = 0; place < 2; place++)
            for (size_t i = 0; i < 20; i++)
                run->pairs->layouts[l].cell[HV_BASELINE][place].ticks[i] +=
                    (uint32_t)(160 * l);
    const struct hv_result *result = analyse_checked(run, arena);
    assert_non_null(find_warning(&result->pairs[0], "drift"));
    hv_arena_close(arena);
}

/* ---- the checklist and the whole ------------------------------------------------- */

/* pair NULL: over all. */
static const struct hv_check *find_check(const struct hv_result *result, const char *id,
                                         const char *pair)
{
    for (size_t i = 0; i < result->n_checklist; i++) {
        const struct hv_check *check = &result->checklist[i];
        if (strcmp(check->id, id) == 0 && !check->pair == !pair &&
            (!pair || strcmp(check->pair, pair) == 0))
            return check;
    }
    fail_msg("no row %s", id);
    return NULL;
}

/* Times alone decide what is about times alone. */
static void checklist_does_not_pretend(void **state)
{
    (void)state;
    static const char *const ids[] = {"memcpy_dominates", "copies_not_elided",
                                      "bandwidth_bound",  "compiler_elided",
                                      "copies_in_l1",     "allocation_cache_effects",
                                      "aliasing_4k",      "store_forward_blocked",
                                      "page_faults",      "methodology_flawed"};
    struct hv_arena *arena = hv_arena_open();
    const struct synthetic_truth truth = small_truth();
    struct hv_run *run = synthetic_run(&truth, arena);
    const struct hv_result *result = analyse_checked(run, arena);
    for (size_t i = 0; i < HV_LEN(ids); i++) {
        assert_int_equal(find_check(result, ids[i], NULL)->verdict,
                         HV_VERDICT_UNDECIDED);
        const struct hv_check *check = find_check(result, ids[i], "bind");
        assert_int_equal(check->verdict, HV_VERDICT_UNDECIDED);
        assert_non_null(strstr(check->because, "What would settle it: "));
    }
    assert_int_equal(find_check(result, "placement", "bind")->n_evidence, 1);
    fail_control(run);
    const struct hv_check *flawed =
        find_check(analyse_checked(run, arena), "methodology_flawed", "bind");
    assert_int_equal(flawed->verdict, HV_SUPPORTED);
    assert_non_null(strstr(flawed->because, "Control imul"));
    run->controls->passed = true;
    const struct hv_result *cleared = analyse_checked(run, arena);
    flawed = find_check(cleared, "methodology_flawed", "bind");
    assert_int_equal(flawed->verdict, HV_VERDICT_UNDECIDED);
    assert_null(find_warning(&cleared->pairs[0], "control_failed"));
    hv_arena_close(arena);
}

/* One without figures has no row; over all, nothing is said of it. */
static void checklist_leaves_failed_pairs_out(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    const struct synthetic_truth truth = small_truth();
    struct hv_run *run = synthetic_run(&truth, arena);
    run->pairs->failure = "SIGSEGV";
    const struct hv_result *result = analyse_checked(run, arena);
    for (size_t i = 0; i < result->n_checklist; i++) {
        assert_null(result->checklist[i].pair);
        assert_int_equal(result->checklist[i].verdict, HV_VERDICT_UNDECIDED);
        assert_non_null(strstr(result->checklist[i].because, "No pair gave a figure"));
    }
    hv_arena_close(arena);
}

static void checklist_tells_the_size_that_ran(void **state)
{
    (void)state;
    static const struct {
        uint32_t bits;
        const char *words;
    } cases[] = {
        {2048, "256 bytes" },
        {512,  "64 bytes"  },
        {0,    "one vector"}
    };
    struct hv_arena *arena = hv_arena_open();
    const struct synthetic_truth truth = small_truth();
    struct hv_run *run = synthetic_run(&truth, arena);
    for (size_t i = 0; i < HV_LEN(cases); i++) {
        run->settings.dim_bits = cases[i].bits;
        const struct hv_result *result = analyse_checked(run, arena);
        assert_non_null(
            strstr(find_check(result, "memcpy_dominates", NULL)->item, cases[i].words));
        for (size_t c = 0; c < result->n_checklist; c++) {
            assert_null(strstr(result->checklist[c].item, "{"));
            assert_null(strstr(result->checklist[c].because, "{"));
        }
        assert_int_equal(result->pairs[0].prediction.verdict,
                         cases[i].bits == 2048 ? HV_PARTIAL : HV_UNDECIDED);
    }
    hv_arena_close(arena);
}

/* A dead event is left out, and a busy core is what the gate is for: neither accuses
 * the method. A probe that is too fast does. */
static void some_failed_controls_accuse_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double got, probe; /* relative to what is expected */
        bool verified, accuses;
    } cases[] = {
        {"event:cycles",     0,    1,    true,  false},
        {"throughput_probe", 0.5,  1,    true,  false},
        {"throughput_probe", 1.03, 1,    true,  false},
        {"throughput_probe", 1.05, 1,    true,  true },
        {"multiply_chain",   0.97, 1,    true,  true },
        {"multiply_chain",   0.97, 1,    false, false}, /* nobody knows whether quiet */
        {"multiply_chain",   0.97, 0.97, true,  false}, /* the core was busy */
        {"multiply_chain",   0.97, 0.5,  true,  false},
        {"multiply_chain",   0.94, 0.5,  true,  true }, /* but never that much */
        {"multiply_chain",   1.03, 0.5,  true,  false},
        {"multiply_chain",   1.06, 0.5,  true,  true },
    };
    struct hv_arena *arena = hv_arena_open();
    const struct synthetic_truth truth = small_truth();
    struct hv_run *run = synthetic_run(&truth, arena);
    for (size_t i = 0; i < HV_LEN(cases); i++) {
        struct hv_control controls[] = {
            {.name = cases[i].name,      .expected = 3, .got = 3 * cases[i].got  },
            {.name = "throughput_probe", .expected = 4, .got = 4 * cases[i].probe},
        };
        for (size_t k = 0; k < HV_LEN(controls); k++) {
            controls[k].ran = true;
            controls[k].tolerance = 0.04;
        }
        controls[1].passed = cases[i].probe > 0.96 && cases[i].verified;
        run->controls = controls;
        run->n_controls = HV_LEN(controls);
        const struct hv_result *result = analyse_checked(run, arena);
        assert_int_equal(find_check(result, "methodology_flawed", "bind")->verdict,
                         cases[i].accuses ? HV_SUPPORTED : HV_VERDICT_UNDECIDED);
        assert_int_equal(find_warning(&result->pairs[0], "control_failed") != NULL,
                         cases[i].accuses);
    }
    hv_arena_close(arena);
}

static void empty_and_failed_runs_are_told(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    const struct hv_run none = {.version = "test"};
    const struct hv_result *result = analyse_checked(&none, arena);
    assert_int_equal(result->decision.scenario, HV_SCENARIO_UNDECIDED);
    struct hv_pair_run blank[2] = {
        {.name = "bind"},
        { .name = "x",   .places = 9}
    };
    const struct hv_run blanks = {.pairs = blank, .n_pairs = 2};
    result = analyse_checked(&blanks, arena);
    assert_int_equal(result->pairs[0].state, HV_CONTENDED);
    const struct synthetic_truth truth = small_truth();
    struct hv_run *run = synthetic_run(&truth, arena);
    run->pairs->failure = "bind_zero_copy gave a wrong result";
    result = analyse_checked(run, arena);
    assert_int_equal(result->pairs[0].state, HV_FAILED);
    assert_false(result->pairs[0].contended.present);
    for (size_t i = 0; i < result->pairs[0].arm[0].n_figures; i++)
        assert_int_equal(result->pairs[0].arm[0].figures[i].evidence.provenance,
                         HV_ABSENT);
    hv_arena_close(arena);
}

/* Numbers as a hostile dump could hold them. */
static void absurd_numbers_stay_finite(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    for (int kind = 0; kind < 7; kind++) {
        struct hv_event_run event = event_of("cycles", "CYCLES", 1000, arena);
        event.reads[HV_BASELINE][0] = (struct hv_reading){UINT64_MAX, UINT64_MAX, 1};
        struct hv_run *run = counted_run(&event, 1, arena);
        struct hv_clock *clock = &run->clock;
        if (kind == 0)
            clock->ticks_per_ns = 1e-320;
        if (kind == 1)
            clock->granule = UINT32_MAX;
        if (kind == 2)
            clock->adders = -4;
        if (kind == 3)
            clock->chain_adds = clock->probe_adds = 0;
        if (kind == 4)
            clock->ticks_per_ns = 0;
        if (kind == 5)
            run->pairs->arm[0].n = UINT64_MAX;
        if (kind == 6)
            run->pairs->arm[0].n = run->pairs->arm[1].n = 0;
        analyse_checked(run, arena);
    }
    hv_arena_close(arena);
}

static void names_are_those_of_the_dump(void **state)
{
    (void)state;
    assert_string_equal(hv_provenance_name(HV_ABSENT), "absent");
    assert_string_equal(hv_provenance_name(HV_MEASURED), "measured");
    assert_string_equal(hv_state_name(HV_CONTENDED), "contended");
    assert_string_equal(hv_match_name(HV_UNDECIDED), "UNDECIDED");
    assert_string_equal(hv_verdict_name(HV_REFUTED), "REFUTED");
    assert_string_equal(hv_scenario_name(HV_SCENARIO_NONE), "none");
    assert_string_equal(hv_stop_name(HV_STOP_SAMPLES), "samples");
    assert_string_equal(hv_state_name((enum hv_state)99), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_warning_can_appear),
        cmocka_unit_test(drift_is_noticed),
        cmocka_unit_test(checklist_does_not_pretend),
        cmocka_unit_test(checklist_leaves_failed_pairs_out),
        cmocka_unit_test(checklist_tells_the_size_that_ran),
        cmocka_unit_test(some_failed_controls_accuse_nothing),
        cmocka_unit_test(empty_and_failed_runs_are_told),
        cmocka_unit_test(absurd_numbers_stay_finite),
        cmocka_unit_test(names_are_those_of_the_dump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
