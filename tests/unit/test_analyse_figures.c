/* SPDX-License-Identifier: MIT */
/* Figures: provenance, reasons, witnesses, and never a silent zero. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "src/base/error.h"
#include "tests/unit/analysis_checks.h"

static const struct hv_evidence *baseline(const struct hv_result *result,
                                          const char *figure)
{
    return hv_arm_figure(&result->pairs[0].arm[HV_BASELINE], figure);
}

static void assert_near(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-9 * fabs(expected)))
        fail_msg("%.12g, expected %.12g", value, expected);
}

static void without_counters_every_reason_is_told(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    const struct synthetic_truth truth = small_truth();
    struct hv_run *run = synthetic_run(&truth, arena);
    run->pairs->bytes = 768;
    run->pairs->arm[0].declares_copies = true;
    run->pairs->arm[0].declared_copy_bytes = 512;
    const struct hv_result *result = analyse_checked(run, arena);
    assert_int_equal(baseline(result, "time")->provenance, HV_MEASURED);
    assert_near(baseline(result, "time")->value, 1000);
    assert_int_equal(baseline(result, "cycles")->provenance, HV_ESTIMATED);
    assert_int_equal(baseline(result, "instructions")->provenance, HV_ABSENT);
    assert_non_null(strstr(baseline(result, "instructions")->why, "--counters"));
    assert_int_equal(baseline(result, "memcpy_bytes")->provenance, HV_DECLARED);
    assert_near(baseline(result, "memcpy_bytes")->value, 512);
    assert_int_equal(
        hv_arm_figure(&result->pairs[0].arm[HV_CANDIDATE], "memcpy_bytes")->provenance,
        HV_ABSENT);
    assert_int_equal(baseline(result, "memcpy_bytes_inlined")->provenance, HV_ABSENT);
    /* 768 bytes in 1000 ns; the weakest input is what the pair declares */
    assert_near(baseline(result, "gb_per_s")->value, 0.768);
    assert_int_equal(baseline(result, "gb_per_s")->provenance, HV_DECLARED);
    assert_int_equal(baseline(result, "items_per_s")->provenance, HV_ABSENT);
    assert_int_equal(result->pairs[0].n_warnings, 0);
    hv_arena_close(arena);
}

static void qualified_full_time_events_are_measured(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_event_run events[] = {
        event_of("cycles", "CYCLES", 364000, arena),
        event_of("instructions", "INSTRUCTIONS", 728000, arena),
        event_of("BRANCHES", "BRANCHES", 1000, arena),
    };
    const struct hv_run *run = counted_run(events, HV_LEN(events), arena);
    const struct hv_result *result = analyse_checked(run, arena);
    const struct hv_evidence *cycles = baseline(result, "cycles");
    assert_int_equal(cycles->provenance, HV_MEASURED);
    assert_near(cycles->value, 3640);
    assert_int_equal(cycles->n_witnesses, 1);
    assert_int_equal(cycles->witnesses[0].provenance, HV_ESTIMATED);
    assert_near(baseline(result, "ipc")->value, 2);
    assert_int_equal(baseline(result, "ipc")->provenance, HV_MEASURED);
    assert_near(baseline(result, "BRANCHES")->value, 10);
    assert_null(find_warning(&result->pairs[0], "witness_disagreement"));
    /* the chain says 4000 / 1.1 = 3636 cycles: 3 % more is a disagreement */
    events[0] = event_of("cycles", "CYCLES", 375000, arena);
    assert_non_null(
        find_warning(&analyse_checked(run, arena)->pairs[0], "witness_disagreement"));
    hv_arena_close(arena);
}

static void unqualified_events_stay_hints(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_event_run events[] = {
        event_of("cycles", "CYCLES", 364000, arena),
        event_of("l1d_misses", "L1D:REPLACEMENT", 1000, arena),
    };
    events[0].qualification = events[1].qualification = HV_UNQUALIFIED;
    const struct hv_run *run = counted_run(events, HV_LEN(events), arena);
    const struct hv_result *result = analyse_checked(run, arena);
    const struct hv_evidence *misses = baseline(result, "l1d_misses");
    assert_int_equal(misses->provenance, HV_ESTIMATED);
    assert_near(misses->value, 10);
    assert_non_null(strstr(misses->source, "unqualified"));
    assert_non_null(strstr(baseline(result, "cycles")->source, "chain"));
    assert_int_equal(baseline(result, "cycles")->n_witnesses, 1);
    const struct hv_warning *warning =
        find_warning(&result->pairs[0], "unqualified_event");
    assert_non_null(strstr(warning->text, "L1D:REPLACEMENT"));
    hv_arena_close(arena);
}

/* A PMU that fails every control it was given may read 0 for anything. */
static void a_silent_pmu_gives_no_zeros(void **state)
{
    (void)state;
    static const struct {
        bool ran, passed;
        enum hv_provenance misses;
    } second[] = {
        {true,  false, HV_ABSENT   },
        {false, false, HV_ABSENT   }, /* the one that ran failed */
        {true,  true,  HV_ESTIMATED}
    };
    struct hv_arena *arena = hv_arena_open();
    struct hv_event_run events[] = {
        event_of("cycles", "CYCLES", 0, arena),
        event_of("l1d_misses", "L1D:REPLACEMENT", 0, arena),
        event_of("page-faults", "page-faults", 0, arena),
    };
    events[0].qualification = HV_DEAD;
    events[1].qualification = HV_UNQUALIFIED;
    events[2].qualification = HV_OS_COUNTER;
    struct hv_control controls[] = {
        {.name = "event:cycles", .ran = true, .expected = 3,                 .unit = "cycles"},
        {.name = "event:instructions",                      .expected = 3,      .unit = "instructions"},
    };
    struct hv_run *run = counted_run(events, HV_LEN(events), arena);
    run->controls = controls;
    run->n_controls = HV_LEN(controls);
    for (size_t i = 0; i < HV_LEN(second); i++) {
        controls[1].ran = second[i].ran;
        controls[1].passed = second[i].passed;
        const struct hv_result *result = analyse_checked(run, arena);
        const struct hv_evidence *misses = baseline(result, "l1d_misses");
        assert_int_equal(misses->provenance, second[i].misses);
        assert_int_equal(baseline(result, "page-faults")->provenance, HV_MEASURED);
        const char *told = find_warning(&result->pairs[0], "unqualified_event")->text;
        assert_int_equal(strstr(told, "left out") != NULL, !second[i].passed);
        if (!second[i].passed)
            assert_non_null(strstr(misses->why, "event:cycles"));
        if (!second[i].ran)
            assert_null(strstr(misses->why, "event:instructions"));
    }
    hv_arena_close(arena);
}

/* What was not tried is not dead. */
static void a_control_that_did_not_run_condemns_nothing(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_event_run event = event_of("instructions", "I", 1000, arena);
    event.qualification = HV_DEAD;
    struct hv_control control = {.name = "event:instructions", .ran = true};
    struct hv_run *run = counted_run(&event, 1, arena);
    run->controls = &control;
    run->n_controls = 1;
    const struct hv_result *result = analyse_checked(run, arena);
    assert_int_equal(baseline(result, "instructions")->provenance, HV_ABSENT);
    assert_non_null(find_warning(&result->pairs[0], "dead_event"));
    control.ran = false;
    result = analyse_checked(run, arena);
    assert_int_equal(baseline(result, "instructions")->provenance, HV_ESTIMATED);
    assert_non_null(strstr(baseline(result, "instructions")->source, "unqualified"));
    assert_null(find_warning(&result->pairs[0], "dead_event"));
    assert_non_null(find_warning(&result->pairs[0], "unqualified_event"));
    hv_arena_close(arena);
}

/* The gate is for samples of time: a counter counts in both states. */
static void counts_are_of_any_state(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_event_run event = event_of("instructions", "I", 1000, arena);
    struct hv_run *run = counted_run(&event, 1, arena);
    run->pairs->usage = (struct hv_usage_run){
        .present = true, .iterations = {4, 4}
    };
    const struct hv_result *result = analyse_checked(run, arena);
    static const char *const counted[] = {"instructions", "ipc", "page_faults"};
    for (size_t i = 0; i < HV_LEN(counted); i++)
        assert_non_null(
            strstr(baseline(result, counted[i])->source, "any state of the core"));
    assert_non_null(strstr(baseline(result, "ipc")->source, "quiet core"));
    assert_null(strstr(baseline(result, "time")->source, "any state"));
    hv_arena_close(arena);
}

static void multiplexed_events_are_scaled(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_event_run events[] = {
        event_of("cycles", "CYCLES", 364000, arena),
        event_of("instructions", "INSTRUCTIONS", 728000, arena),
    };
    for (int i = 0; i < READS; i++) {
        events[0].reads[HV_BASELINE][i].running = 500;
        events[1].reads[HV_BASELINE][i].running = 250;
    }
    const struct hv_run *run = counted_run(events, HV_LEN(events), arena);
    const struct hv_result *result = analyse_checked(run, arena);
    const struct hv_evidence *instructions = baseline(result, "instructions");
    assert_int_equal(instructions->provenance, HV_SCALED);
    assert_near(instructions->value, (4 * 728050.0 - 50) / 100);
    assert_non_null(strstr(instructions->source, "25 %"));
    /* part-time cycles do not displace the chain clock, and ipc is as weak as it */
    assert_int_equal(baseline(result, "cycles")->provenance, HV_ESTIMATED);
    assert_int_equal(baseline(result, "cycles")->witnesses[0].provenance, HV_SCALED);
    assert_int_equal(baseline(result, "ipc")->provenance, HV_ESTIMATED);
    assert_non_null(find_warning(&result->pairs[0], "multiplexed"));
    hv_arena_close(arena);
}

static void what_did_not_count_is_absent(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_event_run events[] = {
        event_of("cycles", "CYCLES", 0, arena),
        event_of("instructions", "INSTRUCTIONS", 1000, arena),
        event_of("l1d_misses", "L1D", 1000, arena),
        event_of("DEAD", "DEAD", 1000, arena),
    };
    for (int i = 0; i < READS; i++)
        events[1].reads[HV_BASELINE][i].running = 0;
    events[2].status = -ENOENT;
    events[2].why = "no such event on this machine";
    events[0].qualification = events[3].qualification = HV_DEAD;
    const struct hv_run *run = counted_run(events, HV_LEN(events), arena);
    const struct hv_result *result = analyse_checked(run, arena);
    assert_int_equal(baseline(result, "cycles")->provenance, HV_ESTIMATED);
    assert_int_equal(baseline(result, "cycles")->n_witnesses, 0);
    const struct hv_evidence *instructions = baseline(result, "instructions");
    assert_int_equal(instructions->provenance, HV_ABSENT);
    assert_ptr_equal(strstr(instructions->why, "<not counted>"), instructions->why);
    assert_int_equal(baseline(result, "ipc")->provenance, HV_ABSENT);
    assert_non_null(strstr(baseline(result, "l1d_misses")->why, "no such event"));
    assert_int_equal(baseline(result, "DEAD")->provenance, HV_ABSENT);
    assert_non_null(find_warning(&result->pairs[0], "dead_event"));
    hv_arena_close(arena);
}

/* Never is not part of the time. */
static void what_never_ran_is_not_multiplexed(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_event_run event = event_of("instructions", "I", 1000, arena);
    for (int arm = 0; arm <= HV_ARMS; arm++)
        for (int i = 0; i < READS; i++)
            event.reads[arm][i].running = 0;
    const struct hv_run *run = counted_run(&event, 1, arena);
    const struct hv_result *result = analyse_checked(run, arena);
    assert_null(find_warning(&result->pairs[0], "multiplexed"));
    event.reads[HV_BASELINE][2].running = 10;
    result = analyse_checked(run, arena);
    assert_non_null(find_warning(&result->pairs[0], "multiplexed"));
    hv_arena_close(arena);
}

/* Below the empty batch: 0 only within what that varies. */
static void negative_counts_are_not_silently_zero(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_event_run events[] = {event_of("NEAR", "NEAR", 0, arena),
                                    event_of("FAR", "FAR", 0, arena)};
    for (int i = 0; i < READS; i++) {
        events[0].reads[HV_BASELINE][i].value -= 4; /* the empty batch varies by 4 */
        events[1].reads[HV_BASELINE][i].value -= 5;
    }
    const struct hv_run *run = counted_run(events, HV_LEN(events), arena);
    const struct hv_result *result = analyse_checked(run, arena);
    assert_int_equal(baseline(result, "NEAR")->provenance, HV_MEASURED);
    assert_true(baseline(result, "NEAR")->value >= 0 &&
                baseline(result, "NEAR")->value <= 0);
    assert_non_null(strstr(baseline(result, "NEAR")->source, "below the empty"));
    assert_int_equal(baseline(result, "FAR")->provenance, HV_ABSENT);
    hv_arena_close(arena);
}

/* The same figure in two passes: the better one leads, the other stays beside it. */
static void best_of_two_passes_leads(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_event_run events[] = {
        event_of("instructions", "A", 1000, arena),
        event_of("instructions", "B", 2000, arena),
        event_of("instructions", "C", 3000, arena),
    };
    events[0].qualification = HV_UNQUALIFIED;
    events[2].status = -EINVAL;
    const struct hv_run *run = counted_run(events, HV_LEN(events), arena);
    const struct hv_evidence *instructions =
        baseline(analyse_checked(run, arena), "instructions");
    assert_near(instructions->value, 20);
    assert_int_equal(instructions->provenance, HV_MEASURED);
    assert_int_equal(instructions->n_witnesses, 1);
    assert_near(instructions->witnesses[0].value, 10);
    hv_arena_close(arena);
}

static void meter_and_usage_are_per_iteration(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_run *run = counted_run(NULL, 0, arena);
    struct hv_pair_run *pair = run->pairs;
    pair->meter = (struct hv_meter_run){
        .present = true, .iterations = {10, 10}
    };
    pair->meter.arm[HV_BASELINE].bytes[HV_CALL_COPY] = 5120;
    pair->meter.arm[HV_BASELINE].calls[HV_CALL_ALLOC] = 20;
    pair->meter.arm[HV_BASELINE].bytes[HV_CALL_ALLOC] = 2560;
    pair->arm[HV_BASELINE].declares_copies = true;
    pair->arm[HV_BASELINE].declared_copy_bytes = 512;
    pair->usage = (struct hv_usage_run){
        .present = true,
        .iterations = {4, 4},
        .minor_faults = {6},
        .major_faults = {2}
    };
    const struct hv_result *result = analyse_checked(run, arena);
    assert_near(baseline(result, "memcpy_bytes_called")->value, 512);
    assert_near(baseline(result, "memcpy_bytes")->witnesses[0].value, 512);
    assert_near(baseline(result, "allocations")->value, 2);
    assert_near(baseline(result, "allocated_bytes")->value, 256);
    assert_near(baseline(result, "page_faults")->value, 2);
    assert_null(find_warning(&result->pairs[0], "witness_disagreement"));
    /* calls that copy less than declared may be inlined; more contradicts it */
    pair->arm[HV_BASELINE].declared_copy_bytes = 1024;
    assert_null(
        find_warning(&analyse_checked(run, arena)->pairs[0], "witness_disagreement"));
    pair->arm[HV_BASELINE].declared_copy_bytes = 256;
    assert_non_null(
        find_warning(&analyse_checked(run, arena)->pairs[0], "witness_disagreement"));
    pair->meter.present = false;
    pair->meter.why = "a static binary has no GOT to patch";
    assert_non_null(strstr(
        baseline(analyse_checked(run, arena), "memcpy_bytes_called")->why, "static"));
    hv_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_counters_every_reason_is_told),
        cmocka_unit_test(qualified_full_time_events_are_measured),
        cmocka_unit_test(unqualified_events_stay_hints),
        cmocka_unit_test(a_silent_pmu_gives_no_zeros),
        cmocka_unit_test(a_control_that_did_not_run_condemns_nothing),
        cmocka_unit_test(counts_are_of_any_state),
        cmocka_unit_test(what_never_ran_is_not_multiplexed),
        cmocka_unit_test(multiplexed_events_are_scaled),
        cmocka_unit_test(what_did_not_count_is_absent),
        cmocka_unit_test(negative_counts_are_not_silently_zero),
        cmocka_unit_test(best_of_two_passes_leads),
        cmocka_unit_test(meter_and_usage_are_per_iteration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
