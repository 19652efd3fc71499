/* SPDX-License-Identifier: MIT */
/* Every built-in pair, at every ISA of this CPU, every place and twin: runs and is
 * right. */
#include <errno.h>
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

static const struct hv_size usual = {.dim_bits = 2048, .seed = 7};

/* What the hypothesis says: names, predictions, and the bytes its sources ask to copy
 * at 2048 bits. Controls have a known answer, and copy nothing. */
static const struct {
    const char *pair, *baseline, *candidate;
    double predicted;
    uint64_t copied_baseline;
} expected[] = {
    {"bind",                  "bind_with_copy",                    "bind_zero_copy",            200, 512   },
    {"batch_1000",            "batch_similarities_1000_with_copy",
     "batch_similarities_1000_zero_copy",                                                       167, 512000},
    {"allocation",            "traditional_vec_allocation",        "arena_preallocated_buffer", 100,
     256000                                                                                                },
    {"stack_vs_heap",         "heap_box_allocation",               "stack_allocation",          50,  0     },
    {"consciousness_cycle",   "consciousness_cycle_with_copies",
     "consciousness_cycle_zero_copy",                                                           17,  537600},
    {"control_ratio_8_short", "control_80000_adds",                "control_10000_adds",        8,   0     },
    {"control_ratio_8_long",  "control_1120000_adds",              "control_140000_adds",       8,   0     },
    {"control_imul",          "control_imul_chain",                "control_add_chain",         3,   0     },
    {"control_equal",         "control_equal_first",               "control_equal_second",      1,   0     },
};
#define N_EXPECTED (sizeof expected / sizeof expected[0])
enum { N_CONTROLS = 4, PLACES_AND_TWINS = 2 * HV_PLACES };

static bool runs_here(const struct hv_pair *pair)
{
    const struct hv_isa *isa = hv_isa_find(pair->isa);
    return isa ? hv_isa_available(isa) : !strcmp(pair->isa, "any");
}

typedef void pair_fn(const struct hv_pair *pair);

/* act on every row that runs here: at its first place only, or at all and the twins */
static void each_pair(pair_fn *act, bool all)
{
    for (size_t r = 0; r < hv_builtin_kernels.n_rows; r++) {
        const struct hv_kernel_row *row = &hv_builtin_kernels.rows[r];
        if (!runs_here(row->at[0]))
            continue;
        for (size_t p = 0; p < (all ? HV_PLACES : 1); p++) {
            act(row->at[p]);
            if (all)
                act(row->twin[p]);
        }
    }
}

static void start(struct hv_work *work, const struct hv_pair *pair,
                  const struct hv_size *size)
{
    memset(work, 0, sizeof *work);
    assert_int_equal(pair->setup(work, size), 0);
    assert_non_null(work->result);
    assert_true(work->result_bytes > 0);
}

static void expect_right(const struct hv_pair *pair, const struct hv_work *work)
{
    char why[200] = "";
    const int rc = pair->check(work, why, sizeof why);
    if (rc)
        print_message("%s %s: %s\n", pair->name, pair->isa, why);
    assert_int_equal(rc, 0);
    assert_string_equal(why, "");
}

static void expect_refused(const struct hv_pair *pair, const struct hv_work *work)
{
    char why[200] = "";
    assert_int_equal(pair->check(work, why, sizeof why), -EBADMSG);
    assert_true(strlen(why) > 10);
}

/* ---- the table ------------------------------------------------------------------ */

static void rows(void **state)
{
    (void)state;
    size_t isas;
    const struct hv_isa *isa = hv_isas(&isas);
    assert_int_equal(hv_builtin_kernels.abi, HV_ABI);
    assert_string_equal(hv_builtin_kernels.name, "builtin");
    assert_non_null(strstr(hv_builtin_kernels.build, "-O3"));
    assert_int_equal(hv_builtin_kernels.n_rows,
                     (N_EXPECTED - N_CONTROLS) * isas + N_CONTROLS);
    size_t r = 0;
    for (size_t e = 0; e < N_EXPECTED; e++) {
        const bool control = e >= N_EXPECTED - N_CONTROLS;
        for (size_t i = 0; i < (control ? 1 : isas); i++, r++)
            for (size_t p = 0; p < PLACES_AND_TWINS; p++) {
                const struct hv_kernel_row *row = &hv_builtin_kernels.rows[r];
                const struct hv_pair *pair =
                    p < HV_PLACES ? row->at[p] : row->twin[p - HV_PLACES];
                assert_string_equal(pair->name, expected[e].pair);
                assert_string_equal(pair->isa, control ? "any" : isa[i].name);
                assert_string_equal(pair->baseline.name, expected[e].baseline);
                assert_string_equal(pair->candidate.name, expected[e].candidate);
                assert_true(pair->predicted == expected[e].predicted);
                assert_int_equal(pair->control != 0, control);
                assert_non_null(strchr(pair->question, '?'));
                assert_null(strchr(pair->question, '\n'));
            }
    }
    assert_int_equal(r, hv_builtin_kernels.n_rows);
}

static void declares(const struct hv_pair *pair)
{
    struct hv_work work;
    size_t e = 0;
    while (strcmp(expected[e].pair, pair->name))
        e++;
    start(&work, pair, &usual);
    assert_true(work.declares_copies);
    assert_int_equal(work.copied_baseline, expected[e].copied_baseline);
    assert_int_equal(work.copied_candidate, 0);
    assert_true(work.items > 0);
    pair->teardown(&work);
}

static void declared_copies(void **state)
{
    (void)state;
    each_pair(declares, false);
}

/* ---- running -------------------------------------------------------------------- */

/* Runs an arm on fresh inputs and returns a copy of what it left, for the caller. */
static void *run_fresh(const struct hv_pair *pair, const struct hv_arm *arm,
                       const struct hv_size *size, uint64_t n)
{
    struct hv_work work;
    start(&work, pair, size);
    arm->run(work.ctx, n);
    expect_right(pair, &work);
    void *left = malloc(work.result_bytes);
    assert_non_null(left);
    memcpy(left, work.result, work.result_bytes);
    pair->teardown(&work);
    return left;
}

static void both_arms(const struct hv_pair *pair, const struct hv_size *size,
                      uint64_t n)
{
    struct hv_work work;
    start(&work, pair, size);
    void *baseline = run_fresh(pair, &pair->baseline, size, n);
    void *candidate = run_fresh(pair, &pair->candidate, size, n);
    assert_memory_equal(baseline, candidate, work.result_bytes);
    pair->teardown(&work);
    free(baseline);
    free(candidate);
}

static void usual_size(const struct hv_pair *pair)
{
    both_arms(pair, &usual, 1);
    both_arms(pair, &usual, 3);
}

static void smallest_size(const struct hv_pair *pair)
{
    both_arms(pair, &(struct hv_size){.dim_bits = 512, .seed = 1}, 1);
}

static void other_sizes(const struct hv_pair *pair)
{
    both_arms(pair, &(struct hv_size){.dim_bits = 1536, .seed = 2}, 3);
    both_arms(pair, &(struct hv_size){.dim_bits = 16384, .seed = 3}, 1);
}

static void largest_size(const struct hv_pair *pair)
{
    if (!strcmp(pair->isa, hv_isa_best()->name)) /* the reference takes its time */
        both_arms(pair, &(struct hv_size){.dim_bits = 65536, .seed = 4}, 1);
}

static void right_everywhere(void **state)
{
    (void)state;
    each_pair(usual_size, true);
    each_pair(smallest_size, true);
}

static void right_at_other_sizes(void **state)
{
    (void)state;
    each_pair(other_sizes, false);
    each_pair(largest_size, false);
}

static void nothing(const struct hv_pair *pair)
{
    struct hv_work work;
    start(&work, pair, &usual);
    void *before = malloc(work.result_bytes);
    assert_non_null(before);
    memcpy(before, work.result, work.result_bytes);
    pair->baseline.run(work.ctx, 0);
    pair->candidate.run(work.ctx, 0);
    assert_memory_equal(before, work.result, work.result_bytes);
    expect_refused(pair, &work);
    free(before);
    pair->teardown(&work);
}

static void no_iteration_leaves_no_result(void **state)
{
    (void)state;
    each_pair(nothing, true);
}

static void spoiled(const struct hv_pair *pair)
{
    struct hv_work work;
    start(&work, pair, &usual);
    pair->candidate.run(work.ctx, 1);
    uint8_t *result = (uint8_t *)(uintptr_t)work.result;
    const size_t at[] = {0, work.result_bytes / 2, work.result_bytes - 1};
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        result[at[i]] ^= 1;
        expect_refused(pair, &work);
        result[at[i]] ^= 1;
    }
    expect_right(pair, &work);
    pair->teardown(&work);
}

static void wrong_results_are_refused(void **state)
{
    (void)state;
    each_pair(spoiled, false);
}

/* ---- experiments ---------------------------------------------------------------- */

static void experiments_of(const struct hv_pair *pair, const struct hv_size *size)
{
    for (uint32_t e = 0; e < pair->n_experiments; e++) {
        const struct hv_experiment *experiment = &pair->experiments[e];
        if (experiment->differs)
            continue;
        free(run_fresh(pair, &experiment->baseline, size, 2));
        free(run_fresh(pair, &experiment->candidate, size, 2));
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
    each_pair(small_experiments, true);
    each_pair(large_experiments, false);
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
    each_pair(lists, true);
    for (size_t r = 0; r < hv_builtin_kernels.n_rows; r++)
        for (size_t p = 1; p < HV_PLACES; p++) {
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
    static const uint64_t asked[] = {1, 8192, 256 * 1001};
    for (size_t i = 0; pair->sweeps && i < sizeof asked / sizeof asked[0]; i++) {
        const struct hv_size size = {2048, 9, asked[i]};
        struct hv_work work;
        start(&work, pair, &size);
        assert_in_range(work.footprint, 1, asked[i] < 256 ? 256 : asked[i]);
        assert_true(work.bytes >= work.footprint);
        pair->teardown(&work);
        both_arms(pair, &size, 2);
        experiments_of(pair, &size);
    }
}

static void right_at_any_footprint(void **state)
{
    (void)state;
    each_pair(footprints_of, true);
}

/* ---- setup ---------------------------------------------------------------------- */

static void refuses(const struct hv_pair *pair)
{
    static const uint32_t bad[] = {0, 1, 500, 513, 2049, 66048, UINT32_MAX};
    for (size_t i = 0; !pair->control && i < sizeof bad / sizeof bad[0]; i++) {
        struct hv_work work = {0};
        assert_int_equal(pair->setup(&work, &(struct hv_size){.dim_bits = bad[i]}),
                         -EINVAL);
        assert_null(work.ctx);
    }
}

static void odd_sizes_are_refused(void **state)
{
    (void)state;
    each_pair(refuses, true);
}

static void the_seed_makes_the_inputs(void **state)
{
    (void)state;
    const struct hv_pair *bind = hv_builtin_kernels.rows[0].at[0];
    const struct hv_size other = {.dim_bits = 2048, .seed = 8};
    void *first = run_fresh(bind, &bind->baseline, &usual, 1);
    void *again = run_fresh(bind, &bind->baseline, &usual, 1);
    void *different = run_fresh(bind, &bind->baseline, &other, 1);
    assert_memory_equal(first, again, 256);
    assert_memory_not_equal(first, different, 256);
    free(first);
    free(again);
    free(different);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows),
        cmocka_unit_test(declared_copies),
        cmocka_unit_test(right_everywhere),
        cmocka_unit_test(right_at_other_sizes),
        cmocka_unit_test(no_iteration_leaves_no_result),
        cmocka_unit_test(wrong_results_are_refused),
        cmocka_unit_test(changed_arms_are_right),
        cmocka_unit_test(lists_of_experiments),
        cmocka_unit_test(right_at_any_footprint),
        cmocka_unit_test(odd_sizes_are_refused),
        cmocka_unit_test(the_seed_makes_the_inputs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
