/* SPDX-License-Identifier: MIT */
/* Causes that must not be named, however large a figure looks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "src/analyse/cause.h"
#include "src/base/error.h"
#include "tests/unit/why_result.h"

static void cause_is(struct why *why, const char *id)
{
    struct hv_pair_result *pair = &why->result.pairs[0];
    pair->gap = (struct hv_gap){0};
    pair->cause = (struct hv_cause){0};
    pair->n_effects = 0;
    why_cause(why);
    assert_string_equal(pair->cause.id, id);
    why_says_not(pair->cause.because, "(null)");
}

/* A speedup with so wide an interval and such a band. */
static void plant_speedup(struct hv_pair_result *pair, const double ci95[2],
                          const double band[2])
{
    why_speedup(pair, (ci95[0] + ci95[1]) / 2, 0.01);
    memcpy(pair->speedup.ci95, ci95, sizeof pair->speedup.ci95);
    memcpy(pair->speedup.placement_band, band, sizeof pair->speedup.placement_band);
}

/* A gap that not every placement has is no absence of one, however narrow the band. */
static void near_one(void **state)
{
    static const struct {
        double ci95[2], band[2];
        const char *plain, *elided;
    } rows[] = {
        {{0.99, 1.01},   {0.99, 1.01},  "none",      "elided"   },
        {{0.951, 1.049}, {0.99, 1.01},  "none",      "elided"   },
        {{0.949, 1.01},  {0.99, 1.01},  "undecided", "undecided"},
        {{0.99, 1.051},  {0.99, 1.01},  "undecided", "undecided"},
        {{0.9, 1.1},     {0.9, 1.2},    "undecided", "undecided"},
        {{0.99, 1.01},   {0.95, 1.05},  "placement", "elided"   },
        {{1.03, 1.04},   {0.999, 1.04}, "placement", "elided"   },
        {{0.96, 0.97},   {0.96, 1.001}, "placement", "elided"   },
    };
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        plant_speedup(pair, rows[i].ci95, rows[i].band);
        why_clean(pair);
        why_both(pair, "memcpy_bytes_declared", 0, 0);
        cause_is(why, rows[i].plain);
        why_both(pair, "memcpy_bytes_declared", 512, 0);
        cause_is(why, rows[i].elided);
    }
}

/* 90 % of the instructions of both are shared: at most 1.11x, if time goes as they do.
 * A gap beyond that is something else's. */
static void shared_work_makes_no_large_gap(void **state)
{
    static const struct {
        double ci95[2];
        bool shared;
    } rows[] = {
        {{0.99, 1.01}, true },
        {{1.11, 1.2},  true },
        {{1.112, 1.2}, false},
        {{0.8, 0.901}, true },
        {{0.8, 0.899}, false},
    };
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    why_clean(pair);
    why_shared(why, pair, 900, 100, 100);
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        plant_speedup(pair, rows[i].ci95, rows[i].ci95);
        cause_is(why, rows[i].shared ? "shared_work" : "other_work");
    }
}

/* Both arms copy; only baseline's copies were left out. What they cost candidate, and
 * so what they add to the gap, nobody knows. */
static void a_part_of_one_arm_is_not_named_while_the_other_is_open(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    why_clean(pair);
    why_both(pair, "memcpy_bytes", 512, 512);
    why_trial(why, pair, "copy_away", HV_BASELINE, 1.6);
    why_trial(why, pair, "copy_away", HV_CANDIDATE, 1.1)->state = HV_CONTENDED;
    cause_is(why, "undecided");
    why_says(pair->cause.because, "nobody knows how much of it is in bind_zero");
    assert_null(pair->cause.how);
    why_set(pair, HV_CANDIDATE, "memcpy_bytes", HV_ABSENT, 0);
    cause_is(why, "undecided");
    why_both(pair, "memcpy_bytes", 512, 0);
    cause_is(why, "copy");
}

/* What is told of a copy is what is left of it without the stalls inside. */
static void the_words_say_what_was_taken_off(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    why_clean(pair);
    why_both(pair, "memcpy_bytes", 512, 0);
    why_both(pair, "forward_spans", 8, 0);
    why_trial(why, pair, "copy_away", HV_BASELINE, 20 / 12.0);
    why_trial(why, pair, "copy_wide", HV_BASELINE, 20 / 17.0);
    cause_is(why, "copy");
    why_says(pair->cause.because, "5 of the gap's 10 ns");
    why_says(pair->cause.because, "experiment copy_away, less forwarding");
}

/* realloc copies inside of the C library: called, though the arm did not ask. */
static void copies_of_the_library_are_called(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "allocation", 20, 10);
    why_clean(pair);
    why_both(pair, "memcpy_bytes", 4096, 0);
    why_both(pair, "memcpy_bytes_called", 0, 0);
    why_both(pair, "memcpy_bytes_library", 4080, 0);
    why_both(pair, "memcpy_bytes_inlined", 16, 0);
    why_trial(why, pair, "copy_away", HV_BASELINE, 2);
    cause_is(why, "copy");
    assert_string_equal(pair->cause.how, "called");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, why_open, why_close)
    const struct CMUnitTest tests[] = {
        TEST(near_one),
        TEST(shared_work_makes_no_large_gap),
        TEST(a_part_of_one_arm_is_not_named_while_the_other_is_open),
        TEST(the_words_say_what_was_taken_off),
        TEST(copies_of_the_library_are_called),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
