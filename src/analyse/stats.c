/* SPDX-License-Identifier: MIT */
/* Order statistics: quantiles, and the distribution-free interval of a median. */
#include "src/analyse/stats.h"

#include <math.h>
#include <stdlib.h>

static int ascending(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

void hv_sort(double *values, size_t count)
{
    if (count > 1)
        qsort(values, count, sizeof *values, ascending);
}

double hv_quantile(const double *sorted, size_t count, double q)
{
    const double at = (double)(count - 1) * q;
    const size_t below = (size_t)at;
    if (below + 1 >= count)
        return sorted[count - 1];
    return sorted[below] + (at - (double)below) * (sorted[below + 1] - sorted[below]);
}

size_t hv_median_rank(size_t count)
{
    size_t rank = 0;
    /* P(X = i), kept as a logarithm: 2^-count underflows long before it matters. */
    double log_term = -(double)count * log(2.0), tail = 0;
    while (rank < count) {
        tail += exp(log_term);
        if (2 * tail > 0.05)
            return rank;
        log_term += log((double)(count - rank) / (double)(rank + 1));
        rank++;
    }
    return rank;
}

struct hv_median hv_median_of(const double *sorted, size_t count)
{
    struct hv_median median = {.value = hv_quantile(sorted, count, 0.5)};
    const size_t rank = hv_median_rank(count);
    if (rank == 0)
        return median;
    median.has_ci = 1;
    median.ci95[0] = sorted[rank - 1];
    median.ci95[1] = sorted[count - rank];
    return median;
}
