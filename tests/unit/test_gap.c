/* SPDX-License-Identifier: MIT */
/* What a gap is made of, on planted effects and figures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "src/analyse/effects.h"
#include "src/analyse/gap.h"
#include "src/base/error.h"
#include "tests/unit/why_result.h"

static const struct hv_gap_part *part(struct why *why, enum hv_part which)
{
    const struct hv_gap_part *found = hv_gap_part_of(&why->result.pairs[0].gap, which);
    assert_non_null(found);
    return found;
}

static double ns(struct why *why, enum hv_part which)
{
    assert_int_not_equal(part(why, which)->time.provenance, HV_ABSENT);
    return part(why, which)->time.value;
}

/* Explains the one pair, and checks what holds of every gap. */
static void split(struct why *why)
{
    struct hv_pair_result *pair = &why->result.pairs[0];
    pair->gap = (struct hv_gap){0};
    pair->n_effects = 0;
    hv_find_effects(&why->result, pair, why->arena);
    hv_split_gap(&why->result, pair, why->arena);
    const struct hv_gap *gap = &pair->gap;
    assert_true(gap->present);
    assert_int_equal(gap->parts[gap->n_parts - 1].part, HV_PART_REST);
    double sum = 0, shares = 0;
    for (size_t i = 0; i < gap->n_parts; i++) {
        const struct hv_evidence *time = &gap->parts[i].time;
        shares += gap->parts[i].share;
        if (time->provenance == HV_ABSENT) {
            assert_non_null(time->why);
            assert_true(gap->parts[i].share == 0);
            continue;
        }
        assert_non_null(time->source);
        assert_true(time->ci95[0] <= time->value && time->value <= time->ci95[1]);
        sum += time->value;
    }
    why_near(sum, gap->time.value);
    if (gap->time.value != 0)
        why_near(shares, 1);
}

static void gap_is_baselines_time_by_the_speedup(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    why_speedup(pair, 1.6, 0.05);
    split(why);
    why_near(pair->gap.time.value, 20 * (1 - 1 / 1.6));
    why_near(pair->gap.time.ci95[0], 20 * (1 - WHY_ERROR) * (1 - 1 / (1.6 * 0.95)));
    why_near(pair->gap.time.ci95[1], 20 * (1 + WHY_ERROR) * (1 - 1 / (1.6 * 1.05)));
}

static void untested_parts_are_absent_and_named(void **state)
{
    struct why *why = *state;
    why_pair(why, "bind", 20, 10);
    split(why);
    for (int i = HV_PART_COPY; i < HV_PART_PLACEMENT; i++) {
        assert_int_equal(part(why, (enum hv_part)i)->time.provenance, HV_ABSENT);
        why_says(part(why, HV_PART_REST)->time.source, hv_part_name((enum hv_part)i));
    }
    why_near(ns(why, HV_PART_REST), 10);
    assert_int_equal(part(why, HV_PART_PLACEMENT)->time.provenance, HV_ESTIMATED);
}

static void no_gap_without_a_quiet_speedup(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    pair->state = HV_CONTENDED;
    hv_split_gap(&why->result, pair, why->arena);
    assert_false(pair->gap.present);
    assert_non_null(pair->gap.why);
    assert_int_equal(pair->gap.n_parts, 0);
}

/* ---- by experiments */

static void inner_parts_are_taken_off_the_copy(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 40, 20);
    pair->items = 1;
    why_trial(why, pair, "copy_away", HV_BASELINE, 1.6);     /* 15 ns */
    why_trial(why, pair, "copy_wide", HV_BASELINE, 1.25);    /* 8 */
    why_trial(why, pair, "temp_64", HV_BASELINE, 40 / 38.0); /* 2 */
    struct hv_pair_result *near = why_other(why, pair, HV_PURPOSE_FOOTPRINT, 39, 20);
    near->items = 1;
    split(why);
    why_near(ns(why, HV_PART_FORWARD), 8);
    why_near(ns(why, HV_PART_ALIAS), 2);
    why_near(ns(why, HV_PART_MISSES), 1);
    why_near(ns(why, HV_PART_COPY), 15 - 8 - 2 - 1);
    why_near(ns(why, HV_PART_REST), 20 - 15);
    why_says(part(why, HV_PART_COPY)->time.source, "less");
    assert_string_equal(part(why, HV_PART_FORWARD)->experiment, "copy_wide");
    assert_string_equal(part(why, HV_PART_MISSES)->experiment, "footprint");
}

static void faults_lie_inside_the_allocation(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "allocation", 40, 20);
    why_trial(why, pair, "alloc_hoisted", HV_BASELINE, 2);    /* 20 */
    why_trial(why, pair, "alloc_touched", HV_BASELINE, 1.25); /* 8 */
    split(why);
    why_near(ns(why, HV_PART_ALLOC), 12);
    why_near(ns(why, HV_PART_FAULTS), 8);
    why_near(ns(why, HV_PART_REST), 0);
}

static void inner_parts_stand_alone_where_the_outer_was_not_tested(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 40, 20);
    why_trial(why, pair, "copy_wide", HV_BASELINE, 1.25);
    why_trial(why, pair, "alloc_touched", HV_BASELINE, 1.25);
    split(why);
    why_near(ns(why, HV_PART_FORWARD), 8);
    why_near(ns(why, HV_PART_FAULTS), 8);
    why_near(ns(why, HV_PART_REST), 4);
    assert_int_equal(part(why, HV_PART_COPY)->time.provenance, HV_ABSENT);
}

static void an_outer_part_that_a_witness_excludes_takes_nothing_off(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 40, 20);
    why_clean(pair);
    why_both(pair, "alias_4k", 3, 0);
    why_trial(why, pair, "temp_64", HV_BASELINE, 1.25);
    split(why);
    why_near(ns(why, HV_PART_COPY), 0);
    why_near(ns(why, HV_PART_ALIAS), 8);
    why_near(ns(why, HV_PART_REST), 12);
}

static void the_candidates_effect_has_the_other_sign(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 40, 20);
    why_trial(why, pair, "copy_away", HV_BASELINE, 1.6);   /* 15 */
    why_trial(why, pair, "copy_away", HV_CANDIDATE, 1.25); /* 4 */
    split(why);
    why_near(ns(why, HV_PART_COPY), 15 - 4);
    why_near(ns(why, HV_PART_REST), 20 - 11);
    const double *ci = part(why, HV_PART_COPY)->time.ci95;
    const struct hv_effect *b = hv_effect_on(pair, HV_PART_COPY, HV_BASELINE),
                           *c = hv_effect_on(pair, HV_PART_COPY, HV_CANDIDATE);
    why_near(ci[0], b->time.ci95[0] - c->time.ci95[1]);
    why_near(ci[1], b->time.ci95[1] - c->time.ci95[0]);
}

static void negative_effects_and_gaps_add_up_too(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 25);
    why_trial(why, pair, "copy_away", HV_BASELINE, 0.8);   /* -5 */
    why_trial(why, pair, "copy_wide", HV_CANDIDATE, 1.25); /* 5, of candidate */
    split(why);
    why_near(pair->gap.time.value, -5);
    why_near(ns(why, HV_PART_FORWARD), -5);
    why_near(ns(why, HV_PART_COPY), -5 + 5);
    why_near(ns(why, HV_PART_REST), 0);
}

/* Copies of candidate that nobody could leave out are not known to cost nothing. */
static void an_arm_that_was_not_tested_may_be_in_the_rest(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 40, 20);
    why_clean(pair);
    why_both(pair, "memcpy_bytes", 512, 256);
    why_trial(why, pair, "copy_away", HV_BASELINE, 1.6);
    struct hv_pair_result *other =
        why_trial(why, pair, "copy_away", HV_CANDIDATE, 1.25);
    other->state = HV_CONTENDED;
    split(why);
    why_says(part(why, HV_PART_COPY)->time.source, "bind_zero");
    why_says(part(why, HV_PART_REST)->time.source, "copy may be in it");
    why_both(pair, "memcpy_bytes", 512, 0);
    split(why);
    why_says_not(part(why, HV_PART_COPY)->time.source, "bind_zero");
    why_says_not(part(why, HV_PART_REST)->time.source, "copy may be in it");
}

/* What the experiment left is what the other arm has: the rest of it is common. */
static void what_is_left_in_both_is_no_doubt(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 40, 20);
    why_clean(pair);
    why_both(pair, "page_faults", 5, 1);
    struct hv_pair_result *trial =
        why_trial(why, pair, "alloc_touched", HV_BASELINE, 2);
    why_both(trial, "page_faults", 5, 1);
    split(why);
    why_says_not(part(why, HV_PART_FAULTS)->time.source, "not tested");
    why_says_not(part(why, HV_PART_REST)->time.source, "page_faults may be");
    why_both(trial, "page_faults", 5, 2);
    split(why);
    why_says(part(why, HV_PART_FAULTS)->time.source, "not tested in bind_zero");
}

/* ---- by witnesses */

static void witnesses_exclude_with_their_own_provenance(void **state)
{
    static const struct {
        enum hv_part part;
        const char *figure;
    } rows[] = {
        {HV_PART_COPY,    "memcpy_bytes" },
        {HV_PART_FORWARD, "forward_spans"},
        {HV_PART_ALIAS,   "alias_4k"     },
        {HV_PART_MISSES,  "l1d_misses"   },
        {HV_PART_ALLOC,   "allocations"  },
        {HV_PART_FAULTS,  "page_faults"  },
    };
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        why_clean(pair);
        why_set(pair, HV_CANDIDATE, rows[i].figure, HV_MODELLED, 0);
        split(why);
        why_near(ns(why, rows[i].part), 0);
        assert_int_equal(part(why, rows[i].part)->time.provenance, HV_MODELLED);
        assert_null(part(why, rows[i].part)->experiment);
        why_says(part(why, rows[i].part)->time.source, rows[i].figure);
        why_says_not(part(why, HV_PART_REST)->time.source, "may be in it");

        why_set(pair, HV_CANDIDATE, rows[i].figure, HV_DECLARED, 0);
        split(why);
        assert_int_equal(part(why, rows[i].part)->time.provenance, HV_ABSENT);
        why_set(pair, HV_CANDIDATE, rows[i].figure, HV_TRACED, 1000);
        split(why);
        assert_int_equal(part(why, rows[i].part)->time.provenance, HV_ABSENT);
        why_says(part(why, HV_PART_REST)->time.source, hv_part_name(rows[i].part));
    }
}

static void a_fault_in_a_hundred_iterations_is_none(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    why_both(pair, "page_faults", 0.01, 0);
    split(why);
    why_near(ns(why, HV_PART_FAULTS), 0);
    why_both(pair, "page_faults", 0.0101, 0);
    split(why);
    assert_int_equal(part(why, HV_PART_FAULTS)->time.provenance, HV_ABSENT);
}

static void too_few_hazards_are_bounded(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "cycle", 1000, 700);
    why_both(pair, "forward_spans", 2, 3); /* 30 ns at most, of 35 */
    why_both(pair, "alias_4k", 6, 0);      /* 30 of 50 */
    split(why);
    assert_int_equal(part(why, HV_PART_FORWARD)->time.provenance, HV_DECLARED);
    why_near(ns(why, HV_PART_FORWARD), 0);
    why_near(part(why, HV_PART_FORWARD)->time.ci95[0], -30);
    why_near(part(why, HV_PART_FORWARD)->time.ci95[1], 30);
    why_near(part(why, HV_PART_ALIAS)->time.ci95[1], 30);
    why_both(pair, "forward_spans", 2, 3.5); /* 35 of 35 */
    why_both(pair, "alias_4k", 10, 0);       /* 50 of 50 */
    split(why);
    assert_int_equal(part(why, HV_PART_FORWARD)->time.provenance, HV_ABSENT);
    assert_int_equal(part(why, HV_PART_ALIAS)->time.provenance, HV_ABSENT);
}

static void aliasing_is_open_where_layouts_differ(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    why_clean(pair);
    split(why);
    why_near(ns(why, HV_PART_ALIAS), 0);
    pair->speedup.layout_band[0] = 1.9;
    pair->speedup.layout_band[1] = 2.01;
    split(why);
    assert_int_equal(part(why, HV_PART_ALIAS)->time.provenance, HV_ABSENT);
    why_near(ns(why, HV_PART_FORWARD), 0);
}

static void misses_are_open_where_iterations_walk_far(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "batch", 20, 10);
    why_clean(pair);
    pair->footprint = 32 << 10;
    split(why);
    why_near(ns(why, HV_PART_MISSES), 0);
    pair->footprint++;
    split(why);
    assert_int_equal(part(why, HV_PART_MISSES)->time.provenance, HV_ABSENT);
}

static void hazards_of_shared_work_alone_are_excluded(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "allocation", 20, 10);
    why_both(pair, "forward_spans", 40, 40);
    struct hv_pair_result *isolated = why_trial(why, pair, "isolated", HV_BASELINE, 2);
    why_both(isolated, "forward_spans", 0, 0);
    split(why);
    why_near(ns(why, HV_PART_FORWARD), 0);
    assert_int_equal(part(why, HV_PART_FORWARD)->time.provenance, HV_TRACED);
    why_says(part(why, HV_PART_FORWARD)->time.source, "both share");
    isolated->state = HV_FAILED;
    split(why);
    assert_int_equal(part(why, HV_PART_FORWARD)->time.provenance, HV_ABSENT);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, why_open, why_close)
    const struct CMUnitTest tests[] = {
        TEST(gap_is_baselines_time_by_the_speedup),
        TEST(untested_parts_are_absent_and_named),
        TEST(no_gap_without_a_quiet_speedup),
        TEST(inner_parts_are_taken_off_the_copy),
        TEST(faults_lie_inside_the_allocation),
        TEST(inner_parts_stand_alone_where_the_outer_was_not_tested),
        TEST(an_outer_part_that_a_witness_excludes_takes_nothing_off),
        TEST(the_candidates_effect_has_the_other_sign),
        TEST(negative_effects_and_gaps_add_up_too),
        TEST(an_arm_that_was_not_tested_may_be_in_the_rest),
        TEST(what_is_left_in_both_is_no_doubt),
        TEST(witnesses_exclude_with_their_own_provenance),
        TEST(a_fault_in_a_hundred_iterations_is_none),
        TEST(too_few_hazards_are_bounded),
        TEST(aliasing_is_open_where_layouts_differ),
        TEST(misses_are_open_where_iterations_walk_far),
        TEST(hazards_of_shared_work_alone_are_excluded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
