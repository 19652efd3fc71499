/* SPDX-License-Identifier: MIT */
/* What may be called a part of a gap, and how sure what is left over is. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "src/analyse/checklist.h"
#include "src/analyse/effects.h"
#include "src/analyse/gap.h"
#include "src/base/error.h"
#include "tests/unit/synthetic_run.h"
#include "tests/unit/why_result.h"

static struct hv_pair_result *explain(struct why *why)
{
    struct hv_pair_result *pair = &why->result.pairs[0];
    pair->gap = (struct hv_gap){0};
    pair->n_effects = 0;
    why_explain(why);
    assert_true(pair->gap.present);
    why_says_not(pair->cause.because, "(null)");
    return pair;
}

static const struct hv_gap_part *part(const struct hv_pair_result *pair,
                                      enum hv_part which)
{
    const struct hv_gap_part *found = hv_gap_part_of(&pair->gap, which);
    assert_non_null(found);
    return found;
}

static double ns(const struct hv_pair_result *pair, enum hv_part which)
{
    assert_int_not_equal(part(pair, which)->time.provenance, HV_ABSENT);
    return part(pair, which)->time.value;
}

static const struct hv_check *check_of(struct why *why, const char *id)
{
    explain(why);
    hv_make_checklist(&why->result, why->arena);
    for (size_t i = 0; i < why->result.n_checklist; i++)
        if (why->result.checklist[i].pair && !strcmp(why->result.checklist[i].id, id))
            return &why->result.checklist[i];
    fail_msg("no row %s", id);
    return NULL;
}

/* ---- whatever was tested */

static const struct {
    const char *experiment, *figure;
} tests_of[] = {
    {"copy_away",     "memcpy_bytes" },
    {"copy_wide",     "forward_spans"},
    {"temp_64",       "alias_4k"     },
    {"alloc_hoisted", "allocations"  },
    {"alloc_touched", "page_faults"  },
    {NULL,            "l1d_misses"   },
};

static void plant_anything(struct why *why, struct hv_pair_result *pair,
                           struct synthetic_random *random)
{
    why->result.n_experiments = 0;
    why_speedup(pair, 0.3 + 3 * synthetic_uniform(random), 0.01);
    pair->items = 1;
    pair->footprint = synthetic_uniform(random) < 0.5 ? 1 << 30 : 0;
    for (size_t i = 0; i < HV_LEN(tests_of); i++)
        for (unsigned arm = 0; arm < HV_ARMS; arm++) {
            const double dice = synthetic_uniform(random);
            why_set(pair, (enum hv_arm_id)arm, tests_of[i].figure,
                    dice < 0.2   ? HV_ABSENT
                    : dice < 0.4 ? HV_DECLARED
                                 : HV_MODELLED,
                    dice < 0.7 ? 0 : 100 * dice);
            if (tests_of[i].experiment && synthetic_uniform(random) < 0.6)
                why_trial(why, pair, tests_of[i].experiment, (enum hv_arm_id)arm,
                          0.7 + synthetic_uniform(random));
        }
    if (synthetic_uniform(random) < 0.5)
        why_other(why, pair, HV_PURPOSE_FOOTPRINT, 20 * synthetic_uniform(random) + 0.1,
                  5)
            ->items = 1;
}

static void parts_always_add_up(void **state)
{
    struct why *why = *state;
    struct synthetic_random random = {42};
    why_pair(why, "bind", 20, 10);
    for (int i = 0; i < 2000; i++) {
        plant_anything(why, &why->result.pairs[0], &random);
        const struct hv_gap *gap = &explain(why)->gap;
        double sum = 0;
        for (size_t p = 0; p < gap->n_parts; p++)
            sum += gap->parts[p].time.provenance != HV_ABSENT ? gap->parts[p].time.value
                                                              : 0;
        why_near(sum, gap->time.value);
    }
}

/* ---- what is no part */

/* Wider stores may be faster by themselves: with nothing blocked that is no blocking.
 */
static void an_effect_of_nothing_is_in_the_rest(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    why_clean(pair);
    why_trial(why, pair, "copy_wide", HV_BASELINE, 1.6);
    explain(why);
    why_near(ns(pair, HV_PART_FORWARD), 0);
    assert_null(part(pair, HV_PART_FORWARD)->experiment);
    why_near(ns(pair, HV_PART_REST), 10);
    assert_string_equal(pair->cause.id, "other_work");
    assert_int_equal(check_of(why, "store_forward_blocked")->verdict, HV_REFUTED);
    why_both(pair, "forward_spans", 8, 0);
    explain(why);
    why_near(ns(pair, HV_PART_FORWARD), 7.5);
    assert_string_equal(pair->cause.id, "forwarding");
    assert_int_equal(check_of(why, "store_forward_blocked")->verdict, HV_SUPPORTED);
}

/* But the trace of one layout is not the layout that was timed. */
static void aliasing_of_other_layouts_is_a_part(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    why_clean(pair);
    pair->speedup.layout_band[0] = 1.6;
    why_trial(why, pair, "temp_64", HV_BASELINE, 1.6);
    explain(why);
    why_near(ns(pair, HV_PART_ALIAS), 7.5);
}

/* One blocked load cannot cost 230 ns: wider stores were faster. What it can cost is in
 * the interval, also of an arm beside one that was tested. */
static void an_effect_beyond_the_bound_is_in_the_rest(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "cycle", 1000, 700);
    why_both(pair, "forward_spans", 1, 2);
    why_trial(why, pair, "copy_wide", HV_BASELINE, 1.3);
    assert_int_equal(check_of(why, "store_forward_blocked")->verdict, HV_REFUTED);
    why_near(ns(pair, HV_PART_FORWARD), 0);
    why_near(part(pair, HV_PART_FORWARD)->time.ci95[1], 20);
    why_near(ns(pair, HV_PART_REST), 300);
    why_both(pair, "forward_spans", 9, 2);
    assert_int_equal(check_of(why, "store_forward_blocked")->verdict, HV_SUPPORTED);
    const struct hv_effect *effect = hv_effect_on(pair, HV_PART_FORWARD, HV_BASELINE);
    why_near(ns(pair, HV_PART_FORWARD), effect->time.value);
    why_near(part(pair, HV_PART_FORWARD)->time.ci95[0], effect->time.ci95[0] - 20);
    why_near(part(pair, HV_PART_FORWARD)->time.ci95[1], effect->time.ci95[1] + 20);
}

/* ---- nesting */

/* Misses of data that nobody copies beside a few copies: they are not the copies'. */
static void what_exceeds_its_whole_stands_beside_it(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "walk", 20, 10);
    why_clean(pair);
    why_both(pair, "memcpy_bytes", 512, 0);
    why_both(pair, "l1d_misses", 90, 10);
    why_trial(why, pair, "copy_away", HV_BASELINE, 20 / 19.0); /* 1 ns */
    struct hv_pair_result *near = why_other(why, pair, HV_PURPOSE_FOOTPRINT, 12, 10);
    near->items = pair->items = 1;
    pair->footprint = 64 << 20;
    explain(why);
    why_near(ns(pair, HV_PART_COPY), 1);
    why_near(ns(pair, HV_PART_MISSES), 8);
    why_near(ns(pair, HV_PART_REST), 1);
    assert_string_equal(pair->cause.id, "misses");
    why_says(pair->cause.because, "8 of the gap's 10 ns");
    assert_string_equal(pair->cause.level, "RAM");
}

/* Candidate's misses are not inside baseline's copies. */
static void what_works_against_its_whole_stands_beside_it(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "walk", 20, 10);
    why_clean(pair);
    why_both(pair, "memcpy_bytes", 512, 0);
    why_trial(why, pair, "copy_away", HV_BASELINE, 4); /* 15 ns */
    struct hv_pair_result *near = why_other(why, pair, HV_PURPOSE_FOOTPRINT, 20, 4);
    near->items = pair->items = 1;
    pair->footprint = 64 << 20;
    explain(why);
    why_near(ns(pair, HV_PART_COPY), 15);
    why_near(ns(pair, HV_PART_MISSES), -6);
    why_near(ns(pair, HV_PART_REST), 1);
    assert_string_equal(pair->cause.id, "copy");
    why_says(pair->cause.because, "15 of the gap's 10 ns");
}

/* Within their errors the same: inside, and the copy's own is about nothing. */
static void what_may_be_all_of_its_whole_lies_inside(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    why_clean(pair);
    why_both(pair, "memcpy_bytes", 512, 0);
    why_both(pair, "forward_spans", 8, 0);
    why_trial(why, pair, "copy_away", HV_BASELINE, 1.60);
    why_trial(why, pair, "copy_wide", HV_BASELINE, 1.61);
    explain(why);
    why_near(ns(pair, HV_PART_FORWARD), 20 * (1 - 1 / 1.61));
    why_near(ns(pair, HV_PART_COPY), 20 * (1 / 1.61 - 1 / 1.6));
    why_near(ns(pair, HV_PART_REST), 10 - 7.5);
    assert_string_equal(pair->cause.id, "forwarding");
}

/* Copies with their misses: as sure as the experiment that left them out. */
static void copies_with_their_misses_are_as_sure_as_their_experiment(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "walk", 20, 10);
    why_clean(pair);
    why_both(pair, "memcpy_bytes", 512, 0);
    struct hv_pair_result *trial =
        why_trial(why, pair, "copy_away", HV_BASELINE, 20 / 15.0); /* 5 ns */
    struct hv_pair_result *near = why_other(why, pair, HV_PURPOSE_FOOTPRINT, 18, 10);
    near->items = pair->items = 1;
    pair->footprint = 64 << 20;
    explain(why);
    assert_string_equal(pair->cause.id, "copy");
    why_speedup(trial, 20 / 15.0, 0.26); /* may be none */
    explain(why);
    assert_string_equal(pair->cause.id, "undecided");
}

/* ---- how sure */

/* Truths drawn from within the intervals of all that was measured. */
static void the_rests_interval_holds_the_truth(void **state)
{
    struct why *why = *state;
    struct synthetic_random random = {7};
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    why_clean(pair);
    why_both(pair, "memcpy_bytes", 512, 512);
    why_both(pair, "allocations", 1, 0);
    why_trial(why, pair, "copy_away", HV_BASELINE, 1.5);
    why_trial(why, pair, "copy_away", HV_CANDIDATE, 1.1);
    why_trial(why, pair, "alloc_hoisted", HV_BASELINE, 1.1);
    explain(why);
    const double *rest = part(pair, HV_PART_REST)->time.ci95;
    for (int i = 0; i < 20000; i++) {
        double e[6];
        for (size_t k = 0; k < HV_LEN(e); k++)
            e[k] = 1 + WHY_ERROR * (synthetic_uniform(&random) < 0.5 ? -1 : 1);
        const double truth =
            20 * e[0] * (1 - 1 / (2 * e[1])) - 20 * e[0] * (1 - 1 / (1.5 * e[2])) +
            10 * e[5] * (1 - 1 / (1.1 * e[3])) - 20 * e[0] * (1 - 1 / (1.1 * e[4]));
        assert_true(rest[0] <= truth + 1e-9 && truth <= rest[1] + 1e-9);
    }
}

/* A gap is no surer than the time that it is a share of. */
static void the_gaps_interval_holds_that_of_the_time(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    explain(why);
    why_near(pair->gap.time.ci95[0], 20 * (1 - WHY_ERROR) * (1 - 1 / 1.98));
    why_near(pair->gap.time.ci95[1], 20 * (1 + WHY_ERROR) * (1 - 1 / 2.02));
    why_speedup(pair, 0.5, 0.01); /* a negative gap: the longer time is the lower end */
    explain(why);
    why_near(pair->gap.time.ci95[0], 20 * (1 + WHY_ERROR) * (1 - 1 / 0.495));
    why_near(pair->gap.time.ci95[1], 20 * (1 - WHY_ERROR) * (1 - 1 / 0.505));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, why_open, why_close)
    const struct CMUnitTest tests[] = {
        TEST(parts_always_add_up),
        TEST(an_effect_of_nothing_is_in_the_rest),
        TEST(aliasing_of_other_layouts_is_a_part),
        TEST(an_effect_beyond_the_bound_is_in_the_rest),
        TEST(what_exceeds_its_whole_stands_beside_it),
        TEST(what_works_against_its_whole_stands_beside_it),
        TEST(what_may_be_all_of_its_whole_lies_inside),
        TEST(copies_with_their_misses_are_as_sure_as_their_experiment),
        TEST(the_rests_interval_holds_the_truth),
        TEST(the_gaps_interval_holds_that_of_the_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
