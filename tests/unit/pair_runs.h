/* SPDX-License-Identifier: MIT */
/* What the tests of the built-in pairs share. Each fails the test that calls it. */
#ifndef HV_TESTS_PAIR_RUNS_H
#define HV_TESTS_PAIR_RUNS_H

#include <stdbool.h>
#include <stdint.h>

#include "kernels/hvperf.h"

typedef void hv_pair_fn(const struct hv_pair *pair);

/* Acts on every row that runs here: at its first place only, or at all and the twins.
 */
void hv_each_pair(hv_pair_fn *act, bool all);

/* setup, which must succeed. */
void hv_start(struct hv_work *work, const struct hv_pair *pair,
              const struct hv_size *size);

void hv_expect_right(const struct hv_pair *pair, const struct hv_work *work);

/* Runs an arm on fresh inputs; returns a copy of the right result, to be freed. */
void *hv_run_fresh(const struct hv_pair *pair, const struct hv_arm *arm,
                   const struct hv_size *size, uint64_t n);

/* Both arms of the pair, which must leave the same. */
void hv_run_both(const struct hv_pair *pair, const struct hv_size *size, uint64_t n);

#endif
