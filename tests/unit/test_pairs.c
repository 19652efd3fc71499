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
#include "tests/unit/pair_runs.h"

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

/* Steps and insights: no hypothesis says anything of them. */
static const struct {
    const char *pair;
    bool isas; /* at every ISA, or at none in particular */
    enum hv_purpose_word purpose;
} extras[] = {
    {"step_mmap_storage",   true,  HV_FOR_STEP   },
    {"step_zero_copy_simd", true,  HV_FOR_STEP   },
    {"insight_copy",        true,  HV_FOR_INSIGHT},
    {"insight_store",       true,  HV_FOR_INSIGHT},
    {"insight_bind",        true,  HV_FOR_INSIGHT},
    {"insight_similarity",  true,  HV_FOR_INSIGHT},
    {"step_arena",          false, HV_FOR_STEP   },
    {"insight_malloc",      false, HV_FOR_INSIGHT},
    {"insight_mmap",        false, HV_FOR_INSIGHT},
};
#define N_EXTRAS (sizeof extras / sizeof extras[0])
enum { N_CONTROLS = 4, PLACES_AND_TWINS = 2 * HV_PLACES };

static void expect_refused(const struct hv_pair *pair, const struct hv_work *work)
{
    char why[200] = "";
    assert_int_equal(pair->check(work, why, sizeof why), -EBADMSG);
    assert_true(strlen(why) > 10);
}

/* ---- the table ------------------------------------------------------------------ */

static void expect_extra(const struct hv_kernel_row *row, size_t e, const char *isa)
{
    for (size_t p = 0; p < HV_PLACES; p++) {
        assert_null(row->twin[p]);
        assert_true((row->at[p] != NULL) == (p % 2 == 0));
        if (!row->at[p])
            continue;
        assert_string_equal(row->at[p]->name, extras[e].pair);
        assert_string_equal(row->at[p]->isa, isa);
        assert_int_equal(row->at[p]->purpose, extras[e].purpose);
        assert_false(row->at[p]->control);
        assert_true(row->at[p]->predicted == 0);
        assert_non_null(strchr(row->at[p]->question, '?'));
    }
}

static void rows(void **state)
{
    (void)state;
    size_t isas;
    const struct hv_isa *isa = hv_isas(&isas);
    assert_int_equal(hv_builtin_kernels.abi, HV_ABI);
    assert_string_equal(hv_builtin_kernels.name, "builtin");
    assert_non_null(strstr(hv_builtin_kernels.build, "-O3"));
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
                assert_int_equal(pair->purpose, HV_FOR_QUESTION);
                assert_int_equal(pair->control != 0, control);
                assert_non_null(strchr(pair->question, '?'));
                assert_null(strchr(pair->question, '\n'));
            }
    }
    for (size_t e = 0; e < N_EXTRAS; e++)
        for (size_t i = 0; i < (extras[e].isas ? isas : 1); i++, r++)
            expect_extra(&hv_builtin_kernels.rows[r], e,
                         extras[e].isas ? isa[i].name : "any");
    assert_int_equal(r, hv_builtin_kernels.n_rows);
}

static void declares(const struct hv_pair *pair)
{
    struct hv_work work;
    size_t e = 0;
    if (pair->purpose != HV_FOR_QUESTION)
        return;
    while (strcmp(expected[e].pair, pair->name))
        e++;
    hv_start(&work, pair, &usual);
    assert_true(work.declares_copies);
    assert_int_equal(work.copied_baseline, expected[e].copied_baseline);
    assert_int_equal(work.copied_candidate, 0);
    assert_true(work.items > 0);
    pair->teardown(&work);
}

static void declared_copies(void **state)
{
    (void)state;
    hv_each_pair(declares, false);
}

/* ---- running -------------------------------------------------------------------- */

static void usual_size(const struct hv_pair *pair)
{
    hv_run_both(pair, &usual, 1);
    hv_run_both(pair, &usual, 3);
}

static void smallest_size(const struct hv_pair *pair)
{
    hv_run_both(pair, &(struct hv_size){.dim_bits = 512, .seed = 1}, 1);
}

static void other_sizes(const struct hv_pair *pair)
{
    hv_run_both(pair, &(struct hv_size){.dim_bits = 1536, .seed = 2}, 3);
    hv_run_both(pair, &(struct hv_size){.dim_bits = 16384, .seed = 3}, 1);
}

static void largest_size(const struct hv_pair *pair)
{
    if (!strcmp(pair->isa, hv_isa_best()->name)) /* the reference takes its time */
        hv_run_both(pair, &(struct hv_size){.dim_bits = 65536, .seed = 4}, 1);
}

static void right_everywhere(void **state)
{
    (void)state;
    hv_each_pair(usual_size, true);
    hv_each_pair(smallest_size, true);
}

static void right_at_other_sizes(void **state)
{
    (void)state;
    hv_each_pair(other_sizes, false);
    hv_each_pair(largest_size, false);
}

static void nothing(const struct hv_pair *pair)
{
    struct hv_work work;
    hv_start(&work, pair, &usual);
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
    hv_each_pair(nothing, true);
}

static void spoiled(const struct hv_pair *pair)
{
    struct hv_work work;
    hv_start(&work, pair, &usual);
    pair->candidate.run(work.ctx, 1);
    uint8_t *result = (uint8_t *)(uintptr_t)work.result;
    const size_t at[] = {0, work.result_bytes / 2, work.result_bytes - 1};
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        result[at[i]] ^= 1;
        expect_refused(pair, &work);
        result[at[i]] ^= 1;
    }
    hv_expect_right(pair, &work);
    pair->teardown(&work);
}

static void wrong_results_are_refused(void **state)
{
    (void)state;
    hv_each_pair(spoiled, false);
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
    hv_each_pair(refuses, true);
}

static void the_seed_makes_the_inputs(void **state)
{
    (void)state;
    const struct hv_pair *bind = hv_builtin_kernels.rows[0].at[0];
    const struct hv_size other = {.dim_bits = 2048, .seed = 8};
    void *first = hv_run_fresh(bind, &bind->baseline, &usual, 1);
    void *again = hv_run_fresh(bind, &bind->baseline, &usual, 1);
    void *different = hv_run_fresh(bind, &bind->baseline, &other, 1);
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
        cmocka_unit_test(odd_sizes_are_refused),
        cmocka_unit_test(the_seed_makes_the_inputs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
