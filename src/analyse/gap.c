/* SPDX-License-Identifier: MIT */
/* The gap and its parts. */
#include "src/analyse/gap.h"

#include <math.h>
#include <string.h>

#include "src/analyse/effects.h"
#include "src/analyse/evidence.h"
#include "src/analyse/parts.h"

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

const struct hv_effect *hv_told_effect(const struct hv_result *result,
                                       const struct hv_pair_result *pair,
                                       enum hv_part part, enum hv_arm_id arm)
{
    const struct hv_effect *effect = hv_effect_on(pair, part, arm);
    double most;
    if (!effect || effect->time.provenance == HV_ABSENT || !hv_part_row(part))
        return NULL;
    return !hv_may_be_elsewhere(result, pair, part) &&
                   (hv_none_in(pair, part, arm) || hv_few_in(pair, part, arm, &most))
               ? NULL
               : effect;
}

/* What one arm has of a part once an experiment took it away, and what the other arm,
 * which no experiment tested, has as it is. */
struct left {
    bool known;
    double here, there, slack;
};

static struct left left_of(const struct hv_result *result,
                           const struct hv_pair_result *pair, size_t row,
                           const struct hv_effect *effect)
{
    const enum hv_arm_id other =
        effect->arm == HV_BASELINE ? HV_CANDIDATE : HV_BASELINE;
    const struct hv_pair_result *trial =
        hv_trial_on(result, pair, effect->arm, effect->experiment);
    const char *figure = hv_part_rows[row].figure;
    if (!trial || hv_told_effect(result, pair, hv_part_rows[row].part, other))
        return (struct left){0};
    const struct hv_evidence *here = hv_arm_figure(&trial->arm[HV_CANDIDATE], figure),
                             *there = hv_arm_figure(&pair->arm[other], figure);
    if (!here || !there || here->provenance == HV_ABSENT ||
        there->provenance == HV_ABSENT)
        return (struct left){0};
    return (struct left){true, here->value, there->value,
                         fmax(hv_part_rows[row].above, 0.01 * here->value)};
}

/* Whether what an experiment took away from one arm is more than the other has less: a
 * copy that both arms make is no part of the gap between them, and to know what it
 * costs the other takes an experiment there. */
static bool takes_too_much(const struct hv_result *result,
                           const struct hv_pair_result *pair, size_t row,
                           const struct hv_effect *effect)
{
    const struct left left = left_of(result, pair, row, effect);
    return left.known && left.there > left.here + left.slack;
}

/* Whether the experiment on the other arm left just what this one has: the two then
 * differ by what it took away. Only where both figures looked. */
static bool has_what_is_left(const struct hv_result *result,
                             const struct hv_pair_result *pair, unsigned arm,
                             size_t row)
{
    const struct hv_effect *effect =
        hv_told_effect(result, pair, hv_part_rows[row].part,
                       arm == HV_BASELINE ? HV_CANDIDATE : HV_BASELINE);
    if (!effect)
        return false;
    const struct hv_pair_result *trial =
        hv_trial_on(result, pair, effect->arm, effect->experiment);
    const struct left left = left_of(result, pair, row, effect);
    return left.known && fabs(left.there - left.here) <= left.slack &&
           hv_is_witness(hv_arm_figure(&pair->arm[arm], hv_part_rows[row].figure)) &&
           hv_is_witness(
               hv_arm_figure(&trial->arm[HV_CANDIDATE], hv_part_rows[row].figure));
}

/* Where one arm was tested: whether the other may have the part all the same. */
static bool is_open(const struct hv_result *result, const struct hv_pair_result *pair,
                    unsigned arm, size_t row)
{
    double most;
    enum hv_provenance provenance;
    const enum hv_part part = hv_part_rows[row].part;
    return !hv_none_in(pair, part, (enum hv_arm_id)arm) &&
           !hv_few_in(pair, part, (enum hv_arm_id)arm, &most) &&
           !hv_none_isolated(result, pair, part, &provenance) &&
           !has_what_is_left(result, pair, arm, row);
}

static struct amount excluded(const struct hv_result *result,
                              const struct hv_pair_result *pair, enum hv_part part,
                              struct hv_arena *arena)
{
    struct hv_exclusion e;
    hv_exclude(result, pair, part, arena, &e);
    return (struct amount){.provenance = e.provenance,
                           .source = e.source,
                           .low = -e.bound,
                           .high = e.bound};
}

/* What too few hazards of an arm that was not tested can cost all the same. */
static void widen(struct amount *sum, const struct hv_pair_result *pair,
                  enum hv_part part, enum hv_arm_id arm)
{
    double most;
    if (hv_none_in(pair, part, arm) || !hv_few_in(pair, part, arm, &most))
        return;
    sum->low -= most;
    sum->high += most;
}

/* Baseline's effect less candidate's: what the part adds to the gap. */
static struct amount total_of(const struct hv_result *result,
                              const struct hv_pair_result *pair, size_t row,
                              struct hv_arena *arena)
{
    struct amount sum = {0};
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        const struct hv_effect *effect =
            hv_told_effect(result, pair, hv_part_rows[row].part, (enum hv_arm_id)arm);
        if (!effect) {
            if (is_open(result, pair, arm, row))
                sum.open = pair->arm[arm].name;
            widen(&sum, pair, hv_part_rows[row].part, (enum hv_arm_id)arm);
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
        return excluded(result, pair, hv_part_rows[row].part, arena);
    if (sum.open)
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
    while (row < HV_PART_ROWS && hv_part_rows[row].part != part)
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
    return row < HV_PART_ROWS && is_open(result, pair, arm, row);
}

struct hv_evidence hv_excluded_part(const struct hv_result *result,
                                    const struct hv_pair_result *pair,
                                    enum hv_part part, struct hv_arena *arena)
{
    const struct amount none = excluded(result, pair, part, arena);
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

static void total_all(const struct hv_result *result, const struct hv_pair_result *pair,
                      struct hv_arena *arena, struct amount whole[HV_PART_ROWS])
{
    for (size_t i = 0; i < HV_PART_ROWS; i++)
        whole[i] = total_of(result, pair, i, arena);
}

/* The parts that nobody tested and no witness excludes, in one arm at least. */
static const char *untested(const struct amount *all, struct hv_arena *arena)
{
    const char *names = NULL;
    for (size_t i = 0; i < HV_PART_ROWS; i++)
        if (!is_known(&all[i]) || (all[i].experiment && all[i].open))
            names = names ? hv_arena_printf(arena, "%s, %s", names,
                                            hv_part_name(hv_part_rows[i].part))
                          : hv_part_name(hv_part_rows[i].part);
    return names;
}

const char *hv_untested_parts(const struct hv_result *result,
                              const struct hv_pair_result *pair, struct hv_arena *arena)
{
    struct amount all[HV_PART_ROWS];
    total_all(result, pair, arena, all);
    return untested(all, arena);
}

/* Clearly more than the other, or against it: what is so cannot lie inside it. */
static bool exceeds(const struct amount *inner, const struct amount *outer)
{
    return (inner->low > 0 && inner->low > outer->high) ||
           (inner->high < 0 && inner->high < outer->low);
}

/* The part that part `row` is taken off; HV_PART_ROWS: the rest. */
static size_t outer_of(const struct amount *whole, size_t row)
{
    const size_t outer = row_of(hv_part_rows[row].inside);
    return outer < HV_PART_ROWS && whole[row].experiment && whole[outer].experiment &&
                   !exceeds(&whole[row], &whole[outer])
               ? outer
               : HV_PART_ROWS;
}

/* Takes the inner parts off the outer ones, and the outer ones off the rest. */
static void nest(const struct amount *whole, struct amount *own, struct amount *rest,
                 struct hv_arena *arena)
{
    for (size_t i = 0; i < HV_PART_ROWS; i++) {
        const size_t outer = outer_of(whole, i);
        if (!whole[i].experiment)
            continue;
        if (outer == HV_PART_ROWS) {
            take_off(rest, &whole[i]);
            continue;
        }
        take_off(&own[outer], &whole[i]);
        own[outer].source = hv_arena_printf(arena, "%s, less %s", own[outer].source,
                                            hv_part_name(hv_part_rows[i].part));
    }
}

bool hv_part_is_nested(const struct hv_result *result,
                       const struct hv_pair_result *pair, enum hv_part part,
                       struct hv_arena *arena)
{
    struct amount whole[HV_PART_ROWS];
    const size_t row = row_of(part);
    total_all(result, pair, arena, whole);
    return row < HV_PART_ROWS && outer_of(whole, row) < HV_PART_ROWS;
}

static void add_parts(const struct hv_result *result, struct hv_pair_result *pair,
                      struct amount rest, struct hv_arena *arena)
{
    struct amount whole[HV_PART_ROWS], own[HV_PART_ROWS];
    total_all(result, pair, arena, whole);
    memcpy(own, whole, sizeof own);
    nest(whole, own, &rest, arena);
    for (size_t i = 0; i < HV_PART_ROWS; i++)
        add(&pair->gap, hv_part_rows[i].part, own[i].experiment, evidence_of(&own[i]));
    const double baseline = hv_arm_figure(&pair->arm[HV_BASELINE], "time")->value;
    add(&pair->gap, HV_PART_PLACEMENT, NULL, placement_of(pair, baseline, arena));
    const char *names = untested(whole, arena);
    rest.source =
        names ? hv_arena_printf(arena, "the gap less all other parts; %s may be in it",
                                names)
              : "the gap less all other parts";
    add(&pair->gap, HV_PART_REST, NULL, evidence_of(&rest));
}

/* time x (1 - 1 / speedup), and so of the intervals of both. */
static struct amount gap_of(const struct hv_evidence *time, const struct hv_speedup *s)
{
    const double short_time = time->has_ci ? time->ci95[0] : time->value,
                 long_time = time->has_ci ? time->ci95[1] : time->value,
                 low = 1 - 1 / s->ci95[0], high = 1 - 1 / s->ci95[1];
    return (struct amount){
        .provenance = HV_MEASURED,
        .source = "baseline's time x (1 - 1 / speedup)",
        .value = time->value * (1 - 1 / s->value),
        .low = fmin(short_time * low, long_time * low),
        .high = fmax(short_time * high, long_time * high),
    };
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
    const struct amount all = gap_of(time, s);
    gap->present = true;
    gap->parts = hv_arena_array(arena, HV_PART_ROWS + 2, sizeof *gap->parts);
    gap->time = evidence_of(&all);
    add_parts(result, pair, all, arena);
}
