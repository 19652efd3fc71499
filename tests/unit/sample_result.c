/* SPDX-License-Identifier: MIT */
/* Builds the made-up run; numbers are chosen so that no two are alike. */
#include "tests/unit/sample_result.h"

#include <string.h>

#include "src/base/error.h"
#include "tests/unit/sample_hypothesis.h"
#include "tests/unit/sample_raw.h"
#include "tests/unit/sample_trace.h"
#include "tests/unit/sample_why.h"

/* As macros: clang-format 14 dies of uneven rows in braces. */
#define FIGURE(n, p, v, u, s, w)                                                       \
    {                                                                                  \
        .name = n, .evidence = {                                                       \
            .provenance = p,                                                           \
            .value = v,                                                                \
            .unit = u,                                                                 \
            .source = s,                                                               \
            .why = w                                                                   \
        }                                                                              \
    }
#define MEASURED(n, v, u, s) FIGURE(n, HV_MEASURED, v, u, s, NULL)
#define ABSENT(n, u, w)      FIGURE(n, HV_ABSENT, 0, u, NULL, w)
#define SPEEDUP(v, low, high, worst, best, n, r)                                       \
    {                                                                                  \
        .present = true, .value = v, .ci95 = {low, high},                              \
        .placement_band = {worst, best}, .layout_band = {low - 0.01, high + 0.01},     \
        .layouts = n, .rounds = r, .statistic = "p25"                                  \
    }

static struct hv_evidence called_bytes = {.provenance = HV_MEASURED,
                                          .value = 512.5,
                                          .unit = "bytes",
                                          .source = "calls through the GOT"};

static struct hv_figure bind_copy[] = {
    MEASURED("time", 19.2125, "ns", "rdtsc: median over layouts of the p25"),
    FIGURE("cycles", HV_ESTIMATED, 70.71, "cycles", "time / cycle of a chain", NULL),
    FIGURE("instructions", HV_SCALED, 123.5, "instructions",
           "perf_event: cpu, config 0xc0; counted 48 % of the time", NULL),
    ABSENT("l1d_misses", "misses", "<not supported>: no PMU to count L1_MISS with"),
    FIGURE("memcpy_bytes", HV_DECLARED, 512, "bytes", "the pair's source", NULL),
    ABSENT("branches", "events", "<not counted>: the event was never scheduled"),
    FIGURE("memcpy_bytes_declared", HV_DECLARED, 512, "bytes", "the source", NULL),
    MEASURED("memcpy_bytes_called", 512.5, "bytes", "calls through the GOT"),
    ABSENT("memcpy_bytes_inlined", "bytes", "the pass that traces did not run"),
};

static struct hv_figure bind_zero[] = {
    MEASURED("time", 9.954, "ns", "rdtsc: median over layouts of the p25"),
    FIGURE("cycles", HV_ESTIMATED, 36.6, "cycles", "time / cycle of a chain", NULL),
    ABSENT("l1d_misses", "misses", "<not supported>: no PMU to count L1_MISS with"),
    ABSENT("ipc", "instructions/cycle",
           "no instructions: instructions: the run was made without --counters"),
    FIGURE("memcpy_bytes", HV_DECLARED, 0, "bytes", "the pair's source", NULL),
    FIGURE("memcpy_bytes_declared", HV_DECLARED, 0, "bytes", "the source", NULL),
    ABSENT("memcpy_bytes_called", "bytes", "the run was made without --counters"),
};

static struct hv_figure batch_copy[] = {
    MEASURED("time", 4321.5, "ns", "rdtsc; contended core"),
};
static struct hv_figure batch_zero[] = {
    MEASURED("time", 2635.06, "ns", "rdtsc; contended core"),
};
static struct hv_figure alloc_copy[] = {
    MEASURED("time", 303100.0, "ns", "rdtsc"),
    MEASURED("instructions", 4000123, "instructions", "perf_event"),
    FIGURE("memcpy_bytes_declared", HV_DECLARED, 256000, "bytes", "the source", NULL),
    MEASURED("memcpy_bytes_called", 256000, "bytes", "calls through the GOT"),
    FIGURE("memcpy_bytes_inlined", HV_TRACED, 0, "bytes", "trace", NULL),
    MEASURED("allocations", 11, "calls", "calls through the GOT"),
    FIGURE("gb_per_s", HV_DECLARED, 0.845, "GB/s", "bytes / time", NULL),
};
static struct hv_figure alloc_zero[] = {
    MEASURED("time", 302900.0, "ns", "rdtsc"),
    MEASURED("instructions", 3999000, "instructions", "perf_event"),
};
static struct hv_figure heap_copy[] = {
    ABSENT("time", "ns", "the pair failed"),
};

/* For the quoting of CSV and for spreadsheets that run what looks like a formula. */
static struct hv_figure plugin_zero[] = {
    MEASURED("=SUM(A1)", -1.5e-9, "+x", "says \"hello\", then -1"),
    MEASURED("@big", 1.25e12, "-", "=HYPERLINK(1)"),
};

static struct hv_warning bind_warnings[] = {
    {"placement_band_wider_than_effect",
     "Code placement alone moves the speedup from 1.50x to 2.82x.",                      "Do not carry the speedup over to another build."},
    {"multiplexed",                      "Counted part of the time only: instructions.", NULL                                             },
};
static struct hv_warning batch_warnings[] = {
    {"contended", "2.1 % of the samples were quiet.", "Run again at a quieter time."},
};

static const char hostile[] = "evil|pair<script>\x1b[31m\n\xff`*_\\=cmd";
static const char accented[] = "caf\xc3\xa9 \xe6\xbc\xa2\xe5\xad\x97";

#define FORETOLD(which, name, what, amount, match, why)                                \
    {                                                                                  \
        .arm = which, .figure = name, .unit = what, .predicted = amount,               \
        .verdict = match, .rule = why                                                  \
    }
static struct hv_arm_prediction bind_arms[] = {
    FORETOLD(HV_BASELINE, "time", "ns", 2010, HV_FAIL, "104.6x less"),
    FORETOLD(HV_BASELINE, "memcpy_bytes", "bytes", 512, HV_UNDECIDED,
             "the bytes are declared only: no trace saw them"),
    FORETOLD(HV_CANDIDATE, "time", "ns", 10, HV_MATCH, "within a factor of 2"),
};

static const struct hv_pair_result bind = {
    .question = "Does cloning both operands cost anything?",
    .state = HV_QUIET,
    .has_kept_share = true,
    .kept_share = 0.34,
    .arm = {{.figures = bind_copy, .n_figures = HV_LEN(bind_copy)},
            {.figures = bind_zero, .n_figures = HV_LEN(bind_zero)}                                            },
    .speedup = SPEEDUP(1.9301, 1.925, 1.9352, 1.5, 2.82, 24, 960),
    .contended = SPEEDUP(1.64, 1.6, 1.7, 1.4, 1.9, 9, 210),
    .prediction = { 200,                                               HV_FAIL, "The interval ends at 1.935x, below 100x."},
    .arm_predictions = bind_arms,
    .n_arm_predictions = HV_LEN(bind_arms),
    .warnings = bind_warnings,
    .n_warnings = HV_LEN(bind_warnings)
};

static const struct hv_pair_result batch = {
    .state = HV_CONTENDED,
    .times = HV_CONTENDED,
    .has_kept_share = true,
    .kept_share = 0.021,
    .arm = {{.figures = batch_copy, .n_figures = HV_LEN(batch_copy)},
            {.figures = batch_zero, .n_figures = HV_LEN(batch_zero)}                          },
    .contended = SPEEDUP(1.64, 1.61, 1.68, 1.4, 1.9, 9, 210),
    .prediction = { 167,                                            HV_UNDECIDED, "The pair is contended."},
    .warnings = batch_warnings,
    .n_warnings = HV_LEN(batch_warnings)
};

static const struct hv_pair_result allocation = {
    .state = HV_QUIET,
    .has_kept_share = true,
    .kept_share = 0.5,
    .arm = {{.figures = alloc_copy, .n_figures = HV_LEN(alloc_copy)},
            {.figures = alloc_zero, .n_figures = HV_LEN(alloc_zero)}                                            },
    .speedup = SPEEDUP(1.0006, 0.998, 1.0031, 0.997, 1.004, 16, 700),
    .prediction = { 100,                                                 HV_FAIL, "The interval ends at 1.003x, below 1.5x."}
};

static const struct hv_pair_result heap = {
    .state = HV_FAILED,
    .times = HV_FAILED,
    .arm = {{.figures = heap_copy, .n_figures = HV_LEN(heap_copy)}},
    .prediction = { 50, HV_UNDECIDED, NULL}
};

static const struct hv_pair_result control = {
    .state = HV_QUIET,
    .control = true,
    .has_kept_share = true,
    .kept_share = 0.61,
    .speedup = SPEEDUP(8.0012, 7.99, 8.01, 7.9, 8.1, 8, 160),
    .prediction = {8, HV_MATCH, "Known answer 8x, measured 8.0012x: within 0.5 %."}
};

static const struct hv_pair_result plugin = {
    .state = HV_QUIET,
    .has_kept_share = true,
    .kept_share = 0.25,
    .arm = {{.n_figures = 0},
            {.figures = plugin_zero, .n_figures = HV_LEN(plugin_zero)}},
    .speedup = SPEEDUP(0.91, 0.9, 0.92, 0.88, 0.95, 12, 300),
    .prediction = { 2,         HV_FAIL, "The interval ends at 0.920x, below 1x."}
};

static const struct hv_pair_result *const results[] = {&bind, &batch,   &allocation,
                                                       &heap, &control, &plugin};

static const struct {
    const char *name, *arm[HV_ARMS], *failure;
    double predicted;
    enum hv_stop stop;
} names[] = {
#define PAIR(pair, copy, zero, why, claim, reason)                                     \
    {                                                                                  \
        pair, {copy, zero}, why, claim, reason                                         \
    }
    PAIR("bind", "bind_with_copy", "bind_zero_copy", NULL, 200, HV_STOP_PRECISION),
    PAIR("batch_1000", "batch_with_copy", "batch_zero_copy", NULL, 167, HV_STOP_BUDGET),
    PAIR("allocation", "traditional_vec", "arena_buffer", NULL, 100, HV_STOP_SAMPLES),
    PAIR("stack_vs_heap", "heap_box", "stack", "heap_box crashed: signal 11 at 0x1000",
         50, HV_STOP_NONE),
    PAIR("control_ratio_8", "times_8", "times_1", NULL, 8, HV_STOP_PRECISION),
    PAIR(hostile, accented, "=1+1", NULL, 2, HV_STOP_INTERRUPTED),
#undef PAIR
};

/* A copy of its own, so that a test may change it. */
static void own_figures(struct hv_arena *arena, struct hv_arm_result *arm)
{
    struct hv_figure *copy = hv_arena_array(arena, arm->n_figures, sizeof *copy);
    if (arm->n_figures)
        memcpy(copy, arm->figures, arm->n_figures * sizeof *copy);
    arm->figures = copy;
}

static void make_pair(struct hv_arena *arena, size_t i, const char *isa,
                      struct hv_pair_run *run, struct hv_pair_result *result)
{
    *result = *results[i];
    *run = (struct hv_pair_run){
        .name = names[i].name,
        .kernel_set = i == 5 ? "plugin" : "builtin",
        .isa = isa,
        .question = results[i]->question,
        .predicted = names[i].predicted,
        .control = results[i]->control,
        .items = i,
        .bytes = 768 * i,
        .failure = names[i].failure,
        .stop = names[i].stop,
        .places = SAMPLE_PLACES,
        .place_offset = {0, 16}
    };
    for (unsigned a = 0; a < HV_ARMS; a++) {
        run->arm[a] =
            (struct hv_arm_run){.name = names[i].arm[a],
                                .n = UINT64_C(1000) * (a + 1),
                                .declares_copies = i == 0,
                                .declared_copy_bytes = i == 0 && !a ? 512 : 0};
        result->arm[a].name = names[i].arm[a];
        result->arm[a].n = run->arm[a].n;
        own_figures(arena, &result->arm[a]);
    }
    run->arm[0].code_sha256 = result->arm[0].code_sha256 = "c0de";
    result->name = run->name;
    result->kernel_set = run->kernel_set;
    result->isa = isa;
    result->failure = run->failure;
    result->stop = run->stop;
    run->meter = (struct hv_meter_run){.why = "a static binary has no GOT to patch"};
    if (i != 0)
        return;
    struct hv_evidence *time = &result->arm[0].figures[0].evidence;
    time->has_ci = true;
    time->ci95[0] = 19.19;
    time->ci95[1] = 19.2375;
    result->arm[0].figures[4].evidence.witnesses = &called_bytes;
    result->arm[0].figures[4].evidence.n_witnesses = 1;
    sample_make_raw(arena, run);
    sample_make_trace(arena, &run->arm[HV_BASELINE].trace);
    sample_make_breakdown(arena, &result->arm[HV_BASELINE].breakdown);
    run->arm[HV_CANDIDATE].trace =
        (struct hv_trace_run){.tried = true,
                              .why = "ptrace is refused: Operation not permitted",
                              .fallback = "vpgatherdd at 0x1234 is refused"};
    result->arm[HV_CANDIDATE].breakdown.why = run->arm[HV_CANDIDATE].trace.why;
}

static struct hv_fact facts[] = {
    {"cpu",       "Made-up CPU 3000",     NULL                                       },
    {"microcode", NULL,                   "not told to a guest"                      },
    {"flags",     "-O3 | -fno-made-up\n", NULL                                       },
    {"governor",  NULL,                   "no cpufreq in this \x1b[1mvirtual machine"},
};

static struct hv_control controls[] = {
    {"chain",  "a dependent imul chain",  "cycles",       true,  3,    3.004, 0.01, true,  NULL,
     false,                                                                                             0},
    {"cycles", "cycles of a known chain", "cycles",       false, 1,    0,     0.02, false,
     "no PMU in this VM",                                                                        false, 0},
    {"loop",   "a loop of known length",  "instructions", true,  1000, 0,     0,    false,
     "the counter stood still",                                                                  true,  7},
};

static const char *next[] = {
    "Write down what was found: at most 1.94x where 200x was predicted.",
    "Measure what the pivot would bring before anybody builds it.",
};

static const char *const command[] = {"hvperf", "--counters", "-o", "out|dir"};

static struct hv_foretaste foretastes[] = {
    {"Map the store.",
     "step_mmap_storage", {.provenance = HV_MEASURED,
      .value = 635,
      .unit = "x",
      .source = "mapped against read"}                               },
    {"Use an arena.",
     "step_arena",        {.provenance = HV_ABSENT, .unit = "x", .why = "it was not measured"}},
};

static void make_frame(enum sample sample, struct hv_run *run, struct hv_result *result)
{
    run->version = result->version = "0.0.0-test";
    if (sample == SAMPLE_BARE) {
        run->interrupted = result->interrupted = true;
        return;
    }
    run->command = result->command = command;
    run->n_command = result->n_command = HV_LEN(command);
    run->settings = (struct hv_settings){.seed = UINT64_MAX - 1,
                                         .dim_bits = 2048,
                                         .precision = 0.01,
                                         .budget_seconds = 2.5,
                                         .counters = true};
    run->clock = (struct hv_clock){
        2.6999, "rdtsc against CLOCK_MONOTONIC_RAW", 26, 4096, 12288, {64, 512},
             4,
        true
    };
    run->environment = facts;
    run->n_environment = HV_LEN(facts);
    run->controls = controls;
    run->n_controls = HV_LEN(controls);
    result->decision = (struct hv_decision){
        .scenario = HV_PESSIMISTIC,
        .accord = HV_AGREES,
        .matrix = "most < 2x: GPU pivot",
        .rule = "3 of 3 decided pairs are below 1.5x",
        .next = next,
        .n_next = HV_LEN(next),
        .foretastes = foretastes,
        .n_foretastes = HV_LEN(foretastes),
        .gpu = {.present = true,
                .cpu = {.provenance = HV_MEASURED,
                        .value = 1.875,
                        .unit = "ns/item",
                        .source = "batch_zero_copy: time / 1000 items"},
                .transferred = {.provenance = HV_ABSENT,
                                .unit = "items",
                                .why = "no batch pays: the transfer alone takes 8 ns"},
                .resident = {.provenance = HV_DECLARED,
                             .value = 5824,
                             .unit = "items",
                             .source = "launch / what an item saves"}},
    };
}

static void share(const struct hv_run *run, struct hv_result *result)
{
    result->settings = run->settings;
    result->hypothesis = run->hypothesis.present ? &run->hypothesis : NULL;
    result->clock = run->clock;
    result->environment = run->environment;
    result->n_environment = run->n_environment;
    result->controls = run->controls;
    result->n_controls = run->n_controls;
    result->n_pairs = run->n_pairs;
}

void sample_make(enum sample sample, struct hv_arena *arena, struct hv_run *run,
                 struct hv_result *result)
{
    static const char *const isas[] = {"avx2", "portable"};
    const size_t pairs = sample == SAMPLE_BARE ? 0 : HV_LEN(names);
    const size_t n_isas = sample == SAMPLE_TWO_ISA ? 2 : 1;
    *run = (struct hv_run){.n_pairs = pairs * n_isas};
    *result = (struct hv_result){.n_pairs = 0};
    make_frame(sample, run, result);
    run->pairs = hv_arena_array(arena, run->n_pairs, sizeof *run->pairs);
    result->pairs = hv_arena_array(arena, run->n_pairs, sizeof *result->pairs);
    for (size_t i = 0; i < run->n_pairs; i++)
        make_pair(arena, i % HV_LEN(names), isas[i / HV_LEN(names)], &run->pairs[i],
                  &result->pairs[i]);
    if (sample != SAMPLE_BARE)
        run->hypothesis = sample_hypothesis(arena);
    if (pairs)
        sample_make_why(arena, run, result);
    share(run, result);
}
