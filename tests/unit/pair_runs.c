/* SPDX-License-Identifier: MIT */
/* Runs built-in pairs, and expects their results to be right. */
#include "tests/unit/pair_runs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/builtin.h"
#include "kernels/isa.h"

static bool runs_here(const struct hv_pair *pair)
{
    const struct hv_isa *isa = hv_isa_find(pair->isa);
    return isa ? hv_isa_available(isa) : !strcmp(pair->isa, "any");
}

void hv_each_pair(hv_pair_fn *act, bool all)
{
    for (size_t r = 0; r < hv_builtin_kernels.n_rows; r++) {
        const struct hv_kernel_row *row = &hv_builtin_kernels.rows[r];
        if (!runs_here(row->at[0]))
            continue;
        for (size_t p = 0; p < (all ? HV_PLACES : 1); p++) {
            if (row->at[p])
                act(row->at[p]);
            if (all && row->twin[p])
                act(row->twin[p]);
        }
    }
}

void hv_start(struct hv_work *work, const struct hv_pair *pair,
              const struct hv_size *size)
{
    memset(work, 0, sizeof *work);
    assert_int_equal(pair->setup(work, size), 0);
    assert_non_null(work->result);
    assert_true(work->result_bytes > 0);
}

void hv_expect_right(const struct hv_pair *pair, const struct hv_work *work)
{
    char why[200] = "";
    const int rc = pair->check(work, why, sizeof why);
    if (rc)
        print_message("%s %s: %s\n", pair->name, pair->isa, why);
    assert_int_equal(rc, 0);
    assert_string_equal(why, "");
}

void *hv_run_fresh(const struct hv_pair *pair, const struct hv_arm *arm,
                   const struct hv_size *size, uint64_t n)
{
    struct hv_work work;
    hv_start(&work, pair, size);
    arm->run(work.ctx, n);
    hv_expect_right(pair, &work);
    void *left = malloc(work.result_bytes);
    assert_non_null(left);
    memcpy(left, work.result, work.result_bytes);
    pair->teardown(&work);
    return left;
}

void hv_run_both(const struct hv_pair *pair, const struct hv_size *size, uint64_t n)
{
    struct hv_work work;
    hv_start(&work, pair, size);
    void *baseline = hv_run_fresh(pair, &pair->baseline, size, n);
    void *candidate = hv_run_fresh(pair, &pair->candidate, size, n);
    assert_memory_equal(baseline, candidate, work.result_bytes);
    pair->teardown(&work);
    free(baseline);
    free(candidate);
}
