/* SPDX-License-Identifier: MIT */
/* Small runs to analyse, and what must hold of every result whatever the run. */
#include "tests/unit/analysis_checks.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "src/analyse/analyse.h"
#include "src/base/error.h"

struct synthetic_truth small_truth(void)
{
    return (struct synthetic_truth){
        .seed = 1,
        .layouts = 8,
        .visits = 20,
        .places = 2,
        .n = {10,   20  },
        .ticks = {4000, 2000},
        .loop = 1,
    };
}

static void check_evidence(const struct hv_evidence *evidence)
{
    assert_non_null(evidence->unit);
    if (evidence->provenance == HV_ABSENT) {
        assert_true(evidence->why && *evidence->why);
        return;
    }
    assert_true(isfinite(evidence->value));
    assert_non_null(evidence->source);
    if (evidence->has_ci) {
        assert_true(evidence->ci95[0] <= evidence->value);
        assert_true(evidence->ci95[1] >= evidence->value);
        assert_true(isfinite(evidence->ci95[1]));
    }
    for (size_t i = 0; i < evidence->n_witnesses; i++) {
        assert_int_not_equal(evidence->witnesses[i].provenance, HV_ABSENT);
        check_evidence(&evidence->witnesses[i]);
    }
}

static void check_speedup(const struct hv_speedup *speedup)
{
    const double all[] = {speedup->value,
                          speedup->ci95[0],
                          speedup->ci95[1],
                          speedup->placement_band[0],
                          speedup->placement_band[1],
                          speedup->layout_band[0],
                          speedup->layout_band[1]};
    for (size_t i = 0; i < HV_LEN(all); i++)
        assert_true(isfinite(all[i]) && (!speedup->present || all[i] > 0));
}

static const char *const always[] = {
    "time",
    "time_min",
    "time_p25",
    "time_median",
    "time_p95",
    "cycles",
    "instructions",
    "ipc",
    "l1d_misses",
    "allocations",
    "memcpy_bytes",
    "memcpy_bytes_declared",
    "gb_per_s",
    "items_per_s",
    "page_faults",
    "memcpy_bytes_called",
    "allocated_bytes",
    "memcpy_bytes_inlined",
};

static void check_pair(const struct hv_pair_result *pair)
{
    check_speedup(&pair->speedup);
    check_speedup(&pair->contended);
    assert_non_null(pair->prediction.rule);
    assert_true(pair->state == HV_QUIET || !pair->speedup.present);
    for (int arm = 0; arm < HV_ARMS; arm++) {
        for (size_t i = 0; i < HV_LEN(always); i++)
            if (!hv_arm_figure(&pair->arm[arm], always[i]))
                fail_msg("no figure %s", always[i]);
        for (size_t i = 0; i < pair->arm[arm].n_figures; i++)
            check_evidence(&pair->arm[arm].figures[i].evidence);
    }
    for (size_t i = 0; i < pair->n_warnings; i++) {
        assert_non_null(pair->warnings[i].id);
        assert_true(*pair->warnings[i].text && *pair->warnings[i].advice);
    }
}

struct hv_result *analyse_checked(const struct hv_run *run, struct hv_arena *arena)
{
    struct hv_result *result = hv_analyse(run, arena);
    assert_int_equal(result->n_pairs, run->n_pairs);
    for (size_t i = 0; i < result->n_pairs; i++)
        check_pair(&result->pairs[i]);
    size_t overall = 0;
    for (size_t i = 0; i < result->n_checklist; i++) {
        overall += !result->checklist[i].pair;
        assert_true(*result->checklist[i].item && *result->checklist[i].because);
        for (size_t e = 0; e < result->checklist[i].n_evidence; e++)
            check_evidence(&result->checklist[i].evidence[e]);
    }
    assert_int_equal(overall, 12);
    assert_non_null(result->decision.rule);
    assert_non_null(result->decision.matrix);
    return result;
}

const struct hv_warning *find_warning(const struct hv_pair_result *pair, const char *id)
{
    for (size_t i = 0; i < pair->n_warnings; i++)
        if (strcmp(pair->warnings[i].id, id) == 0)
            return &pair->warnings[i];
    return NULL;
}

struct hv_event_run event_of(const char *figure, const char *event, uint64_t value,
                             struct hv_arena *arena)
{
    struct hv_event_run out = {.figure = figure,
                               .event = event,
                               .source = "perf_event: fake",
                               .qualification = HV_QUALIFIED,
                               .n_reads = READS};
    for (int arm = 0; arm <= HV_ARMS; arm++) {
        out.reads[arm] = hv_arena_array(arena, READS, sizeof **out.reads);
        for (uint64_t i = 0; i < READS; i++)
            out.reads[arm][i] = (struct hv_reading){
                .value = (arm == HV_ARMS ? 0 : value / (uint64_t)(arm + 1)) + 48 + i,
                .enabled = 1000,
                .running = 1000};
    }
    return out;
}

struct hv_run *counted_run(struct hv_event_run *events, size_t n_events,
                           struct hv_arena *arena)
{
    const struct synthetic_truth truth = small_truth();
    struct hv_run *run = synthetic_run(&truth, arena);
    struct hv_group_run *group = hv_arena_alloc(arena, sizeof *group);
    *group = (struct hv_group_run){
        .name = "core",
        .iterations = {COUNTER_ITERATIONS, COUNTER_ITERATIONS},
        .events = events,
        .n_events = n_events,
    };
    run->settings.counters = true;
    run->pairs->groups = group;
    run->pairs->n_groups = 1;
    return run;
}
