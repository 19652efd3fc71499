/* SPDX-License-Identifier: MIT */
/* What a reader must know before trusting a pair's figures: a closed table of rows. */
#include "src/analyse/warnings.h"

#include <math.h>

#include "src/analyse/controls.h"
#include "src/analyse/digits.h"
#include "src/analyse/warnings_counters.h"
#include "src/analyse/warnings_method.h"
#include "src/analyse/warnings_trace.h"
#include "src/base/error.h"

/* Limits, all relative. */
#define DROPPED_LIMIT      0.10  /* dropped samples / all samples */
#define FIXED_COST_LIMIT   0.01  /* fixed cost / sample */
#define DRIFT_FLOOR        0.005 /* a drift below this is not worth a word */
#define LENGTH_RATIO_LIMIT 2.0   /* longer arm's sample / shorter arm's */
#define SAMPLE_GRANULES    1000  /* clock steps a sample should last */

bool hv_precise(const struct hv_speedup *speedup, double precision)
{
    return speedup->present && speedup->value > 0 &&
           speedup->value - speedup->ci95[0] <= precision * speedup->value &&
           speedup->ci95[1] - speedup->value <= precision * speedup->value;
}

static const struct hv_marks one = {{1}, 1};

static bool excludes_one(const struct hv_speedup *speedup)
{
    return speedup->present && (speedup->ci95[0] > 1 || speedup->ci95[1] < 1);
}

/* The shorter of the two arms' typical samples, ticks; 0: unknown. */
static double shortest_sample(const struct hv_pair_view *view, double *longest)
{
    *longest = 0;
    if (!view->basis)
        return 0;
    const double *sample = view->basis->layouts[0].sample;
    *longest = fmax(sample[HV_BASELINE], sample[HV_CANDIDATE]);
    return fmin(sample[HV_BASELINE], sample[HV_CANDIDATE]);
}

static const char *contended(const struct hv_warning_context *c)
{
    if (c->pair->state != HV_CONTENDED)
        return NULL;
    const struct hv_gate *gate = &c->view->gate;
    if (!(c->view->run->clock.adders > 0))
        return "The probe's speed on a quiet core is unknown, so no sample can be "
               "called quiet.";
    if (gate->samples == 0)
        return "No sample was taken.";
    const bool kept = c->pair->kept_share >= HV_KEPT_SHARE_MIN;
    return hv_arena_printf(
        c->arena,
        "%s: %.3g %% of the samples were quiet, and %zu of %zu layouts had %d of them "
        "in every cell and a quiet state apart from the busy one. A quiet figure needs "
        "%.2g %% and %d layouts.",
        kept ? "Too few complete layouts" : "The core was contended",
        100 * c->pair->kept_share, c->view->quiet.n_layouts, c->view->pair->n_layouts,
        (int)HV_MIN_QUIET, 100 * HV_KEPT_SHARE_MIN, (int)HV_MIN_LAYOUTS);
}

static const char *few_layouts(const struct hv_warning_context *c)
{
    if (c->view->pair->n_layouts >= HV_MIN_LAYOUTS)
        return NULL;
    return hv_arena_printf(c->arena,
                           "Only %zu layouts were measured; an interval "
                           "needs %d.",
                           c->view->pair->n_layouts, (int)HV_MIN_LAYOUTS);
}

static const char *placement_band(const struct hv_warning_context *c)
{
    const struct hv_speedup *speedup = &c->pair->speedup;
    const double *band = speedup->placement_band;
    if (!excludes_one(speedup) || !(log(band[1] / band[0]) > fabs(log(speedup->value))))
        return NULL;
    return hv_arena_printf(c->arena,
                           "Code placement alone moves the speedup from %s, more than "
                           "the effect of %s.",
                           hv_span(band[0], band[1], one, c->arena),
                           hv_factor(speedup->value, one, c->arena));
}

static const char *single_placement(const struct hv_warning_context *c)
{
    if (c->view->pair->places != 1)
        return NULL;
    return "The arms exist at one entry offset only: what their placement does to the "
           "speedup is unknown.";
}

static const char *probe_unverified(const struct hv_warning_context *c)
{
    const struct hv_clock *clock = &c->view->run->clock;
    if (clock->adders_verified || !(clock->adders > 0))
        return NULL;
    return hv_arena_printf(c->arena,
                           "The %.3g adds a cycle that mean quiet were learned in this "
                           "run: a core that was never quiet would pass as quiet.",
                           clock->adders);
}

static const char *dropped_many(const struct hv_warning_context *c)
{
    const struct hv_gate *gate = &c->view->gate;
    if (!((double)gate->dropped > DROPPED_LIMIT * (double)gate->samples))
        return NULL;
    return hv_arena_printf(c->arena,
                           "%zu of %zu samples were dropped: the worker was switched "
                           "out or moved to another CPU.",
                           gate->dropped, gate->samples);
}

static const char *short_sample(const struct hv_warning_context *c)
{
    double longest;
    const double sample = shortest_sample(c->view, &longest);
    const double granule = c->view->run->clock.granule;
    if (!(sample > 0) || !(sample < SAMPLE_GRANULES * granule))
        return NULL;
    return hv_arena_printf(c->arena,
                           "A sample lasts %.4g ticks, only %.3g steps of "
                           "the clock.",
                           sample, sample / granule);
}

static const char *unequal_samples(const struct hv_warning_context *c)
{
    double longest;
    const double sample = shortest_sample(c->view, &longest);
    if (!(sample > 0) || !(longest > LENGTH_RATIO_LIMIT * sample))
        return NULL;
    return hv_arena_printf(c->arena,
                           "One arm's samples last %.3g times as long as the other's: "
                           "bursts of noise reach them differently.",
                           longest / sample);
}

static const char *clock_granule(const struct hv_warning_context *c)
{
    const struct hv_estimate *basis = c->view->basis;
    const double precision = c->view->run->settings.precision;
    if (!basis || !(precision > 0))
        return NULL;
    const double *half = basis->layouts[0].half_granule;
    const double both = half[HV_BASELINE] + half[HV_CANDIDATE];
    if (!(both > precision / 2))
        return NULL;
    return hv_arena_printf(c->arena,
                           "Half a step of the clock is already %.2g %% of the "
                           "speedup; %.2g %% was asked for.",
                           100 * both, 100 * precision);
}

static const char *fixed_cost_large(const struct hv_warning_context *c)
{
    double longest;
    const double sample = shortest_sample(c->view, &longest);
    if (!(sample > 0) || !(c->view->basis->fixed_cost > FIXED_COST_LIMIT * sample))
        return NULL;
    return hv_arena_printf(c->arena,
                           "%.3g of a sample's %.4g ticks are the fixed cost of taking "
                           "one, and were taken off.",
                           c->view->basis->fixed_cost, sample);
}

static const char *fixed_cost_unknown(const struct hv_warning_context *c)
{
    if (!c->view->basis || c->view->basis->has_fixed_cost)
        return NULL;
    return "The empty arm gave too few samples: the fixed cost of a sample is unknown "
           "and was not taken off.";
}

static const char *drift(const struct hv_warning_context *c)
{
    const struct hv_speedup *speedup = &c->pair->speedup;
    if (!speedup->present)
        return NULL;
    const double moved = hv_estimate_drift(&c->view->quiet, c->scratch);
    const double width = log(speedup->ci95[1] / speedup->ci95[0]);
    if (!(fabs(moved) > fmax(width, DRIFT_FLOOR)))
        return NULL;
    return hv_arena_printf(c->arena,
                           "The speedup moved by %+.2g %% between the first and the "
                           "second half of the layouts.",
                           100 * (exp(moved) - 1));
}

static const char *aa_excludes_one(const struct hv_warning_context *c)
{
    const struct hv_speedup *speedup = &c->pair->speedup;
    if (!c->view->run->settings.aa || !excludes_one(speedup))
        return NULL;
    return hv_arena_printf(c->arena,
                           "The same code against itself: the interval %s excludes 1.",
                           hv_span(speedup->ci95[0], speedup->ci95[1], one, c->arena));
}

static const char *control_failed(const struct hv_warning_context *c)
{
    if (c->pair->control && c->pair->prediction.verdict == HV_FAIL)
        return c->pair->prediction.rule;
    const struct hv_run *run = c->view->run;
    for (size_t i = 0; i < run->n_controls; i++) {
        const struct hv_control *control = &run->controls[i];
        if (hv_control_accuses(control, run->controls, run->n_controls))
            return hv_arena_printf(
                c->arena, "Control %s: expected %.5g %s, got %.5g%s%s.",
                control->name ? control->name : "unnamed", control->expected,
                control->unit ? control->unit : "", control->got,
                control->why ? "; " : "", control->why ? control->why : "");
    }
    return NULL;
}

static const char *interrupted(const struct hv_warning_context *c)
{
    if (c->view->pair->stop != HV_STOP_INTERRUPTED)
        return NULL;
    return "The run was interrupted while it measured this pair.";
}

/* What was used up; told only as far as the counts say it. */
static const char *what_ended(const struct hv_warning_context *c)
{
    const struct hv_pair_run *pair = c->view->pair;
    const uint32_t complete = c->pair->speedup.layouts,
                   asked = c->view->run->settings.layouts;
    if (pair->stop == HV_STOP_BUDGET)
        return "The budget ended";
    if (asked && complete >= asked)
        return hv_arena_printf(c->arena, "The %u layouts asked for were measured",
                               (unsigned)asked);
    if (complete >= HV_MAX_LAYOUTS)
        return hv_arena_printf(c->arena, "All %d layouts were measured",
                               (int)HV_MAX_LAYOUTS);
    if (pair->n_layouts >= (asked ? asked : (uint32_t)HV_MAX_LAYOUTS))
        return hv_arena_printf(c->arena,
                               "%zu layouts were measured, %u of them complete,",
                               pair->n_layouts, (unsigned)complete);
    return "The room for samples ended";
}

static const char *not_precise(const struct hv_warning_context *c)
{
    const enum hv_stop stop = c->view->pair->stop;
    const struct hv_speedup *speedup = &c->pair->speedup;
    const double precision = c->view->run->settings.precision;
    if ((stop != HV_STOP_BUDGET && stop != HV_STOP_SAMPLES) || !speedup->present ||
        !(precision > 0) || hv_precise(speedup, precision))
        return NULL;
    return hv_arena_printf(c->arena,
                           "%s before %.3g %% was reached: the interval is %s.",
                           what_ended(c), 100 * precision,
                           hv_span(speedup->ci95[0], speedup->ci95[1],
                                   (struct hv_marks){{0}, 0}, c->arena));
}

/* Keeps the formatter from lining up columns of sentences. */
#define ROW(id, text, advice)                                                          \
    {                                                                                  \
        id, text, advice                                                               \
    }

static const struct {
    const char *id;
    const char *(*text)(const struct hv_warning_context *);
    const char *advice;
} rows[] = {
    ROW("contended", contended,
        "Run again at a quieter time, with a longer --budget, or on another core with "
        "--cpu."),
    ROW("few_layouts", few_layouts, "Raise --budget, or ask for --layouts 8 or more."),
    ROW("interrupted", interrupted, "Run again to the end before drawing conclusions."),
    ROW("control_failed", control_failed,
        "Find out why the control reads wrong before trusting this pair; hvperf doctor "
        "tells what the machine can measure."),
    ROW("aa_excludes_one", aa_excludes_one,
        "5 of 100 A/A intervals are expected to; if more do, widen every interval of "
        "this machine by that much."),
    ROW("shared_work", hv_warn_shared_work,
        "Look at the variant without it, if the pair has one (experiment isolated): "
        "the speedup of the pair says little about what differs."),
    ROW("optimised_away", hv_warn_optimised_away,
        "Pass inputs and results through HV_BARRIER and HV_KEEP; hvperf inspect shows "
        "what is left."),
    ROW("order_effect", hv_warn_order_effect,
        "Give the arms memory of their own, or more iterations a sample."),
    ROW("autocorrelated", hv_warn_autocorrelated,
        "Trust the interval, which rests on layouts, and no count of samples."),
    ROW("placement_band_wider_than_effect", placement_band,
        "Do not carry the speedup over to another build: compare at the placement that "
        "build gives, or align the code."),
    ROW("single_placement", single_placement,
        "Build the kernels at four placements, as kernels/hvperf.h tells."),
    ROW("probe_unverified", probe_unverified,
        "Compare with a run on an idle machine; a CPU whose adders are known needs no "
        "learning."),
    ROW("budget_reached_before_precision", not_precise,
        "Accept the interval as it is: layouts differ by as much. Where the budget "
        "ended, a larger --budget may narrow it; where --quick or --layouts set the "
        "number, more layouts may."),
    ROW("drift", drift,
        "Run again: if it moves again, look for heat, frequency changes or another "
        "load."),
    ROW("dropped_many", dropped_many,
        "Free the core of other work, or choose another one with --cpu."),
    ROW("short_sample", short_sample,
        "Let an arm do more work in one sample: n was limited, or the clock is "
        "coarse."),
    ROW("unequal_samples", unequal_samples,
        "Make the work of the longer arm smaller, so that both fit into one sample "
        "length."),
    ROW("clock_granule", clock_granule,
        "Ask for a wider --precision, or use a machine with a finer clock."),
    ROW("empty_cost_large", fixed_cost_large,
        "Trust the figures of this pair less: they rest on the fixed cost being the "
        "same in every sample."),
    ROW("empty_cost_unknown", fixed_cost_unknown, "Run again with a longer --budget."),
    ROW("witness_disagreement", hv_warn_witness_disagreement,
        "Look at both sources in the dump; neither is averaged away. Rest no claim on "
        "this figure before one is explained."),
    ROW("tracers_differ", hv_warn_tracers_differ,
        "Rest no claim on the traced figures of this arm, and report it: one of the "
        "tracers is wrong."),
    ROW("trace_contradicted", hv_warn_contradicted,
        "Rest no claim on the copied bytes of this arm, and report it."),
    ROW("trace_unsupported", hv_warn_unsupported,
        "hvperf inspect shows the arm's instructions."),
    ROW("tracer_doubted", hv_warn_tracer_doubted,
        "Report it, with the dump: the tracer does not work on this machine."),
    ROW("not_traced", hv_warn_not_traced,
        "hvperf doctor tells what this machine lets a tracer do."),
    ROW("partly_traced", hv_warn_partly_traced,
        "Read the source of each figure: it says of which calls it is made."),
    ROW("not_compared", hv_warn_not_compared,
        "Trust the tracer as far as its controls in the dump go."),
    ROW("stepped", hv_warn_stepped,
        "Nothing, if its figures are there: stepping is as exact, and slower."),
    ROW("dead_event", hv_warn_dead_event,
        "Ignore the event on this machine; hvperf doctor tells what its PMU counts."),
    ROW("biased_event", hv_warn_biased_event, "Use another event for the figure (-e)."),
    ROW("unqualified_event", hv_warn_unqualified_event,
        "Use such a count, where there is one, as a hint only; no verdict rests on "
        "it."),
    ROW("multiplexed", hv_warn_multiplexed,
        "Ask for fewer events at once, or free the counter that the NMI watchdog "
        "holds."),
};

void hv_warn(const struct hv_pair_view *view, struct hv_arena *arena,
             struct hv_arena *scratch, struct hv_pair_result *out)
{
    const struct hv_warning_context context = {view, out, arena, scratch};
    out->warnings = hv_arena_array(arena, HV_LEN(rows), sizeof *out->warnings);
    if (out->state == HV_FAILED)
        return;
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        const char *text = rows[i].text(&context);
        if (text)
            out->warnings[out->n_warnings++] =
                (struct hv_warning){rows[i].id, text, rows[i].advice};
    }
}
