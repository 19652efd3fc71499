/* SPDX-License-Identifier: MIT */
/* Decisions and predictions by hypotheses of other sizes and thresholds than the
 * built-in one. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "src/analyse/arm_predictions.h"
#include "src/analyse/decision.h"
#include "src/analyse/outcomes.h"
#include "src/analyse/prediction.h"
#include "tests/unit/sample_hypothesis.h"

static const struct hv_settings plain = {.dim_bits = 1024},
                                aa = {.dim_bits = 1024, .aa = true};

/* Two pairs, one of them a plugin's; a gap between the scenarios; any dimension. */
static const char two_pairs[] =
    "name: two\n"
    "claim: locks cost a lot\n"
    "predictions:\n"
    "  bind: {speedup: 10, time: {baseline: 100 ns, candidate: 10 ns},\n"
    "    bytes: {baseline: 512 B, candidate: 0 B}}\n"
    "  mine:bind: {speedup: 4}\n"
    "thresholds: {match_share: 60 %, partial_from: 2}\n"
    "scenarios:\n"
    "  - {id: optimistic, words: both at 3x, action: build, rule: {pairs: 2, from: "
    "3},\n"
    "     steps: [{text: Build it.}]}\n"
    "  - {id: pessimistic, words: one below 2x, action: stop,\n"
    "     rule: {pairs: 1, below: 2}, steps: [{text: Stop.}, {text: Tell why.}]}\n"
    "otherwise: [{text: Ask again.}]\n"
    "matrix:\n"
    "  - {rule: {pairs: 1, from: 20}, words: one at 20x, action: build, step: Now.}\n"
    "  - {rule: {pairs: 2, below: 20}, words: both below, action: stop, step: Halt.}\n";

static struct hv_pair_result pair_at(const char *set, double speedup)
{
    return (struct hv_pair_result){
        .name = "bind",
        .kernel_set = set,
        .isa = "portable",
        .state = HV_QUIET,
        .has_kept_share = true,
        .kept_share = 0.5,
        .speedup = {.present = true,
                    .value = speedup,
                    .ci95 = {speedup, speedup},
                    .placement_band = {speedup, speedup}},
        .prediction = {.speedup = 4},
    };
}

static void another_number_of_pairs_decides(void **state)
{
    (void)state;
    static const struct {
        double ours, theirs;
        enum hv_scenario scenario;
        enum hv_accord accord;
        const char *rule, *matrix, *first, *last;
    } rows[] = {
        {20,   3,    HV_OPTIMISTIC,    HV_AGREES,
         "Below 2x: none. At least 3x: bind, mine:bind. Undecided: none. The rule: "
         "both",                                                                                 "one at 20x", "Build it.",  "Build it."},
        {4,    3,    HV_OPTIMISTIC,    HV_DIFFERS,     "disagree; the matrix says: both below.",
         "both below",                                                                                         "Build it.",  "Halt."    },
        {1.99, 30,   HV_PESSIMISTIC,   HV_DIFFERS,
         "Below 2x: bind. At least 3x: mine:bind.",                                              "one at 20x", "Stop.",      "Now."     },
        {2,    2.99, HV_SCENARIO_NONE, HV_ACCORD_NONE,
         "In none of these: bind, mine:bind. Undecided: none. This fits none of the "
         "scenarios. The matrix, however, says: both below.",                                    "both below", "Ask again.", "Halt."    },
    };
    struct hv_arena *arena = hv_arena_open();
    const struct hv_hypothesis h = sample_hypothesis_from(arena, two_pairs);
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        const struct hv_pair_result pairs[] = {pair_at("builtin", rows[i].ours),
                                               pair_at("mine", rows[i].theirs)};
        const struct hv_decision found = hv_decide(&h, pairs, 2, &plain, arena);
        if (found.scenario != rows[i].scenario || found.accord != rows[i].accord ||
            !strstr(found.rule, rows[i].rule) || strcmp(found.matrix, rows[i].matrix) ||
            strcmp(found.next[0], rows[i].first) ||
            strcmp(found.next[found.n_next - 1], rows[i].last))
            fail_msg("row %zu: %s, %s: %s", i, hv_scenario_name(found.scenario),
                     found.matrix, found.rule);
    }
    hv_arena_close(arena);
}

static void a_plugin_s_pair_keeps_the_decision_open(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    const struct hv_hypothesis h = sample_hypothesis_from(arena, two_pairs);
    struct hv_pair_result pairs[] = {pair_at("builtin", 4), pair_at("mine", 4)};
    pairs[1].state = HV_CONTENDED;
    struct hv_decision found = hv_decide(&h, pairs, 2, &plain, arena);
    assert_int_equal(found.scenario, HV_SCENARIO_UNDECIDED);
    assert_non_null(strstr(found.rule, "depends on: mine:bind."));
    assert_non_null(strstr(found.matrix, "(to be settled: mine:bind)"));
    assert_non_null(strstr(found.next[0], "for: mine:bind."));
    found = hv_decide(&h, pairs, 1, &plain, arena);
    assert_non_null(strstr(found.rule, "about the 2 pairs"));
    assert_non_null(strstr(found.rule, "did not measure: mine:bind."));
    hv_arena_close(arena);
}

static void without_a_hypothesis_nothing_is_decided(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    const struct hv_pair_result pair = pair_at("builtin", 4);
    const struct hv_hypothesis none = {.present = false};
    assert_string_equal(hv_decide(&none, &pair, 1, &plain, arena).matrix,
                        "not applied");
    assert_string_equal(hv_decide(NULL, &pair, 1, &plain, arena).matrix, "not applied");
    assert_true(hv_predict(&pair, &none, 200, &plain, arena).speedup == 0);
    hv_arena_close(arena);
}

/* Whose prediction counts, and by which thresholds. */
static void predictions_come_from_the_hypothesis(void **state)
{
    (void)state;
    static const struct {
        const char *set, *name;
        double own, at, predicted;
        enum hv_match verdict;
        const char *rule;
    } rows[] = {
        {"builtin", "bind",  200, 6,   10, HV_MATCH,     "at least 6x, 60 % of what was"},
        {"builtin", "bind",  200, 5.9, 10, HV_PARTIAL,
         "at least 2x, but below 6x, 60 %"                                              },
        {"builtin", "bind",  200, 1.9, 10, HV_FAIL,      "below 2x."                    },
        {"mine",    "bind",  50,  2.5, 4,  HV_MATCH,     "at least 2.4x, 60 % of what"  },
 /* not named: a built-in pair has no prediction then, a plugin's its own */
        {"builtin", "other", 200, 2,   0,  HV_UNDECIDED, "predicts nothing"             },
        {"other",   "bind",  50,  30,  50, HV_MATCH,     "at least 25x, half of what"   },
        {"other",   "bind",  50,  1.6, 50, HV_PARTIAL,   "at least 1.5x, but below 25x" },
    };
    struct hv_arena *arena = hv_arena_open();
    const struct hv_hypothesis h = sample_hypothesis_from(arena, two_pairs);
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        struct hv_pair_result pair = pair_at(rows[i].set, rows[i].at);
        pair.name = rows[i].name;
        const struct hv_prediction found =
            hv_predict(&pair, &h, rows[i].own, &plain, arena);
        if (found.verdict != rows[i].verdict || !strstr(found.rule, rows[i].rule) ||
            fabs(found.speedup - rows[i].predicted) > 0)
            fail_msg("row %zu: %g, %s: %s", i, found.speedup,
                     hv_match_name(found.verdict), found.rule);
    }
    hv_arena_close(arena);
}

static void a_hypothesis_of_bits_wants_them(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_hypothesis h = sample_hypothesis_from(arena, two_pairs);
    assert_null(hv_why_untested(&h, &plain, arena));
    h.bits = 512;
    assert_string_equal(hv_why_untested(&h, &plain, arena),
                        "Predicted for 512 bits; this run had 1024.");
    const struct hv_pair_result pair = pair_at("builtin", 4);
    const struct hv_decision found = hv_decide(&h, &pair, 1, &plain, arena);
    assert_string_equal(found.next[0], "Run with --dim 512 to test the hypothesis.");
    hv_arena_close(arena);
}

/* ---- predictions of single arms */

static struct hv_figure figures[2] = {
    {.name = "time",         .evidence = {.unit = "ns"}   },
    {.name = "memcpy_bytes", .evidence = {.unit = "bytes"}},
};

static const struct {
    enum hv_state pair;
    enum hv_provenance times, copies;
    double time, low, high, bytes;
    enum hv_match of_time, of_bytes;
    const char *time_rule, *bytes_rule;
} arm_rows[] = {
#define ROW(...)                                                                       \
    {                                                                                  \
        __VA_ARGS__                                                                    \
    }
    ROW(HV_QUIET, HV_MEASURED, HV_TRACED, 60, 50, 70, 512, HV_MATCH, HV_MATCH,
        "factor of 2", "equal"),
    ROW(HV_QUIET, HV_MEASURED, HV_TRACED, 199, 190, 200, 511, HV_MATCH, HV_FAIL,
        "factor of 2", "1 bytes fewer"),
    ROW(HV_QUIET, HV_MEASURED, HV_TRACED, 50, 49, 51, 513, HV_UNDECIDED, HV_FAIL,
        "both sides", "1 bytes more"),
    ROW(HV_QUIET, HV_MEASURED, HV_DECLARED, 5, 4, 6, 512, HV_FAIL, HV_UNDECIDED,
        "20x less", "declared only"),
    ROW(HV_QUIET, HV_MEASURED, HV_ABSENT, 201, 200.5, 202, 0, HV_FAIL, HV_UNDECIDED,
        "2.01x more", "no trace here"),
    ROW(HV_CONTENDED, HV_MEASURED, HV_TRACED, 60, 50, 70, 512, HV_UNDECIDED, HV_MATCH,
        "contended", "equal"),
    ROW(HV_QUIET, HV_ABSENT, HV_TRACED, 0, 0, 0, 0, HV_UNDECIDED, HV_FAIL,
        "no trace here", "512 bytes fewer"),
    ROW(HV_FAILED, HV_MEASURED, HV_TRACED, 60, 50, 70, 512, HV_UNDECIDED, HV_UNDECIDED,
        "failed", "failed"),
};

static void times_and_bytes_of_arms_are_judged(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    const struct hv_hypothesis h = sample_hypothesis_from(arena, two_pairs);
    for (size_t i = 0; i < HV_LEN(arm_rows); i++) {
        struct hv_pair_result pair = pair_at("builtin", 4);
        pair.state = arm_rows[i].pair;
        pair.arm[HV_BASELINE].figures = figures;
        pair.arm[HV_BASELINE].n_figures = 2;
        figures[0].evidence = (struct hv_evidence){
            .provenance = arm_rows[i].times,
            .value = arm_rows[i].time,
            .has_ci = true,
            .ci95 = {arm_rows[i].low, arm_rows[i].high},
            .why = "no trace here"
        };
        figures[1].evidence = (struct hv_evidence){.provenance = arm_rows[i].copies,
                                                   .value = arm_rows[i].bytes,
                                                   .why = "no trace here"};
        hv_predict_arms(&h, &plain, arena, &pair);
        assert_int_equal(pair.n_arm_predictions, 4);
        const struct hv_arm_prediction *time = &pair.arm_predictions[0],
                                       *bytes = &pair.arm_predictions[1];
        assert_true(time->arm == HV_BASELINE && time->predicted == 100);
        assert_true(bytes->arm == HV_BASELINE && bytes->predicted == 512);
        if (time->verdict != arm_rows[i].of_time ||
            !strstr(time->rule, arm_rows[i].time_rule) ||
            bytes->verdict != arm_rows[i].of_bytes ||
            !strstr(bytes->rule, arm_rows[i].bytes_rule))
            fail_msg("row %zu: %s, %s", i, time->rule, bytes->rule);
        assert_true(pair.arm_predictions[3].predicted == 0); /* 0 bytes are told too */
        assert_int_equal(pair.arm_predictions[2].verdict, HV_UNDECIDED); /* absent */
    }
    hv_arena_close(arena);
}

static void an_aa_run_judges_no_arm(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    const struct hv_hypothesis h = sample_hypothesis_from(arena, two_pairs);
    struct hv_pair_result twin = pair_at("builtin", 4), theirs = pair_at("mine", 4);
    hv_predict_arms(&h, &aa, arena, &twin);
    hv_predict_arms(&h, &plain, arena, &theirs);
    assert_int_equal(twin.n_arm_predictions + theirs.n_arm_predictions, 0);
    hv_arena_close(arena);
}

/* ---- reachable counts against every combination */

enum { PAIRS = 4, STEPS = 5, COMBINATIONS = STEPS * STEPS * STEPS * STEPS };
static const double points[STEPS] = {0.5, 1.5, 2.5, 5, 60};

static size_t row_at(const struct hv_counting_table *table, const size_t *at)
{
    for (size_t row = 0; row < table->n_rows; row++) {
        const struct hv_count_rule *rules[] = {&table->rows[row].main,
                                               &table->rows[row].also};
        bool holds = true;
        for (size_t r = 0; r < 2; r++) {
            unsigned count = 0;
            for (size_t i = 0; i < PAIRS; i++)
                count += points[at[i]] >= rules[r]->from &&
                         (!(rules[r]->below > 0) || points[at[i]] < rules[r]->below);
            holds &= count >= rules[r]->pairs;
        }
        if (holds)
            return row;
    }
    return table->n_rows;
}

static struct hv_outcomes by_trying(const struct hv_counting_table *table,
                                    const size_t *low, const size_t *high)
{
    struct hv_outcomes found = {0, 0};
    for (size_t code = 0; code < COMBINATIONS; code++) {
        size_t at[PAIRS], rest = code;
        bool inside = true;
        for (size_t i = 0; i < PAIRS; i++, rest /= STEPS) {
            at[i] = rest % STEPS;
            inside &= at[i] >= low[i] && at[i] <= high[i];
        }
        if (!inside)
            continue;
        const size_t row = row_at(table, at);
        found.rows |= 1u << row;
        for (size_t i = 0; i < PAIRS; i++) {
            size_t varied[PAIRS];
            memcpy(varied, at, sizeof varied);
            for (varied[i] = low[i]; varied[i] <= high[i]; varied[i]++)
                if (row_at(table, varied) != row)
                    found.settle |= 1u << i;
        }
    }
    return found;
}

static uint32_t below(uint32_t *seed, uint32_t limit)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 16) % limit;
}

static void counts_lead_where_combinations_do(void **state)
{
    (void)state;
    static const double edges[] = {0, 1, 2, 3, 50};
    uint32_t seed = 1;
    for (unsigned round = 0; round < 300; round++) {
        struct hv_counting_table table = {.n_rows = 1 + below(&seed, 4)};
        struct hv_range ranges[PAIRS];
        size_t low[PAIRS], high[PAIRS];
        for (size_t row = 0; row < table.n_rows; row++) {
            const size_t from = below(&seed, 4), to = below(&seed, 5);
            const uint32_t need = 1 + below(&seed, 3), also = below(&seed, 3);
            table.rows[row].main =
                (struct hv_count_rule){need, edges[from], to > from ? edges[to] : 0, 0};
            table.rows[row].also =
                (struct hv_count_rule){also, edges[1 + below(&seed, 4)], 0, 0};
        }
        for (size_t i = 0; i < PAIRS; i++) {
            low[i] = below(&seed, STEPS);
            high[i] = low[i] + below(&seed, STEPS - (unsigned)low[i]);
            ranges[i] = (struct hv_range){points[low[i]], points[high[i]]};
        }
        const struct hv_outcomes want = by_trying(&table, low, high),
                                 got = hv_explore(&table, ranges, PAIRS);
        assert_int_equal(got.rows, want.rows);
        assert_int_equal(got.settle, want.settle);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_number_of_pairs_decides),
        cmocka_unit_test(a_plugin_s_pair_keeps_the_decision_open),
        cmocka_unit_test(without_a_hypothesis_nothing_is_decided),
        cmocka_unit_test(predictions_come_from_the_hypothesis),
        cmocka_unit_test(a_hypothesis_of_bits_wants_them),
        cmocka_unit_test(times_and_bytes_of_arms_are_judged),
        cmocka_unit_test(an_aa_run_judges_no_arm),
        cmocka_unit_test(counts_lead_where_combinations_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
