/* SPDX-License-Identifier: MIT */
/* What an iteration adds to a trace, and what a trace that lacks something becomes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "src/analyse/analyse.h"
#include "src/base/error.h"
#include "tests/unit/analysis_checks.h"
#include "tests/unit/sample_trace.h"

static const struct hv_evidence *figure(const struct hv_result *result,
                                        enum hv_arm_id arm, const char *name)
{
    const struct hv_evidence *found = hv_arm_figure(&result->pairs[0].arm[arm], name);
    assert_non_null(found);
    return found;
}

/* Both tracers have counted what is known. */
static void vouch(struct hv_run *run, struct hv_arena *arena)
{
    static const char *const names[] = {"trace:loop", "step:rep_movs"};
    run->controls = hv_arena_array(arena, HV_LEN(names), sizeof *run->controls);
    run->n_controls = HV_LEN(names);
    for (size_t i = 0; i < HV_LEN(names); i++)
        run->controls[i] = (struct hv_control){.name = names[i],
                                               .unit = "instructions",
                                               .ran = true,
                                               .expected = 2001,
                                               .got = 2001,
                                               .passed = true};
}

/* The sample's trace in both arms of the small run. */
static struct hv_run *traced_run(struct hv_arena *arena)
{
    struct hv_run *run = counted_run(NULL, 0, arena);
    vouch(run, arena);
    for (unsigned arm = 0; arm < HV_ARMS; arm++)
        sample_make_trace(arena, &run->pairs[0].arm[arm].trace);
    return run;
}

static struct hv_trace_run *trace_of(struct hv_run *run)
{
    return &run->pairs[0].arm[HV_BASELINE].trace;
}

static void an_iteration_is_the_difference_of_calls(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    const struct hv_result *result = analyse_checked(traced_run(arena), arena);
    static const struct {
        const char *name;
        double value;
        enum hv_provenance provenance;
    } rows[] = {
        {"instructions",         10 + HV_T_INSTRUCTIONS,                                HV_TRACED  },
        {"loads",                10 + HV_T_LOADS,                                       HV_TRACED  },
        {"store_bytes",          10 + HV_T_STORE_BYTES,                                 HV_TRACED  },
        {"memcpy_bytes",         20 + HV_T_COPIED_CALLED + HV_T_COPIED_INLINED,         HV_TRACED  },
        {"memcpy_bytes_inlined", 10 + HV_T_COPIED_INLINED,                              HV_TRACED  },
        {"memcpy_bytes_called",  10 + HV_T_DIRECT_COPY_BYTES,                           HV_TRACED  },
        {"allocations",          10 + HV_T_DIRECT_ALLOC_CALLS,                          HV_TRACED  },
        {"l1d_misses",           20 + HV_T_L1_READ_MISSES + HV_T_L1_WRITE_MISSES,       HV_MODELLED},
        {"l1d_misses_cold",      20 + 2 * (HV_T_L1_READ_MISSES + HV_T_L1_WRITE_MISSES),
         HV_MODELLED                                                                               },
        {"l1d_lines",            10 + 2 * HV_T_LINES,                                   HV_TRACED  },
        {"alias_4k",             10 + HV_T_ALIAS_4K,                                    HV_MODELLED},
        {"vector_width",         512,                                                   HV_TRACED  },
    };
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        const struct hv_evidence *found = figure(result, HV_BASELINE, rows[i].name);
        if (found->provenance != rows[i].provenance || found->value != rows[i].value)
            fail_msg("%s: %g (%s)", rows[i].name, found->value,
                     hv_provenance_name(found->provenance));
    }
    hv_arena_close(arena);
}

static void iterations_that_differ_are_told(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_run *run = traced_run(arena);
    trace_of(run)->calls[2].value[HV_T_INSTRUCTIONS] += 6;
    const struct hv_evidence *found =
        figure(analyse_checked(run, arena), HV_BASELINE, "instructions");
    assert_true(found->value == 13);
    assert_non_null(strstr(found->source, "the second adds 10, the third 16"));
    hv_arena_close(arena);
}

static void one_call_is_told_to_be_whole(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_run *run = traced_run(arena);
    trace_of(run)->n_calls = 1;
    const struct hv_evidence *found =
        figure(analyse_checked(run, arena), HV_BASELINE, "instructions");
    assert_true(found->value == 10);
    assert_non_null(strstr(found->source, "entry and exit included"));
    hv_arena_close(arena);
}

static void what_was_not_traced_has_its_reason(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_run *run = traced_run(arena);
    *trace_of(run) =
        (struct hv_trace_run){.tried = true, .why = "ptrace is refused here"};
    const struct hv_result *result = analyse_checked(run, arena);
    static const char *const names[] = {
        "instructions", "l1d_misses", "memcpy_bytes_inlined",
        "loads",        "l1d_lines",  "vector_width"};
    for (size_t i = 0; i < HV_LEN(names); i++) {
        const struct hv_evidence *found = figure(result, HV_BASELINE, names[i]);
        assert_int_equal(found->provenance, HV_ABSENT);
        assert_non_null(strstr(found->why, "ptrace is refused here"));
    }
    assert_non_null(find_warning(&result->pairs[0], "not_traced"));
    assert_false(result->pairs[0].arm[HV_BASELINE].breakdown.present);
    hv_arena_close(arena);
}

static void an_unknown_cache_is_not_modelled(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_run *run = traced_run(arena);
    trace_of(run)->l1.line = 0;
    const struct hv_result *result = analyse_checked(run, arena);
    assert_int_equal(figure(result, HV_BASELINE, "l1d_misses")->provenance, HV_ABSENT);
    assert_int_equal(figure(result, HV_BASELINE, "loads")->provenance, HV_TRACED);
    hv_arena_close(arena);
}

static void less_of_something_in_a_longer_call_is_no_figure(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_run *run = traced_run(arena);
    trace_of(run)->calls[2].value[HV_T_LOADS] = 0;
    assert_int_equal(
        figure(analyse_checked(run, arena), HV_BASELINE, "loads")->provenance,
        HV_ABSENT);
    hv_arena_close(arena);
}

static void a_pmu_leads_and_the_trace_is_its_witness(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_event_run events[] = {event_of("instructions", "INST", 1000, arena)};
    struct hv_run *run = counted_run(events, HV_LEN(events), arena);
    vouch(run, arena);
    sample_make_trace(arena, trace_of(run));
    const struct hv_result *result = analyse_checked(run, arena);
    const struct hv_evidence *found = figure(result, HV_BASELINE, "instructions");
    assert_int_equal(found->provenance, HV_MEASURED);
    assert_int_equal(found->n_witnesses, 1);
    assert_int_equal(found->witnesses[0].provenance, HV_TRACED);
    assert_null(find_warning(&result->pairs[0], "witness_disagreement"));
    trace_of(run)->calls[2].value[HV_T_INSTRUCTIONS] += 1;
    assert_non_null(
        find_warning(&analyse_checked(run, arena)->pairs[0], "witness_disagreement"));
    hv_arena_close(arena);
}

/* Calls are counted one by one by both: nothing may be off, however little. */
/* A load of the PMU's may be a uop, or one that was never retired. */
static void so_it_is_for_loads_that_were_counted(void **state)
{
    (void)state;
    static const struct {
        const char *counted;
        enum hv_provenance loads, stores;
    } rows[] = {
        {"loads",    HV_MEASURED, HV_TRACED  },
        {"stores",   HV_TRACED,   HV_MEASURED},
        {"branches", HV_TRACED,   HV_TRACED  },
    };
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        struct hv_arena *arena = hv_arena_open();
        struct hv_event_run events[] = {event_of(rows[i].counted, "E", 1000, arena)};
        struct hv_run *run = counted_run(events, HV_LEN(events), arena);
        vouch(run, arena);
        sample_make_trace(arena, trace_of(run));
        const struct hv_result *result = analyse_checked(run, arena);
        const struct hv_evidence *loads = figure(result, HV_BASELINE, "loads"),
                                 *stores = figure(result, HV_BASELINE, "stores");
        assert_int_equal(loads->provenance, rows[i].loads);
        assert_int_equal(stores->provenance, rows[i].stores);
        assert_int_equal(loads->n_witnesses + stores->n_witnesses,
                         strcmp(rows[i].counted, "branches") ? 1 : 0);
        hv_arena_close(arena);
    }
}

static void the_meter_and_the_trace_must_agree_exactly(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_run *run = traced_run(arena);
    struct hv_meter_run *meter = &run->pairs[0].meter;
    *meter = (struct hv_meter_run){
        .present = true, .iterations = {1000, 1000}
    };
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        meter->arm[arm].bytes[HV_CALL_COPY] =
            UINT64_C(1000) * (10 + HV_T_DIRECT_COPY_BYTES);
        meter->arm[arm].calls[HV_CALL_COPY] =
            UINT64_C(1000) * (10 + HV_T_DIRECT_COPY_CALLS);
        meter->arm[arm].calls[HV_CALL_ALLOC] =
            UINT64_C(1000) * (10 + HV_T_DIRECT_ALLOC_CALLS);
        meter->arm[arm].bytes[HV_CALL_ALLOC] =
            UINT64_C(1000) * (10 + HV_T_DIRECT_ALLOC_BYTES);
    }
    assert_null(
        find_warning(&analyse_checked(run, arena)->pairs[0], "witness_disagreement"));
    meter->arm[HV_BASELINE].bytes[HV_CALL_COPY]++;
    assert_non_null(
        find_warning(&analyse_checked(run, arena)->pairs[0], "witness_disagreement"));
    hv_arena_close(arena);
}

static void doubts_are_warned_of(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_run *run = traced_run(arena);
    trace_of(run)->calls[2].value[HV_T_UNSUPPORTED] = 0;
    trace_of(run)->calls[2].value[HV_T_OVERFLOW] = 0;
    trace_of(run)->calls[2].value[HV_T_CONTRADICTED] = 0;
    run->pairs[0].arm[HV_CANDIDATE].trace = *trace_of(run);
    static const char *const ids[] = {"tracers_differ", "trace_contradicted",
                                      "trace_unsupported", "not_compared", "stepped"};
    const struct hv_pair_result *pair = analyse_checked(run, arena)->pairs;
    for (size_t i = 0; i < HV_LEN(ids); i++)
        assert_null(find_warning(pair, ids[i]));
    struct hv_trace_run *t = trace_of(run);
    t->calls[2].value[HV_T_UNSUPPORTED] = 1;
    t->calls[2].value[HV_T_CONTRADICTED] = 1;
    t->agreed = false;
    t->differs = true;
    pair = analyse_checked(run, arena)->pairs;
    for (size_t i = 0; i < 3; i++)
        assert_non_null(find_warning(pair, ids[i]));
    t->differs = false;
    t->compared = 0;
    assert_non_null(find_warning(analyse_checked(run, arena)->pairs, "not_compared"));
    t->fallback = "vpgatherdd is refused";
    pair = analyse_checked(run, arena)->pairs;
    assert_null(find_warning(pair, "not_compared"));
    assert_non_null(strstr(find_warning(pair, "stepped")->text, "vpgatherdd"));
    hv_arena_close(arena);
}

static void a_tracer_that_failed_its_control_is_not_believed(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_run *run = traced_run(arena);
    run->controls[0].got = 2000;
    run->controls[0].passed = false;
    const struct hv_result *result = analyse_checked(run, arena);
    static const char *const names[] = {"instructions", "memcpy_bytes_inlined", "loads",
                                        "vector_width", "l1d_lines"};
    for (size_t i = 0; i < HV_LEN(names); i++)
        assert_int_equal(figure(result, HV_BASELINE, names[i])->provenance, HV_ABSENT);
    assert_false(result->pairs[0].arm[HV_BASELINE].breakdown.present);
    assert_non_null(find_warning(&result->pairs[0], "tracer_doubted"));
    assert_null(find_warning(&result->pairs[0], "control_failed"));
    run->controls[0].passed = true;
    run->controls[0].ran = false; /* nobody has vouched for it then */
    result = analyse_checked(run, arena);
    assert_int_equal(figure(result, HV_BASELINE, "loads")->provenance, HV_ABSENT);
    run->controls[0].ran = true;
    result = analyse_checked(run, arena);
    assert_int_equal(figure(result, HV_BASELINE, "loads")->provenance, HV_TRACED);
    hv_arena_close(arena);
}

/* A place that is among the rest of the first call is not new in the last. */
static void places_among_the_rest_stay_there(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_run *run = traced_run(arena);
    static struct hv_site_run first[] = {
        {"a",        1, false, 5, 5000, 1000, 1000},
        {"(others)", 0, false, 7, 2100, 300,  300 },
    };
    static struct hv_site_run last[] = {
        {"a",        1, false, 5, 5000, 1000, 1000},
        {"b",        2, false, 9, 2700, 300,  300 },
        {"(others)", 0, false, 2, 600,  300,  300 },
    };
    trace_of(run)->calls[0].sites = first;
    trace_of(run)->calls[0].n_sites = HV_LEN(first);
    trace_of(run)->calls[2].sites = last;
    trace_of(run)->calls[2].n_sites = HV_LEN(last);
    const struct hv_breakdown *b =
        &analyse_checked(run, arena)->pairs[0].arm[HV_BASELINE].breakdown;
    assert_int_equal(b->n_copying, 1);
    assert_string_equal(b->copying[0].function, "(others)");
    assert_true(b->copying[0].bytes == (2700 + 600 - 2100) / 2);
    assert_true(b->copying[0].copies == (9 + 2 - 7) / 2);
    hv_arena_close(arena);
}

/* Statics of one name, or names cut to one: told as one, and nothing is lost. */
static void functions_of_one_name_are_added(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_run *run = traced_run(arena);
    for (unsigned i = 0; i < HV_TRACE_CALLS; i++) {
        struct hv_function_run *f = trace_of(run)->calls[i].functions;
        f[1].name = f[0].name;
        f[1].group = f[0].group;
    }
    const struct hv_breakdown *b =
        &analyse_checked(run, arena)->pairs[0].arm[HV_BASELINE].breakdown;
    assert_int_equal(b->n_who, 1);
    assert_true(b->who[0].instructions == 10 && b->who[0].share == 1);
    hv_arena_close(arena);
}

static void functions_and_places_are_per_iteration(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_run *run = traced_run(arena);
    const struct hv_result *result = analyse_checked(run, arena);
    const struct hv_breakdown *b = &result->pairs[0].arm[HV_BASELINE].breakdown;
    assert_true(b->present);
    assert_int_equal(b->n_who, 2);
    assert_string_equal(b->who[0].name, "bind_with_copy");
    assert_true(b->who[0].instructions == 8 && b->who[0].copied == 512);
    assert_true(b->who[0].calls == 0 && b->who[1].calls == 1);
    assert_true(b->who[0].share == 0.8);
    assert_int_equal(b->who[0].time.provenance, HV_ESTIMATED);
    assert_true(b->who[0].time.value > 799 && b->who[0].time.value < 801);
    assert_int_equal(b->n_copying, 1);
    assert_true(b->copying[0].bytes == 512 && b->copying[0].copies == 2);
    assert_true(b->group[HV_GROUP_ALLOC] == 5 + HV_GROUP_ALLOC);
    hv_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_iteration_is_the_difference_of_calls),
        cmocka_unit_test(iterations_that_differ_are_told),
        cmocka_unit_test(one_call_is_told_to_be_whole),
        cmocka_unit_test(what_was_not_traced_has_its_reason),
        cmocka_unit_test(an_unknown_cache_is_not_modelled),
        cmocka_unit_test(less_of_something_in_a_longer_call_is_no_figure),
        cmocka_unit_test(a_pmu_leads_and_the_trace_is_its_witness),
        cmocka_unit_test(so_it_is_for_loads_that_were_counted),
        cmocka_unit_test(the_meter_and_the_trace_must_agree_exactly),
        cmocka_unit_test(doubts_are_warned_of),
        cmocka_unit_test(a_tracer_that_failed_its_control_is_not_believed),
        cmocka_unit_test(places_among_the_rest_stay_there),
        cmocka_unit_test(functions_of_one_name_are_added),
        cmocka_unit_test(functions_and_places_are_per_iteration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
