/* SPDX-License-Identifier: MIT */
/* Order statistics: quantiles, and the distribution-free interval of a median. */
#ifndef HV_ANALYSE_STATS_H
#define HV_ANALYSE_STATS_H

#include <stddef.h>

void hv_sort(double *values, size_t count);

/* Quantile q (0 to 1) of sorted values, count > 0. Linear interpolation between the
 * order statistics around (count - 1) q: type 7 of Hyndman and Fan, "Sample Quantiles
 * in Statistical Packages", The American Statistician 50 (1996). */
double hv_quantile(const double *sorted, size_t count, double q);

/* The k of the interval [x_(k), x_(count+1-k)] that covers the median with at least
 * 95 %: the largest k with 2 P(Binomial(count, 1/2) <= k - 1) <= 0.05. 0: count is too
 * small (below 6) for any. */
size_t hv_median_rank(size_t count);

/* The median of sorted values and its 95 % interval. */
struct hv_median {
    double value;
    double ci95[2]; /* meaningless unless has_ci */
    int has_ci;
};
struct hv_median hv_median_of(const double *sorted, size_t count);

#endif
