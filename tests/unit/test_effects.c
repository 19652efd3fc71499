/* SPDX-License-Identifier: MIT */
/* Effects of experiments on planted results. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "src/analyse/effects.h"
#include "src/base/error.h"
#include "tests/unit/why_result.h"

static const struct hv_effect *effect_of(struct why *why, enum hv_part part,
                                         enum hv_arm_id arm)
{
    struct hv_pair_result *pair = &why->result.pairs[0];
    pair->n_effects = 0;
    hv_find_effects(&why->result, pair, why->arena);
    return hv_effect_on(pair, part, arm);
}

static void time_is_the_share_of_the_pairs_own(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    struct hv_pair_result *trial = why_trial(why, pair, "copy_away", HV_BASELINE, 1.6);
    why_both(trial, "memcpy_bytes", 512, 0);
    /* The trial's own worker ran slower: only its speedup counts. */
    why_set(trial, HV_BASELINE, "time", HV_MEASURED, 999);
    const struct hv_effect *effect = effect_of(why, HV_PART_COPY, HV_BASELINE);
    assert_non_null(effect);
    assert_int_equal(effect->time.provenance, HV_MEASURED);
    why_near(effect->time.value, 20 * (1 - 1 / 1.6));
    assert_true(effect->time.has_ci);
    why_near(effect->time.ci95[0], 20 * 0.99 * (1 - 1 / (1.6 * 0.99)));
    why_near(effect->time.ci95[1], 20 * 1.01 * (1 - 1 / (1.6 * 1.01)));
    why_near(effect->share[0], 1 - 1 / (1.6 * 0.99));
    why_near(effect->share[1], 1 - 1 / (1.6 * 1.01));
    assert_string_equal(effect->time.unit, "ns");
    why_says(effect->time.source, "bind_copy");
    why_says(effect->witness, "memcpy_bytes 512 before, 0 after (traced)");
    assert_null(hv_effect_on(pair, HV_PART_COPY, HV_CANDIDATE));
}

static void shares_span_the_placements_too(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    struct hv_pair_result *trial = why_trial(why, pair, "copy_away", HV_BASELINE, 1.25);
    trial->speedup.placement_band[0] = 0.8;
    trial->speedup.placement_band[1] = 2;
    const struct hv_effect *effect = effect_of(why, HV_PART_COPY, HV_BASELINE);
    why_near(effect->share[0], -0.25);
    why_near(effect->share[1], 0.5);
    why_near(effect->time.ci95[0], 20 * 0.99 * (1 - 1 / (1.25 * 0.99)));
}

static void a_slower_change_is_a_negative_effect(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    why_trial(why, pair, "copy_wide", HV_BASELINE, 0.8);
    const struct hv_effect *effect = effect_of(why, HV_PART_FORWARD, HV_BASELINE);
    why_near(effect->time.value, -5);
    why_near(effect->time.ci95[0], 20 * 1.01 * (1 - 1 / (0.8 * 0.99)));
    why_near(effect->time.ci95[1], 20 * 0.99 * (1 - 1 / (0.8 * 1.01)));
    assert_null(effect->witness);
}

static void interval_around_nothing_widens_both_ways(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    why_trial(why, pair, "copy_wide", HV_BASELINE, 1);
    const struct hv_effect *effect = effect_of(why, HV_PART_FORWARD, HV_BASELINE);
    why_near(effect->time.value, 0);
    why_near(effect->time.ci95[0], 20 * 1.01 * (1 - 1 / 0.99));
    why_near(effect->time.ci95[1], 20 * 1.01 * (1 - 1 / 1.01));
}

/* ---- absent, and why */

static void spoil_nothing(struct hv_pair_result *pair, struct hv_pair_result *trial)
{
    (void)pair, (void)trial;
}
static void fail_trial(struct hv_pair_result *pair, struct hv_pair_result *trial)
{
    (void)pair;
    trial->state = HV_FAILED;
    trial->failure = "worker died of signal 11";
}
static void contend_trial(struct hv_pair_result *pair, struct hv_pair_result *trial)
{
    (void)pair;
    trial->state = HV_CONTENDED;
}
static void contend_pair(struct hv_pair_result *pair, struct hv_pair_result *trial)
{
    (void)trial;
    pair->state = HV_CONTENDED;
}
static void no_interval(struct hv_pair_result *pair, struct hv_pair_result *trial)
{
    (void)trial;
    why_set(pair, HV_BASELINE, "time", HV_MEASURED, 20);
}
static void keep_copies(struct hv_pair_result *pair, struct hv_pair_result *trial)
{
    (void)pair;
    why_both(trial, "memcpy_bytes", 512, 512);
}

static void absent_with_its_reason(void **state)
{
    static const struct {
        void (*spoil)(struct hv_pair_result *, struct hv_pair_result *);
        const char *why; /* NULL: it is there */
    } rows[] = {
        {spoil_nothing, NULL                             },
        {fail_trial,    "worker died of signal 11"       },
        {contend_trial, "no quiet core"                  },
        {contend_pair,  "no quiet time"                  },
        {no_interval,   "no quiet time"                  },
        {keep_copies,   "memcpy_bytes 512 before, 512 af"},
    };
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        why->result.n_experiments = 0;
        pair->state = HV_QUIET;
        struct hv_pair_result *trial =
            why_trial(why, pair, "copy_away", HV_BASELINE, 1.6);
        rows[i].spoil(pair, trial);
        const struct hv_effect *effect = effect_of(why, HV_PART_COPY, HV_BASELINE);
        assert_non_null(effect);
        assert_int_equal(effect->time.provenance == HV_ABSENT, rows[i].why != NULL);
        if (rows[i].why)
            why_says(effect->time.why, rows[i].why);
        why_set(pair, HV_BASELINE, "time", HV_MEASURED, 20);
        pair->arm[HV_BASELINE].figures[0].evidence.has_ci = true;
    }
}

static void nothing_to_take_away_is_no_contradiction(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    struct hv_pair_result *trial = why_trial(why, pair, "copy_away", HV_BASELINE, 1);
    why_both(trial, "memcpy_bytes", 0, 0);
    const struct hv_effect *effect = effect_of(why, HV_PART_COPY, HV_BASELINE);
    assert_int_equal(effect->time.provenance, HV_MEASURED);
    why_near(effect->time.value, 0);
}

/* What a source is said to ask for shows neither that the change was made nor that it
 * was not. */
static void a_declaration_is_no_witness(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    struct hv_pair_result *trial = why_trial(why, pair, "copy_away", HV_BASELINE, 1.6);
    for (int falls = 0; falls < 2; falls++) {
        why_set(trial, HV_BASELINE, "memcpy_bytes", HV_DECLARED, 512);
        why_set(trial, HV_CANDIDATE, "memcpy_bytes", HV_DECLARED, falls ? 0 : 512);
        const struct hv_effect *effect = effect_of(why, HV_PART_COPY, HV_BASELINE);
        assert_int_equal(effect->time.provenance, HV_MEASURED);
        assert_null(effect->witness);
    }
}

static void of_this_pair_isa_and_set_only(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    why_trial(why, pair, "copy_away", HV_BASELINE, 1.6)->of = "permute";
    why_trial(why, pair, "copy_away", HV_BASELINE, 1.6)->isa = "avx512";
    why_trial(why, pair, "copy_away", HV_BASELINE, 1.6)->kernel_set = "mine";
    why_trial(why, pair, "copy_away", HV_BASELINE, 1.6)->purpose = HV_PURPOSE_INSIGHT;
    why_trial(why, pair, "no_such", HV_BASELINE, 1.6);
    why_trial(why, pair, "copy_away", HV_BASELINE, 1.6)->arm[HV_BASELINE].name = "x";
    assert_null(effect_of(why, HV_PART_COPY, HV_BASELINE));
    assert_int_equal(pair->n_effects, 0);
}

/* ---- the control of moved temporaries */

static void what_the_control_does_is_taken_off(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    why_trial(why, pair, "temp_64", HV_BASELINE, 2);
    struct hv_pair_result *control =
        why_trial(why, pair, "temp_4096", HV_BASELINE, 1.25);
    const struct hv_effect *effect = effect_of(why, HV_PART_ALIAS, HV_BASELINE);
    why_near(effect->time.value, 10 - 4);
    why_near(effect->time.ci95[0],
             20 * 0.99 * (1 - 1 / 1.98) - 20 * 1.01 * (1 - 1 / (1.25 * 1.01)));
    why_near(effect->time.ci95[1],
             20 * 1.01 * (1 - 1 / 2.02) - 20 * 0.99 * (1 - 1 / (1.25 * 0.99)));
    why_near(effect->share[0], (1 - 1 / 1.98) - (1 - 1 / (1.25 * 1.01)));
    why_says(effect->time.source, "temp_4096");
    control->state = HV_CONTENDED;
    effect = effect_of(why, HV_PART_ALIAS, HV_BASELINE);
    why_near(effect->time.value, 10);
}

static void each_arm_has_its_own_control(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "bind", 20, 10);
    why_trial(why, pair, "temp_64", HV_BASELINE, 2);
    why_trial(why, pair, "temp_64", HV_CANDIDATE, 2);
    why_trial(why, pair, "temp_4096", HV_BASELINE, 1.25);
    why_trial(why, pair, "temp_4096", HV_CANDIDATE, 2);
    why_near(effect_of(why, HV_PART_ALIAS, HV_BASELINE)->time.value, 10 - 4);
    why_near(effect_of(why, HV_PART_ALIAS, HV_CANDIDATE)->time.value, 0);
}

/* ---- footprint */

static void footprint_is_scaled_by_items(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "batch", 1000, 800);
    struct hv_pair_result *near = why_other(why, pair, HV_PURPOSE_FOOTPRINT, 16, 15);
    pair->items = 100;
    near->items = 2;
    near->asked_footprint = 8192;
    const struct hv_effect *effect = effect_of(why, HV_PART_MISSES, HV_BASELINE);
    why_near(effect->time.value, 1000 - 50 * 16);
    why_near(effect->time.ci95[0], 990 - 50 * 16 * 1.01);
    why_near(effect->time.ci95[1], 1010 - 50 * 16 * 0.99);
    why_near(effect->share[0], (990 - 50 * 16 * 1.01) / 1000);
    why_says(effect->witness, "8192 bytes, 2 items an iteration instead of 100");
    why_near(hv_effect_on(pair, HV_PART_MISSES, HV_CANDIDATE)->time.value,
             800 - 50 * 15);
    near->items = 0;
    effect = effect_of(why, HV_PART_MISSES, HV_CANDIDATE);
    assert_int_equal(effect->time.provenance, HV_ABSENT);
    why_says(effect->time.why, "items");
    near->items = 2;
    pair->footprint = near->footprint = 25600;
    effect = effect_of(why, HV_PART_MISSES, HV_BASELINE);
    why_says(effect->time.why, "walks over no less");
    near->state = HV_CONTENDED;
    why_says(effect_of(why, HV_PART_MISSES, HV_BASELINE)->time.why, "no quiet core");
}

/* Misses cannot save time: then neither arm's figure is that of misses alone. */
static void a_shorter_walk_that_takes_longer_tells_nothing(void **state)
{
    struct why *why = *state;
    struct hv_pair_result *pair = why_pair(why, "batch", 1000, 800);
    struct hv_pair_result *near = why_other(why, pair, HV_PURPOSE_FOOTPRINT, 24, 15);
    pair->items = 100;
    near->items = 2;
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        const struct hv_effect *effect =
            effect_of(why, HV_PART_MISSES, (enum hv_arm_id)arm);
        assert_int_equal(effect->time.provenance, HV_ABSENT);
        why_says(effect->time.why, "the shorter walk takes longer");
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, why_open, why_close)
    const struct CMUnitTest tests[] = {
        TEST(time_is_the_share_of_the_pairs_own),
        TEST(shares_span_the_placements_too),
        TEST(a_slower_change_is_a_negative_effect),
        TEST(interval_around_nothing_widens_both_ways),
        TEST(absent_with_its_reason),
        TEST(nothing_to_take_away_is_no_contradiction),
        TEST(a_declaration_is_no_witness),
        TEST(of_this_pair_isa_and_set_only),
        TEST(what_the_control_does_is_taken_off),
        TEST(each_arm_has_its_own_control),
        TEST(footprint_is_scaled_by_items),
        TEST(a_shorter_walk_that_takes_longer_tells_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
