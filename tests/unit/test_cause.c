/* SPDX-License-Identifier: MIT */
/* Every cause by a planted result, and where one gives way to another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "src/analyse/cause.h"
#include "src/analyse/shared.h"
#include "src/base/error.h"
#include "tests/unit/why_result.h"

/* A pair of 20 against 10 ns, every hazard excluded; each test plants the rest. */
static struct hv_pair_result *clean_pair(struct why *why)
{
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    why_clean(pair);
    return pair;
}

static void cause_is(struct why *why, const char *id)
{
    struct hv_pair_result *pair = &why->result.pairs[0];
    pair->gap = (struct hv_gap){0};
    pair->cause = (struct hv_cause){0};
    pair->n_effects = 0;
    why_cause(why);
    assert_string_equal(pair->cause.id, id);
    assert_non_null(pair->cause.because);
    why_says_not(pair->cause.because, "(null)");
}

/* An experiment where there is something to take away. */
static struct hv_pair_result *take_away(struct why *why, struct hv_pair_result *pair,
                                        const char *experiment, const char *figure,
                                        double speedup)
{
    why_set(pair, HV_BASELINE, figure, HV_TRACED, 512);
    return why_trial(why, pair, experiment, HV_BASELINE, speedup);
}

/* ---- each part */

static void every_part_by_its_experiment(void **state)
{
    static const struct {
        const char *experiment, *figure, *cause;
    } rows[] = {
        {"copy_away",     "memcpy_bytes",  "copy"       },
        {"copy_wide",     "forward_spans", "forwarding" },
        {"temp_64",       "alias_4k",      "aliasing"   },
        {"alloc_hoisted", "allocations",   "allocation" },
        {"alloc_touched", "page_faults",   "page_faults"},
    };
    struct why *why = *state;
    struct hv_pair_result *pair = clean_pair(why);
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        why->result.n_experiments = 0;
        why_clean(pair);
        why_both(pair, rows[i].figure, 512, 0);
        struct hv_pair_result *trial =
            why_trial(why, pair, rows[i].experiment, HV_BASELINE, 1.6);
        why_both(trial, rows[i].figure, 512, 0);
        cause_is(why, rows[i].cause);
        why_says(pair->cause.because, "7.5 of the gap's 10 ns");
        why_says(pair->cause.because, "bind_copy");
        why_says(pair->cause.because, "512 before, 0 after");
    }
}

static void misses_by_a_smaller_footprint(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = clean_pair(why);
    struct hv_pair_result *near = why_other(why, pair, HV_PURPOSE_FOOTPRINT, 11, 10);
    pair->items = near->items = 1;
    near->asked_footprint = 8192;
    pair->footprint = 512 << 10;
    cause_is(why, "misses");
    assert_string_equal(pair->cause.level, "L2");
    assert_null(pair->cause.how);
    why_says(pair->cause.because, "9 of the gap's 10 ns");
}

static void misses_of_copied_data_are_the_copys(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = clean_pair(why);
    why_both(pair, "memcpy_bytes", 512, 0);
    why_trial(why, pair, "copy_away", HV_BASELINE, 2);
    struct hv_pair_result *near = why_other(why, pair, HV_PURPOSE_FOOTPRINT, 12, 10);
    pair->items = near->items = 1;
    pair->footprint = 4 << 20;
    cause_is(why, "copy");
    assert_string_equal(pair->cause.level, "L3");
    why_says(pair->cause.because, "10 of the gap's 10 ns");
}

static void other_work_only_if_all_else_is_known(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = clean_pair(why);
    cause_is(why, "other_work");
    why_both(pair, "page_faults", 1, 0);
    cause_is(why, "undecided");
    why_says(pair->cause.because, "faults");
    why_clean(pair);
    why_set(pair, HV_CANDIDATE, "allocations", HV_ABSENT, 0);
    cause_is(why, "undecided");
    why_says(pair->cause.because, hv_part_name(HV_PART_ALLOC));
}

/* The other arm copies as well, and nobody left that out. */
static void other_work_not_where_one_arm_was_not_tested(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = clean_pair(why);
    why_both(pair, "memcpy_bytes", 512, 256);
    why_trial(why, pair, "copy_away", HV_BASELINE, 1.05);
    cause_is(why, "undecided");
    why_says(pair->cause.because, "not tested: copy");
    why_both(pair, "memcpy_bytes", 512, 0);
    cause_is(why, "other_work");
}

static void the_words_are_of_the_arm_that_was_measured(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 10, 20);
    why_clean(pair);
    why_both(pair, "memcpy_bytes", 0, 512);
    why_trial(why, pair, "copy_away", HV_BASELINE, 1.6)->state = HV_CONTENDED;
    why_trial(why, pair, "copy_away", HV_CANDIDATE, 1.6);
    cause_is(why, "copy");
    why_says(pair->cause.because, "bind_zero");
}

/* Four parts of a gap of 10 ns, its forwarding and aliasing within the copy; what they
 * leave is the rest's. */
static void a_cause_carries_a_quarter(void **state)
{
    static const struct {
        double copy, forward, alias, faults;
        const char *cause;
    } rows[] = {
        {2.51, 2.4,  2.4,  2.4,  "copy"       },
        {2.49, 2.48, 2.48, 2.48, "undecided"  },
        {2.4,  2.6,  2.4,  2.4,  "forwarding" },
        {2.4,  2.4,  2.4,  2.6,  "page_faults"},
    };
    struct why *why = *state;
    struct hv_pair_result *pair = clean_pair(why);
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        const struct {
            const char *name, *figure;
            double ns;
        } trials[] = {
            {"copy_away",     "memcpy_bytes",
             rows[i].copy + rows[i].forward + rows[i].alias   },
            {"copy_wide",     "forward_spans", rows[i].forward},
            {"temp_64",       "alias_4k",      rows[i].alias  },
            {"alloc_touched", "page_faults",   rows[i].faults },
        };
        why->result.n_experiments = 0;
        for (size_t t = 0; t < HV_LEN(trials); t++) {
            struct hv_pair_result *trial = take_away(
                why, pair, trials[t].name, trials[t].figure, 20 / (20 - trials[t].ns));
            why_speedup(trial, trial->speedup.value, 0.001);
        }
        cause_is(why, rows[i].cause);
    }
    why_says(pair->cause.because, "2.6 of the gap's 10 ns");
}

/* 5 ns of 10 are much, but its interval reaches zero. */
static void a_cause_is_beyond_its_error(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = clean_pair(why);
    struct hv_pair_result *trial =
        take_away(why, pair, "copy_away", "memcpy_bytes", 20 / 14.0);
    cause_is(why, "copy");
    why_speedup(trial, 20 / 14.0, 0.35);
    cause_is(why, "undecided");
    why_says(pair->cause.because, "beyond its error");
}

/* A part that works against the gap explains none of it. */
static void a_part_against_the_gap_is_no_cause(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = clean_pair(why);
    take_away(why, pair, "copy_away", "memcpy_bytes", 0.5);
    cause_is(why, "other_work");
    why_says(pair->cause.because, "30 of the gap's 10 ns");
}

static void a_gap_is_real_beyond_its_error_at_every_placement(void **state)
{
    static const struct {
        double ci[2], band[2];
        bool real;
    } rows[] = {
        {{1.0201, 1.1}, {1.001, 1.2}, true },
        {{1.0199, 1.1}, {1.001, 1.2}, false},
        {{1.0201, 1.1}, {0.999, 1.2}, false},
        {{0.9, 0.9799}, {0.8, 0.999}, true },
        {{0.9, 0.9801}, {0.8, 0.999}, false},
        {{0.9, 0.9799}, {0.8, 1.001}, false},
    };
    (void)state;
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        struct hv_pair_result pair = {0};
        memcpy(pair.speedup.ci95, rows[i].ci, sizeof rows[i].ci);
        memcpy(pair.speedup.placement_band, rows[i].band, sizeof rows[i].band);
        assert_int_equal(hv_gap_is_real(&pair), rows[i].real);
    }
}

static void without_a_gap(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = clean_pair(why);
    double *band = pair->speedup.placement_band;
    why_speedup(pair, 1.001, 0.005);
    cause_is(why, "none");
    why_says(pair->cause.because, "1.001x");
    band[0] = 1;
    band[1] = 1.0513; /* exp(0.05) = 1.05127 */
    cause_is(why, "placement");
    why_says(pair->cause.because, "from 1x to 1.051x");
    band[1] = 1.0512;
    cause_is(why, "none");
    band[1] = 1.2;
    why_both(pair, "memcpy_bytes_declared", 512, 0);
    cause_is(why, "elided");
    why_says(pair->cause.because, "512 bytes");
    why_set(pair, HV_BASELINE, "memcpy_bytes", HV_ESTIMATED, 0);
    cause_is(why, "placement");
    why_both(pair, "memcpy_bytes", 1, 0);
    cause_is(why, "placement");
}

static void a_gap_that_not_every_placement_has(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = clean_pair(why);
    pair->speedup.placement_band[0] = 0.9;
    cause_is(why, "placement");
}

/* 1.3 may be 0.9 or 1.7: that is not known to be no gap. */
static void an_error_too_wide_tells_nothing(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = clean_pair(why);
    why_speedup(pair, 1.3, 0.3);
    pair->speedup.placement_band[0] = 1.29;
    pair->speedup.placement_band[1] = 1.31;
    cause_is(why, "undecided");
    why_says(pair->cause.because, "1.3x");
    why_says_not(pair->cause.because, "no gap");
}

/* ---- precedence and sign */

static void no_quiet_speedup_comes_first(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = clean_pair(why);
    why_shared(why, pair, 1000, 0, 0);
    pair->state = HV_CONTENDED;
    cause_is(why, "undecided");
    why_says(pair->cause.because, "no quiet speedup");
}

static void shared_work_comes_before_what_is_left(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = clean_pair(why);
    take_away(why, pair, "copy_away", "memcpy_bytes", 2);
    why_speedup(pair, 1.1, 0.01);
    why_shared(why, pair, 900, 100, 50);
    cause_is(why, "shared_work");
    why_says(pair->cause.because, "90 % of bind_copy and 94.7 % of bind_zero");
    why_says(pair->cause.because, "generate");
    why_shared(why, pair, 899, 101, 50); /* of the arm where it is least */
    cause_is(why, "copy");
}

static void what_differs_is_not_shared(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = clean_pair(why);
    why_shared(why, pair, 1000, 100, 0);
    struct hv_who *other = pair->arm[HV_CANDIDATE].breakdown.who;
    assert_true(hv_shared_work(pair).share > 0.9);
    why_near(hv_shared_work(pair).most, 1.1);
    other->instructions = 1009;
    assert_true(hv_shared_work(pair).share > 0.9);
    other->instructions = 1011; /* by more than 1 % */
    assert_true(hv_shared_work(pair).share == 0);
    other->instructions = 1000;
    other->calls = 2;
    assert_true(hv_shared_work(pair).share == 0);
    other->calls = 1;
    pair->arm[HV_BASELINE].breakdown.who[0].group = other->group = "copy";
    assert_true(hv_shared_work(pair).share == 0);
    pair->arm[HV_BASELINE].breakdown.present = false;
    assert_true(hv_shared_work(pair).share == 0);
}

static void the_candidate_may_be_the_slower(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 10, 20);
    why_clean(pair);
    why_both(pair, "allocations", 0, 2);
    why_trial(why, pair, "alloc_hoisted", HV_CANDIDATE, 1.6);
    cause_is(why, "allocation");
    assert_true(pair->gap.time.value < 0);
    why_says(pair->cause.because, "7.5 of the gap's 10 ns");
    why_says(pair->cause.because, "bind_zero");
}

static void how_copies_were_made(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = clean_pair(why);
    take_away(why, pair, "copy_away", "memcpy_bytes", 2);
    cause_is(why, "copy");
    assert_null(pair->cause.how);
    assert_null(pair->cause.level);
    why_both(pair, "memcpy_bytes_called", 512, 0);
    why_both(pair, "memcpy_bytes_inlined", 1024, 1024);
    why_both(pair, "l1d_lines", 16, 8);
    cause_is(why, "copy");
    assert_string_equal(pair->cause.how, "called");
    assert_string_equal(pair->cause.level, "L1");
    why_both(pair, "memcpy_bytes_inlined", 1024, 0);
    cause_is(why, "copy");
    assert_string_equal(pair->cause.how, "inlined");
}

static void level_names(void **state)
{
    (void)state;
    static const struct {
        struct hv_caches caches;
        double bytes;
        const char *level;
    } rows[] = {
        {{.l1d = 100, .l2 = 200, .l3 = 300}, 1,   "L1"       },
        {{.l1d = 100, .l2 = 200, .l3 = 300}, 100, "L1"       },
        {{.l1d = 100, .l2 = 200, .l3 = 300}, 101, "L2"       },
        {{.l1d = 100, .l2 = 200, .l3 = 300}, 300, "L3"       },
        {{.l1d = 100, .l2 = 200, .l3 = 300}, 301, "RAM"      },
        {{.l1d = 100, .l2 = 200},            201, "beyond L2"},
        {{.l1d = 100, .l2 = 200, .l3 = 300}, 0,   NULL       },
        {{.l2 = 200},                        1,   NULL       },
    };
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        const char *level = hv_cache_level(&rows[i].caches, rows[i].bytes);
        assert_int_equal(level == NULL, rows[i].level == NULL);
        if (level)
            assert_string_equal(level, rows[i].level);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, why_open, why_close)
    const struct CMUnitTest tests[] = {
        TEST(every_part_by_its_experiment),
        TEST(misses_by_a_smaller_footprint),
        TEST(misses_of_copied_data_are_the_copys),
        TEST(other_work_only_if_all_else_is_known),
        TEST(other_work_not_where_one_arm_was_not_tested),
        TEST(the_words_are_of_the_arm_that_was_measured),
        TEST(a_cause_carries_a_quarter),
        TEST(a_cause_is_beyond_its_error),
        TEST(a_part_against_the_gap_is_no_cause),
        TEST(a_gap_is_real_beyond_its_error_at_every_placement),
        TEST(without_a_gap),
        TEST(a_gap_that_not_every_placement_has),
        TEST(an_error_too_wide_tells_nothing),
        TEST(no_quiet_speedup_comes_first),
        TEST(shared_work_comes_before_what_is_left),
        TEST(what_differs_is_not_shared),
        TEST(the_candidate_may_be_the_slower),
        TEST(how_copies_were_made),
        TEST(level_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
