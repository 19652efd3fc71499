/* SPDX-License-Identifier: MIT */
/* From five speedups to a scenario, a row of the matrix and the next steps. */
#include "src/analyse/decision.h"

#include <string.h>

#include "src/analyse/next_steps.h"
#include "src/analyse/prediction.h"
#include "src/base/error.h"

static const char *const subjects[] = {
    "bind", "batch_1000", "allocation", "stack_vs_heap", "consciousness_cycle",
};
enum { SUBJECTS = HV_LEN(subjects), MOST = 3 };

/* Classes between the thresholds of the rules; class i: thresholds[i-1] <= x <
 * thresholds[i]. "Slower than 1x" needs a margin: A/A runs resolve about 1 %. */
static const double thresholds[] = {0.99, 1.5, 2, 5, 50};
enum { SLOWER, BELOW_1_5, FROM_1_5, FROM_2, FROM_5, FROM_50, CLASSES };

/* At least need pairs in the classes first to last; zeroed: always holds. */
struct count_rule {
    unsigned first, last, need;
};

static const struct {
    struct count_rule main, also;
    enum hv_scenario scenario;
    const char *words;
} scenarios[] = {
    {.main = {FROM_5, FROM_50, MOST},
     .also = {FROM_50, FROM_50, 1},
     .scenario = HV_OPTIMISTIC,
     .words = "at least 5x on 3 or more of the 5 pairs, and at least 50x on one"},
    {.main = {FROM_1_5, FROM_2, MOST},
     .scenario = HV_REALISTIC,
     .words = "1.5x to 5x on 3 or more of the 5 pairs"  },
    {.main = {SLOWER, BELOW_1_5, MOST},
     .scenario = HV_PESSIMISTIC,
     .words = "below 1.5x on 3 or more of the 5 pairs"},
};

/* Keeps the formatter from lining up columns of sentences. */
#define ROW(first, last, need, action, words, step)                                    \
    {                                                                                  \
        {first, last, need}, action, words, step                                       \
    }

/* The first row that holds. */
static const struct {
    struct count_rule rule;
    enum hv_action action;
    const char *words, *step;
} matrix[] = {
    ROW(SLOWER, SLOWER, 1, HV_ACTION_GPU,
        "any pair below 1x: document the failure, move to GPU",
        "By the matrix: write down the pair below 1x as a failure, and plan the move "
        "to GPU."),
    ROW(FROM_5, FROM_50, MOST, HV_ACTION_ZERO_COPY,
        "3 or more pairs at 5x: full zero copy",
        "By the matrix: implement zero copy in full."),
    ROW(FROM_2, FROM_2, MOST, HV_ACTION_SELECTIVE,
        "3 or more pairs at 2x to 5x: selective zero copy",
        "By the matrix: remove the copies of the pairs at 2x to 5x only."),
    ROW(SLOWER, FROM_1_5, MOST, HV_ACTION_GPU, "most pairs below 2x: move to GPU",
        "By the matrix: plan the move to GPU."),
};

/* The classes a pair may be in, and the class it is tried at. */
struct subject {
    const struct hv_pair_result *pair;
    unsigned low, high, at;
};

/* What each of the two tables says: the index of a row, or its length for none. */
typedef size_t outcome_fn(const struct subject *all);

static bool holds(struct count_rule rule, const struct subject *all)
{
    unsigned count = 0;
    for (size_t i = 0; i < SUBJECTS; i++)
        count += all[i].at >= rule.first && all[i].at <= rule.last;
    return count >= rule.need;
}

static size_t scenario_row(const struct subject *all)
{
    size_t row = 0;
    while (row < HV_LEN(scenarios) &&
           !(holds(scenarios[row].main, all) && holds(scenarios[row].also, all)))
        row++;
    return row;
}

static size_t matrix_row(const struct subject *all)
{
    size_t row = 0;
    while (row < HV_LEN(matrix) && !holds(matrix[row].rule, all))
        row++;
    return row;
}

static unsigned class_of(double speedup)
{
    unsigned class = 0;
    while (class < HV_LEN(thresholds) && speedup >= thresholds[class])
        class ++;
    return class;
}

/* Steps through every assignment of classes; false after the last. */
static bool next_assignment(struct subject *all)
{
    for (size_t i = 0; i < SUBJECTS; i++) {
        if (all[i].at < all[i].high) {
            all[i].at++;
            return true;
        }
        all[i].at = all[i].low;
    }
    return false;
}

struct outcomes {
    unsigned rows;   /* bit i: some assignment leads to row i */
    unsigned settle; /* bit i: settling pair i alone can change the row */
};

static unsigned rows_over(outcome_fn *outcome, const struct subject *all, size_t i)
{
    struct subject varied[SUBJECTS];
    unsigned rows = 0;
    memcpy(varied, all, sizeof varied);
    for (varied[i].at = varied[i].low; varied[i].at <= varied[i].high; varied[i].at++)
        rows |= 1u << outcome(varied);
    return rows;
}

static bool is_one(unsigned rows)
{
    return (rows & (rows - 1)) == 0;
}

static struct outcomes explore(outcome_fn *outcome, struct subject *all)
{
    struct outcomes found = {0, 0};
    for (size_t i = 0; i < SUBJECTS; i++)
        all[i].at = all[i].low;
    do {
        found.rows |= 1u << outcome(all);
        for (size_t i = 0; i < SUBJECTS; i++)
            if (!is_one(rows_over(outcome, all, i)))
                found.settle |= 1u << i;
    } while (next_assignment(all));
    return found;
}

static size_t only_row(unsigned rows)
{
    size_t row = 0;
    while (!(rows >> row & 1))
        row++;
    return row;
}

/* "bind, allocation"; "none" for an empty set. */
static const char *names_of(unsigned set, struct hv_arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < SUBJECTS; i++)
        if (set >> i & 1)
            text =
                hv_arena_printf(arena, "%s%s%s", text, *text ? ", " : "", subjects[i]);
    return *text ? text : "none";
}

static unsigned find_subjects(const struct hv_pair_result *pairs, size_t n_pairs,
                              struct subject *all)
{
    unsigned missing = 0;
    for (size_t i = 0; i < SUBJECTS; i++) {
        for (size_t p = 0; p < n_pairs; p++)
            if (hv_of_hypothesis(&pairs[p]) && pairs[p].prediction.speedup > 0 &&
                pairs[p].name && strcmp(pairs[p].name, subjects[i]) == 0)
                all[i].pair = &pairs[p];
        if (!all[i].pair) {
            missing |= 1u << i;
            continue;
        }
        const struct hv_range range = hv_speedup_range(all[i].pair);
        all[i].low = class_of(range.low);
        all[i].high = class_of(range.high);
    }
    return missing;
}

static unsigned subjects_within(const struct subject *all, unsigned first,
                                unsigned last)
{
    unsigned set = 0;
    for (unsigned i = 0; i < SUBJECTS; i++)
        if (all[i].low >= first && all[i].high <= last)
            set |= 1u << i;
    return set;
}

/* Where each pair stands, as far as it is decided. */
static const char *tally(const struct subject *all, struct hv_arena *arena)
{
    const unsigned below = subjects_within(all, SLOWER, BELOW_1_5),
                   middle = subjects_within(all, FROM_1_5, FROM_2),
                   above = subjects_within(all, FROM_5, FROM_50),
                   open = ~(below | middle | above);
    return hv_arena_printf(
        arena, "Below 1.5x: %s. 1.5x to 5x: %s. At least 5x: %s. Undecided: %s.",
        names_of(below, arena), names_of(middle, arena), names_of(above, arena),
        names_of(open, arena));
}

static const char *matrix_words(struct outcomes found, struct hv_arena *arena)
{
    const char *text = "";
    for (size_t row = 0; row <= HV_LEN(matrix); row++)
        if (found.rows >> row & 1)
            text = hv_arena_printf(arena, "%s%s%s", text, *text ? "; or " : "",
                                   row < HV_LEN(matrix) ? matrix[row].words
                                                        : "no row holds");
    return is_one(found.rows)
               ? text
               : hv_arena_printf(arena, "undecided: %s (to be settled: %s)", text,
                                 names_of(found.settle, arena));
}

static struct hv_decision no_decision(const char *rule, const char *next,
                                      struct hv_arena *arena)
{
    struct hv_decision decision = {
        .scenario = HV_SCENARIO_UNDECIDED, .matrix = "not applied", .rule = rule};
    hv_add_step(&decision, next, arena);
    return decision;
}

/* Sets decision->scenario and rule. */
static void judge_scenario(const struct subject *all, struct outcomes found,
                           struct hv_arena *arena, struct hv_decision *decision)
{
    const char *where = tally(all, arena);
    if (!is_one(found.rows)) {
        decision->scenario = HV_SCENARIO_UNDECIDED;
        decision->rule = hv_arena_printf(arena, "%s The scenario depends on: %s.",
                                         where, names_of(found.settle, arena));
        return;
    }
    const size_t row = only_row(found.rows);
    const bool fits = row < HV_LEN(scenarios);
    decision->scenario = fits ? scenarios[row].scenario : HV_SCENARIO_NONE;
    decision->rule =
        fits ? hv_arena_printf(arena, "%s The rule: %s.", where, scenarios[row].words)
             : hv_arena_printf(arena, "%s This fits none of the scenarios.", where);
}

/* Some row that the matrix may come to asks for something else. */
static bool may_differ(struct outcomes found, enum hv_action action)
{
    for (size_t row = 0; row < HV_LEN(matrix); row++)
        if (found.rows >> row & 1 && matrix[row].action != action)
            return true;
    return false;
}

/* NULL, or how the matrix stands to a decided scenario, if not beside it. */
static const char *difference(enum hv_scenario scenario, struct outcomes found,
                              struct hv_arena *arena)
{
    const enum hv_action action = hv_scenario_action(scenario);
    if (scenario == HV_SCENARIO_UNDECIDED)
        return NULL;
    if (!is_one(found.rows))
        return may_differ(found, action)
                   ? "The matrix is undecided, and may ask for something else."
                   : NULL;
    const size_t row = only_row(found.rows);
    if (row == HV_LEN(matrix))
        return action ? "No row of the matrix holds, so it does not confirm this."
                      : NULL;
    if (matrix[row].action == action)
        return NULL;
    return hv_arena_printf(arena,
                           action ? "Scenario and matrix disagree; the matrix says: %s."
                                  : "The matrix, however, says: %s.",
                           matrix[row].words);
}

/* The steps of the scenario, and that of the matrix where it is another. */
static void add_decided(struct hv_decision *decision, struct outcomes found,
                        struct hv_arena *arena)
{
    hv_scenario_steps(decision, arena);
    if (!is_one(found.rows))
        return;
    const size_t row = only_row(found.rows);
    if (row < HV_LEN(matrix) &&
        matrix[row].action != hv_scenario_action(decision->scenario))
        hv_add_step(decision, matrix[row].step, arena);
}

/* Without its placement band pair i would still keep the decision open. */
static bool open_by_interval(const struct subject *all, size_t i)
{
    struct subject narrowed[SUBJECTS];
    const struct hv_pair_result *pair = all[i].pair;
    if (pair->state != HV_QUIET || !pair->speedup.present)
        return true;
    memcpy(narrowed, all, sizeof narrowed);
    narrowed[i].low = class_of(pair->speedup.ci95[0]);
    narrowed[i].high = class_of(pair->speedup.ci95[1]);
    return (explore(scenario_row, narrowed).settle |
            explore(matrix_row, narrowed).settle) >>
               i &
           1;
}

static void add_settling(struct hv_decision *decision, const struct subject *all,
                         unsigned settle, const struct hv_settings *settings,
                         struct hv_arena *arena)
{
    struct hv_open_pair open[SUBJECTS];
    size_t count = 0;
    for (size_t i = 0; i < SUBJECTS; i++)
        if (settle >> i & 1)
            open[count++] =
                (struct hv_open_pair){all[i].pair, open_by_interval(all, i)};
    hv_settling_steps(decision, open, count, settings, arena);
}

static struct hv_decision
decide(struct subject *all, const struct hv_settings *settings, struct hv_arena *arena)
{
    struct hv_decision decision = {0};
    const struct outcomes by_matrix = explore(matrix_row, all),
                          by_scenario = explore(scenario_row, all);
    decision.matrix = matrix_words(by_matrix, arena);
    judge_scenario(all, by_scenario, arena, &decision);
    const char *but = difference(decision.scenario, by_matrix, arena);
    if (but)
        decision.rule = hv_arena_printf(arena, "%s %s", decision.rule, but);
    add_settling(&decision, all, by_matrix.settle | by_scenario.settle, settings,
                 arena);
    add_decided(&decision, by_matrix, arena);
    return decision;
}

struct hv_decision hv_decide(const struct hv_pair_result *pairs, size_t n_pairs,
                             const struct hv_settings *settings, struct hv_arena *arena)
{
    const char *untested = hv_why_untested(settings, arena);
    if (untested)
        return no_decision(untested,
                           settings->aa ? "Run without --aa to test the hypothesis."
                                        : "Run with --dim 2048, the default, to test "
                                          "the hypothesis.",
                           arena);
    struct subject all[SUBJECTS] = {{0}};
    const unsigned missing = find_subjects(pairs, n_pairs, all);
    if (missing) {
        const char *names = names_of(missing, arena);
        return no_decision(hv_arena_printf(arena,
                                           "The decision is about five pairs; this run "
                                           "did not measure: %s.",
                                           names),
                           hv_arena_printf(arena,
                                           "Run without --pairs, so that these are "
                                           "measured too: %s.",
                                           names),
                           arena);
    }
    return decide(all, settings, arena);
}
