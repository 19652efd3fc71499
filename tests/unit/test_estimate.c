/* SPDX-License-Identifier: MIT */
/* The estimator: order statistics, the gate, and speedups whose truth is known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "src/analyse/analyse.h"
#include "src/analyse/estimate.h"
#include "src/analyse/stats.h"
#include "src/base/error.h"
#include "tests/unit/synthetic_run.h"

#define assert_near(a, b, tolerance)                                                   \
    do {                                                                               \
        const double near_a = (a), near_b = (b);                                       \
        if (!(fabs(near_a - near_b) <= (tolerance)))                                   \
            fail_msg("%s = %.12g, expected %.12g", #a, near_a, near_b);                \
    } while (0)

static void quantiles_are_type_7(void **state)
{
    (void)state;
    const double values[] = {1, 2, 4, 8, 16};
    assert_near(hv_quantile(values, 1, 0.25), 1, 0);
    assert_near(hv_quantile(values, 5, 0), 1, 0);
    assert_near(hv_quantile(values, 5, 0.25), 2, 0);
    assert_near(hv_quantile(values, 5, 0.5), 4, 0);
    assert_near(hv_quantile(values, 5, 1), 16, 0);
    assert_near(hv_quantile(values, 4, 0.25), 1.75, 1e-15);
    assert_near(hv_quantile(values, 2, 0.9), 1.9, 1e-15);
}

static void median_ranks_are_the_binomial_ones(void **state)
{
    (void)state;
    /* published table of distribution-free intervals of the median, 95 % */
    static const size_t known[][2] = {
        {0,  0 },
        {1,  0 },
        {5,  0 },
        {6,  1 },
        {7,  1 },
        {8,  1 },
        {9,  2 },
        {11, 2 },
        {12, 3 },
        {15, 4 },
        {16, 4 },
        {17, 5 },
        {24, 7 },
        {32, 10},
        {40, 14}
    };
    for (size_t i = 0; i < HV_LEN(known); i++)
        if (hv_median_rank(known[i][0]) != known[i][1])
            fail_msg("rank of %zu is %zu", known[i][0], hv_median_rank(known[i][0]));
    assert_in_range(hv_median_rank(5000), 2420, 2440); /* 2^-5000 underflows */
}

/* ---- an independent, slow way to the same speedup -------------------------------- */
struct flat {
    uint32_t ticks, probe;
    int arm; /* -1 chain, -2 empty */
    unsigned place;
    size_t visit;
    bool quiet;
};

/* From the description of a visit, without hv_sequence_at. */
static size_t flatten(const struct hv_layout *layout, unsigned places, struct flat *out)
{
    size_t count = 0;
    for (size_t visit = 0; visit < layout->chain.len; visit++) {
        for (unsigned at = 0; at < places; at++)
            for (int turn = 0; turn < 2; turn++) {
                const unsigned place = (unsigned)(at + visit / 2) % places;
                const int arm = visit % 2 == 0 ? turn : 1 - turn;
                const struct hv_series *series = &layout->cell[arm][place];
                out[count++] = (struct flat){series->ticks[visit],
                                             series->probe[visit],
                                             arm,
                                             place,
                                             visit,
                                             false};
            }
        out[count++] = (struct flat){layout->chain.ticks[visit],
                                     layout->chain.probe[visit],
                                     -1,
                                     0,
                                     visit,
                                     false};
        out[count++] = (struct flat){layout->empty.ticks[visit],
                                     layout->empty.probe[visit],
                                     -2,
                                     0,
                                     visit,
                                     false};
    }
    return count;
}

static double slow_quantile(double *values, size_t count, double q)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j > 0 && values[j] < values[j - 1]; j--) {
            const double swap = values[j];
            values[j] = values[j - 1];
            values[j - 1] = swap;
        }
    const double at = (double)(count - 1) * q, whole = floor(at);
    const size_t low = (size_t)whole, high = low + 1 < count ? low + 1 : low;
    return values[low] * (1 - (at - whole)) + values[high] * (at - whole);
}

static double slow_pick(const struct flat *items, size_t count, int arm, unsigned place,
                        int parity, bool all, size_t *found)
{
    static double values[4096];
    *found = 0;
    for (size_t i = 0; i < count; i++)
        if (items[i].arm == arm && items[i].place == place && items[i].ticks &&
            (all || items[i].quiet) &&
            (parity < 0 || items[i].visit % 2 == (size_t)parity))
            values[(*found)++] = items[i].ticks;
    return *found ? slow_quantile(values, *found, 0.25) : 0;
}

static void slow_gate(const struct hv_clock *clock, struct flat *items, size_t count,
                      uint32_t closing)
{
    size_t found;
    const double cycle =
        slow_pick(items, count, -1, 0, -1, true, &found) / clock->chain_adds;
    for (size_t i = 0; i < count; i++) {
        const double before = items[i].probe,
                     after = i + 1 < count ? items[i + 1].probe : closing;
        const double a = before / clock->probe_adds / cycle * clock->adders,
                     b = after / clock->probe_adds / cycle * clock->adders;
        items[i].quiet = a >= 0.96 && a <= 1.04 && b >= 0.96 && b <= 1.04;
    }
}

/* ln speedup of one layout; NAN when it is not complete. */
static double slow_layout(const struct hv_pair_run *pair, const struct flat *items,
                          size_t count, double fixed)
{
    double sum = 0;
    for (unsigned place = 0; place < pair->places; place++)
        for (int arm = 0; arm < 2; arm++) {
            size_t found;
            const double p25 = slow_pick(items, count, arm, place, -1, false, &found);
            if (found < 20)
                return NAN;
            const double c = log((p25 - fixed) / (double)pair->arm[arm].n);
            sum += arm ? -c : c;
        }
    return sum / pair->places;
}

enum { SLOW_LAYOUTS = 12, SLOW_ITEMS = 1024 };
static struct flat slow_items[SLOW_LAYOUTS * SLOW_ITEMS];

static void agrees_with_a_slow_implementation(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct synthetic_truth truth = synthetic_bind(5);
    truth.layouts = SLOW_LAYOUTS;
    truth.place[HV_CANDIDATE][1] = 0.9;
    truth.layout_sd = 0.02;
    const struct hv_run *run = synthetic_run(&truth, arena);
    const struct hv_pair_run *pair = run->pairs;
    size_t counts[SLOW_LAYOUTS], total = 0;
    for (size_t l = 0; l < SLOW_LAYOUTS; l++) {
        struct flat *items = slow_items + total;
        counts[l] = flatten(&pair->layouts[l], pair->places, items);
        slow_gate(&run->clock, items, counts[l], pair->layouts[l].closing_probe);
        total += counts[l];
    }
    size_t found;
    const double at0 = slow_pick(slow_items, total, -2, 0, 0, false, &found),
                 at1 = slow_pick(slow_items, total, -2, 0, 1, false, &found);
    const double fixed = at0 - 100 * (at1 - at0) / 800;
    double all[SLOW_LAYOUTS];
    size_t complete = 0;
    for (size_t l = 0, at = 0; l < SLOW_LAYOUTS; at += counts[l], l++) {
        all[complete] = slow_layout(pair, slow_items + at, counts[l], fixed);
        complete += isnan(all[complete]) ? 0 : 1;
    }
    struct hv_pair_result result;
    hv_analyse_pair(run, pair, arena, &result);
    assert_true(result.speedup.present);
    assert_int_equal(result.speedup.layouts, complete);
    assert_near(result.speedup.value, exp(slow_quantile(all, complete, 0.5)), 1e-12);
    assert_near(result.speedup.layout_band[0], exp(slow_quantile(all, complete, 0.1)),
                1e-12);
    assert_near(result.speedup.layout_band[1], exp(slow_quantile(all, complete, 0.9)),
                1e-12);
    hv_arena_close(arena);
}

/* ---- known answers --------------------------------------------------------------- */

static struct hv_pair_result analyse_truth(const struct synthetic_truth *truth,
                                           struct hv_arena *arena)
{
    struct hv_pair_result result;
    const struct hv_run *run = synthetic_run(truth, arena);
    hv_analyse_pair(run, run->pairs, arena, &result);
    return result;
}

static void finds_the_true_ratio_through_noise(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    const struct synthetic_truth truth = synthetic_bind(1);
    const struct hv_pair_result result = analyse_truth(&truth, arena);
    assert_int_equal(result.state, HV_QUIET);
    assert_near(result.speedup.value, 2, 0.004);
    assert_true(result.speedup.ci95[0] <= 2 && result.speedup.ci95[1] >= 2);
    assert_near(result.kept_share, 0.57, 0.05);
    assert_string_equal(result.speedup.statistic, "p25");
    assert_int_equal(result.speedup.layouts, 24);
    /* the state not shown as quiet keeps its own figure: 2 x 1.2 / 1.8 */
    assert_true(result.contended.present);
    assert_near(result.contended.value, 2 * 1.2 / 1.8, 0.01);
    hv_arena_close(arena);
}

static void noiseless_run_is_exact(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct synthetic_truth truth = {
        .seed = 3,
        .layouts = 8,
        .visits = 20,
        .places = 1,
        .n = {10,   80 },
        .ticks = {4000, 500},
        .fixed = 200,
        .loop = 1
    };
    const struct hv_pair_result result = analyse_truth(&truth, arena);
    assert_near(result.speedup.value, 8, 1e-9);
    assert_int_equal(result.speedup.rounds, 8 * 20);
    assert_near(result.kept_share, 1, 0);
    /* half a tick of 40200 on each arm, and nothing else */
    assert_near(log(result.speedup.ci95[1] / result.speedup.value), 1.0 / 40200, 1e-9);
    assert_near(log(result.speedup.value / result.speedup.ci95[0]), 1.0 / 40200, 1e-9);
    assert_near(hv_arm_figure(&result.arm[0], "time")->value, 1000, 1e-6);
    assert_near(hv_arm_figure(&result.arm[1], "cycles")->value, 500 / 1.1, 0.05);
    hv_arena_close(arena);
}

static void placement_effects_are_averaged_and_banded(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct synthetic_truth truth = synthetic_bind(4);
    truth.place[HV_CANDIDATE][1] = 0.8; /* one placement runs 1.8x slower */
    const struct hv_pair_result result = analyse_truth(&truth, arena);
    assert_near(result.speedup.value, 2 / pow(1.8, 0.25), 0.006);
    assert_near(result.speedup.placement_band[0], 2 / 1.8, 0.006);
    assert_near(result.speedup.placement_band[1], 2, 0.006);
    hv_arena_close(arena);
}

/* A/A: about 1 of 20 intervals may exclude 1, and nothing leans to one side. */
static void equal_arms_read_one(void **state)
{
    (void)state;
    enum { RUNS = 40 };
    unsigned excluded = 0;
    double sum = 0;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        struct hv_arena *arena = hv_arena_open();
        struct synthetic_truth truth = synthetic_bind(seed);
        truth.n[HV_BASELINE] = truth.n[HV_CANDIDATE];
        truth.ticks[HV_BASELINE] = truth.ticks[HV_CANDIDATE];
        truth.busy_factor[HV_BASELINE] = truth.busy_factor[HV_CANDIDATE];
        const struct hv_pair_result result = analyse_truth(&truth, arena);
        assert_near(result.speedup.value, 1, 0.002);
        excluded += result.speedup.ci95[0] > 1 || result.speedup.ci95[1] < 1;
        sum += log(result.speedup.value);
        hv_arena_close(arena);
    }
    assert_in_range(excluded, 0, 5);
    assert_near(sum / RUNS, 0, 0.0002);
}

static void fixed_cost_is_taken_off(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct synthetic_truth truth = synthetic_bind(7);
    truth.n[HV_BASELINE] = 10; /* 800 ticks beside a fixed cost of 400 */
    truth.fixed = 400;
    truth.noise = 0;
    const struct hv_pair_result result = analyse_truth(&truth, arena);
    assert_near(result.speedup.value, 2, 0.01);
    hv_arena_close(arena);
}

/* The interval must hold the truth about as often as it says: 9 layouts, k = 2, 96 %.
 */
static void intervals_cover_the_truth(void **state)
{
    (void)state;
    enum { RUNS = 400 };
    unsigned covered = 0;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        struct hv_arena *arena = hv_arena_open();
        struct synthetic_truth truth = synthetic_bind(seed);
        truth.layouts = 9;
        truth.visits = 50;
        truth.places = 2;
        truth.layout_sd = 0.01;
        truth.busy_share = 0.15;
        const struct hv_pair_result result = analyse_truth(&truth, arena);
        assert_true(result.speedup.present);
        covered += result.speedup.ci95[0] <= 2 && result.speedup.ci95[1] >= 2;
        hv_arena_close(arena);
    }
    if (covered < 0.93 * RUNS || covered > 0.99 * RUNS)
        fail_msg("%u of %d intervals cover the truth", covered, (int)RUNS);
}

static void any_number_of_layouts_is_finite(void **state)
{
    (void)state;
    for (size_t layouts = 0; layouts <= 40; layouts++) {
        struct hv_arena *arena = hv_arena_open();
        const struct synthetic_truth truth = {
            .seed = layouts + 1,
            .layouts = layouts,
            .visits = 20,
            .places = 1 + (unsigned)layouts % 4,
            .n = {1,     1    },
            .ticks = {90000, 30000},
            .layout_sd = 0.01
        };
        const struct hv_pair_result result = analyse_truth(&truth, arena);
        assert_int_equal(result.speedup.present, layouts >= 8);
        assert_int_equal(result.has_kept_share, layouts > 0);
        const struct hv_evidence *time = hv_arm_figure(&result.arm[0], "time");
        assert_int_equal(time->provenance, layouts ? HV_MEASURED : HV_ABSENT);
        assert_int_equal(time->has_ci, layouts >= 6);
        if (!result.speedup.present)
            assert_true(time->provenance == HV_ABSENT
                            ? time->why != NULL
                            : strstr(time->source, "only ") != NULL);
        else
            assert_true(result.speedup.ci95[0] <= result.speedup.value &&
                        result.speedup.value <= result.speedup.ci95[1]);
        hv_arena_close(arena);
    }
}

static void precision_looks_at_both_ends(void **state)
{
    (void)state;
    struct hv_pair_result pair = {
        .state = HV_QUIET,
        .speedup = {.present = true, .value = 2, .ci95 = {1.99, 2.01}}
    };
    assert_true(hv_precise_enough(&pair, 0.0051));
    assert_false(hv_precise_enough(&pair, 0.0049));
    pair.speedup.ci95[1] = 2.05;
    assert_false(hv_precise_enough(&pair, 0.0051));
    pair.speedup.ci95[1] = 2.01;
    pair.speedup.ci95[0] = 1.95;
    assert_false(hv_precise_enough(&pair, 0.0051));
    pair.speedup.present = false;
    assert_false(hv_precise_enough(&pair, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_are_type_7),
        cmocka_unit_test(median_ranks_are_the_binomial_ones),
        cmocka_unit_test(agrees_with_a_slow_implementation),
        cmocka_unit_test(finds_the_true_ratio_through_noise),
        cmocka_unit_test(noiseless_run_is_exact),
        cmocka_unit_test(placement_effects_are_averaged_and_banded),
        cmocka_unit_test(equal_arms_read_one),
        cmocka_unit_test(fixed_cost_is_taken_off),
        cmocka_unit_test(intervals_cover_the_truth),
        cmocka_unit_test(any_number_of_layouts_is_finite),
        cmocka_unit_test(precision_looks_at_both_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
