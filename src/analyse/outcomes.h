/* SPDX-License-Identifier: MIT */
/* What a table of counting rules can come to while some speedups are known only as
 * ranges. */
#ifndef HV_ANALYSE_OUTCOMES_H
#define HV_ANALYSE_OUTCOMES_H

#include "src/analyse/prediction.h"

/* A row holds if both rules do; the first row that holds is the outcome. */
struct hv_counting_row {
    struct hv_count_rule main, also;
};

/* What hv_hypothesis_check has let through: at most HV_MAX_RULES rows, and the product
 * of pairs + 1 over all rules at most HV_MAX_TALLIES. */
struct hv_counting_table {
    struct hv_counting_row rows[HV_MAX_RULES];
    size_t n_rows;
};

struct hv_outcomes {
    uint32_t rows;   /* bit i: some speedups lead to row i; bit n_rows: to none */
    uint32_t settle; /* bit i: settling pair i alone can change the row */
};

/* Over every combination of speedups in the n ranges (n <= HV_MAX_PREDICTIONS). Rules
 * only count, so what is followed is the set of counts that can be reached, not the
 * combinations: they would be too many. */
struct hv_outcomes hv_explore(const struct hv_counting_table *table,
                              const struct hv_range *ranges, size_t n);

/* Whether settling pair i alone can change the row. */
bool hv_settles(const struct hv_counting_table *table, const struct hv_range *ranges,
                size_t n, size_t i);

#endif
