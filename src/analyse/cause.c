/* SPDX-License-Identifier: MIT */
/* From the parts of a gap to the cause that is named. */
#include "src/analyse/cause.h"

#include <math.h>

#include "src/analyse/effects.h"
#include "src/analyse/gap.h"
#include "src/analyse/parts.h"
#include "src/analyse/prediction.h"
#include "src/analyse/shared.h"
#include "src/base/error.h"

bool hv_gap_is_real(const struct hv_pair_result *pair)
{
    const double *ci95 = pair->speedup.ci95, *band = pair->speedup.placement_band;
    return (ci95[0] > 1 + HV_GAP_REAL && band[0] > 1) ||
           (ci95[1] < 1 - HV_GAP_REAL && band[1] < 1);
}

const char *hv_cache_level(const struct hv_caches *caches, double bytes)
{
    const struct {
        uint64_t size;
        const char *name;
    } levels[] = {
        {caches->l1d, "L1"},
        {caches->l2,  "L2"},
        {caches->l3,  "L3"},
    };
    if (!(bytes > 0) || !caches->l1d)
        return NULL;
    for (size_t i = 0; i < HV_LEN(levels); i++)
        if (levels[i].size && bytes <= (double)levels[i].size)
            return levels[i].name;
    return levels[2].size ? "RAM" : "beyond L2";
}

static const struct hv_evidence *known(const struct hv_arm_result *arm,
                                       const char *name)
{
    const struct hv_evidence *figure = hv_arm_figure(arm, name);
    return figure && figure->provenance != HV_ABSENT ? figure : NULL;
}

static bool elided(const struct hv_pair_result *pair)
{
    const struct hv_evidence *declared =
        known(&pair->arm[HV_BASELINE], "memcpy_bytes_declared");
    return declared && declared->value > 0 &&
           hv_none_in(pair, HV_PART_COPY, HV_BASELINE);
}

static double more_in_baseline(const struct hv_pair_result *pair, const char *name)
{
    const struct hv_evidence *baseline = known(&pair->arm[HV_BASELINE], name),
                             *candidate = known(&pair->arm[HV_CANDIDATE], name);
    return baseline && candidate ? baseline->value - candidate->value : 0;
}

/* Which way most of the bytes go that one arm copies and the other does not. */
static const char *how_copied(const struct hv_pair_result *pair)
{
    /* What the C library copies on its own, as realloc does, is called too. */
    const double called = fabs(more_in_baseline(pair, "memcpy_bytes_called") +
                               more_in_baseline(pair, "memcpy_bytes_library")),
                 inlined = fabs(more_in_baseline(pair, "memcpy_bytes_inlined"));
    if (!(called > 0) && !(inlined > 0))
        return NULL;
    return called > inlined ? "called" : "inlined";
}

static const char *level_of(const struct hv_result *result,
                            const struct hv_pair_result *pair)
{
    return hv_cache_level(&result->caches,
                          fmax(hv_footprint_of(result, pair, HV_BASELINE),
                               hv_footprint_of(result, pair, HV_CANDIDATE)));
}

/* Beyond its error not 1, whatever the placements say. */
static bool differs_from_one(const struct hv_speedup *s)
{
    return s->ci95[0] > 1 + HV_GAP_REAL || s->ci95[1] < 1 - HV_GAP_REAL;
}

/* An interval that is too wide tells neither that there is a gap nor that there is
 * none.
 */
static bool is_near_one(const struct hv_speedup *s)
{
    return s->ci95[0] >= 1 - HV_NO_GAP && s->ci95[1] <= 1 + HV_NO_GAP;
}

/* No gap, one that not every placement has, or nobody knows. */
static void name_no_gap(const struct hv_pair_result *pair, struct hv_cause *cause,
                        struct hv_arena *arena)
{
    const struct hv_speedup *s = &pair->speedup;
    const double *band = s->placement_band;
    const bool differs = differs_from_one(s);
    const char *said =
        hv_arena_printf(arena, "The speedup is %.4gx (95 %% interval %.4gx to %.4gx)",
                        s->value, s->ci95[0], s->ci95[1]);
    if (!differs && !is_near_one(s)) {
        cause->id = "undecided";
        cause->because = hv_arena_printf(
            arena, "%s: too wide to tell whether there is a gap.", said);
    } else if (elided(pair)) {
        cause->id = "elided";
        cause->because = hv_arena_printf(
            arena,
            "%s: the source of %s asks to copy %.6g bytes an iteration, and none was "
            "copied (%s).",
            said, pair->arm[HV_BASELINE].name,
            known(&pair->arm[HV_BASELINE], "memcpy_bytes_declared")->value,
            hv_provenance_name(
                known(&pair->arm[HV_BASELINE], "memcpy_bytes")->provenance));
    } else if (differs || log(band[1] / band[0]) >= HV_BAND_WIDE) {
        cause->id = "placement";
        cause->because = hv_arena_printf(
            arena, "%s, and where the code lies moves it from %.4gx to %.4gx.", said,
            band[0], band[1]);
    } else {
        cause->id = "none";
        cause->because = hv_arena_printf(arena, "%s: no gap to explain.", said);
    }
}

/* What competes to be named: parts, and what of the gap each carries. */
struct contender {
    const char *id;
    enum hv_part part;
    double value, near, far; /* in the direction of the gap; its interval's ends */
};

static struct contender contender_of(const struct hv_gap *gap, const char *id,
                                     enum hv_part part)
{
    const struct hv_gap_part *found = hv_gap_part_of(gap, part);
    struct contender c = {.id = id, .part = part};
    if (!found || found->time.provenance == HV_ABSENT)
        return c;
    const bool up = gap->time.value > 0;
    c.value = up ? found->time.value : -found->time.value;
    c.near = up ? found->time.ci95[0] : -found->time.ci95[1];
    c.far = up ? found->time.ci95[1] : -found->time.ci95[0];
    return c;
}

/* Misses of copied data are the copy's: its level tells where it lies. The copy's own
 * interval has the far end of theirs taken off. */
static void give_misses_to_copy(struct contender *copy, struct contender *misses)
{
    copy->value += misses->value;
    copy->near += misses->far;
    misses->value = 0;
}

static void name_rest(const struct hv_result *result, const struct hv_pair_result *pair,
                      const struct contender *rest, struct hv_cause *cause,
                      struct hv_arena *arena)
{
    const struct hv_gap *gap = &pair->gap;
    const char *names = hv_untested_parts(result, pair, arena);
    const double size = fabs(gap->time.value);
    cause->id = names ? "undecided" : "other_work";
    cause->because =
        names ? hv_arena_printf(arena,
                                "%.4g of the gap's %.4g ns are explained by no "
                                "experiment, and these were not tested: %s.",
                                rest->value, size, names)
              : hv_arena_printf(arena,
                                "%.4g of the gap's %.4g ns remain when every cause "
                                "that hvperf can test is taken away or excluded: the "
                                "arms do different work.",
                                rest->value, size);
}

/* The arm that may have the part and was not tested; NULL: none. What one arm showed
 * says nothing of the gap then: the other may have as much. */
static const char *open_arm(const struct hv_result *result,
                            const struct hv_pair_result *pair, enum hv_part part)
{
    for (unsigned arm = 0; arm < HV_ARMS; arm++)
        if (!hv_told_effect(result, pair, part, (enum hv_arm_id)arm) &&
            hv_part_is_open(result, pair, part, (enum hv_arm_id)arm))
            return pair->arm[arm].name;
    return NULL;
}

static void name_part(const struct hv_result *result, struct hv_pair_result *pair,
                      const struct contender *largest, struct hv_arena *arena)
{
    const struct hv_gap_part *part = hv_gap_part_of(&pair->gap, largest->part);
    const char *open = open_arm(result, pair, largest->part);
    const struct hv_effect *effect =
        hv_told_effect(result, pair, largest->part, HV_BASELINE);
    if (!effect)
        effect = hv_told_effect(result, pair, largest->part, HV_CANDIDATE);
    pair->cause.id = open ? "undecided" : largest->id;
    pair->cause.because = hv_arena_printf(
        arena, "%.4g of the gap's %.4g ns: %s (%s%s%s)%s%s.", largest->value,
        fabs(pair->gap.time.value), part->time.source,
        effect ? effect->time.source : "", effect && effect->witness ? "; " : "",
        effect && effect->witness ? effect->witness : "",
        open ? ", but nobody knows how much of it is in " : "", open ? open : "");
    if (open)
        return;
    if (largest->part == HV_PART_COPY)
        pair->cause.how = how_copied(pair);
    if (largest->part == HV_PART_COPY || largest->part == HV_PART_MISSES)
        pair->cause.level = level_of(result, pair);
}

static void name_largest(const struct hv_result *result, struct hv_pair_result *pair,
                         struct hv_arena *arena)
{
    const struct hv_gap *gap = &pair->gap;
    struct hv_cause *cause = &pair->cause;
    enum { COPY, MISSES, REST = 6 };
    struct contender all[] = {
        contender_of(gap, "copy", HV_PART_COPY),
        contender_of(gap, "misses", HV_PART_MISSES),
        contender_of(gap, "forwarding", HV_PART_FORWARD),
        contender_of(gap, "aliasing", HV_PART_ALIAS),
        contender_of(gap, "allocation", HV_PART_ALLOC),
        contender_of(gap, "page_faults", HV_PART_FAULTS),
        contender_of(gap, "other_work", HV_PART_REST),
    };
    if (hv_part_is_nested(result, pair, HV_PART_MISSES, arena))
        give_misses_to_copy(&all[COPY], &all[MISSES]);
    const struct contender *largest = &all[COPY];
    for (size_t i = 0; i < HV_LEN(all); i++)
        if (all[i].value > largest->value)
            largest = &all[i];
    const double size = fabs(gap->time.value);
    if (!(largest->value >= HV_CAUSE_SHARE * size) || !(largest->near > 0)) {
        cause->id = "undecided";
        cause->because = hv_arena_printf(
            arena, "No part carries a quarter of the gap's %.4g ns beyond its error.",
            size);
        return;
    }
    if (largest == &all[REST])
        name_rest(result, pair, largest, cause, arena);
    else
        name_part(result, pair, largest, arena);
}

/* Both arms are mostly the same work, and the speedup is none that what is left could
 * not make, if time went as instructions do. */
static bool is_shared(const struct hv_pair_result *pair,
                      const struct hv_shared_work *shared)
{
    const double *ci95 = pair->speedup.ci95;
    return shared->share >= HV_SHARED_WORK_MOST &&
           ci95[0] <= 1 / shared->shares[HV_BASELINE] &&
           ci95[1] >= shared->shares[HV_CANDIDATE];
}

void hv_name_cause(const struct hv_result *result, struct hv_pair_result *pair,
                   struct hv_arena *arena)
{
    struct hv_cause *cause = &pair->cause;
    const struct hv_shared_work shared = hv_shared_work(pair);
    if (!pair->gap.present) {
        *cause = (struct hv_cause){.id = "undecided",
                                   .because = "There is no quiet speedup to explain."};
    } else if (is_shared(pair, &shared)) {
        cause->id = "shared_work";
        cause->because = hv_arena_printf(
            arena,
            "%.3g %% of %s and %.3g %% of %s are instructions that both run alike, "
            "most "
            "of them in %s: the rest alone can differ.",
            100 * shared.shares[HV_BASELINE], pair->arm[HV_BASELINE].name,
            100 * shared.shares[HV_CANDIDATE], pair->arm[HV_CANDIDATE].name,
            shared.function);
    } else if (!hv_gap_is_real(pair)) {
        name_no_gap(pair, cause, arena);
    } else {
        name_largest(result, pair, arena);
    }
}
