/* SPDX-License-Identifier: MIT */
/* From what a run observed to what it means: pure, no I/O, no clock. */
#include "src/analyse/analyse.h"

#include "src/analyse/arm_predictions.h"
#include "src/analyse/break_even.h"
#include "src/analyse/cause.h"
#include "src/analyse/checklist.h"
#include "src/analyse/decision.h"
#include "src/analyse/effects.h"
#include "src/analyse/figures.h"
#include "src/analyse/foretaste.h"
#include "src/analyse/gap.h"
#include "src/analyse/prediction.h"
#include "src/analyse/sweep.h"
#include "src/analyse/warnings.h"

static double kept_share(const struct hv_gate *gate)
{
    return gate->samples ? (double)gate->quiet / (double)gate->samples : 0;
}

static bool enough_kept(const struct hv_pair_view *view)
{
    return kept_share(&view->gate) >= HV_KEPT_SHARE_MIN;
}

static enum hv_state state_of(const struct hv_pair_view *view)
{
    if (view->pair->failure)
        return HV_FAILED;
    return view->quiet.speedup.present && enough_kept(view) ? HV_QUIET : HV_CONTENDED;
}

/* Which samples the time figures rest on: of a contended pair the state with more
 * complete layouts, the quiet one on a tie. */
static const struct hv_estimate *basis_of(const struct hv_pair_view *view)
{
    if (view->state == HV_QUIET)
        return &view->quiet;
    const size_t quiet = enough_kept(view) ? view->quiet.n_layouts : 0;
    if (quiet + view->contended.n_layouts == 0)
        return NULL;
    return quiet >= view->contended.n_layouts ? &view->quiet : &view->contended;
}

static const char *why_no_basis(const struct hv_pair_view *view, struct hv_arena *arena)
{
    if (view->quiet.n_layouts)
        return hv_arena_printf(arena,
                               "only %.2g %% of the samples are quiet, and no layout "
                               "is complete with contended ones",
                               100 * kept_share(&view->gate));
    return hv_arena_printf(arena,
                           "no layout is complete: none has %d samples of one state in "
                           "every cell that could be used",
                           (int)HV_MIN_QUIET);
}

static void choose_basis(struct hv_pair_view *view, struct hv_arena *arena)
{
    view->basis = basis_of(view);
    if (!view->basis) {
        view->basis_words = why_no_basis(view, arena);
        return;
    }
    const size_t count = view->basis->n_layouts;
    view->basis_words = hv_arena_printf(
        arena, "%s core, %s%zu layout%s",
        view->basis == &view->quiet ? "quiet" : "contended",
        count < HV_MIN_LAYOUTS ? "only " : "", count, count == 1 ? "" : "s");
}

/* HV_FAILED: there is none to show. */
static enum hv_state state_of_times(const struct hv_pair_view *view)
{
    if (view->state == HV_FAILED || !view->basis)
        return HV_FAILED;
    return view->basis == &view->quiet ? HV_QUIET : HV_CONTENDED;
}

static void copy_names(const struct hv_pair_run *pair, struct hv_pair_result *out)
{
    out->name = pair->name;
    out->kernel_set = pair->kernel_set;
    out->isa = pair->isa;
    out->question = pair->question;
    out->control = pair->control;
    out->purpose = pair->purpose;
    out->of = pair->of;
    out->experiment = pair->experiment;
    out->asked_footprint = pair->asked_footprint;
    out->footprint = pair->footprint;
    out->items = pair->items;
    out->failure = pair->failure;
    out->stop = pair->stop;
    for (int arm = 0; arm < HV_ARMS; arm++) {
        out->arm[arm].name = pair->arm[arm].name;
        out->arm[arm].code_sha256 = pair->arm[arm].code_sha256;
        out->arm[arm].n = pair->arm[arm].n;
    }
}

static void make_view(const struct hv_run *run, const struct hv_pair_run *pair,
                      struct hv_arena *arena, struct hv_arena *scratch,
                      struct hv_pair_view *view)
{
    *view = (struct hv_pair_view){.run = run, .pair = pair};
    hv_gate_make(&run->clock, pair, scratch, &view->gate);
    hv_estimate_make(&run->clock, pair, &view->gate, HV_MARK_QUIET, scratch,
                     &view->quiet);
    hv_estimate_make(&run->clock, pair, &view->gate, HV_MARK_CONTENDED, scratch,
                     &view->contended);
    view->state = state_of(view);
    choose_basis(view, arena);
}

/* Nothing but the counts stays of a speedup that must not be shown. */
static struct hv_speedup shown(const struct hv_speedup *speedup, bool allowed)
{
    if (allowed)
        return *speedup;
    return (struct hv_speedup){.layouts = speedup->layouts,
                               .rounds = speedup->rounds,
                               .statistic = speedup->statistic};
}

void hv_analyse_pair(const struct hv_run *run, const struct hv_pair_run *pair,
                     struct hv_arena *arena, struct hv_pair_result *out)
{
    struct hv_arena *scratch = hv_arena_open();
    struct hv_pair_view view;
    make_view(run, pair, arena, scratch, &view);
    *out = (struct hv_pair_result){.state = view.state, .times = state_of_times(&view)};
    copy_names(pair, out);
    out->has_kept_share = view.gate.samples > 0;
    out->kept_share = kept_share(&view.gate);
    out->speedup = shown(&view.quiet.speedup, view.state == HV_QUIET);
    out->contended = shown(&view.contended.speedup, view.state != HV_FAILED);
    for (int arm = 0; arm < HV_ARMS; arm++)
        hv_make_figures(&view, (enum hv_arm_id)arm, arena, scratch, &out->arm[arm]);
    out->prediction =
        hv_predict(out, &run->hypothesis, pair->predicted, &run->settings, arena);
    hv_predict_arms(&run->hypothesis, &run->settings, arena, out);
    hv_warn(&view, arena, scratch, out);
    hv_arena_close(scratch);
}

bool hv_precise_enough(const struct hv_pair_result *pair, double precision)
{
    return pair->state == HV_QUIET && hv_precise(&pair->speedup, precision);
}

/* What the experiments say of a pair. */
static void explain(const struct hv_result *result, struct hv_pair_result *pair,
                    struct hv_arena *arena)
{
    hv_find_effects(result, pair, arena);
    hv_split_gap(result, pair, arena);
    hv_name_cause(result, pair, arena);
}

struct hv_result *hv_analyse(const struct hv_run *run, struct hv_arena *arena)
{
    struct hv_result *result = hv_arena_alloc(arena, sizeof *result);
    *result = (struct hv_result){
        .version = run->version,
        .command = run->command,
        .n_command = run->n_command,
        .settings = run->settings,
        .hypothesis = run->hypothesis.present ? &run->hypothesis : NULL,
        .clock = run->clock,
        .caches = run->caches,
        .environment = run->environment,
        .n_environment = run->n_environment,
        .controls = run->controls,
        .n_controls = run->n_controls,
        .interrupted = run->interrupted,
        .n_pairs = run->n_pairs,
    };
    result->pairs = hv_arena_array(arena, run->n_pairs, sizeof *result->pairs);
    for (size_t i = 0; i < run->n_pairs; i++)
        hv_analyse_pair(run, &run->pairs[i], arena, &result->pairs[i]);
    result->n_experiments = run->n_experiments;
    result->experiments =
        hv_arena_array(arena, run->n_experiments, sizeof *result->experiments);
    for (size_t i = 0; i < run->n_experiments; i++)
        hv_analyse_pair(run, &run->experiments[i], arena, &result->experiments[i]);
    for (size_t i = 0; i < run->n_pairs; i++)
        explain(result, &result->pairs[i], arena);
    hv_make_sweeps(result, arena);
    hv_make_checklist(result, arena);
    result->decision = hv_decide(&run->hypothesis, result->pairs, result->n_pairs,
                                 &run->settings, arena);
    result->decision.gpu = hv_find_break_even(result, arena);
    hv_find_foretastes(result, arena);
    return result;
}
