/* SPDX-License-Identifier: MIT */
/* Results made by hand. */
#include "tests/unit/why_result.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/analyse/cause.h"
#include "src/analyse/effects.h"
#include "src/analyse/gap.h"
#include "src/base/error.h"

enum { PAIRS = 8, TRIALS = 32, FIGURES = 16 };

int why_open(void **state)
{
    struct why *why = calloc(1, sizeof *why);
    assert_non_null(why);
    why->arena = hv_arena_open();
    why->result = (struct hv_result){
        .settings = {.dim_bits = 2048   },
        .caches = { .line = 64,
                     .l1d = 32 << 10,
                     .l2 = 1 << 20,
                     .l3 = 8 << 20,
                     .source = "made up"},
        .pairs = hv_arena_array(why->arena, PAIRS, sizeof(struct hv_pair_result)),
        .experiments =
            hv_arena_array(why->arena, TRIALS, sizeof(struct hv_pair_result)),
    };
    *state = why;
    return 0;
}

int why_close(void **state)
{
    struct why *why = *state;
    hv_arena_close(why->arena);
    free(why);
    return 0;
}

void why_speedup(struct hv_pair_result *pair, double value, double error)
{
    struct hv_speedup *s = &pair->speedup;
    *s = (struct hv_speedup){
        .present = true, .value = value, .layouts = 8, .rounds = 100};
    for (unsigned end = 0; end < 2; end++)
        s->ci95[end] = s->placement_band[end] = s->layout_band[end] =
            value * (1 + (end ? error : -error));
}

struct hv_evidence *why_set(struct hv_pair_result *pair, enum hv_arm_id arm,
                            const char *name, enum hv_provenance provenance,
                            double value)
{
    struct hv_arm_result *of = &pair->arm[arm];
    size_t i = 0;
    while (i < of->n_figures && strcmp(of->figures[i].name, name) != 0)
        i++;
    assert_true(i < FIGURES);
    of->n_figures += i == of->n_figures;
    of->figures[i] = (struct hv_figure){
        name, {.provenance = provenance, .value = value, .source = "planted"}
    };
    if (provenance == HV_ABSENT)
        of->figures[i].evidence.why = "a test took it away";
    return &of->figures[i].evidence;
}

static void set_time(struct hv_pair_result *pair, enum hv_arm_id arm, double ns)
{
    struct hv_evidence *time = why_set(pair, arm, "time", HV_MEASURED, ns);
    time->unit = "ns";
    time->has_ci = true;
    time->ci95[0] = ns * (1 - WHY_ERROR);
    time->ci95[1] = ns * (1 + WHY_ERROR);
}

static void make(struct why *why, struct hv_pair_result *pair, const char *baseline,
                 const char *candidate, const double ns[HV_ARMS])
{
    const char *const names[HV_ARMS] = {baseline, candidate};
    pair->kernel_set = "builtin";
    pair->isa = "avx2";
    pair->state = pair->times = HV_QUIET;
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        pair->arm[arm].name = names[arm];
        pair->arm[arm].figures =
            hv_arena_array(why->arena, FIGURES, sizeof(struct hv_figure));
        set_time(pair, (enum hv_arm_id)arm, ns[arm]);
    }
    why_speedup(pair, ns[HV_BASELINE] / ns[HV_CANDIDATE], WHY_ERROR);
}

struct hv_pair_result *why_pair(struct why *why, const char *name, double baseline,
                                double candidate)
{
    assert_true(why->result.n_pairs < PAIRS);
    struct hv_pair_result *pair = &why->result.pairs[why->result.n_pairs++];
    pair->name = name;
    make(why, pair, hv_arena_printf(why->arena, "%s_copy", name),
         hv_arena_printf(why->arena, "%s_zero", name),
         (const double[HV_ARMS]){baseline, candidate});
    return pair;
}

static struct hv_pair_result *
trial_of(struct why *why, const struct hv_pair_result *pair, enum hv_purpose purpose)
{
    assert_true(why->result.n_experiments < TRIALS);
    struct hv_pair_result *trial =
        &why->result.experiments[why->result.n_experiments++];
    *trial = (struct hv_pair_result){
        .name = pair->name, .of = pair->name, .purpose = purpose};
    return trial;
}

struct hv_pair_result *why_trial(struct why *why, const struct hv_pair_result *pair,
                                 const char *experiment, enum hv_arm_id arm,
                                 double speedup)
{
    struct hv_pair_result *trial = trial_of(why, pair, HV_PURPOSE_EXPERIMENT);
    const double ns = hv_arm_figure(&pair->arm[arm], "time")->value;
    trial->experiment = experiment;
    make(why, trial, pair->arm[arm].name, pair->arm[arm].name,
         (const double[HV_ARMS]){ns, ns / speedup});
    return trial;
}

struct hv_pair_result *why_other(struct why *why, const struct hv_pair_result *pair,
                                 enum hv_purpose purpose, double baseline,
                                 double candidate)
{
    struct hv_pair_result *trial = trial_of(why, pair, purpose);
    make(why, trial, pair->arm[HV_BASELINE].name, pair->arm[HV_CANDIDATE].name,
         (const double[HV_ARMS]){baseline, candidate});
    return trial;
}

void why_both(struct hv_pair_result *pair, const char *name, double baseline,
              double candidate)
{
    why_set(pair, HV_BASELINE, name, HV_TRACED, baseline);
    why_set(pair, HV_CANDIDATE, name, HV_TRACED, candidate);
}

void why_clean(struct hv_pair_result *pair)
{
    static const char *const hazards[] = {"memcpy_bytes", "forward_spans",
                                          "alias_4k",     "l1d_misses",
                                          "allocations",  "page_faults"};
    for (size_t i = 0; i < HV_LEN(hazards); i++)
        why_both(pair, hazards[i], 0, 0);
}

void why_shared(struct why *why, struct hv_pair_result *pair, double alike,
                double baseline, double candidate)
{
    const double own[HV_ARMS] = {baseline, candidate};
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        struct hv_breakdown *b = &pair->arm[arm].breakdown;
        b->present = true;
        b->n_who = 2;
        b->who = hv_arena_array(why->arena, b->n_who, sizeof *b->who);
        b->who[0] = (struct hv_who){
            .name = "generate", .group = "other", .calls = 1, .instructions = alike};
        b->who[1] = (struct hv_who){.name = pair->arm[arm].name,
                                    .group = "kernel",
                                    .calls = 1,
                                    .instructions = own[arm]};
    }
}

void why_explain(struct why *why)
{
    for (size_t i = 0; i < why->result.n_pairs; i++) {
        struct hv_pair_result *pair = &why->result.pairs[i];
        hv_find_effects(&why->result, pair, why->arena);
        hv_split_gap(&why->result, pair, why->arena);
        hv_name_cause(&why->result, pair, why->arena);
    }
}

const struct hv_cause *why_cause(struct why *why)
{
    assert_int_equal(why->result.n_pairs, 1);
    why_explain(why);
    return &why->result.pairs[0].cause;
}

void why_says(const char *text, const char *wanted)
{
    assert_non_null(text);
    if (!strstr(text, wanted))
        fail_msg("\"%s\" does not say \"%s\"", text, wanted);
}

void why_says_not(const char *text, const char *unwanted)
{
    assert_non_null(text);
    if (strstr(text, unwanted))
        fail_msg("\"%s\" says \"%s\"", text, unwanted);
}

void why_near(double value, double wanted)
{
    if (!(fabs(value - wanted) <= 1e-9 * fmax(1, fabs(wanted))))
        fail_msg("%.12g is not %.12g", value, wanted);
}
