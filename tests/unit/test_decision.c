/* SPDX-License-Identifier: MIT */
/* Thresholds of predictions, scenarios and matrix, at their edges and undecided. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "src/analyse/decision.h"
#include "src/analyse/prediction.h"
#include "src/base/error.h"

static struct hv_pair_result pair_between(double low, double high)
{
    const double value = sqrt(low * high);
    return (struct hv_pair_result){
        .name = "bind",
        .kernel_set = "builtin",
        .isa = "portable",
        .state = HV_QUIET,
        .speedup = {.present = true,
                    .value = value,
                    .ci95 = {low, high},
                    .placement_band = {value, value},
                    .layouts = 8},
        .prediction = {.speedup = 200},
    };
}

/* ---- predictions ----------------------------------------------------------------- */

static void prediction_thresholds(void **state)
{
    (void)state;
    static const struct {
        double predicted, low, high;
        enum hv_match verdict;
    } cases[] = {
        {200, 100,   300,    HV_MATCH    },
        {200, 99.99, 300,    HV_UNDECIDED},
        {200, 1.5,   99.99,  HV_PARTIAL  },
        {200, 1.5,   100,    HV_UNDECIDED},
        {200, 1.49,  99,     HV_UNDECIDED},
        {200, 1.49,  1.5,    HV_UNDECIDED},
        {200, 0.9,   1.4999, HV_FAIL     },
        {200, 1.49,  100,    HV_UNDECIDED},
        {17,  8.5,   9,      HV_MATCH    },
        {17,  8.4,   8.6,    HV_UNDECIDED},
        {17,  8.3,   8.49,   HV_PARTIAL  },
        {2,   1,     1.2,    HV_MATCH    },
        {2,   0.9,   1.2,    HV_UNDECIDED},
        {2,   0.8,   0.99,   HV_FAIL     },
    };
    struct hv_arena *arena = hv_arena_open();
    for (size_t i = 0; i < HV_LEN(cases); i++) {
        const struct hv_pair_result pair = pair_between(cases[i].low, cases[i].high);
        const struct hv_prediction found =
            hv_predict(&pair, cases[i].predicted, false, arena);
        if (found.verdict != cases[i].verdict)
            fail_msg("case %zu: %s (%s)", i, hv_match_name(found.verdict), found.rule);
        assert_non_null(found.rule);
        assert_true(found.speedup == cases[i].predicted);
    }
    hv_arena_close(arena);
}

static void placement_band_must_agree(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_pair_result pair = pair_between(1.4, 1.41);
    assert_int_equal(hv_predict(&pair, 200, false, arena).verdict, HV_FAIL);
    pair.speedup.placement_band[1] = 1.6;
    assert_int_equal(hv_predict(&pair, 200, false, arena).verdict, HV_UNDECIDED);
    pair = pair_between(1.6, 1.61);
    assert_int_equal(hv_predict(&pair, 200, false, arena).verdict, HV_PARTIAL);
    pair.speedup.placement_band[0] = 1.4;
    assert_int_equal(hv_predict(&pair, 200, false, arena).verdict, HV_UNDECIDED);
    hv_arena_close(arena);
}

static void what_predicts_nothing_is_undecided(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_pair_result pair = pair_between(1.1, 1.2);
    assert_int_equal(hv_predict(&pair, 0, false, arena).verdict, HV_UNDECIDED);
    assert_int_equal(hv_predict(&pair, 200, true, arena).verdict, HV_UNDECIDED);
    assert_non_null(strstr(hv_predict(&pair, 200, true, arena).rule, "A/A"));
    pair.state = HV_CONTENDED;
    assert_int_equal(hv_predict(&pair, 200, false, arena).verdict, HV_UNDECIDED);
    assert_non_null(strstr(hv_predict(&pair, 200, false, arena).rule, "contended"));
    pair.state = HV_FAILED;
    pair.failure = "SIGSEGV in bind_with_copy";
    assert_non_null(strstr(hv_predict(&pair, 200, false, arena).rule, "SIGSEGV"));
    hv_arena_close(arena);
}

static void control_is_held_to_half_a_percent(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_pair_result pair = pair_between(8.039, 8.039);
    pair.control = true;
    assert_int_equal(hv_predict(&pair, 8, false, arena).verdict, HV_MATCH);
    pair.speedup.value = 8.041;
    assert_int_equal(hv_predict(&pair, 8, false, arena).verdict, HV_FAIL);
    assert_int_equal(hv_predict(&pair, 0, false, arena).verdict, HV_UNDECIDED);
    hv_arena_close(arena);
}

/* ---- the decision ---------------------------------------------------------------- */

static const char *const names[5] = {"bind", "batch_1000", "allocation",
                                     "stack_vs_heap", "consciousness_cycle"};

static void five_pairs(const double low[5], const double high[5],
                       struct hv_pair_result out[5])
{
    for (int i = 0; i < 5; i++) {
        out[i] = pair_between(low[i], high[i]);
        out[i].name = names[i];
    }
}

static struct hv_decision decide_exact(const double speedups[5], struct hv_arena *arena)
{
    struct hv_pair_result pairs[5];
    five_pairs(speedups, speedups, pairs);
    return hv_decide(pairs, 5, false, arena);
}

static void scenarios_and_matrix_at_their_edges(void **state)
{
    (void)state;
    static const struct {
        double speedups[5];
        enum hv_scenario scenario;
        const char *matrix;
    } cases[] = {
        {{50, 5, 5, 1, 1},             HV_OPTIMISTIC,    "full zero copy"     },
        {{49.9, 5, 5, 1, 1},           HV_SCENARIO_NONE, "full zero copy"     },
        {{50, 5, 4.99, 1, 1},          HV_SCENARIO_NONE, "no row"             },
        {{200, 167, 100, 50, 17},      HV_OPTIMISTIC,    "full zero copy"     },
        {{1.5, 1.5, 1.5, 1, 1},        HV_REALISTIC,     "most pairs below 2x"},
        {{4.99, 2, 2, 5, 5},           HV_REALISTIC,     "selective"          },
        {{4.99, 2, 1.99, 1, 1},        HV_REALISTIC,     "most pairs below 2x"},
        {{4.99, 2, 1.99, 5, 5},        HV_REALISTIC,     "no row"             },
        {{1.49, 1.49, 1.49, 100, 100}, HV_PESSIMISTIC,   "most pairs below 2x"},
        {{1.49, 1.49, 1.5, 1.5, 100},  HV_SCENARIO_NONE, "most pairs below 2x"},
        {{2.4, 1.25, 1.0, 1.02, 1.04}, HV_PESSIMISTIC,   "most pairs below 2x"},
        {{0.99, 1, 1, 1, 1},           HV_PESSIMISTIC,   "most pairs below 2x"},
        {{0.98, 5, 5, 5, 50},          HV_OPTIMISTIC,    "any pair below 1x"  },
    };
    struct hv_arena *arena = hv_arena_open();
    for (size_t i = 0; i < HV_LEN(cases); i++) {
        const struct hv_decision found = decide_exact(cases[i].speedups, arena);
        if (found.scenario != cases[i].scenario ||
            !strstr(found.matrix, cases[i].matrix))
            fail_msg("case %zu: %s, %s", i, hv_scenario_name(found.scenario),
                     found.matrix);
        assert_null(strstr(found.matrix, "undecided"));
        assert_true(found.n_next > 0);
    }
    hv_arena_close(arena);
}

/* Three pairs decide; the two that are wide open cannot change it. */
static void undecided_pairs_that_cannot_change_it_do_not_matter(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_pair_result pairs[5];
    five_pairs((const double[5]){1, 1, 1, 1.2, 1}, (const double[5]){1, 1, 1, 300, 9},
               pairs);
    struct hv_decision found = hv_decide(pairs, 5, false, arena);
    assert_int_equal(found.scenario, HV_PESSIMISTIC);
    assert_non_null(strstr(found.matrix, "most pairs below 2x"));
    assert_null(strstr(found.matrix, "undecided"));
    /* a contended pair may be anything, below 1x too */
    pairs[3].state = HV_CONTENDED;
    found = hv_decide(pairs, 5, false, arena);
    assert_int_equal(found.scenario, HV_PESSIMISTIC);
    assert_non_null(strstr(found.matrix, "undecided: any pair below 1x"));
    assert_non_null(strstr(found.matrix, "settled: stack_vs_heap)"));
    assert_non_null(strstr(found.next[0], "for: stack_vs_heap."));
    hv_arena_close(arena);
}

static void an_undecided_pair_that_could_change_it_is_named(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_pair_result pairs[5];
    five_pairs((const double[5]){1, 1, 1.4, 3, 3}, (const double[5]){1, 1, 1.6, 3, 3},
               pairs);
    const struct hv_decision found = hv_decide(pairs, 5, false, arena);
    assert_int_equal(found.scenario, HV_SCENARIO_UNDECIDED);
    assert_non_null(strstr(found.rule, "depends on: allocation."));
    assert_non_null(strstr(found.next[0], "allocation"));
    assert_null(strstr(found.next[0], "bind"));
    assert_non_null(strstr(found.matrix, "most pairs below 2x"));
    hv_arena_close(arena);
}

/* "Below 1x" needs the whole interval below 0.99. */
static void slower_needs_a_margin(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_pair_result pairs[5];
    double low[5] = {0.97, 1, 1, 1, 1}, high[5] = {0.989, 1, 1, 1, 1};
    five_pairs(low, high, pairs);
    assert_non_null(
        strstr(hv_decide(pairs, 5, false, arena).matrix, "any pair below 1x"));
    high[0] = 0.991;
    five_pairs(low, high, pairs);
    assert_non_null(strstr(hv_decide(pairs, 5, false, arena).matrix, "undecided"));
    low[0] = 0.9901;
    five_pairs(low, high, pairs);
    assert_null(strstr(hv_decide(pairs, 5, false, arena).matrix, "below 1x"));
    hv_arena_close(arena);
}

static void only_the_five_pairs_decide(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_pair_result pairs[7];
    const double one[5] = {1, 1, 1, 1, 1};
    five_pairs(one, one, pairs);
    pairs[5] = pair_between(100, 100); /* a plugin's pair of the same name */
    pairs[5].kernel_set = "mine";
    pairs[6] = pair_between(100, 100);
    pairs[6].control = true;
    struct hv_decision found = hv_decide(pairs, 7, false, arena);
    assert_int_equal(found.scenario, HV_PESSIMISTIC);
    assert_non_null(strstr(found.rule, "At least 5x: none."));
    found = hv_decide(pairs, 6, false, arena);
    assert_non_null(strstr(found.rule, "At least 5x: none."));
    pairs[5].kernel_set = "builtin"; /* a better ISA: the last one counts */
    found = hv_decide(pairs, 7, false, arena);
    assert_non_null(strstr(found.rule, "At least 5x: bind."));
    found = hv_decide(pairs, 7, true, arena);
    assert_int_equal(found.scenario, HV_SCENARIO_UNDECIDED);
    assert_non_null(strstr(found.rule, "A/A"));
    hv_arena_close(arena);
}

static void a_subset_names_what_was_not_run(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_pair_result pairs[5];
    const double one[5] = {1, 1, 1, 1, 1};
    five_pairs(one, one, pairs);
    struct hv_decision found = hv_decide(pairs, 4, false, arena);
    assert_int_equal(found.scenario, HV_SCENARIO_UNDECIDED);
    assert_non_null(strstr(found.rule, "did not measure: consciousness_cycle."));
    found = hv_decide(NULL, 0, false, arena);
    assert_int_equal(found.scenario, HV_SCENARIO_UNDECIDED);
    assert_non_null(strstr(found.rule, "bind, batch_1000, allocation"));
    hv_arena_close(arena);
}

static void all_contended_names_all(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_pair_result pairs[5];
    const double one[5] = {1, 1, 1, 1, 1};
    five_pairs(one, one, pairs);
    for (int i = 0; i < 5; i++)
        pairs[i].state = HV_CONTENDED;
    const struct hv_decision found = hv_decide(pairs, 5, false, arena);
    assert_int_equal(found.scenario, HV_SCENARIO_UNDECIDED);
    for (int i = 0; i < 5; i++)
        assert_non_null(strstr(found.next[0], names[i]));
    hv_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prediction_thresholds),
        cmocka_unit_test(placement_band_must_agree),
        cmocka_unit_test(what_predicts_nothing_is_undecided),
        cmocka_unit_test(control_is_held_to_half_a_percent),
        cmocka_unit_test(scenarios_and_matrix_at_their_edges),
        cmocka_unit_test(undecided_pairs_that_cannot_change_it_do_not_matter),
        cmocka_unit_test(an_undecided_pair_that_could_change_it_is_named),
        cmocka_unit_test(slower_needs_a_margin),
        cmocka_unit_test(only_the_five_pairs_decide),
        cmocka_unit_test(a_subset_names_what_was_not_run),
        cmocka_unit_test(all_contended_names_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
