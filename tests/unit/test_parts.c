/* SPDX-License-Identifier: MIT */
/* What a figure must be to exclude a part, and what rests on weaker ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "src/analyse/checklist.h"
#include "src/analyse/gap.h"
#include "src/analyse/parts.h"
#include "src/base/error.h"
#include "tests/unit/why_result.h"

static struct hv_warning unsupported = {"trace_unsupported", "1 instruction",
                                        "inspect"};

static void mistrust(struct hv_pair_result *pair)
{
    pair->warnings = &unsupported;
    pair->n_warnings = 1;
}

static const struct hv_check *check_of(struct why *why, const char *id)
{
    why->result.pairs[0].gap = (struct hv_gap){0};
    why->result.pairs[0].n_effects = 0;
    why_explain(why);
    hv_make_checklist(&why->result, why->arena);
    for (size_t i = 0; i < why->result.n_checklist; i++)
        if (why->result.checklist[i].pair && !strcmp(why->result.checklist[i].id, id))
            return &why->result.checklist[i];
    fail_msg("no row %s", id);
    return NULL;
}

/* A declaration has not looked; an estimate is the count of an event that nobody
 * qualified; a trace that did not understand all may have missed it. */
static void only_who_looked_excludes(void **state)
{
    static const struct {
        enum hv_provenance baseline, candidate;
        bool unsupported, excluded;
    } rows[] = {
        {HV_TRACED,    HV_TRACED,    false, true },
        {HV_MODELLED,  HV_SCALED,    false, true },
        {HV_DECLARED,  HV_TRACED,    false, false},
        {HV_TRACED,    HV_ABSENT,    false, false},
        {HV_ESTIMATED, HV_TRACED,    false, false},
        {HV_MEASURED,  HV_ESTIMATED, false, false},
        {HV_TRACED,    HV_TRACED,    true,  false},
        {HV_TRACED,    HV_MEASURED,  true,  false},
        {HV_MEASURED,  HV_MEASURED,  true,  true },
    };
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        struct hv_exclusion found;
        why_set(pair, HV_BASELINE, "l1d_misses", rows[i].baseline, 0);
        why_set(pair, HV_CANDIDATE, "l1d_misses", rows[i].candidate, 0);
        pair->n_warnings = 0;
        if (rows[i].unsupported)
            mistrust(pair);
        hv_exclude(&why->result, pair, HV_PART_MISSES, why->arena, &found);
        if ((found.provenance != HV_ABSENT) != rows[i].excluded)
            fail_msg("row %zu: %s", i, found.source ? found.source : "not excluded");
    }
}

static void few_of_a_lower_bound_may_be_many(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "cycle", 1000, 700);
    double most;
    why_both(pair, "forward_spans", 1, 1);
    assert_true(hv_few_in(pair, HV_PART_FORWARD, HV_BASELINE, &most));
    why_near(most, 10);
    mistrust(pair);
    assert_false(hv_few_in(pair, HV_PART_FORWARD, HV_BASELINE, &most));
}

static void placement_and_rest_are_not_for_figures_to_exclude(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    struct hv_exclusion found;
    why_clean(pair);
    hv_exclude(&why->result, pair, HV_PART_REST, why->arena, &found);
    assert_int_equal(found.provenance, HV_ABSENT);
    assert_null(hv_part_row(HV_PART_PLACEMENT));
}

/* 0 of 500 bytes that were asked for, as far as the trace understood. */
static void a_lower_bound_elides_nothing(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 20);
    why_clean(pair);
    why_both(pair, "memcpy_bytes_declared", 500, 0);
    assert_int_equal(check_of(why, "compiler_elided")->verdict, HV_SUPPORTED);
    assert_int_equal(check_of(why, "memcpy_dominates")->verdict, HV_REFUTED);
    assert_string_equal(pair->cause.id, "elided");
    mistrust(pair);
    why_says(check_of(why, "compiler_elided")->because, "not understood");
    assert_int_equal(check_of(why, "compiler_elided")->verdict, HV_VERDICT_UNDECIDED);
    assert_int_equal(check_of(why, "copies_not_elided")->verdict, HV_VERDICT_UNDECIDED);
    assert_int_equal(check_of(why, "memcpy_dominates")->verdict, HV_VERDICT_UNDECIDED);
    assert_int_equal(check_of(why, "copies_in_l1")->verdict, HV_VERDICT_UNDECIDED);
    assert_string_not_equal(pair->cause.id, "elided");
    why_both(pair, "memcpy_bytes", 500, 0); /* but what was copied was copied */
    assert_int_equal(check_of(why, "copies_not_elided")->verdict, HV_SUPPORTED);
}

/* Two cheap copies: that they are done in L1 rests on the misses. */
static void an_unqualified_count_supports_no_verdict(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    why_both(pair, "memcpy_bytes", 512, 0);
    why_both(pair, "l1d_misses", 0, 0);
    why_trial(why, pair, "copy_away", HV_BASELINE, 20 / 11.0);
    assert_int_equal(check_of(why, "copies_in_l1")->verdict, HV_SUPPORTED);
    why_set(pair, HV_BASELINE, "l1d_misses", HV_ESTIMATED, 0);
    assert_int_equal(check_of(why, "copies_in_l1")->verdict, HV_VERDICT_UNDECIDED);
}

static void nor_does_it_find_an_allocations_misses(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "allocation", 20, 10);
    why_both(pair, "allocations", 1, 0);
    struct hv_pair_result *trial =
        why_trial(why, pair, "alloc_hoisted", HV_BASELINE, 1.3);
    why_both(trial, "l1d_misses", 9, 1);
    const struct hv_check *check = check_of(why, "allocation_cache_effects");
    assert_int_equal(check->verdict, HV_SUPPORTED);
    assert_int_equal(check->n_evidence, 3); /* the effect, before, after */
    why_says(check->because, "from 9 to 1 an iteration (traced)");
    why_set(trial, HV_CANDIDATE, "l1d_misses", HV_ESTIMATED, 1);
    check = check_of(why, "allocation_cache_effects");
    assert_int_equal(check->verdict, HV_VERDICT_UNDECIDED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, why_open, why_close)
    const struct CMUnitTest tests[] = {
        TEST(only_who_looked_excludes),
        TEST(few_of_a_lower_bound_may_be_many),
        TEST(placement_and_rest_are_not_for_figures_to_exclude),
        TEST(a_lower_bound_elides_nothing),
        TEST(an_unqualified_count_supports_no_verdict),
        TEST(nor_does_it_find_an_allocations_misses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
