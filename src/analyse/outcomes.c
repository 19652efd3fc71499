/* SPDX-License-Identifier: MIT */
/* Reachable counts: each rule has a digit, which stops at what the rule asks for; the
 * digits of all rules are one number, and the set of numbers that can be reached grows
 * pair by pair. */
#include "src/analyse/outcomes.h"

enum { RULES = 2 * HV_MAX_RULES, EDGES = 2 * RULES };

struct digit {
    const struct hv_count_rule *rule;
    uint32_t weight; /* what a count of 1 adds to the number */
};

struct count {
    const struct hv_counting_table *table;
    struct digit digits[RULES];
    size_t n_digits;
    double edges[EDGES]; /* class i: edges[i-1] <= speedup < edges[i] */
    size_t n_edges;
    uint32_t numbers;         /* they are below it */
    uint32_t adds[EDGES + 1]; /* per class, bit d: digit d counts it */
};

struct set {
    bool holds[HV_MAX_TALLIES];
};

static void add_edge(struct count *count, double edge)
{
    for (size_t i = 0; i < count->n_edges; i++)
        if (!(count->edges[i] < edge || count->edges[i] > edge))
            return;
    size_t at = count->n_edges++;
    for (; at > 0 && count->edges[at - 1] > edge; at--)
        count->edges[at] = count->edges[at - 1];
    count->edges[at] = edge;
}

static void add_rule(struct count *count, const struct hv_count_rule *rule)
{
    if (!rule->pairs)
        return;
    count->digits[count->n_digits++] = (struct digit){rule, count->numbers};
    count->numbers *= rule->pairs + 1;
    if (rule->from > 0)
        add_edge(count, rule->from);
    if (rule->below > 0)
        add_edge(count, rule->below);
}

static void make_count(struct count *count, const struct hv_counting_table *table)
{
    *count = (struct count){.table = table, .numbers = 1};
    for (size_t row = 0; row < table->n_rows; row++) {
        add_rule(count, &table->rows[row].main);
        add_rule(count, &table->rows[row].also);
    }
    for (size_t class = 0; class <= count->n_edges; class ++)
        for (size_t d = 0; d < count->n_digits; d++) {
            const struct hv_count_rule *rule = count->digits[d].rule;
            const double low = class ? count->edges[class - 1] : 0;
            const bool below = !(rule->below > 0) || low < rule->below;
            if ((class ? low >= rule->from : !(rule->from > 0)) && below)
                count->adds[class] |= 1u << d;
        }
}

static size_t class_of(const struct count *count, double speedup)
{
    size_t class = 0;
    while (class < count->n_edges && speedup >= count->edges[class])
        class ++;
    return class;
}

static uint32_t digit_of(const struct digit *digit, uint32_t number)
{
    return number / digit->weight % (digit->rule->pairs + 1);
}

/* The number after one more pair of that class. */
static uint32_t plus(const struct count *count, uint32_t number, size_t class)
{
    uint32_t sum = number;
    for (size_t d = 0; d < count->n_digits; d++)
        if (count->adds[class] >> d & 1 &&
            digit_of(&count->digits[d], number) < count->digits[d].rule->pairs)
            sum += count->digits[d].weight;
    return sum;
}

/* A rule that asks for nothing has no digit, and holds. */
static bool holds(const struct count *count, uint32_t number,
                  const struct hv_count_rule *rule)
{
    for (size_t d = 0; d < count->n_digits; d++)
        if (count->digits[d].rule == rule)
            return digit_of(&count->digits[d], number) == rule->pairs;
    return true;
}

static uint32_t row_of(const struct count *count, uint32_t number)
{
    const struct hv_counting_table *table = count->table;
    uint32_t row = 0;
    while (row < table->n_rows && !(holds(count, number, &table->rows[row].main) &&
                                    holds(count, number, &table->rows[row].also)))
        row++;
    return row;
}

static void add_pair(const struct count *count, struct hv_range range, struct set *set)
{
    const struct set before = *set;
    *set = (struct set){{false}};
    for (uint32_t number = 0; number < count->numbers; number++)
        for (size_t class = class_of(count, range.low);
             before.holds[number] && class <= class_of(count, range.high); class ++)
            set->holds[plus(count, number, class)] = true;
}

/* All pairs but number `without` (n: all). */
static void reach(const struct count *count, const struct hv_range *ranges, size_t n,
                  size_t without, struct set *set)
{
    *set = (struct set){{false}};
    set->holds[0] = true;
    for (size_t i = 0; i < n; i++)
        if (i != without)
            add_pair(count, ranges[i], set);
}

static bool settles(const struct count *count, const struct hv_range *ranges, size_t n,
                    size_t i)
{
    struct set set;
    const size_t first = class_of(count, ranges[i].low),
                 last = class_of(count, ranges[i].high);
    if (first == last)
        return false;
    reach(count, ranges, n, i, &set);
    for (uint32_t number = 0; number < count->numbers; number++)
        for (size_t class = first + 1; set.holds[number] && class <= last; class ++)
            if (row_of(count, plus(count, number, class)) !=
                row_of(count, plus(count, number, first)))
                return true;
    return false;
}

bool hv_settles(const struct hv_counting_table *table, const struct hv_range *ranges,
                size_t n, size_t i)
{
    struct count count;
    make_count(&count, table);
    return settles(&count, ranges, n, i);
}

struct hv_outcomes hv_explore(const struct hv_counting_table *table,
                              const struct hv_range *ranges, size_t n)
{
    struct hv_outcomes found = {0, 0};
    struct count count;
    struct set set;
    make_count(&count, table);
    reach(&count, ranges, n, n, &set);
    for (uint32_t number = 0; number < count.numbers; number++)
        if (set.holds[number])
            found.rows |= 1u << row_of(&count, number);
    for (size_t i = 0; i < n; i++)
        if (settles(&count, ranges, n, i))
            found.settle |= 1u << i;
    return found;
}
