/* SPDX-License-Identifier: MIT */
/* The gap and its parts. */
#include "src/analyse/gap.h"

#include <math.h>

#include "src/analyse/effects.h"
#include "src/analyse/evidence.h"
#include "src/analyse/experiments.h"
#include "src/base/error.h"

/* A part: the figure without which it cannot be, and the part it lies inside of. */
static const struct {
    enum hv_part part, inside;
    const char *figure;
    double above; /* the figure must exceed this in an arm */
    double
        worst_ns; /* what one of it can cost at most, declared; 0: no bound. A blocked
                     load waits until its stores have left the core, 15 to 25 cycles
                     on every core that has been measured; an aliased one less. */
} rows[] = {
    {HV_PART_COPY,    HV_PART_NONE,  "memcpy_bytes",  0,    0 },
    {HV_PART_FORWARD, HV_PART_COPY,  "forward_spans", 0,    10},
    {HV_PART_ALIAS,   HV_PART_COPY,  "alias_4k",      0,    5 },
    {HV_PART_MISSES,  HV_PART_COPY,  "l1d_misses",    0,    0 },
    {HV_PART_ALLOC,   HV_PART_NONE,  "allocations",   0,    0 },
    {HV_PART_FAULTS,  HV_PART_ALLOC, "page_faults",   0.01, 0 },
};
enum { ROWS = HV_LEN(rows) };

/* A value with its interval, or none. */
struct amount {
    const char *experiment; /* that told it; NULL: a witness excludes it, or neither */
    enum hv_provenance provenance;
    const char *source;
    const char *open; /* arm that no experiment tested and no witness excludes */
    double value, low, high;
};

static bool is_known(const struct amount *amount)
{
    return amount->provenance != HV_ABSENT;
}

const struct hv_gap_part *hv_gap_part_of(const struct hv_gap *gap, enum hv_part part)
{
    for (size_t i = 0; i < gap->n_parts; i++)
        if (gap->parts[i].part == part)
            return &gap->parts[i];
    return NULL;
}

double hv_footprint_of(const struct hv_result *result,
                       const struct hv_pair_result *pair, enum hv_arm_id arm)
{
    const struct hv_evidence *lines = hv_arm_figure(&pair->arm[arm], "l1d_lines");
    if (pair->footprint)
        return (double)pair->footprint;
    return lines && lines->provenance != HV_ABSENT
               ? lines->value * (double)result->caches.line
               : 0;
}

/* Whether that arm has nothing of the part, by a figure that looked. */
static const struct hv_evidence *none_in(const struct hv_pair_result *pair,
                                         unsigned arm, size_t row)
{
    const struct hv_evidence *figure = hv_arm_figure(&pair->arm[arm], rows[row].figure);
    return figure && figure->provenance >= HV_MODELLED &&
                   figure->value <= rows[row].above
               ? figure
               : NULL;
}

/* Whether neither arm has anything of the part, by figures that looked; *provenance:
 * the weakest of them. */
static bool has_none(const struct hv_pair_result *pair, size_t row,
                     enum hv_provenance *provenance)
{
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        const struct hv_evidence *figure = none_in(pair, arm, row);
        if (!figure)
            return false;
        *provenance =
            arm ? hv_weakest(*provenance, figure->provenance) : figure->provenance;
    }
    return true;
}

/* So few that the most they can cost is less than HV_BOUND_SHARE of the arm's time. */
static bool few_in(const struct hv_pair_result *pair, unsigned arm, size_t row,
                   double *most)
{
    const struct hv_evidence *count = hv_arm_figure(&pair->arm[arm], rows[row].figure),
                             *time = hv_arm_figure(&pair->arm[arm], "time");
    if (!(rows[row].worst_ns > 0) || !count || count->provenance < HV_MODELLED ||
        !time || time->provenance == HV_ABSENT)
        return false;
    *most = count->value * rows[row].worst_ns;
    return *most < HV_BOUND_SHARE * time->value;
}

static bool too_few(const struct hv_pair_result *pair, size_t row, double *bound)
{
    *bound = 0;
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        double most;
        if (!few_in(pair, arm, row, &most))
            return false;
        *bound = fmax(*bound, most);
    }
    return true;
}

/* A witness's exclusion: of the arms; or, where both share work that has some, of the
 * arms without it; or there are too few to matter. Misses are modelled for one
 * iteration: iterations that walk on find nothing near. */
static void exclude(const struct hv_result *result, const struct hv_pair_result *pair,
                    size_t row, struct hv_arena *arena, struct amount *out)
{
    const char *figure = rows[row].figure;
    double bound;
    if (rows[row].part == HV_PART_MISSES && pair->footprint &&
        (!result->caches.l1d || pair->footprint > result->caches.l1d))
        return;
    /* A trace saw one place of the stack; where layouts differ, another may alias. */
    if (rows[row].part == HV_PART_ALIAS && hv_layouts_differ(pair))
        return;
    const struct hv_pair_result *isolated =
        hv_trial_of(result, pair, HV_PURPOSE_EXPERIMENT, "isolated");
    if (has_none(pair, row, &out->provenance)) {
        out->source = hv_arena_printf(arena, "neither arm has %s", figure);
    } else if (isolated && isolated->state != HV_FAILED &&
               has_none(isolated, row, &out->provenance)) {
        out->source = hv_arena_printf(
            arena, "neither arm has %s but in the work that both share", figure);
    } else if (too_few(pair, row, &bound)) {
        out->provenance = HV_DECLARED;
        out->source = hv_arena_printf(
            arena,
            "%s at %.3g ns each, the most one can cost, are below %.3g %% of each arm",
            figure, rows[row].worst_ns, 100 * HV_BOUND_SHARE);
        out->low = -bound;
        out->high = bound;
    }
    if (!out->source)
        out->provenance = HV_ABSENT;
}

/* Whether what an experiment took away from one arm is more than the other has less: a
 * copy that both arms make is no part of the gap between them, and to know what it
 * costs the other takes an experiment there. */
static bool takes_too_much(const struct hv_result *result,
                           const struct hv_pair_result *pair, size_t row,
                           const struct hv_effect *effect)
{
    const enum hv_arm_id other =
        effect->arm == HV_BASELINE ? HV_CANDIDATE : HV_BASELINE;
    const struct hv_effect *tested = hv_effect_on(pair, rows[row].part, other);
    const struct hv_pair_result *trial =
        hv_trial_on(result, pair, effect->arm, effect->experiment);
    if (!trial || (tested && tested->time.provenance != HV_ABSENT))
        return false;
    const struct hv_evidence *left = hv_arm_figure(&trial->arm[HV_CANDIDATE],
                                                   rows[row].figure),
                             *theirs =
                                 hv_arm_figure(&pair->arm[other], rows[row].figure);
    return left && theirs && left->provenance != HV_ABSENT &&
           theirs->provenance != HV_ABSENT &&
           theirs->value > left->value + fmax(rows[row].above, 0.01 * left->value);
}

/* Where one arm was tested: whether the other may have the part all the same. */
static bool is_open(const struct hv_result *result, const struct hv_pair_result *pair,
                    unsigned arm, size_t row)
{
    double most;
    enum hv_provenance provenance;
    const struct hv_pair_result *isolated =
        hv_trial_of(result, pair, HV_PURPOSE_EXPERIMENT, "isolated");
    return !none_in(pair, arm, row) && !few_in(pair, arm, row, &most) &&
           !(isolated && isolated->state != HV_FAILED &&
             has_none(isolated, row, &provenance));
}

/* Baseline's effect less candidate's: what the part adds to the gap. */
static struct amount total_of(const struct hv_result *result,
                              const struct hv_pair_result *pair, size_t row,
                              struct hv_arena *arena)
{
    struct amount sum = {0};
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        const struct hv_effect *effect =
            hv_effect_on(pair, rows[row].part, (enum hv_arm_id)arm);
        if (!effect || effect->time.provenance == HV_ABSENT) {
            if (is_open(result, pair, arm, row))
                sum.open = pair->arm[arm].name;
            continue;
        }
        if (takes_too_much(result, pair, row, effect))
            continue;
        const bool adds = arm == HV_BASELINE;
        const double *ci = effect->time.ci95;
        sum.experiment = effect->experiment;
        sum.provenance = HV_MEASURED;
        sum.source = hv_arena_printf(arena, "experiment %s", effect->experiment);
        sum.value += adds ? effect->time.value : -effect->time.value;
        sum.low += adds ? ci[0] : -ci[1];
        sum.high += adds ? ci[1] : -ci[0];
    }
    if (!sum.experiment)
        exclude(result, pair, row, arena, &sum);
    else if (sum.open)
        sum.source =
            hv_arena_printf(arena, "%s; not tested in %s", sum.source, sum.open);
    return sum;
}

static void take_off(struct amount *from, const struct amount *part)
{
    from->value -= part->value;
    from->low -= part->high;
    from->high -= part->low;
}

static size_t row_of(enum hv_part part)
{
    size_t row = 0;
    while (row < ROWS && rows[row].part != part)
        row++;
    return row;
}

static struct hv_evidence evidence_of(const struct amount *amount)
{
    if (!is_known(amount))
        return hv_absent("ns", "no experiment of this run tested it, and no witness "
                               "excludes it: it is in the rest");
    struct hv_evidence evidence =
        hv_value(amount->provenance, amount->value, "ns", amount->source);
    evidence.has_ci = true;
    evidence.ci95[0] = amount->low;
    evidence.ci95[1] = amount->high;
    return evidence;
}

bool hv_part_is_open(const struct hv_result *result, const struct hv_pair_result *pair,
                     enum hv_part part, enum hv_arm_id arm)
{
    const size_t row = row_of(part);
    return row < ROWS && is_open(result, pair, arm, row);
}

struct hv_evidence hv_excluded_part(const struct hv_result *result,
                                    const struct hv_pair_result *pair,
                                    enum hv_part part, struct hv_arena *arena)
{
    struct amount none = {0};
    const size_t row = row_of(part);
    if (row < ROWS)
        exclude(result, pair, row, arena, &none);
    return evidence_of(&none);
}

static void add(struct hv_gap *gap, enum hv_part part, const char *experiment,
                struct hv_evidence time)
{
    gap->parts[gap->n_parts++] = (struct hv_gap_part){
        .part = part,
        .experiment = experiment,
        .time = time,
        .share = time.provenance != HV_ABSENT && gap->time.value != 0
                     ? time.value / gap->time.value
                     : 0,
    };
}

/* Placements are balanced in both arms, so they add nothing to the gap of this run;
 * the interval is what one placement alone would add or take. */
static struct hv_evidence placement_of(const struct hv_pair_result *pair,
                                       double baseline, struct hv_arena *arena)
{
    const struct hv_speedup *s = &pair->speedup;
    struct hv_evidence e =
        hv_value(HV_ESTIMATED, 0, "ns",
                 hv_arena_printf(
                     arena, "both arms are averaged over the same entry offsets; the "
                            "interval is what the offset of a build adds or takes"));
    e.has_ci = true;
    e.ci95[0] = fmin(0, baseline * (1 / s->value - 1 / s->placement_band[0]));
    e.ci95[1] = fmax(0, baseline * (1 / s->value - 1 / s->placement_band[1]));
    return e;
}

/* The parts that nobody tested and no witness excludes, in one arm at least. */
static const char *untested(const struct amount *all, struct hv_arena *arena)
{
    const char *names = NULL;
    for (size_t i = 0; i < ROWS; i++)
        if (!is_known(&all[i]) || (all[i].experiment && all[i].open))
            names = names ? hv_arena_printf(arena, "%s, %s", names,
                                            hv_part_name(rows[i].part))
                          : hv_part_name(rows[i].part);
    return names;
}

const char *hv_untested_parts(const struct hv_result *result,
                              const struct hv_pair_result *pair, struct hv_arena *arena)
{
    struct amount all[ROWS];
    for (size_t i = 0; i < ROWS; i++)
        all[i] = total_of(result, pair, i, arena);
    return untested(all, arena);
}

/* Takes the inner parts off the outer ones, and the outer ones off the rest. */
static void nest(const struct amount *whole, struct amount *own, struct amount *rest,
                 struct hv_arena *arena)
{
    for (size_t i = 0; i < ROWS; i++) {
        const size_t outer = row_of(rows[i].inside);
        if (!whole[i].experiment)
            continue;
        if (outer < ROWS && whole[outer].experiment) {
            take_off(&own[outer], &whole[i]);
            own[outer].source = hv_arena_printf(arena, "%s, less %s", own[outer].source,
                                                hv_part_name(rows[i].part));
        } else {
            take_off(rest, &whole[i]);
        }
    }
}

static void add_parts(const struct hv_result *result, struct hv_pair_result *pair,
                      struct amount rest, struct hv_arena *arena)
{
    struct amount whole[ROWS], own[ROWS];
    for (size_t i = 0; i < ROWS; i++)
        own[i] = whole[i] = total_of(result, pair, i, arena);
    nest(whole, own, &rest, arena);
    for (size_t i = 0; i < ROWS; i++)
        add(&pair->gap, rows[i].part, own[i].experiment, evidence_of(&own[i]));
    const double baseline = hv_arm_figure(&pair->arm[HV_BASELINE], "time")->value;
    add(&pair->gap, HV_PART_PLACEMENT, NULL, placement_of(pair, baseline, arena));
    const char *names = untested(whole, arena);
    rest.source =
        names ? hv_arena_printf(arena, "the gap less all other parts; %s may be in it",
                                names)
              : "the gap less all other parts";
    add(&pair->gap, HV_PART_REST, NULL, evidence_of(&rest));
}

void hv_split_gap(const struct hv_result *result, struct hv_pair_result *pair,
                  struct hv_arena *arena)
{
    const struct hv_speedup *s = &pair->speedup;
    const struct hv_evidence *time = hv_arm_figure(&pair->arm[HV_BASELINE], "time");
    struct hv_gap *gap = &pair->gap;
    if (pair->state != HV_QUIET || !s->present || !time ||
        time->provenance == HV_ABSENT) {
        gap->why = "there is no quiet speedup";
        return;
    }
    const struct amount all = {
        .provenance = HV_MEASURED,
        .source = "baseline's time x (1 - 1 / speedup)",
        .value = time->value * (1 - 1 / s->value),
        .low = time->value * (1 - 1 / s->ci95[0]),
        .high = time->value * (1 - 1 / s->ci95[1]),
    };
    gap->present = true;
    gap->parts = hv_arena_array(arena, ROWS + 2, sizeof *gap->parts);
    gap->time = evidence_of(&all);
    add_parts(result, pair, all, arena);
}
