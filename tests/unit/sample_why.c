/* SPDX-License-Identifier: MIT */
/* Builds the experiments of the made-up run, and what they show. */
#include "tests/unit/sample_why.h"

#include <string.h>

#include "src/base/error.h"

/* As macros: clang-format 14 dies of uneven rows in braces. */
#define NS(p, v, low, high, s)                                                         \
    {                                                                                  \
        .provenance = p, .value = v, .unit = "ns", .source = s, .has_ci = true,        \
        .ci95 = {                                                                      \
            low,                                                                       \
            high                                                                       \
        }                                                                              \
    }
#define UNTESTED                                                                       \
    {                                                                                  \
        .unit = "ns", .why = "no experiment of this run tested it"                     \
    }

enum { BIND, BATCH, ALLOCATION };

static const char hostile[] = "**x**|[y](http://z)<b>\x1b[31m\n`c`";

static struct hv_effect bind_effects[] = {
    {.experiment = "copy_away",
     .part = HV_PART_COPY,
     .time = NS(HV_MEASURED,                                             9.125, 8.75,                9.5,
     "bind_with_copy, timed against the same arm with its copies left out"),
     .share = {0.45, 0.5},
     .witness = "memcpy_bytes 512 before, 0 after (traced)"},
    {.experiment = "temp_64",   .part = HV_PART_ALIAS, .time = UNTESTED},
    {.experiment = "footprint",
     .part = HV_PART_MISSES,
     .arm = HV_CANDIDATE,
     .time = NS(HV_MEASURED,      0.25, 0.125,                                                                              0.5,                                                    "bind_zero_copy, against itself"),
     .witness = "asked to walk over 8192 bytes"                     },
};

static struct hv_gap_part bind_parts[] = {
    {HV_PART_COPY,    "copy_away",
     NS(HV_MEASURED,                               9.125,  8.75, 9.5,          "experiment copy_away"),          0.9858         },
    {HV_PART_FORWARD, NULL,        NS(HV_MODELLED, 0,      0,    0,            "neither arm has forward_spans"),
     0                                                                                                                          },
    {HV_PART_ALIAS,   NULL,        UNTESTED,       0     },
    {HV_PART_PLACEMENT,           NULL,                   NS(HV_ESTIMATED,                   0,                        -5.5,     2.5, "the offsets"),                   0},
    {HV_PART_REST,          NULL,
     NS(HV_MEASURED, 0.1315, -0.75, 1.0,  "the gap less all other parts"),   0.0142                                                                                                             },
};

static struct hv_check checks[] = {
    {"memcpy_dominates",   "memcpy dominates the time at 256 bytes", NULL,         HV_SUPPORTED,
     "Supported by bind.",                                                                                        NULL,                  0},
    {"memcpy_dominates",   "memcpy dominates the time at 256 bytes", "bind",       HV_SUPPORTED,
     "9.125 ns of bind_with_copy go with experiment copy_away.",                                                  &bind_effects[0].time,
     1                                                                                                                                    },
    {"copies_in_l1",       "copies are done in L1 (< 5 ns)",         NULL,         HV_VERDICT_UNDECIDED,
     "Undecided by bind. What would settle it: experiment copy_away.",                                            NULL,                  0},
    {"copies_in_l1",       "copies are done in L1 (< 5 ns)",         "bind",       HV_VERDICT_UNDECIDED,
     "One copy takes 4.25 to 5.25 ns.",                                                                           NULL,                  0},
    {"methodology_flawed", "the methodology is flawed",              NULL,         HV_REFUTED,
     "Refuted by bind.",                                                                                          NULL,                  0},
    {"methodology_flawed", "the methodology is flawed",              "bind",       HV_REFUTED,
     "The audit found nothing.",                                                                                  &bind_effects[2].time, 1},
    {"methodology_flawed", "the methodology is flawed",              "allocation", HV_REFUTED,
     "99.3 % of both arms is shared: at most 1.008x can appear.",                                                 NULL,                  0},
    {"placement",          hostile,                                  NULL,         HV_REFUTED,           hostile, NULL,                  0},
    {"placement",          hostile,                                  hostile,      HV_REFUTED,           hostile, NULL,                  0},
};

/* ---- trials */

static const struct {
    enum hv_purpose purpose;
    const char *name, *of, *experiment, *arm[HV_ARMS];
    enum hv_state state;
    double ns[HV_ARMS], speedup;
    const char *failure;
} trials[] = {
    {HV_PURPOSE_EXPERIMENT,
     "bind",           "bind",
     "copy_away", {"bind_with_copy", "bind_with_copy"},
     HV_QUIET,     {19.25, 10.125},
     1.9012, NULL   },
    {HV_PURPOSE_EXPERIMENT,
     "bind",           "bind",
     "temp_64",   {"bind_with_copy", "bind_with_copy"},
     HV_CONTENDED, {29.5, 29.75},
     0,      NULL   },
    {HV_PURPOSE_EXPERIMENT,
     "bind",           "bind",
     hostile,     {hostile, hostile},
     HV_FAILED,    {0, 0},
     0,      hostile},
    {HV_PURPOSE_EXPERIMENT,
     "allocation",     "allocation",
     "isolated",  {"traditional_vec", "arena_buffer"},
     HV_QUIET,     {7250, 3125},
     2.32,   NULL   },
    {HV_PURPOSE_AA,
     "bind",           "bind",
     NULL,        {"bind_zero_copy", "bind_zero_copy (second copy)"},
     HV_QUIET,     {9.95, 9.96},
     1.0011, NULL   },
    {HV_PURPOSE_FOOTPRINT,
     "bind",           "bind",
     NULL,        {"bind_with_copy", "bind_zero_copy"},
     HV_QUIET,     {19.1, 9.7},
     1.97,   NULL   },
    {HV_PURPOSE_FOOTPRINT,
     "bind",           "bind",
     NULL,        {"bind_with_copy", "bind_zero_copy"},
     HV_QUIET,     {38.2, 19.4},
     1.97,   NULL   },
    {HV_PURPOSE_BUSY,
     "bind",           "bind",
     NULL,        {"bind_with_copy", "bind_zero_copy"},
     HV_CONTENDED, {38.5, 15.25},
     2.525,  NULL   },
    {HV_PURPOSE_BUSY,
     "allocation",     "allocation",
     NULL,        {"traditional_vec", "arena_buffer"},
     HV_QUIET,     {7250, 3125},
     2.32,   NULL   },
    {HV_PURPOSE_INSIGHT,
     "insight_malloc", NULL,
     NULL,        {"malloc_free", "arena_bump"},
     HV_QUIET,     {11.25, 1.125},
     10.02,  NULL   },
    {HV_PURPOSE_STEP,
     "step_arena",     NULL,
     NULL,        {"as_it_is", "with_arena"},
     HV_QUIET,     {33.25, 22.5},
     1.478,  NULL   },
};

static void set_times(struct hv_arena *arena, size_t i, struct hv_pair_result *result)
{
    for (unsigned a = 0; a < HV_ARMS; a++) {
        struct hv_arm_result *arm = &result->arm[a];
        arm->name = trials[i].arm[a];
        arm->n = 1000;
        if (!(trials[i].ns[a] > 0))
            continue;
        arm->figures = hv_arena_array(arena, 1, sizeof *arm->figures);
        arm->n_figures = 1;
        arm->figures[0].name = "time";
        arm->figures[0].evidence = (struct hv_evidence){.provenance = HV_MEASURED,
                                                        .value = trials[i].ns[a],
                                                        .unit = "ns",
                                                        .source = "rdtsc"};
    }
}

static void make_trial(struct hv_arena *arena, size_t i, struct hv_pair_run *run,
                       struct hv_pair_result *result)
{
    const double s = trials[i].speedup;
    *run = (struct hv_pair_run){.name = trials[i].name,
                                .kernel_set = "builtin",
                                .isa = "avx2",
                                .purpose = trials[i].purpose,
                                .of = trials[i].of,
                                .experiment = trials[i].experiment,
                                .failure = trials[i].failure};
    *result = (struct hv_pair_result){.name = run->name,
                                      .kernel_set = run->kernel_set,
                                      .isa = run->isa,
                                      .purpose = run->purpose,
                                      .of = run->of,
                                      .experiment = run->experiment,
                                      .failure = run->failure,
                                      .state = trials[i].state,
                                      .times = trials[i].state};
    if (s > 0)
        result->speedup = (struct hv_speedup){.present = true,
                                              .value = s,
                                              .layouts = 8,
                                              .rounds = 100,
                                              .statistic = "p25"};
    for (unsigned end = 0; s > 0 && end < 2; end++)
        result->speedup.ci95[end] = result->speedup.placement_band[end] =
            result->speedup.layout_band[end] = s * (end ? 1.0125 : 0.9875);
    if (result->purpose == HV_PURPOSE_BUSY && result->state == HV_CONTENDED) {
        result->contended = result->speedup;
        result->speedup.present = false;
    } else if (result->purpose == HV_PURPOSE_BUSY) {
        result->has_kept_share = true;
        result->kept_share = 0.96875;
    }
    set_times(arena, i, result);
    run->meter.why = "a static binary has no GOT to patch";
    for (unsigned a = 0; a < HV_ARMS; a++)
        run->arm[a] = (struct hv_arm_run){.name = trials[i].arm[a], .n = 1000};
}

/* ---- a sweep */

static struct hv_sweep_point points[] = {
    {.bytes = 8192,
     .state = HV_QUIET,
     .time = {NS(HV_MEASURED, 128.5, 127.5, 129.5, "rdtsc"),
              NS(HV_MEASURED, 64.25, 63.5, 65, "rdtsc")},
     .per_byte = {NS(HV_MEASURED, 0.0157, 0.0156, 0.0158, "time / 8192 bytes"),
                  NS(HV_MEASURED, 0.0078, 0.0077, 0.0079, "time / 8192 bytes")}},
    {.bytes = 65536,
     .state = HV_CONTENDED,
     .time = {NS(HV_MEASURED, 2056, 2040, 2072, "rdtsc"),
              {.provenance = HV_ABSENT, .unit = "ns", .why = hostile}},
     .per_byte = {NS(HV_MEASURED, 0.0314, 0.0312, 0.0316, "time / 65536 bytes"),
                  {.provenance = HV_ABSENT, .unit = "ns/byte", .why = hostile}}},
};
static struct hv_knee knees[] = {
    {8192, 65536, 0.0157, 0.0314, "L1"}
};
static struct hv_sweep sweeps[] = {
    {.pair = "bind",
     .isa = "avx2",
     .arm = {"bind_with_copy", hostile},
     .points = points,
     .n_points = HV_LEN(points),
     .knees = knees,
     .n_knees = HV_LEN(knees)},
    {.pair = "insight_copy",
     .isa = "avx2",
     .arm = {"copy_bytes", "load_bytes"},
     .points = points,
     .n_points = 1},
};

void sample_make_why(struct hv_arena *arena, struct hv_run *run,
                     struct hv_result *result)
{
    const size_t n = HV_LEN(trials);
    run->experiments = hv_arena_array(arena, n, sizeof *run->experiments);
    result->experiments = hv_arena_array(arena, n, sizeof *result->experiments);
    run->n_experiments = result->n_experiments = n;
    for (size_t i = 0; i < n; i++)
        make_trial(arena, i, &run->experiments[i], &result->experiments[i]);
    struct hv_pair_result *bind = &result->pairs[BIND];
    bind->effects = bind_effects;
    bind->n_effects = HV_LEN(bind_effects);
    bind->gap = (struct hv_gap){
        .present = true,
        .time = NS(HV_MEASURED, 9.2565, 9.125, 9.375, "baseline's time less"),
        .parts = bind_parts,
        .n_parts = HV_LEN(bind_parts)};
    bind->cause = (struct hv_cause){"copy", "inlined", "L1",
                                    "9.125 of the gap's 9.256 ns go with the copies."};
    result->pairs[BATCH].gap.why = "there is no quiet speedup";
    result->pairs[BATCH].cause = (struct hv_cause){
        .id = "undecided", .because = "There is no quiet speedup to explain."};
    result->pairs[ALLOCATION].gap.why = hostile;
    result->pairs[ALLOCATION].cause =
        (struct hv_cause){.id = "shared_work", .because = hostile};
    result->sweeps = sweeps;
    result->n_sweeps = HV_LEN(sweeps);
    result->checklist = checks;
    result->n_checklist = HV_LEN(checks);
}
