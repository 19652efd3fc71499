/* SPDX-License-Identifier: MIT */
/* That no sentence of a report says more than the figures: each test turns one figure
 * of the sample over and looks for the words that must follow it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/base/arena.h"
#include "src/base/error.h"
#include "src/report/claim.h"
#include "src/report/format.h"
#include "src/report/writer.h"
#include "tests/unit/sample_result.h"

enum { BIND, BATCH, ALLOCATION, HEAP, CONTROL, PLUGIN };

struct fixture {
    struct hv_arena *arena;
    struct hv_run run;
    struct hv_result result;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (!f)
        return -1;
    f->arena = hv_arena_open();
    sample_make(SAMPLE_FULL, f->arena, &f->run, &f->result);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    hv_arena_close(f->arena);
    free(f);
    return 0;
}

/* Whether the report in that format holds the words. */
static bool says(const struct fixture *f, const char *format, const char *words)
{
    static const struct hv_style plain = {false, true};
    char *text = NULL;
    size_t n = 0;
    FILE *file = open_memstream(&text, &n);
    assert_non_null(file);
    assert_int_equal(hv_writer_find(format)->write(&f->result, file, &plain), 0);
    fclose(file);
    const bool found = strstr(text, words) != NULL;
    free(text);
    return found;
}

static void set_speedup(struct hv_pair_result *pair, double low, double high)
{
    struct hv_speedup *speedup = &pair->speedup;
    pair->state = pair->times = HV_QUIET;
    speedup->present = true;
    speedup->value = (low + high) / 2;
    speedup->ci95[0] = speedup->placement_band[0] = speedup->layout_band[0] = low;
    speedup->ci95[1] = speedup->placement_band[1] = speedup->layout_band[1] = high;
}

static void times_carry_their_own_state(void **state)
{
    struct fixture *f = *state;
    f->result.n_experiments = 0; /* one of them is contended, too */
    struct hv_pair_result *batch = &f->result.pairs[BATCH];
    assert_true(says(f, "markdown", "s (contended) |"));
    assert_true(says(f, "markdown", "Its times are from the contended state."));
    batch->times = HV_QUIET;
    assert_false(says(f, "markdown", "s (contended) |"));
    assert_false(says(f, "markdown", "are from that state"));
    assert_true(says(f, "markdown", "Its times are from quiet samples."));
    assert_true(says(f, "csv", "batch_1000,avx2,contended,quiet,baseline,time,4321.5"));
    batch->contended.present = false;
    assert_true(says(f, "markdown", "Its times are from quiet samples; the contended"));
    assert_true(says(f, "text", "gave no speedup either."));
    batch->times = HV_CONTENDED;
    assert_false(says(f, "markdown", "no figure for the contended state either"));
    batch->times = HV_FAILED;
    assert_true(says(f, "markdown", "no figure for the contended state either"));
    assert_true(says(f, "text", "There is no figure for"));
}

static void nobody_saw_a_copy(void **state)
{
    struct fixture *f = *state;
    struct hv_arm_result *arm = f->result.pairs[BIND].arm;
    assert_false(says(f, "markdown", "the bytes copied in an iteration are"));
    assert_true(says(f, "markdown",
                     "`bind_with_copy` its source asks to copy 512 bytes; calls that "
                     "copied 512.5 bytes were counted; copies without a call were not "
                     "looked for."));
    assert_false(says(f, "markdown", "to copy 0 bytes"));
    /* memcpy_bytes_called */
    arm[HV_BASELINE].figures[7].evidence.value = 0;
    assert_true(
        says(f, "markdown", "to copy 512 bytes; no counted call copied a byte"));
    arm[HV_BASELINE].figures[7].evidence.provenance = HV_ABSENT;
    assert_true(says(f, "markdown", "to copy 512 bytes; the calls that copy were not"));
    assert_true(says(f, "markdown",
                     "to copy 256000 bytes; calls that copied 256000 bytes were "
                     "counted; what realloc moves is not included."));
    /* memcpy_bytes of both arms */
    arm[HV_BASELINE].figures[4].evidence.provenance = HV_TRACED;
    arm[HV_CANDIDATE].figures[4].evidence.provenance = HV_TRACED;
    assert_true(says(f, "markdown",
                     "the bytes copied in an iteration are 512 bytes (traced) in"));
}

static void only_our_predictions_bear_on_the_claim(void **state)
{
    struct fixture *f = *state;
    assert_true(says(f, "markdown", "Predictions (4): 0 MATCH, 0 PARTIAL, 2 FAIL, 2 "));
    assert_true(says(f, "markdown", "Known answers of control pairs (1): 1 MATCH"));
    assert_true(says(f, "markdown", "do not bear on the claim (1): 0 MATCH, 0 PART"));
}

static void the_word_needs_the_share(void **state)
{
    struct fixture *f = *state;
    f->result.decision.scenario = HV_OPTIMISTIC;
    f->result.decision.matrix = "3 or more pairs at 5x: full zero copy";
    set_speedup(&f->result.pairs[BIND], 2.41, 2.432);
    assert_string_equal(hv_claim_word(&f->result), "PARTIALLY VERIFIED");
    assert_true(says(f, "markdown", "at most 59 % of a baseline arm's time"));
    assert_true(says(f, "markdown", "(bind: at most 2.432x, the end of its interval)"));
    assert_true(says(f, "markdown", "no quiet pair reaches the claim's 99 %. Without"));
    set_speedup(&f->result.pairs[BIND], 98, 120);
    assert_string_equal(hv_claim_word(&f->result), "PARTIALLY VERIFIED");
    assert_true(says(f, "markdown", "99 % is reached stays open"));
    set_speedup(&f->result.pairs[BIND], 110, 120);
    assert_string_equal(hv_claim_word(&f->result), "VERIFIED");
    assert_true(says(f, "markdown", "a quiet pair shows the claim's 99 %"));
    f->result.pairs[BIND].speedup.placement_band[0] = 60;
    assert_string_equal(hv_claim_word(&f->result), "PARTIALLY VERIFIED");
    f->result.decision.scenario = HV_PESSIMISTIC;
    assert_string_equal(hv_claim_word(&f->result), "REFUTED");
}

/* Neither controls nor plugins nor contended pairs lend the claim their figures, and
 * what is rounded is not rounded up to the claim. */
static void the_share_is_of_quiet_built_in_pairs(void **state)
{
    struct fixture *f = *state;
    set_speedup(&f->result.pairs[CONTROL], 500, 501);
    set_speedup(&f->result.pairs[PLUGIN], 500, 501);
    f->result.pairs[BATCH].speedup = f->result.pairs[PLUGIN].speedup;
    assert_true(says(f, "markdown", "(bind: at most 2.820x, at one placement of the"));
    set_speedup(&f->result.pairs[BIND], 99, 99.9);
    assert_true(says(f, "markdown", "at most 98.999 % of"));
    set_speedup(&f->result.pairs[BIND], 0.97, 0.98);
    set_speedup(&f->result.pairs[ALLOCATION], 0.96, 0.97);
    assert_true(says(f, "markdown", "no quiet pair is faster (bind: at most 0.98"));
    f->result.pairs[BIND].state = f->result.pairs[ALLOCATION].state = HV_CONTENDED;
    assert_true(says(f, "markdown", "nothing can be said: no pair has a quiet figure"));
}

static void scenario_and_matrix_must_agree(void **state)
{
    static const struct {
        enum hv_scenario scenario;
        enum hv_accord accord;
        const char *matrix;
        bool agree;
    } rows[] = {
        {HV_OPTIMISTIC,    HV_AGREES,      "3 or more pairs at 5x: full zero copy",   true },
        {HV_OPTIMISTIC,    HV_DIFFERS,     "any pair below 1x: document the failure", false},
        {HV_OPTIMISTIC,    HV_DIFFERS,     "no row holds",                            false},
        {HV_OPTIMISTIC,    HV_MAY_DIFFER,  "undecided: at 5x: full; or below",        false},
        {HV_PESSIMISTIC,   HV_AGREES,      "most pairs below 2x: move to GPU",        true },
        {HV_SCENARIO_NONE, HV_ACCORD_NONE, "most pairs below 2x: move to GPU",        true },
        {HV_REALISTIC,     HV_AGREES,      NULL,                                      true },
    };
    struct fixture *f = *state;
    struct hv_decision *decision = &f->result.decision;
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        decision->scenario = rows[i].scenario;
        decision->accord = rows[i].accord;
        decision->matrix = rows[i].matrix;
        assert_int_equal(hv_matrix_remark(f->arena, decision, true) == NULL,
                         rows[i].agree);
    }
    decision->scenario = HV_OPTIMISTIC;
    decision->accord = HV_DIFFERS;
    decision->matrix = rows[1].matrix;
    set_speedup(&f->result.pairs[BIND], 110, 120);
    assert_true(says(f, "markdown",
                     "# Verification: SUCCESS (but the decision matrix says: any pair "
                     "below 1x"));
    assert_true(says(f, "markdown", "**Result**: VERIFIED (but the decision matrix"));
    assert_true(says(f, "text", "optimistic (but the matrix does not say the same)"));
    decision->accord = HV_MAY_DIFFER;
    assert_true(
        says(f, "markdown", "SUCCESS (but the decision matrix is undecided)\n"));
    assert_true(says(f, "text", "optimistic (but the decision matrix is undecided)"));
    decision->accord = HV_AGREES;
    assert_true(says(f, "markdown", "# Verification: SUCCESS\n"));
}

static void none_is_not_undecided(void **state)
{
    struct fixture *f = *state;
    f->result.decision.scenario = HV_SCENARIO_NONE;
    assert_true(says(f, "markdown", "# Verification: " HV_NO_SCENARIO "\n"));
    assert_true(says(f, "markdown", "**Result**: " HV_NO_SCENARIO "\n"));
    assert_true(says(f, "markdown", "- Scenario: **" HV_NO_SCENARIO "**\n"));
    assert_true(says(f, "text", "Scenario: " HV_NO_SCENARIO "\n"));
}

static void a_gain_is_certain_excluded_or_open(void **state)
{
    struct fixture *f = *state;
    struct hv_pair_result *bind = &f->result.pairs[BIND];
    set_speedup(bind, 1.1, 1.2);
    assert_true(says(f, "markdown", "`bind_with_copy`, and below 1.5x: 1.1"));
    assert_false(says(f, "markdown", "a gain of 1.5x is not certain"));
    set_speedup(bind, 1.4, 1.6);
    assert_true(says(f, "markdown", "though a gain of 1.5x is not certain: 1.5"));
    set_speedup(bind, 1.6, 1.7);
    assert_false(says(f, "markdown", "1.5x is not certain"));
    assert_false(says(f, "markdown", "no pair is certainly faster by 1.5x"));
    bind->speedup.placement_band[0] = 1.2;
    assert_true(says(f, "markdown", "though a gain of 1.5x is not certain"));
}

static void absent_is_unsupported_only_if_told_so(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *why, *word;
    } rows[] = {
        {"x: <not supported>: no PMU",              "<not supported>"},
        {"<not counted>: never scheduled",          "<not counted>"  },
        {"the run was made without --counters",     "<not counted>"  },
        {"the option is not supported in this run", "<not counted>"  },
        {NULL,                                      "<not counted>"  },
    };
    for (size_t i = 0; i < HV_LEN(rows); i++)
        assert_string_equal(hv_format_absent(&(struct hv_evidence){.why = rows[i].why}),
                            rows[i].word);
    assert_string_equal(hv_format_why(f->arena, "no x: x: <not supported>: no PMU"),
                        "no x: <not supported>: no PMU");
    assert_string_equal(hv_format_why(f->arena, "no x: xy: why"), "no x: xy: why");
    assert_string_equal(hv_format_why(f->arena, "no x"), "no x");
    assert_null(hv_format_why(f->arena, NULL));
    for (size_t w = 0; w < hv_n_writers; w++) {
        assert_true(says(f, hv_writers[w].name, "no instructions: the run was made"));
        assert_false(says(f, hv_writers[w].name, "no instructions: instructions:"));
    }
}

static void ends_that_differ_look_different(void **state)
{
    struct fixture *f = *state;
    static const struct {
        double low, high;
        const char *words;
    } rows[] = {
        {1.925,    1.9352,   "1.925 to 1.935"      },
        {1.0004,   1.0021,   "1.0004 to 1.0021"    },
        {1.49961,  1.49972,  "1.4996 to 1.4997"    },
        {1.4,      1.4996,   "1.4000 to 1.4996"    },
        {1.9301,   1.930104, "1.930100 to 1.930104"},
        {1,        1.1,      "1.00 to 1.10"        },
        {2.500001, 2.500001, "2.500 to 2.500"      },
        {98.9,     99.97,    "98.90 to 99.97"      },
        {0.98996,  1.2,      "0.98996 to 1.20000"  },
    };
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        const struct hv_speedup speedup = {
            .present = true, .value = rows[i].low, .ci95 = {rows[i].low, rows[i].high}
        };
        assert_string_equal(hv_format_interval(f->arena, &speedup, " to "),
                            rows[i].words);
        assert_string_equal(hv_format_band(f->arena, speedup.ci95, " to "),
                            rows[i].words);
    }
    const struct hv_speedup beside = {
        .value = 2.3104, .ci95 = {2.3051, 2.371}
    };
    assert_string_equal(hv_format_speedup(f->arena, &beside), "2.310x");
    assert_string_equal(hv_format_interval(f->arena, &beside, "-"), "2.305-2.371");
    assert_string_equal(hv_format_range(f->arena, (double[]){19.19, 19.2375}),
                        "19.19 to 19.238");
    assert_string_equal(hv_format_range(f->arena, (double[]){70.71001, 70.71002}),
                        "70.71001 to 70.71002");
    assert_string_equal(hv_format_range(f->arena, (double[]){2, 2}), "2 to 2");
    assert_string_equal(hv_format_share(f->arena, 0.34), "34 %");
    assert_string_equal(hv_format_share(f->arena, 0.998), "99.8 %");
    assert_string_equal(hv_format_share(f->arena, 0.0496), "4.96 %");
    assert_string_equal(hv_format_share(f->arena, 0.0004), "0.04 %");
    assert_string_equal(hv_format_share(f->arena, 0), "0.0 %");
}

static void csv_has_verdicts_and_witnesses(void **state)
{
    struct fixture *f = *state;
    assert_true(says(f, "csv", ",why,verdict\nbind,"));
    assert_true(says(f, "csv", "below 100x.\",FAIL\n"));
    assert_false(says(f, "csv", ",FAIL,"));
    assert_true(says(f, "csv",
                     "bind,avx2,quiet,quiet,baseline,memcpy_bytes,512.5,bytes,measured,"
                     "witness: calls through the GOT"));
    /* A plugin's pair of the same name must not pass for ours. */
    f->result.pairs[PLUGIN].name = "bind";
    assert_true(says(f, "csv", "\nplugin:bind,avx2"));
}

static void rates_are_of_the_job(void **state)
{
    struct fixture *f = *state;
    static const char words[] = "gb_per_s counts the bytes the job must touch";
    assert_true(says(f, "markdown", words));
    assert_true(says(f, "text", words));
    struct hv_arm_result *arm = &f->result.pairs[ALLOCATION].arm[HV_BASELINE];
    arm->figures[arm->n_figures - 1].evidence.provenance = HV_ABSENT;
    assert_false(says(f, "markdown", words));
    assert_false(says(f, "text", words));
}

static void another_dimension_is_told(void **state)
{
    struct fixture *f = *state;
    assert_false(says(f, "text", "vectors of"));
    assert_true(says(f, "markdown", "- Dimension: 2048 bits"));
    f->result.settings.dim_bits = 1024;
    assert_true(says(f, "text", "6 pairs, vectors of 1024 bits\n"));
    assert_true(says(f, "markdown", "- Dimension: 1024 bits"));
    f->result.settings.dim_bits = 0;
    assert_true(says(f, "markdown", "- Dimension: unknown"));
    assert_false(says(f, "text", "vectors of"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(times_carry_their_own_state),
        TEST(nobody_saw_a_copy),
        TEST(only_our_predictions_bear_on_the_claim),
        TEST(the_word_needs_the_share),
        TEST(the_share_is_of_quiet_built_in_pairs),
        TEST(scenario_and_matrix_must_agree),
        TEST(none_is_not_undecided),
        TEST(a_gain_is_certain_excluded_or_open),
        TEST(absent_is_unsupported_only_if_told_so),
        TEST(ends_that_differ_look_different),
        TEST(csv_has_verdicts_and_witnesses),
        TEST(rates_are_of_the_job),
        TEST(another_dimension_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
