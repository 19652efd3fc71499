/* SPDX-License-Identifier: MIT */
/* From the speedups of the pairs that the hypothesis predicts to a scenario, a row of
 * its matrix and the next steps. */
#include "src/analyse/decision.h"

#include <string.h>

#include "src/analyse/next_steps.h"
#include "src/analyse/outcomes.h"
#include "src/analyse/prediction.h"
#include "src/base/error.h"

/* The pairs predicted, in that order, and the two tables that count them. */
struct matter {
    const struct hv_hypothesis *hypothesis;
    const struct hv_pair_result *pairs[HV_MAX_PREDICTIONS];
    struct hv_range ranges[HV_MAX_PREDICTIONS];
    size_t n;
    struct hv_counting_table scenarios, matrix;
    struct hv_outcomes by_scenario, by_matrix;
    struct hv_arena *arena;
};

static bool is_one(uint32_t rows)
{
    return (rows & (rows - 1)) == 0;
}

static size_t only_row(uint32_t rows)
{
    size_t row = 0;
    while (!(rows >> row & 1))
        row++;
    return row;
}

/* "bind, allocation"; "none" for an empty set. */
static const char *names_of(const struct matter *m, uint32_t set)
{
    const char *text = "";
    for (size_t i = 0; i < m->n; i++)
        if (set >> i & 1)
            text = hv_arena_printf(m->arena, "%s%s%s", text, *text ? ", " : "",
                                   m->hypothesis->predictions[i].pair);
    return *text ? text : "none";
}

static void fill_tables(struct matter *m)
{
    const struct hv_hypothesis *h = m->hypothesis;
    m->scenarios.n_rows = h->n_scenarios;
    for (size_t i = 0; i < h->n_scenarios; i++)
        m->scenarios.rows[i] =
            (struct hv_counting_row){h->scenarios[i].rule, h->scenarios[i].also};
    m->matrix.n_rows = h->n_matrix;
    for (size_t i = 0; i < h->n_matrix; i++)
        m->matrix.rows[i] = (struct hv_counting_row){.main = h->matrix[i].rule};
}

/* Returns those that were not measured. */
static uint32_t find_pairs(struct matter *m, const struct hv_pair_result *pairs,
                           size_t n_pairs)
{
    uint32_t missing = 0;
    for (size_t i = 0; i < m->n; i++) {
        const char *name = m->hypothesis->predictions[i].pair;
        for (size_t p = 0; p < n_pairs; p++)
            if (!pairs[p].control && pairs[p].prediction.speedup > 0 && pairs[p].name &&
                hv_means_pair(name, pairs[p].kernel_set, pairs[p].name))
                m->pairs[i] = &pairs[p];
        if (m->pairs[i])
            m->ranges[i] = hv_speedup_range(m->pairs[i]);
        else
            missing |= 1u << i;
    }
    return missing;
}

/* ---- where each pair stands */

static const char *range_words(const struct hv_count_rule *rule, struct hv_arena *arena)
{
    if (!(rule->from > 0))
        return hv_arena_printf(arena, "Below %.4gx", rule->below);
    if (!(rule->below > 0))
        return hv_arena_printf(arena, "At least %.4gx", rule->from);
    return hv_arena_printf(arena, "%.4gx to %.4gx", rule->from, rule->below);
}

/* Pairs that lie in the rule's range, or (touching) partly in it. */
static uint32_t pairs_in(const struct matter *m, const struct hv_count_rule *rule,
                         bool touching)
{
    uint32_t set = 0;
    for (size_t i = 0; i < m->n; i++) {
        const double low = touching ? m->ranges[i].high : m->ranges[i].low,
                     high = touching ? m->ranges[i].low : m->ranges[i].high;
        if (low >= rule->from && (!(rule->below > 0) || high < rule->below))
            set |= 1u << i;
    }
    return set;
}

/* The scenario whose range begins next above that of `last`; NULL: the lowest one.
 * Of equal ones the later ones are left out. */
static const struct hv_count_rule *next_range(const struct matter *m,
                                              const struct hv_count_rule *last)
{
    const struct hv_count_rule *next = NULL;
    for (size_t i = 0; i < m->hypothesis->n_scenarios; i++) {
        const struct hv_count_rule *rule = &m->hypothesis->scenarios[i].rule;
        if ((!last || rule->from > last->from) && (!next || rule->from < next->from))
            next = rule;
    }
    return next;
}

/* Where each pair stands, as far as it is decided. */
static const char *tally(const struct matter *m)
{
    const char *text = "";
    uint32_t within = 0, touched = 0;
    for (const struct hv_count_rule *rule = NULL; (rule = next_range(m, rule));) {
        text =
            hv_arena_printf(m->arena, "%s%s: %s. ", text, range_words(rule, m->arena),
                            names_of(m, pairs_in(m, rule, false)));
        within |= pairs_in(m, rule, false);
        touched |= pairs_in(m, rule, true);
    }
    const uint32_t elsewhere = ~touched & ((1u << m->n) - 1);
    if (elsewhere)
        text = hv_arena_printf(m->arena, "%sIn none of these: %s. ", text,
                               names_of(m, elsewhere));
    return hv_arena_printf(m->arena, "%sUndecided: %s.", text,
                           names_of(m, touched & ~within));
}

/* ---- what the tables say */

static const char *matrix_words(const struct matter *m)
{
    const struct hv_hypothesis *h = m->hypothesis;
    const char *text = "";
    for (size_t row = 0; row <= h->n_matrix; row++)
        if (m->by_matrix.rows >> row & 1)
            text = hv_arena_printf(m->arena, "%s%s%s", text, *text ? "; or " : "",
                                   row < h->n_matrix ? h->matrix[row].words
                                                     : "no row holds");
    return is_one(m->by_matrix.rows)
               ? text
               : hv_arena_printf(m->arena, "undecided: %s (to be settled: %s)", text,
                                 names_of(m, m->by_matrix.settle));
}

/* Sets decision->scenario and rule. */
static void judge_scenario(const struct matter *m, struct hv_decision *decision)
{
    const struct hv_hypothesis *h = m->hypothesis;
    const char *where = tally(m);
    if (!is_one(m->by_scenario.rows)) {
        decision->scenario = HV_SCENARIO_UNDECIDED;
        decision->rule = hv_arena_printf(m->arena, "%s The scenario depends on: %s.",
                                         where, names_of(m, m->by_scenario.settle));
        return;
    }
    const size_t row = only_row(m->by_scenario.rows);
    const bool fits = row < h->n_scenarios;
    decision->scenario = fits ? h->scenarios[row].id : HV_SCENARIO_NONE;
    decision->rule =
        fits ? hv_arena_printf(m->arena, "%s The rule: %s.", where,
                               h->scenarios[row].words)
             : hv_arena_printf(m->arena, "%s This fits none of the scenarios.", where);
}

/* NULL: no row of the matrix. */
static const char *action_of_row(const struct hv_hypothesis *h, size_t row)
{
    return row < h->n_matrix ? h->matrix[row].action : NULL;
}

static bool same_action(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static enum hv_accord accord_of(const struct matter *m, enum hv_scenario scenario)
{
    const char *action = hv_scenario_action(m->hypothesis, scenario);
    bool differs = false;
    if (!action)
        return HV_ACCORD_NONE;
    for (size_t row = 0; row <= m->hypothesis->n_matrix; row++)
        if (m->by_matrix.rows >> row & 1)
            differs |= !same_action(action_of_row(m->hypothesis, row), action);
    if (!differs)
        return HV_AGREES;
    return is_one(m->by_matrix.rows) ? HV_DIFFERS : HV_MAY_DIFFER;
}

/* NULL, or how the matrix stands to a decided scenario, if not beside it. */
static const char *difference(const struct matter *m,
                              const struct hv_decision *decision)
{
    const struct hv_hypothesis *h = m->hypothesis;
    const size_t row =
        is_one(m->by_matrix.rows) ? only_row(m->by_matrix.rows) : h->n_matrix;
    switch (decision->accord) {
    case HV_AGREES: return NULL;
    case HV_MAY_DIFFER:
        return "The matrix is undecided, and may ask for something else.";
    case HV_DIFFERS:
        if (row == h->n_matrix)
            return "No row of the matrix holds, so it does not confirm this.";
        return hv_arena_printf(m->arena,
                               "Scenario and matrix disagree; the matrix says: %s.",
                               h->matrix[row].words);
    case HV_ACCORD_NONE: break;
    }
    if (decision->scenario != HV_SCENARIO_NONE)
        return NULL;
    if (!is_one(m->by_matrix.rows))
        return "The matrix is undecided, and may ask for something else.";
    return row == h->n_matrix
               ? NULL
               : hv_arena_printf(m->arena, "The matrix, however, says: %s.",
                                 h->matrix[row].words);
}

/* ---- what to do */

/* The steps of the scenario, and that of the matrix where it is another. */
static void add_decided(const struct matter *m, struct hv_decision *decision)
{
    const struct hv_hypothesis *h = m->hypothesis;
    hv_scenario_steps(decision, h, m->arena);
    if (!is_one(m->by_matrix.rows))
        return;
    const size_t row = only_row(m->by_matrix.rows);
    if (row < h->n_matrix &&
        !same_action(h->matrix[row].action, hv_scenario_action(h, decision->scenario)))
        hv_add_step(decision, h->matrix[row].step, m->arena);
}

/* Without its placement band pair i would still keep the decision open. */
static bool open_by_interval(const struct matter *m, size_t i)
{
    struct hv_range ranges[HV_MAX_PREDICTIONS];
    const struct hv_pair_result *pair = m->pairs[i];
    if (pair->state != HV_QUIET || !pair->speedup.present)
        return true;
    memcpy(ranges, m->ranges, sizeof ranges);
    ranges[i] = (struct hv_range){pair->speedup.ci95[0], pair->speedup.ci95[1]};
    return hv_settles(&m->scenarios, ranges, m->n, i) ||
           hv_settles(&m->matrix, ranges, m->n, i);
}

static void add_settling(const struct matter *m, const struct hv_settings *settings,
                         struct hv_decision *decision)
{
    struct hv_open_pair open[HV_MAX_PREDICTIONS];
    const uint32_t settle = m->by_matrix.settle | m->by_scenario.settle;
    size_t count = 0;
    for (size_t i = 0; i < m->n; i++)
        if (settle >> i & 1)
            open[count++] =
                (struct hv_open_pair){m->pairs[i], m->hypothesis->predictions[i].pair,
                                      open_by_interval(m, i)};
    hv_settling_steps(decision, open, count, settings, m->arena);
}

static struct hv_decision decide(struct matter *m, const struct hv_settings *settings)
{
    struct hv_decision decision = {0};
    fill_tables(m);
    m->by_matrix = hv_explore(&m->matrix, m->ranges, m->n);
    m->by_scenario = hv_explore(&m->scenarios, m->ranges, m->n);
    decision.matrix = matrix_words(m);
    judge_scenario(m, &decision);
    decision.accord = accord_of(m, decision.scenario);
    const char *but = difference(m, &decision);
    if (but)
        decision.rule = hv_arena_printf(m->arena, "%s %s", decision.rule, but);
    add_settling(m, settings, &decision);
    add_decided(m, &decision);
    return decision;
}

static struct hv_decision no_decision(const char *rule, const char *next,
                                      struct hv_arena *arena)
{
    struct hv_decision decision = {
        .scenario = HV_SCENARIO_UNDECIDED, .matrix = "not applied", .rule = rule};
    hv_add_step(&decision, next, arena);
    return decision;
}

static struct hv_decision untested_decision(const struct hv_hypothesis *hypothesis,
                                            const struct hv_settings *settings,
                                            const char *why, struct hv_arena *arena)
{
    if (settings->aa)
        return no_decision(why, "Run without --aa to test the hypothesis.", arena);
    return no_decision(
        why,
        hv_arena_printf(arena, "Run with --dim %u%s to test the hypothesis.",
                        (unsigned)hypothesis->bits,
                        hypothesis->bits == HV_USUAL_BITS ? ", the default," : ""),
        arena);
}

struct hv_decision hv_decide(const struct hv_hypothesis *hypothesis,
                             const struct hv_pair_result *pairs, size_t n_pairs,
                             const struct hv_settings *settings, struct hv_arena *arena)
{
    if (!hypothesis || !hypothesis->present)
        return no_decision("This run tests no hypothesis.",
                           "Run with a hypothesis to get a decision.", arena);
    const char *untested = hv_why_untested(hypothesis, settings, arena);
    if (untested)
        return untested_decision(hypothesis, settings, untested, arena);
    struct matter m = {
        .hypothesis = hypothesis, .n = hypothesis->n_predictions, .arena = arena};
    const uint32_t missing = find_pairs(&m, pairs, n_pairs);
    if (!missing)
        return decide(&m, settings);
    const char *names = names_of(&m, missing);
    return no_decision(
        hv_arena_printf(arena,
                        "The decision is about the %zu pair%s that the hypothesis "
                        "predicts; this run did not measure: %s.",
                        m.n, m.n == 1 ? "" : "s", names),
        hv_arena_printf(
            arena, "Run without --pairs, so that these are measured too: %s.", names),
        arena);
}
