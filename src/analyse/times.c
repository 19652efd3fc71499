/* SPDX-License-Identifier: MIT */
/* Time, cycles by the chain clock, and the rates that follow from time. */
#include "src/analyse/times.h"

#include "src/base/error.h"

static struct hv_evidence with_interval(struct hv_evidence evidence,
                                        const struct hv_median *median, double divisor)
{
    if (evidence.provenance == HV_ABSENT || !median->has_ci)
        return evidence;
    evidence.has_ci = true;
    evidence.ci95[0] = median->ci95[0] / divisor;
    evidence.ci95[1] = median->ci95[1] / divisor;
    return evidence;
}

/* NULL, or why ticks of this pair cannot be turned into time. */
static const char *why_no_time(const struct hv_pair_view *view)
{
    if (!view->basis)
        return view->basis_words;
    if (!(view->run->clock.ticks_per_ns > 0))
        return "the clock's ticks could not be compared with wall time";
    return NULL;
}

static struct hv_evidence arm_time(const struct hv_pair_view *view, enum hv_arm_id arm,
                                   struct hv_arena *arena, struct hv_arena *scratch)
{
    const struct hv_clock *clock = &view->run->clock;
    const struct hv_median ticks = hv_estimate_arm(view->basis, arm, false, scratch);
    const char *source =
        hv_arena_printf(arena, "%s: median over layouts of the p25 of samples; %s",
                        clock->source ? clock->source : "clock", view->basis_words);
    return with_interval(
        hv_value(HV_MEASURED, ticks.value / clock->ticks_per_ns, "ns", source), &ticks,
        clock->ticks_per_ns);
}

static const struct {
    const char *name, *what;
    double quantile;
} spread[] = {
    {"time_min",    "least",  0   },
    {"time_p25",    "p25",    0.25},
    {"time_median", "median", 0.5 },
    {"time_p95",    "p95",    0.95},
};

static void add_spread(const struct hv_pair_view *view, enum hv_arm_id arm,
                       struct hv_figure_list *list, struct hv_arena *scratch)
{
    double *ticks;
    const size_t count =
        hv_estimate_samples(view->basis, view->pair, &view->gate, arm, scratch, &ticks);
    for (size_t i = 0; i < HV_LEN(spread); i++) {
        const double value = count ? hv_quantile(ticks, count, spread[i].quantile) : 0;
        struct hv_evidence evidence =
            value > 0
                ? hv_value(HV_MEASURED, value / view->run->clock.ticks_per_ns, "ns",
                           hv_arena_printf(list->arena,
                                           "%s of %zu samples, all placements "
                                           "and layouts; %s",
                                           spread[i].what, count, view->basis_words))
                : hv_absent("ns", "the sample is no longer than its fixed cost");
        hv_add_figure(list, spread[i].name, evidence);
    }
}

void hv_add_times(const struct hv_pair_view *view, enum hv_arm_id arm,
                  struct hv_figure_list *list, struct hv_arena *scratch)
{
    const char *why = why_no_time(view);
    hv_add_figure(list, "time",
                  why ? hv_absent("ns", why)
                      : arm_time(view, arm, list->arena, scratch));
    if (!why) {
        add_spread(view, arm, list, scratch);
        return;
    }
    for (size_t i = 0; i < HV_LEN(spread); i++)
        hv_add_figure(list, spread[i].name, hv_absent("ns", why));
}

struct hv_evidence hv_chain_cycles(const struct hv_pair_view *view, enum hv_arm_id arm,
                                   struct hv_arena *arena, struct hv_arena *scratch)
{
    if (!view->basis)
        return hv_absent("cycles", view->basis_words);
    const struct hv_median cycles = hv_estimate_arm(view->basis, arm, true, scratch);
    const char *source = hv_arena_printf(
        arena, "time / cycle of a dependent-add chain in the same layouts; %s",
        view->basis_words);
    return with_interval(hv_value(HV_ESTIMATED, cycles.value, "cycles", source),
                         &cycles, 1);
}

static struct hv_evidence rate(const struct hv_evidence *time, uint64_t amount,
                               double scale, const char *unit, const char *source,
                               const char *why_unknown)
{
    if (amount == 0)
        return hv_absent(unit, why_unknown);
    if (time->provenance == HV_ABSENT)
        return hv_absent(unit, time->why);
    const double total = (double)amount * scale;
    struct hv_evidence evidence = hv_value(hv_weakest(HV_DECLARED, time->provenance),
                                           total / time->value, unit, source);
    if (evidence.provenance != HV_ABSENT && time->has_ci) {
        evidence.has_ci = true;
        evidence.ci95[0] = total / time->ci95[1];
        evidence.ci95[1] = total / time->ci95[0];
    }
    return evidence;
}

void hv_add_rates(const struct hv_pair_run *pair, struct hv_figure_list *list)
{
    const struct hv_evidence *found = hv_find_figure(list, "time");
    const struct hv_evidence time = found ? *found : hv_absent("ns", "not timed");
    hv_add_figure(list, "gb_per_s",
                  rate(&time, pair->bytes, 1, "GB/s",
                       "bytes an iteration touches, as the pair declares, / time",
                       "the pair does not tell how many bytes an iteration touches"));
    hv_add_figure(list, "items_per_s",
                  rate(&time, pair->items, 1e9, "items/s",
                       "items of an iteration, as the pair declares, / time",
                       "the pair does not tell how many items an iteration handles"));
}
