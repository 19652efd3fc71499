/* SPDX-License-Identifier: MIT */
/* Knees of sweeps, break-even with a GPU, and steps measured beforehand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "src/analyse/break_even.h"
#include "src/analyse/foretaste.h"
#include "src/analyse/sweep.h"
#include "src/base/error.h"
#include "tests/unit/why_result.h"

/* A point at which a byte costs baseline so many ns. */
static struct hv_pair_result *point(struct why *why, const char *name, uint64_t bytes,
                                    double per_byte)
{
    const struct hv_pair_result none = {.name = name};
    const double ns = per_byte * (double)bytes;
    struct hv_pair_result *trial =
        why_other(why, &none, HV_PURPOSE_INSIGHT, ns, ns / 2);
    trial->of = NULL;
    trial->asked_footprint = bytes;
    trial->arm[HV_BASELINE].name = "far";
    trial->arm[HV_CANDIDATE].name = "near";
    return trial;
}

static void points_rise_and_bend(void **state)
{
    struct why *why = *state;
    point(why, "walk", 64 << 20, 0.9);
    point(why, "walk", 4 << 10, 0.1);
    point(why, "walk", 32 << 10, 0.08); /* fixed cost falls: no knee */
    point(why, "walk", 256 << 10, 0.0999);
    point(why, "walk", 1 << 20, 0.1); /* 1.25 x 0.08 */
    point(why, "walk", 4 << 20, 0.12);
    hv_make_sweeps(&why->result, why->arena);
    assert_int_equal(why->result.n_sweeps, 1);
    const struct hv_sweep *sweep = &why->result.sweeps[0];
    assert_string_equal(sweep->pair, "walk");
    assert_string_equal(sweep->arm[HV_CANDIDATE], "near");
    assert_int_equal(sweep->n_points, 6);
    for (size_t i = 1; i < sweep->n_points; i++)
        assert_true(sweep->points[i - 1].bytes < sweep->points[i].bytes);
    why_near(sweep->points[0].per_byte[HV_BASELINE].value, 0.1);
    why_near(sweep->points[0].per_byte[HV_BASELINE].ci95[1], 0.101);
    why_near(sweep->points[0].per_byte[HV_CANDIDATE].value, 0.05);
    assert_int_equal(sweep->n_knees, 2);
    assert_int_equal(sweep->knees[0].from, 256 << 10);
    assert_int_equal(sweep->knees[0].to, 1 << 20);
    why_near(sweep->knees[0].before, 0.08);
    why_near(sweep->knees[0].after, 0.1);
    assert_string_equal(sweep->knees[0].level, "L2");
    assert_int_equal(sweep->knees[1].from, 4 << 20);
    assert_int_equal(sweep->knees[1].to, 64 << 20);
    assert_string_equal(sweep->knees[1].level, "L3");
}

static void points_without_a_quiet_time_make_no_knee(void **state)
{
    struct why *why = *state;
    point(why, "walk", 1024, 0.1);
    struct hv_pair_result *contended = point(why, "walk", 2048, 5);
    contended->state = HV_CONTENDED;
    struct hv_pair_result *failed = point(why, "walk", 4096, 1);
    failed->state = HV_FAILED;
    failed->failure = "no memory";
    failed->arm[HV_BASELINE].n_figures = failed->arm[HV_CANDIDATE].n_figures = 0;
    point(why, "walk", 8192, 0.1249);
    hv_make_sweeps(&why->result, why->arena);
    const struct hv_sweep *sweep = &why->result.sweeps[0];
    assert_int_equal(sweep->n_points, 4);
    assert_int_equal(sweep->n_knees, 0);
    assert_int_equal(sweep->points[1].state, HV_CONTENDED);
    assert_int_equal(sweep->points[2].time[HV_BASELINE].provenance, HV_ABSENT);
    why_says(sweep->points[2].per_byte[HV_BASELINE].why, "no memory");
}

static void sweeps_are_of_a_pair_and_isa(void **state)
{
    struct why *why = *state;
    for (uint64_t i = 1; i <= 2; i++) {
        point(why, "walk", 1024 * i, 0.1);
        point(why, "walk", 1024 * i, 0.1)->isa = "portable";
        /* a pair over its footprint; what was walked over counts, not what was asked */
        struct hv_pair_result *far = point(why, "batch", 4096 * i, 0.1);
        far->purpose = HV_PURPOSE_FOOTPRINT;
        far->footprint = 4000 * i;
    }
    point(why, "other", 1024, 0.1); /* one point is no sweep */
    point(why, "walk", 0, 0.1);     /* not at a size */
    point(why, "walk", 4096, 0.1)->purpose = HV_PURPOSE_STEP; /* no insight */
    hv_make_sweeps(&why->result, why->arena);
    assert_int_equal(why->result.n_sweeps, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(why->result.sweeps[i].n_points, 2);
    assert_string_equal(why->result.sweeps[2].pair, "batch");
    assert_int_equal(why->result.sweeps[2].points[1].bytes, 8000);
}

/* ---- break-even */

static struct hv_predicted predicted[] = {
    {.pair = "batch", .speedup = 10},
    {.pair = "small", .speedup = 10},
};

static struct hv_hypothesis gpu_of(double launch, double item, double transfer,
                                   double memory)
{
    return (struct hv_hypothesis){
        .present = true,
        .predictions = predicted,
        .n_predictions = HV_LEN(predicted),
        .gpu = {.launch_ns = {launch, "told"},
                .transfer_gb_per_s = {transfer, "told"},
                .memory_gb_per_s = {memory, "told"},
                .item_bytes = {item, "told"}},
    };
}

static void break_even_by_hand(void **state)
{
    struct why *why = *state;
    struct hv_hypothesis h = gpu_of(10000, 256, 31.5, 1555);
    why->result.hypothesis = &h;
    struct hv_pair_result *pair = why_pair(why, "batch", 9999, 2000);
    pair->items = 1000;
    why_pair(why, "small", 100, 50)->items = 10;
    why_pair(why, "unpredicted", 100, 50)->items = 100000;
    struct hv_break_even gpu = hv_find_break_even(&why->result, why->arena);
    assert_true(gpu.present);
    why_near(gpu.cpu.value, 2);
    why_near(gpu.cpu.ci95[0], 1.98);
    why_near(gpu.cpu.ci95[1], 2.02);
    assert_int_equal(gpu.cpu.provenance, HV_MEASURED);
    assert_int_equal(gpu.transferred.provenance, HV_ABSENT);
    why_says(gpu.transferred.why, "no batch pays");
    why_says(gpu.transferred.why, "2 ns");
    why_says(gpu.transferred.why, "8.13 ns");
    assert_int_equal(gpu.resident.provenance, HV_DECLARED);
    why_near(gpu.resident.value, 10000 / (2 - 256 / 1555.0));
    why_says(gpu.resident.source, "declared");

    h.gpu.transfer_gb_per_s.value = 256;
    gpu = hv_find_break_even(&why->result, why->arena);
    why_near(gpu.transferred.value, 10000);
    h.gpu.transfer_gb_per_s.value = 128; /* as dear as on the CPU */
    gpu = hv_find_break_even(&why->result, why->arena);
    assert_int_equal(gpu.transferred.provenance, HV_ABSENT);
    h.gpu.transfer_gb_per_s.value = 0;
    gpu = hv_find_break_even(&why->result, why->arena);
    assert_true(gpu.present);
    why_says(gpu.transferred.why, "no rate of the transfer");
}

static void break_even_needs_an_operation(void **state)
{
    struct why *why = *state;
    struct hv_hypothesis h = gpu_of(10000, 256, 31.5, 1555);
    why->result.hypothesis = &h;
    struct hv_pair_result *batch = why_pair(why, "batch", 9999, 2000),
                          *small = why_pair(why, "small", 100, 50);
    batch->items = 1000;
    small->items = 10;
    why_shared(why, batch, 900, 100, 100);
    why_near(hv_find_break_even(&why->result, why->arena).cpu.value, 5);
    small->items = 1;
    const struct hv_break_even gpu = hv_find_break_even(&why->result, why->arena);
    assert_true(gpu.present);
    assert_int_equal(gpu.cpu.provenance, HV_ABSENT);
    assert_int_equal(gpu.resident.provenance, HV_ABSENT);
    assert_string_equal(gpu.resident.why, gpu.cpu.why);
    small->items = 10;
    small->state = HV_CONTENDED;
    assert_int_equal(hv_find_break_even(&why->result, why->arena).cpu.provenance,
                     HV_ABSENT);
}

static void break_even_only_if_the_gpu_is_told(void **state)
{
    static const double rows[][4] = {
        {0,     256, 31.5, 1555},
        {10000, 0,   31.5, 1555},
        {10000, 256, 0,    0   },
    };
    struct why *why = *state;
    why_pair(why, "batch", 9999, 2000)->items = 1000;
    assert_false(hv_find_break_even(&why->result, why->arena).present);
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        struct hv_hypothesis h = gpu_of(rows[i][0], rows[i][1], rows[i][2], rows[i][3]);
        why->result.hypothesis = &h;
        assert_false(hv_find_break_even(&why->result, why->arena).present);
    }
}

/* ---- foretastes */

static struct hv_pair_result *step(struct why *why, const char *name, double speedup)
{
    const struct hv_pair_result none = {.name = name};
    struct hv_pair_result *trial =
        why_other(why, &none, HV_PURPOSE_STEP, 10 * speedup, 10);
    trial->arm[HV_BASELINE].name = "as_it_is";
    trial->arm[HV_CANDIDATE].name = "with_step";
    return trial;
}

static void steps_that_were_measured(void **state)
{
    struct hv_step first[] =
        {
            {.text = "arena",             .measured_by = "step_arena"},
            {.text = "think"            },
            {.text = "pool", .measured_by = "step_pool"                           }
    },
                   second[] = {{.text = "arena, too", .measured_by = "step_arena"},
                               {.text = "huge pages", .measured_by = "step_huge"},
                               {.text = "gone", .measured_by = "step_gone"}};
    struct hv_scenario_row scenarios[] = {
        {.id = HV_PESSIMISTIC, .steps = first,  .n_steps = HV_LEN(first) },
        {.id = HV_OPTIMISTIC,  .steps = second, .n_steps = HV_LEN(second)},
    };
    const struct hv_hypothesis h = {
        .present = true, .scenarios = scenarios, .n_scenarios = HV_LEN(scenarios)};
    struct why *why = *state;
    const struct hv_decision *decision = &why->result.decision;
    hv_find_foretastes(&why->result, why->arena);
    assert_int_equal(decision->n_foretastes, 0);
    why->result.hypothesis = &h;
    step(why, "step_arena", 1.5);
    step(why, "step_pool", 2)->state = HV_CONTENDED;
    struct hv_pair_result *failed = step(why, "step_huge", 2);
    failed->state = HV_FAILED;
    failed->failure = "no huge page";
    step(why, "step_gone", 3)->purpose = HV_PURPOSE_INSIGHT;
    hv_find_foretastes(&why->result, why->arena);
    assert_int_equal(decision->n_foretastes, 4);
    const struct hv_foretaste *f = decision->foretastes;
    assert_string_equal(f[0].step, "arena");
    why_near(f[0].gain.value, 1.5);
    assert_int_equal(f[0].gain.provenance, HV_MEASURED);
    why_near(f[0].gain.ci95[0], 1.5 * 0.99);
    why_says(f[0].gain.source, "with_step against as_it_is");
    assert_string_equal(f[1].pair, "step_pool");
    why_says(f[1].gain.why, "no quiet core");
    assert_string_equal(f[2].pair, "step_huge");
    why_says(f[2].gain.why, "no huge page");
    assert_string_equal(f[3].pair, "step_gone");
    why_says(f[3].gain.why, "did not measure it");
    for (size_t i = 1; i < 4; i++)
        assert_int_equal(f[i].gain.provenance, HV_ABSENT);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, why_open, why_close)
    const struct CMUnitTest tests[] = {
        TEST(points_rise_and_bend),
        TEST(points_without_a_quiet_time_make_no_knee),
        TEST(sweeps_are_of_a_pair_and_isa),
        TEST(break_even_by_hand),
        TEST(break_even_needs_an_operation),
        TEST(break_even_only_if_the_gpu_is_told),
        TEST(steps_that_were_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
