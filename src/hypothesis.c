/* SPDX-License-Identifier: MIT */
/* What every user of a hypothesis may rely on, whether it came from a file or a dump.
 */
#include "src/hypothesis.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *hv_scenario_name(enum hv_scenario scenario)
{
    static const char *const words[] = {
        [HV_SCENARIO_UNDECIDED] = "undecided", [HV_SCENARIO_NONE] = "none",
        [HV_PESSIMISTIC] = "pessimistic",      [HV_REALISTIC] = "realistic",
        [HV_OPTIMISTIC] = "optimistic",
    };
    return (size_t)scenario < HV_LEN(words) ? words[scenario] : "unknown";
}

/* ---- which pair is meant */

bool hv_means_pair(const char *name, const char *kernel_set, const char *pair)
{
    if (!kernel_set || strcmp(kernel_set, "builtin") == 0)
        return strcmp(name, pair) == 0;
    const size_t length = strlen(kernel_set);
    return strncmp(name, kernel_set, length) == 0 && name[length] == ':' &&
           strcmp(name + length + 1, pair) == 0;
}

const struct hv_predicted *hv_predicted_of(const struct hv_hypothesis *hypothesis,
                                           const char *kernel_set, const char *pair)
{
    if (!hypothesis || !hypothesis->present || !pair)
        return NULL;
    for (size_t i = 0; i < hypothesis->n_predictions; i++)
        if (hv_means_pair(hypothesis->predictions[i].pair, kernel_set, pair))
            return &hypothesis->predictions[i];
    return NULL;
}

/* ---- whether the parts fit */

static int __attribute__((format(printf, 3, 4)))
misfit(struct hv_error *error, uint32_t line, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (line)
        return hv_fail(error, -EINVAL, "line %u: %s", (unsigned)line, text);
    return hv_fail(error, -EINVAL, "%s", text);
}

static bool between(double value, double low, double high)
{
    return value >= low && value <= high; /* false for what is no number */
}

/* How far the ratio of two predicted times may be from the predicted speedup: people
 * round. */
static const double rounding = 0.1;

static int check_predicted(const struct hv_hypothesis *h, size_t i,
                           struct hv_error *error)
{
    const struct hv_predicted *p = &h->predictions[i];
    for (size_t before = 0; before < i; before++)
        if (strcmp(h->predictions[before].pair, p->pair) == 0)
            return misfit(error, p->line, "predictions.%s: it stands here twice",
                          p->pair);
    if (!between(p->speedup, 1e-6, 1e9))
        return misfit(error, p->line,
                      "predictions.%s.speedup: want a factor above 0, up to 1e9",
                      p->pair);
    for (int arm = 0; arm < 2; arm++)
        if (!between(p->time_ns[arm], 0, 1e15) || !between(p->bytes[arm], 0, 1e15))
            return misfit(error, p->line,
                          "predictions.%s: a time or a number of bytes is out of range",
                          p->pair);
    const double *time = p->time_ns;
    const double ratio = time[0] > 0 && time[1] > 0 ? time[0] / time[1] : p->speedup;
    if (fabs(ratio / p->speedup - 1) > rounding)
        return misfit(error, p->line,
                      "predictions.%s: a speedup of %.4g is predicted, but the two "
                      "times give %.4g",
                      p->pair, p->speedup, ratio);
    return 0;
}

static int check_rule(const struct hv_hypothesis *h, const char *where, size_t i,
                      const struct hv_count_rule *rule, double *tallies,
                      struct hv_error *error)
{
    const bool any_end = rule->from > 0 || rule->below > 0;
    if (rule->pairs == 0)
        return 0;
    if (rule->pairs > h->n_predictions)
        return misfit(error, rule->line,
                      "%s[%zu]: it asks for %u pairs, but only %zu are predicted",
                      where, i, (unsigned)rule->pairs, h->n_predictions);
    if (!any_end || !between(rule->from, 0, 1e9) || !between(rule->below, 0, 1e9))
        return misfit(error, rule->line,
                      "%s[%zu]: a rule needs from, below or both, up to 1e9", where, i);
    if (rule->below > 0 && rule->below <= rule->from)
        return misfit(error, rule->line,
                      "%s[%zu]: below (%.4g) is not above from (%.4g)", where, i,
                      rule->below, rule->from);
    *tallies *= rule->pairs + 1;
    if (*tallies > HV_MAX_TALLIES)
        return misfit(error, rule->line,
                      "%s[%zu]: too many rules that ask for so many pairs", where, i);
    return 0;
}

static int check_scenario(const struct hv_hypothesis *h, size_t i, double *tallies,
                          struct hv_error *error)
{
    const struct hv_scenario_row *row = &h->scenarios[i];
    if (row->id < HV_PESSIMISTIC || row->id > HV_OPTIMISTIC)
        return misfit(error, row->line,
                      "scenarios[%zu].id: want pessimistic, realistic or optimistic",
                      i);
    for (size_t before = 0; before < i; before++)
        if (h->scenarios[before].id == row->id)
            return misfit(error, row->line, "scenarios[%zu].id: %s stands here twice",
                          i, hv_scenario_name(row->id));
    if (row->rule.pairs == 0)
        return misfit(error, row->line, "scenarios[%zu]: its rule asks for no pair", i);
    const int rc = check_rule(h, "scenarios", i, &row->rule, tallies, error);
    return rc ? rc : check_rule(h, "scenarios", i, &row->also, tallies, error);
}

static int check_matrix(const struct hv_hypothesis *h, size_t i, double *tallies,
                        struct hv_error *error)
{
    const struct hv_matrix_row *row = &h->matrix[i];
    if (row->rule.pairs == 0)
        return misfit(error, row->line, "matrix[%zu]: its rule asks for no pair", i);
    bool known = false;
    for (size_t s = 0; s < h->n_scenarios; s++)
        known |= strcmp(h->scenarios[s].action, row->action) == 0;
    if (!known)
        return misfit(error, row->line,
                      "matrix[%zu].action: %.60s is the action of no scenario", i,
                      row->action);
    return check_rule(h, "matrix", i, &row->rule, tallies, error);
}

static int check_numbers(const struct hv_hypothesis *h, struct hv_error *error)
{
    const struct hv_thresholds *t = &h->thresholds;
    if (h->n_predictions == 0 || h->n_predictions > HV_MAX_PREDICTIONS)
        return misfit(error, 0, "predictions: want 1 to %d pairs", HV_MAX_PREDICTIONS);
    if (h->n_scenarios == 0 || h->n_matrix == 0 || h->n_matrix > HV_MAX_RULES)
        return misfit(error, 0,
                      "want at least one scenario, and 1 to %d rows of the "
                      "matrix",
                      HV_MAX_RULES);
    if (h->share < 0 || h->share >= 1 || h->bits > HV_HYPOTHESIS_MAX_BITS)
        return misfit(error, 0, "share or bits are out of range");
    if (!between(t->match_share, 1e-6, 1) || !between(t->partial_from, 1, 1e9))
        return misfit(error, 0,
                      "thresholds: match_share or partial_from are out of "
                      "range");
    return 0;
}

int hv_hypothesis_check(const struct hv_hypothesis *h, struct hv_error *error)
{
    double by_scenarios = 1, by_matrix = 1;
    int rc = check_numbers(h, error);
    for (size_t i = 0; i < h->n_predictions && !rc; i++)
        rc = check_predicted(h, i, error);
    for (size_t i = 0; i < h->n_scenarios && !rc; i++)
        rc = check_scenario(h, i, &by_scenarios, error);
    for (size_t i = 0; i < h->n_matrix && !rc; i++)
        rc = check_matrix(h, i, &by_matrix, error);
    return rc;
}
