/* SPDX-License-Identifier: MIT */
/* The gate: which samples are quiet, which layouts count, and what is contended. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "src/analyse/analyse.h"
#include "src/analyse/gate.h"
#include "src/base/error.h"
#include "tests/unit/synthetic_run.h"

#define assert_near(a, b, tolerance)                                                   \
    do {                                                                               \
        const double near_a = (a), near_b = (b);                                       \
        if (!(fabs(near_a - near_b) <= (tolerance)))                                   \
            fail_msg("%s = %.12g, expected %.12g", #a, near_a, near_b);                \
    } while (0)

static struct hv_pair_result analyse_truth(const struct synthetic_truth *truth,
                                           struct hv_arena *arena)
{
    struct hv_pair_result result;
    const struct hv_run *run = synthetic_run(truth, arena);
    hv_analyse_pair(run, run->pairs, arena, &result);
    return result;
}

static void busy_core_is_contended(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct synthetic_truth truth = synthetic_bind(8);
    truth.busy_share = 0.98;
    const struct hv_pair_result result = analyse_truth(&truth, arena);
    assert_int_equal(result.state, HV_CONTENDED);
    assert_false(result.speedup.present);
    assert_near(result.speedup.value, 0, 0);
    assert_true(result.contended.present);
    assert_near(result.contended.value, 2 * 1.2 / 1.8, 0.01);
    const struct hv_evidence *time = hv_arm_figure(&result.arm[0], "time");
    assert_int_equal(time->provenance, HV_MEASURED);
    assert_non_null(strstr(time->source, "contended core"));
    assert_int_equal(result.times, HV_CONTENDED);
    hv_arena_close(arena);
}

/* quiet_layouts of the one state and busy_layouts of the other, each complete. */
static struct hv_run *mixed_run(size_t quiet_layouts, size_t busy_layouts,
                                struct hv_arena *arena)
{
    struct synthetic_truth truth = {
        .seed = 15,
        .layouts = quiet_layouts + busy_layouts,
        .visits = 20,
        .places = 1,
        .n = {10,   10  },
        .ticks = {2000, 1000},
        .busy_factor = {1,    2   }
    };
    struct hv_run *run = synthetic_run(&truth, arena);
    struct synthetic_random random = {10};
    truth.busy_share = 1;
    for (size_t i = 0; i < busy_layouts; i++)
        synthetic_fill_layout(&truth, &random, arena, &run->pairs->layouts[i]);
    return run;
}

/* Where neither state has its eight layouts, times are of the one that has more. */
static void times_rest_on_the_state_with_more_layouts(void **state)
{
    (void)state;
    static const struct {
        size_t quiet, busy;
        enum hv_state state, times;
        const char *words;
    } cases[] = {
        {8, 0,  HV_QUIET,     HV_QUIET,     "quiet core, 8 layouts"         },
        {8, 9,  HV_QUIET,     HV_QUIET,     "quiet core, 8 layouts"         },
        {7, 1,  HV_CONTENDED, HV_QUIET,     "quiet core, only 7 layouts"    },
        {4, 4,  HV_CONTENDED, HV_QUIET,     "quiet core, only 4 layouts"    },
        {4, 5,  HV_CONTENDED, HV_CONTENDED, "contended core, only 5 layouts"},
        {7, 8,  HV_CONTENDED, HV_CONTENDED, "contended core, 8 layouts"     },
        {1, 0,  HV_CONTENDED, HV_QUIET,     "quiet core, only 1 layout"     },
        {1, 30, HV_CONTENDED, HV_CONTENDED, "contended core, 30 layouts"    },
        {0, 0,  HV_CONTENDED, HV_FAILED,    "no layout is complete"         },
    };
    struct hv_arena *arena = hv_arena_open();
    for (size_t i = 0; i < HV_LEN(cases); i++) {
        struct hv_run *run = mixed_run(cases[i].quiet, cases[i].busy, arena);
        struct hv_pair_result result;
        hv_analyse_pair(run, run->pairs, arena, &result);
        const struct hv_evidence *time = hv_arm_figure(&result.arm[1], "time");
        assert_int_equal(result.state, cases[i].state);
        assert_int_equal(result.times, cases[i].times);
        const char *words = time->source ? time->source : time->why;
        if (!strstr(words, cases[i].words))
            fail_msg("case %zu: %s", i, words);
        if (cases[i].times == HV_FAILED)
            continue;
        assert_near(time->value, cases[i].times == HV_QUIET ? 250 : 500, 1);
        run->pairs->failure = "a wrong result";
        hv_analyse_pair(run, run->pairs, arena, &result);
        assert_int_equal(result.times, HV_FAILED);
    }
    hv_arena_close(arena);
}

/* Below the kept share the quiet layouts are no refuge. */
static void few_quiet_samples_carry_no_times(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_run *run = mixed_run(1, 30, arena);
    for (size_t i = 0; i < 30; i++) /* 19 samples a cell: not complete any more */
        run->pairs->layouts[i].cell[HV_BASELINE][0].ticks[3] = 0;
    struct hv_pair_result result;
    hv_analyse_pair(run, run->pairs, arena, &result);
    assert_true(result.kept_share > 0 && result.kept_share < 0.05);
    assert_int_equal(result.times, HV_FAILED);
    assert_non_null(strstr(hv_arm_figure(&result.arm[0], "time")->why,
                           "3.2 % of the samples are quiet"));
    hv_arena_close(arena);
}

/* The probes of a busy core may reach down into the gate, as they do on Zen 5: what
 * passes then is no quiet sample, however many there are. */
static void tail_of_the_busy_state_is_contended(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    for (int slow_share = 0; slow_share <= 20; slow_share += 10) {
        struct synthetic_truth truth = synthetic_bind(8);
        truth.slow_probe_share = slow_share / 100.0;
        const struct hv_pair_result result = analyse_truth(&truth, arena);
        /* 0.1 / 0.9 is one slow probe for nine quiet ones: still apart */
        assert_int_equal(result.state, slow_share < 11 ? HV_QUIET : HV_CONTENDED);
        assert_int_equal(result.speedup.present, slow_share < 11);
        assert_true(result.kept_share > 0.05); /* the other rule would let it pass */
    }
    hv_arena_close(arena);
}

/* Eight complete layouts do not help when fewer than 5 % of all samples are quiet. */
static void small_kept_share_is_contended(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    for (int busy_layouts = 150; busy_layouts <= 154; busy_layouts += 4) {
        struct synthetic_truth truth = {
            .seed = 9,
            .layouts = 8,
            .visits = 20,
            .places = 1,
            .n = {10,   10  },
            .ticks = {2000, 1000},
            .busy_factor = {1,    1   }
        };
        struct hv_run *run = synthetic_run(&truth, arena);
        struct hv_pair_run *pair = run->pairs;
        struct hv_layout *all =
            hv_arena_array(arena, 8 + (size_t)busy_layouts, sizeof *all);
        memcpy(all, pair->layouts, 8 * sizeof *all);
        struct synthetic_random random = {10};
        truth.busy_share = 1;
        for (int i = 0; i < busy_layouts; i++)
            synthetic_fill_layout(&truth, &random, arena, &all[8 + i]);
        pair->layouts = all;
        pair->n_layouts = 8 + (size_t)busy_layouts;
        struct hv_pair_result result;
        hv_analyse_pair(run, pair, arena, &result);
        /* 8 / 158 = 5.06 %, 8 / 162 = 4.94 % */
        assert_int_equal(result.state, busy_layouts == 150 ? HV_QUIET : HV_CONTENDED);
        assert_int_equal(result.speedup.layouts, 8);
    }
    hv_arena_close(arena);
}

static void unknown_adders_leave_nothing_quiet(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    const struct synthetic_truth truth = synthetic_bind(11);
    struct hv_run *run = synthetic_run(&truth, arena);
    run->clock.adders = 0;
    struct hv_pair_result result;
    hv_analyse_pair(run, run->pairs, arena, &result);
    assert_int_equal(result.state, HV_CONTENDED);
    assert_near(result.kept_share, 0, 0);
    hv_arena_close(arena);
}

/* 4 % of 1/k on either side, and both probes count, the closing one too. */
static void gate_is_four_percent_on_both_sides(void **state)
{
    (void)state;
    static const struct {
        double factor;
        bool quiet;
    } cases[] = {
        {1,      true },
        {1.0395, true },
        {0.9605, true },
        {1.0405, false},
        {0.9595, false}
    };
    struct hv_arena *arena = hv_arena_open();
    const struct synthetic_truth truth = {
        .seed = 12,
        .layouts = 1,
        .visits = 1,
        .places = 1,
        .n = {1,   1  },
        .ticks = {1e6, 1e6},
        .loop = 1,
    };
    struct hv_run *run = synthetic_run(&truth, arena);
    struct hv_layout *layout = run->pairs->layouts;
    run->clock.probe_adds = 4000000;
    layout->chain.ticks[0] = run->clock.chain_adds; /* one tick an add */
    uint32_t *const probes[] = {&layout->cell[0][0].probe[0],
                                &layout->cell[1][0].probe[0], &layout->chain.probe[0],
                                &layout->empty.probe[0], &layout->closing_probe};
    /* which of baseline, candidate and empty the probe stands beside */
    static const char *const beside[] = {"b", "bc", "c", "e", "e"};
    for (size_t p = 0; p < HV_LEN(probes); p++)
        for (size_t i = 0; i < HV_LEN(cases); i++) {
            for (size_t other = 0; other < HV_LEN(probes); other++)
                *probes[other] = 1000000;
            *probes[p] = (uint32_t)(1000000 * cases[i].factor);
            struct hv_gate gate;
            hv_gate_make(&run->clock, run->pairs, arena, &gate);
            const unsigned char marks[] = {gate.layouts[0].cell[0][0][0],
                                           gate.layouts[0].cell[1][0][0],
                                           gate.layouts[0].empty[0]};
            for (size_t m = 0; m < HV_LEN(marks); m++)
                assert_int_equal(marks[m] == HV_MARK_QUIET,
                                 cases[i].quiet || !strchr(beside[p], "bce"[m]));
        }
    hv_arena_close(arena);
}

static void dropped_samples_count_for_nothing(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    const struct synthetic_truth truth = {
        .seed = 13,
        .layouts = 8,
        .visits = 21,
        .places = 1,
        .n = {10,   10  },
        .ticks = {2000, 1000}
    };
    struct hv_run *run = synthetic_run(&truth, arena);
    struct hv_series *cell = &run->pairs->layouts[3].cell[HV_CANDIDATE][0];
    struct hv_pair_result result;
    cell->ticks[5] = 0; /* 20 are left: still complete */
    hv_analyse_pair(run, run->pairs, arena, &result);
    assert_int_equal(result.state, HV_QUIET);
    assert_near(result.kept_share, 335.0 / 336, 1e-12);
    assert_int_equal(result.speedup.rounds, 8 * 21 - 1);
    for (size_t i = 0; i < 12; i++) /* the clock of what is left of the chain */
        run->pairs->layouts[3].chain.ticks[i] = 0;
    hv_analyse_pair(run, run->pairs, arena, &result);
    assert_near(result.kept_share, 335.0 / 336, 1e-12);
    cell->ticks[6] = 0; /* 19: that layout no longer counts, and 7 are too few */
    hv_analyse_pair(run, run->pairs, arena, &result);
    assert_int_equal(result.state, HV_CONTENDED);
    assert_int_equal(result.speedup.layouts, 7);
    hv_arena_close(arena);
}

/* A worker that was stopped in the middle of a visit. */
static void partial_last_visit_ends_at_the_closing_probe(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    const struct synthetic_truth truth = {
        .seed = 14,
        .layouts = 1,
        .visits = 3,
        .places = 1,
        .n = {10,   10  },
        .ticks = {2000, 1000}
    };
    struct hv_run *run = synthetic_run(&truth, arena);
    struct hv_layout *layout = run->pairs->layouts;
    layout->cell[HV_CANDIDATE][0].len = 2;
    layout->chain.len = layout->empty.len = 2;
    layout->closing_probe *= 2;
    struct hv_gate gate;
    hv_gate_make(&run->clock, run->pairs, arena, &gate);
    assert_int_equal(gate.samples, 5);
    assert_int_equal(gate.quiet, 4);
    assert_int_equal(gate.layouts[0].cell[HV_BASELINE][0][2], HV_MARK_CONTENDED);
    hv_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(busy_core_is_contended),
        cmocka_unit_test(times_rest_on_the_state_with_more_layouts),
        cmocka_unit_test(few_quiet_samples_carry_no_times),
        cmocka_unit_test(tail_of_the_busy_state_is_contended),
        cmocka_unit_test(small_kept_share_is_contended),
        cmocka_unit_test(unknown_adders_leave_nothing_quiet),
        cmocka_unit_test(gate_is_four_percent_on_both_sides),
        cmocka_unit_test(dropped_samples_count_for_nothing),
        cmocka_unit_test(partial_last_visit_ends_at_the_closing_probe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
