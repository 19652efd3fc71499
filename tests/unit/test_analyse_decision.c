/* SPDX-License-Identifier: MIT */
/* What a decision tells to do: for what is open, and where its two rules differ. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "src/analyse/decision.h"
#include "src/base/error.h"
#include "tests/unit/sample_hypothesis.h"

static const struct hv_settings plain = {.dim_bits = 2048};

/* By the built-in hypothesis. */
static struct hv_decision decide(const struct hv_pair_result *pairs, size_t n_pairs,
                                 const struct hv_settings *settings,
                                 struct hv_arena *arena)
{
    const struct hv_hypothesis hypothesis = sample_hypothesis(arena);
    return hv_decide(&hypothesis, pairs, n_pairs, settings, arena);
}

/* Five pairs of one speedup each, as precise as was asked. */
static void five_pairs(const double speedups[5], struct hv_pair_result out[5])
{
    static const char *const names[5] = {"bind", "batch_1000", "allocation",
                                         "stack_vs_heap", "consciousness_cycle"};
    for (int i = 0; i < 5; i++)
        out[i] = (struct hv_pair_result){
            .name = names[i],
            .kernel_set = "builtin",
            .state = HV_QUIET,
            .has_kept_share = true,
            .kept_share = 0.3,
            .stop = HV_STOP_PRECISION,
            .speedup = {.present = true,
                        .value = speedups[i],
                        .ci95 = {speedups[i], speedups[i]},
                        .placement_band = {speedups[i], speedups[i]}},
            .prediction = {.speedup = 200},
        };
}

/* NULL: no step holds the words. */
static const char *step_with(const struct hv_decision *decision, const char *words)
{
    for (size_t i = 0; i < decision->n_next; i++)
        if (strstr(decision->next[i], words))
            return decision->next[i];
    return NULL;
}

/* bind decides between 2 and 3 pairs below 1.5x; why it is open decides the advice. */
static void advice_fits_what_is_missing(void **state)
{
    (void)state;
    static const struct {
        enum hv_state state;
        enum hv_stop stop;
        double kept_share;
        uint32_t layouts; /* asked for */
        bool sampled;
        const char *failure, *advice;
    } cases[] = {
        {HV_QUIET,     HV_STOP_BUDGET,      0.3,  0,  true,  NULL,                                 "with a longer --budget, for" },
        {HV_QUIET,     HV_STOP_PRECISION,   0.3,  0,  true,  NULL,                                 "no longer run will move it"  },
        {HV_QUIET,     HV_STOP_SAMPLES,     0.3,  0,  true,  NULL,                                 "took all the samples it may" },
        {HV_QUIET,     HV_STOP_SAMPLES,     0.3,  8,  true,  NULL,                                 "without --quick or --layouts"},
        {HV_QUIET,     HV_STOP_SAMPLES,     0.3,  32, true,  NULL,                                 "took all the samples it may" },
        {HV_QUIET,     HV_STOP_INTERRUPTED, 0.3,  0,  true,  NULL,                                 "again to the end"            },
        {HV_CONTENDED, HV_STOP_INTERRUPTED, 0,    0,  true,  NULL,                                 "again to the end"            },
        {HV_CONTENDED, HV_STOP_BUDGET,      0.01, 0,  true,  NULL,                                 "on a quieter core"           },
        {HV_CONTENDED, HV_STOP_SAMPLES,     0.5,  0,  true,  NULL,                                 "on a quieter core"           },
        {HV_CONTENDED, HV_STOP_BUDGET,      0.5,  0,  true,  NULL,                                 "layouts are complete"        },
        {HV_CONTENDED, HV_STOP_NONE,        0,    0,  false, NULL,                                 "No sample was taken"         },
        {HV_FAILED,    HV_STOP_NONE,        0,    0,  true,  "SIGSEGV",                            "why it gave no figure"       },
        {HV_FAILED,    HV_STOP_NONE,        0,    0,  false, "not measured: the run ended before",
         "before their turn"                                                                                                     },
    };
    struct hv_arena *arena = hv_arena_open();
    for (size_t i = 0; i < HV_LEN(cases); i++) {
        struct hv_pair_result pairs[5];
        five_pairs((const double[5]){1.5, 1, 1, 3, 3}, pairs);
        pairs[0].speedup.ci95[0] = 1.4;
        pairs[0].state = cases[i].state;
        pairs[0].stop = cases[i].stop;
        pairs[0].has_kept_share = cases[i].sampled;
        pairs[0].kept_share = cases[i].kept_share;
        pairs[0].failure = cases[i].failure;
        const struct hv_settings settings = {.dim_bits = 2048,
                                             .layouts = cases[i].layouts};
        const struct hv_decision found = decide(pairs, 5, &settings, arena);
        assert_int_equal(found.scenario, HV_SCENARIO_UNDECIDED);
        if (!strstr(found.next[0], cases[i].advice) ||
            !strstr(found.next[0], "for: bind."))
            fail_msg("case %zu: %s", i, found.next[0]);
        assert_true(found.n_next < 2 || !strstr(found.next[1], "bind"));
    }
    hv_arena_close(arena);
}

static void placement_alone_is_told(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_pair_result pairs[5];
    five_pairs((const double[5]){1.6, 1, 1, 3, 3}, pairs);
    pairs[0].stop = HV_STOP_BUDGET;
    pairs[0].speedup.placement_band[0] = 1.4;
    struct hv_decision found = decide(pairs, 5, &plain, arena);
    assert_non_null(strstr(found.next[0], "Code placement"));
    assert_null(step_with(&found, "--budget"));
    pairs[0].speedup.ci95[0] = 1.45;
    found = decide(pairs, 5, &plain, arena);
    assert_non_null(step_with(&found, "--budget"));
    assert_null(step_with(&found, "Code placement"));
    hv_arena_close(arena);
}

/* Each open pair stands in the one step that helps it. */
static void several_causes_are_kept_apart(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_pair_result pairs[5];
    five_pairs((const double[5]){1, 1, 1, 3, 3}, pairs);
    pairs[0].state = pairs[1].state = HV_CONTENDED;
    pairs[0].kept_share = pairs[1].kept_share = 0;
    pairs[2].state = HV_FAILED;
    pairs[2].failure = "SIGSEGV";
    const struct hv_decision found = decide(pairs, 5, &plain, arena);
    assert_non_null(strstr(step_with(&found, "quieter core"), "bind, batch_1000."));
    assert_non_null(strstr(step_with(&found, "no figure"), "for: allocation."));
    assert_null(step_with(&found, "--budget"));
    hv_arena_close(arena);
}

static void scenario_and_matrix_may_disagree(void **state)
{
    (void)state;
    static const struct {
        double speedups[5];
        const char *rule, *step; /* NULL: none about the matrix */
    } cases[] = {
        {{0.98, 5, 5, 5, 50},
         "disagree; the matrix says: any pair below 1x",             "matrix: write down the pair below 1x"},
        {{1.5, 1.5, 1.5, 1, 1},
         "disagree; the matrix says: most pairs below 2x",           "matrix: plan the move to GPU"        },
        {{49.9, 5, 5, 1, 1},
         "fits none of the scenarios. The matrix, however, says: 3", "matrix: implement zero copy in full" },
        {{4.99, 2, 1.99, 5, 5},   "No row of the matrix holds",      NULL                                  },
        {{1, 1, 1, 1, 1},         NULL,                              NULL                                  },
        {{200, 167, 100, 50, 17}, NULL,                              NULL                                  },
        {{4.99, 2, 2, 5, 5},      NULL,                              NULL                                  },
        {{50, 5, 4.99, 1, 1},     NULL,                              NULL                                  },
    };
    struct hv_arena *arena = hv_arena_open();
    for (size_t i = 0; i < HV_LEN(cases); i++) {
        struct hv_pair_result pairs[5];
        five_pairs(cases[i].speedups, pairs);
        const struct hv_decision found = decide(pairs, 5, &plain, arena);
        const bool told = strstr(found.rule, "matrix") != NULL;
        if (told != (cases[i].rule != NULL) ||
            (told && !strstr(found.rule, cases[i].rule)))
            fail_msg("case %zu: %s", i, found.rule);
        const char *step = step_with(&found, "By the matrix");
        if ((step != NULL) != (cases[i].step != NULL) ||
            (step && !strstr(step, cases[i].step)))
            fail_msg("case %zu: %s", i, step ? step : "no step of the matrix");
    }
    hv_arena_close(arena);
}

/* One table settled, the other not. */
static void half_a_decision_says_so(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_pair_result pairs[5];
    five_pairs((const double[5]){5, 5, 5, 50, 1}, pairs);
    pairs[4].state = HV_CONTENDED; /* may be below 1x */
    struct hv_decision found = decide(pairs, 5, &plain, arena);
    assert_int_equal(found.scenario, HV_OPTIMISTIC);
    assert_non_null(strstr(found.rule, "undecided, and may ask for something else"));
    assert_null(step_with(&found, "By the matrix"));
    five_pairs((const double[5]){1, 1, 1.4, 3, 3}, pairs);
    pairs[2].speedup.ci95[1] = 1.6;
    found = decide(pairs, 5, &plain, arena);
    assert_int_equal(found.scenario, HV_SCENARIO_UNDECIDED);
    assert_non_null(step_with(&found, "By the matrix: plan the move to GPU"));
    hv_arena_close(arena);
}

static void another_dimension_decides_nothing(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_pair_result pairs[5];
    five_pairs((const double[5]){1, 1, 1, 1, 1}, pairs);
    assert_int_equal(decide(pairs, 5, &plain, arena).scenario, HV_PESSIMISTIC);
    const struct hv_settings wide = {.dim_bits = 4096};
    const struct hv_decision found = decide(pairs, 5, &wide, arena);
    assert_int_equal(found.scenario, HV_SCENARIO_UNDECIDED);
    assert_string_equal(found.matrix, "not applied");
    assert_string_equal(found.rule, "Predicted for 2048 bits; this run had 4096.");
    assert_non_null(step_with(&found, "--dim 2048"));
    hv_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(advice_fits_what_is_missing),
        cmocka_unit_test(placement_alone_is_told),
        cmocka_unit_test(several_causes_are_kept_apart),
        cmocka_unit_test(scenario_and_matrix_may_disagree),
        cmocka_unit_test(half_a_decision_says_so),
        cmocka_unit_test(another_dimension_decides_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
