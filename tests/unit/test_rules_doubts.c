/* SPDX-License-Identifier: MIT */
/* Verdicts that must not be given, and sentences that must not say more than was found.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "src/analyse/checklist.h"
#include "src/base/error.h"
#include "tests/unit/sample_hypothesis.h"
#include "tests/unit/why_result.h"

static const struct hv_check *check_of(struct why *why, const char *id)
{
    why->result.pairs[0].gap = (struct hv_gap){0};
    why->result.pairs[0].n_effects = 0;
    why_explain(why);
    hv_make_checklist(&why->result, why->arena);
    for (size_t i = 0; i < why->result.n_checklist; i++) {
        const struct hv_check *check = &why->result.checklist[i];
        why_says_not(check->because, "(null)");
        why_says_not(check->because, "inf");
        why_says_not(check->because, "nan");
        if (check->pair && !strcmp(check->id, id))
            return check;
    }
    fail_msg("no row %s", id);
    return NULL;
}

static void is(struct why *why, const char *id, enum hv_verdict verdict,
               const char *words)
{
    const struct hv_check *check = check_of(why, id);
    if (check->verdict != verdict)
        fail_msg("%s is %s: %s", id, hv_verdict_name(check->verdict), check->because);
    why_says(check->because, words);
}

/* ---- copies */

/* A vector of unknown size is no vector of 0 bytes, which would cost nothing. */
static void a_copy_of_unknown_size_costs_nobody_knows_what(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    why_both(pair, "memcpy_bytes", 512, 0);
    why_both(pair, "l1d_misses", 0, 0);
    why_trial(why, pair, "copy_away", HV_BASELINE, 1.25);
    is(why, "copies_in_l1", HV_SUPPORTED, "2 ns");
    why->result.settings.dim_bits = 0;
    is(why, "copies_in_l1", HV_VERDICT_UNDECIDED, "does not tell how large");
}

static void a_source_that_is_said_to_copy_nothing_and_does(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    why_set(pair, HV_BASELINE, "memcpy_bytes_declared", HV_DECLARED, 0);
    why_both(pair, "memcpy_bytes", 0, 0);
    is(why, "copies_not_elided", HV_REFUTED, "asks for no copy");
    is(why, "compiler_elided", HV_REFUTED, "none to optimise away");
    why_both(pair, "memcpy_bytes", 512, 0);
    is(why, "copies_not_elided", HV_VERDICT_UNDECIDED, "512 bytes were copied");
    is(why, "compiler_elided", HV_VERDICT_UNDECIDED, "512 bytes were copied");
}

/* ---- what the hypothesis predicts */

static void thought_is_of_vectors_of_one_size(void **state)
{
    struct why *why = *state;
    const struct hv_hypothesis hypothesis = sample_hypothesis(why->arena);
    why->result.hypothesis = &hypothesis;
    why_pair(why, "bind", 100, 50);
    is(why, "simd_slower_than_thought", HV_SUPPORTED, "thought were 10");
    why->result.settings.dim_bits = 512;
    is(why, "simd_slower_than_thought", HV_VERDICT_UNDECIDED, "this run had 512");
    why->result.settings.dim_bits = 2048;
    why->result.settings.aa = true;
    is(why, "simd_slower_than_thought", HV_VERDICT_UNDECIDED, "A/A run");
}

/* ---- placement */

/* Beside no effect at all a wide band is not one that cannot turn it round. */
static void a_band_beside_no_effect(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 20);
    why_speedup(pair, 1, 0.01);
    pair->speedup.placement_band[0] = 0.9;
    pair->speedup.placement_band[1] = 1.1;
    is(why, "placement", HV_SUPPORTED, "from 0.9x to 1.1x");
    pair->speedup.placement_band[0] = 0.99;
    pair->speedup.placement_band[1] = 1.009;
    is(why, "placement", HV_REFUTED, "less than 2 %");
}

/* ---- memory */

/* Candidate walks as far; at its small footprint the core was not quiet. */
static void bandwidth_is_open_while_an_arm_is(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "walk", 20, 10);
    struct hv_pair_result *near =
        why_other(why, pair, HV_PURPOSE_FOOTPRINT, 19.9, 9.95);
    pair->items = near->items = 1;
    pair->footprint = 64 << 20;
    why_both(pair, "l1d_misses", 9, 9);
    is(why, "bandwidth_bound", HV_REFUTED, "65536 KiB");
    why_says(check_of(why, "bandwidth_bound")->because, "over both intervals");
    near->arm[HV_CANDIDATE].figures[0].evidence.has_ci = false;
    is(why, "bandwidth_bound", HV_VERDICT_UNDECIDED, "walk_zero may have some of it");
}

/* ---- effects of both signs */

/* An interval around nothing, and an arm that is slower without: no cause of 5 %. */
static void effects_around_and_below_nothing_refute(void **state)
{
    static const struct {
        double speedup, error;
        enum hv_verdict verdict;
    } rows[] = {
        {1,    0.01, HV_REFUTED          },
        {1,    0.06, HV_VERDICT_UNDECIDED},
        {0.8,  0.01, HV_REFUTED          },
        {0.97, 0.09, HV_VERDICT_UNDECIDED},
        {1.2,  0.01, HV_SUPPORTED        },
    };
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    why_both(pair, "page_faults", 3, 0);
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        why->result.n_experiments = 0;
        why_speedup(why_trial(why, pair, "alloc_touched", HV_BASELINE, 1),
                    rows[i].speedup, rows[i].error);
        is(why, "page_faults", rows[i].verdict, "bind_copy");
    }
}

/* Each alone is below 5 %; together they decide nothing more. One above is enough. */
static void two_arms_are_judged_each_for_itself(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    why_both(pair, "page_faults", 3, 3);
    why_trial(why, pair, "alloc_touched", HV_BASELINE, 1.02);
    is(why, "page_faults", HV_VERDICT_UNDECIDED, "bind_zero may have some of it");
    struct hv_pair_result *other =
        why_trial(why, pair, "alloc_touched", HV_CANDIDATE, 0.7);
    is(why, "page_faults", HV_REFUTED, "bind_copy");
    why_speedup(other, 1.5, 0.01);
    is(why, "page_faults", HV_SUPPORTED, "bind_zero");
    why_speedup(other, 1.1, 0.2);
    is(why, "page_faults", HV_VERDICT_UNDECIDED, "on both sides");
}

/* ---- the method */

static struct hv_control control_of(const char *name, bool passed)
{
    return (struct hv_control){.name = name,
                               .unit = "cycles",
                               .ran = true,
                               .expected = 3,
                               .got = passed ? 3 : 0,
                               .passed = passed};
}

/* Only what ran and passed is called right; a dead event is not, though it accuses
 * nobody. */
static void the_audit_says_what_it_saw(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    why_shared(why, pair, 100, 300, 100);
    is(why, "methodology_flawed", HV_REFUTED, "no control was run");
    const struct hv_control controls[] = {
        control_of("imul", true),
        control_of("event:cycles", false),
        {.name = "load", .unit = "cycles"}
    };
    why->result.controls = controls;
    why->result.n_controls = 1;
    is(why, "methodology_flawed", HV_REFUTED, "all 1 controls that ran read right");
    why->result.n_controls = HV_LEN(controls);
    is(why, "methodology_flawed", HV_REFUTED, "1 of the 2 controls that ran");
    why_says_not(check_of(why, "methodology_flawed")->because, "itself");
    why_other(why, pair, HV_PURPOSE_AA, 10.05, 10);
    is(why, "methodology_flawed", HV_REFUTED, "itself reads 1.005x");
    pair->state = HV_CONTENDED;
    is(why, "methodology_flawed", HV_VERDICT_UNDECIDED, "no quiet speedup");
}

/* ---- a contended pair */

/* No time decides then; what was counted, decoded or traced does. */
static void contended_pairs_are_decided_by_witnesses_alone(void **state)
{
    static const char *const by_time[] = {
        "memcpy_dominates", "copies_in_l1", "simd_slower_than_thought",
        "bandwidth_bound",  "placement",    "methodology_flawed"};
    static const char *const excluded[] = {"store_forward_blocked", "page_faults",
                                           "allocation_cache_effects"};
    struct why *why = *state;
    const struct hv_hypothesis hypothesis = sample_hypothesis(why->arena);
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 5);
    why->result.hypothesis = &hypothesis;
    why_clean(pair);
    why_both(pair, "memcpy_bytes", 512, 0);
    why_both(pair, "memcpy_bytes_declared", 512, 0);
    why_shared(why, pair, 100, 300, 100);
    why_trial(why, pair, "copy_away", HV_BASELINE, 3);
    pair->footprint = 64 << 20;
    pair->items = 1;
    why_other(why, pair, HV_PURPOSE_FOOTPRINT, 5, 5)->items = 1;
    for (size_t i = 0; i < HV_LEN(by_time); i++)
        assert_int_not_equal(check_of(why, by_time[i])->verdict, HV_VERDICT_UNDECIDED);
    pair->state = pair->times = HV_CONTENDED;
    pair->speedup.present = false;
    for (size_t i = 0; i < HV_LEN(by_time); i++)
        assert_int_equal(check_of(why, by_time[i])->verdict, HV_VERDICT_UNDECIDED);
    for (size_t i = 0; i < HV_LEN(excluded); i++)
        assert_int_equal(check_of(why, excluded[i])->verdict, HV_REFUTED);
    is(why, "copies_not_elided", HV_SUPPORTED, "512 were copied (traced)");
    /* layouts may differ: nobody knows without a quiet speedup */
    is(why, "aliasing_4k", HV_VERDICT_UNDECIDED, "temp_64");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, why_open, why_close)
    const struct CMUnitTest tests[] = {
        TEST(a_copy_of_unknown_size_costs_nobody_knows_what),
        TEST(a_source_that_is_said_to_copy_nothing_and_does),
        TEST(thought_is_of_vectors_of_one_size),
        TEST(a_band_beside_no_effect),
        TEST(bandwidth_is_open_while_an_arm_is),
        TEST(effects_around_and_below_nothing_refute),
        TEST(two_arms_are_judged_each_for_itself),
        TEST(the_audit_says_what_it_saw),
        TEST(contended_pairs_are_decided_by_witnesses_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
