/* SPDX-License-Identifier: MIT */
/* The built-in pairs with a change: every experiment's arms, and other footprints. */
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
#include "tests/unit/pair_runs.h"

static const struct hv_size usual = {.dim_bits = 2048, .seed = 7};

/* ---- experiments ---------------------------------------------------------------- */

static void experiments_of(const struct hv_pair *pair, const struct hv_size *size)
{
    for (uint32_t e = 0; e < pair->n_experiments; e++) {
        const struct hv_experiment *experiment = &pair->experiments[e];
        if (experiment->differs)
            continue;
        free(hv_run_fresh(pair, &experiment->baseline, size, 2));
        free(hv_run_fresh(pair, &experiment->candidate, size, 2));
    }
}

static void small_experiments(const struct hv_pair *pair)
{
    experiments_of(pair, &usual);
    experiments_of(pair, &(struct hv_size){.dim_bits = 512, .seed = 5});
}

static void large_experiments(const struct hv_pair *pair)
{
    if (!strcmp(pair->isa, hv_isa_best()->name)) /* the reference takes its time */
        experiments_of(pair, &(struct hv_size){.dim_bits = 65536, .seed = 6});
}

static void changed_arms_are_right(void **state)
{
    (void)state;
    hv_each_pair(small_experiments, true);
    hv_each_pair(large_experiments, false);
}

static bool is_own_arm(const struct hv_pair *pair, const struct hv_arm *arm)
{
    return arm->run == pair->baseline.run || arm->run == pair->candidate.run;
}

/* The same list at every place; the baseline is the pair's own arm, but for isolated.
 */
static void lists(const struct hv_pair *pair)
{
    assert_in_range(pair->n_experiments, 0, HV_EXPERIMENTS);
    for (uint32_t e = 0; e < pair->n_experiments; e++) {
        const struct hv_experiment *experiment = &pair->experiments[e];
        const bool both = !strcmp(experiment->name, "isolated");
        assert_true(is_own_arm(pair, &experiment->baseline) != both);
        assert_false(is_own_arm(pair, &experiment->candidate));
        assert_true(experiment->baseline.run != experiment->candidate.run);
        for (uint32_t k = 0; k < e; k++)
            assert_string_not_equal(experiment->name, pair->experiments[k].name);
    }
}

static void lists_of_experiments(void **state)
{
    (void)state;
    hv_each_pair(lists, true);
    for (size_t r = 0; r < hv_builtin_kernels.n_rows; r++)
        for (size_t p = 1; p < HV_PLACES && hv_builtin_kernels.rows[r].at[p]; p++) {
            const struct hv_pair *first = hv_builtin_kernels.rows[r].at[0],
                                 *pair = hv_builtin_kernels.rows[r].at[p];
            assert_int_equal(pair->n_experiments, first->n_experiments);
            for (uint32_t e = 0; e < pair->n_experiments; e++)
                assert_string_equal(pair->experiments[e].name,
                                    first->experiments[e].name);
        }
}

/* ---- footprints ------------------------------------------------------------------ */

static void footprints_of(const struct hv_pair *pair)
{
    static const uint64_t asked[] = {1, 8192, UINT64_C(256) * 1001};
    for (size_t i = 0; pair->sweeps && i < sizeof asked / sizeof asked[0]; i++) {
        const struct hv_size size = {2048, 9, asked[i]};
        struct hv_work work;
        hv_start(&work, pair, &size);
        assert_in_range(work.footprint, 1, asked[i] < 256 ? 256 : asked[i]);
        assert_true(work.bytes >= work.footprint);
        pair->teardown(&work);
        hv_run_both(pair, &size, 2);
        experiments_of(pair, &size);
    }
}

static void right_at_any_footprint(void **state)
{
    (void)state;
    hv_each_pair(footprints_of, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changed_arms_are_right),
        cmocka_unit_test(lists_of_experiments),
        cmocka_unit_test(right_at_any_footprint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
