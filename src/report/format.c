/* SPDX-License-Identifier: MIT */
/* How many digits a number deserves. */
#include "src/report/format.h"

#include <math.h>
#include <string.h>

#include "src/base/error.h"

const char *hv_format_number(struct hv_arena *arena, double value)
{
    const double size = fabs(value);
    if (size < 1e9 && !(fabs(value - nearbyint(value)) > 0))
        return hv_arena_printf(arena, "%.0f", value);
    if (size >= 1e9 || size < 1e-3)
        return hv_arena_printf(arena, "%.4g", value);
    const int before = (int)floor(log10(size)) + 1; /* digits before the point */
    return hv_arena_printf(arena, "%.*f",
                           before > 3    ? 0
                           : before == 3 ? 1
                                         : 3 - before,
                           value);
}

const char *hv_format_time(struct hv_arena *arena, double ns)
{
    static const struct {
        double ns;
        const char *unit;
    } units[] = {
        {1e9, "s"  },
        {1e6, "ms" },
        {1e3, "µs"},
        {1,   "ns" },
    };
    size_t i = 0;
    /* 999.6 ns would be printed as 1000 ns. */
    while (i + 1 < HV_LEN(units) && fabs(ns) < 0.9995 * units[i].ns)
        i++;
    return hv_arena_printf(arena, "%s %s", hv_format_number(arena, ns / units[i].ns),
                           units[i].unit);
}

const char *hv_format_absent(const struct hv_evidence *evidence)
{
    static const char unsupported[] = "<not supported>";
    const bool tried = evidence->why && strstr(evidence->why, unsupported);
    return tried ? unsupported : "<not counted>";
}

const char *hv_format_why(struct hv_arena *arena, const char *why)
{
    if (!why || strncmp(why, "no ", 3))
        return why;
    const char *name = why + 3, *colon = strstr(name, ": ");
    if (!colon)
        return why;
    const size_t n = (size_t)(colon + 2 - name); /* "name: " */
    if (strncmp(colon + 2, name, n))
        return why;
    return hv_arena_printf(arena, "no %s", colon + 2);
}

const char *hv_format_value(struct hv_arena *arena, const struct hv_evidence *evidence)
{
    if (evidence->provenance == HV_ABSENT)
        return hv_format_absent(evidence);
    return hv_format_number(arena, evidence->value);
}

const char *hv_format_evidence(struct hv_arena *arena,
                               const struct hv_evidence *evidence)
{
    const char *unit = evidence->unit ? evidence->unit : "";
    if (evidence->provenance != HV_ABSENT && !strcmp(unit, "ns"))
        return hv_format_time(arena, evidence->value);
    const char *value = hv_format_value(arena, evidence);
    if (evidence->provenance == HV_ABSENT || !*unit)
        return value;
    return hv_arena_printf(arena, "%s %s", value, unit);
}

const char *hv_format_range(struct hv_arena *arena, const double range[2])
{
    const char *low = "", *high = "";
    for (int digits = 5; digits <= 17 && !strcmp(low, high); digits++) {
        low = hv_arena_printf(arena, "%.*g", digits, range[0]);
        high = hv_arena_printf(arena, "%.*g", digits, range[1]);
        if (!(range[1] > range[0]))
            break;
    }
    return hv_arena_printf(arena, "%s to %s", low, high);
}

enum { MOST_DECIMALS = 9 };

/* Whether two values that differ look alike in so many decimals. */
static bool looks_like(struct hv_arena *arena, int decimals, double a, double b)
{
    return (a < b || a > b) && !strcmp(hv_arena_printf(arena, "%.*f", decimals, a),
                                       hv_arena_printf(arena, "%.*f", decimals, b));
}

static bool looks_like_any(struct hv_arena *arena, int decimals, double value,
                           const double *others, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (looks_like(arena, decimals, value, others[i]))
            return true;
    return false;
}

/* Two digits after the point below 10, one more where the range is narrower than five
 * steps of the last one; and more until nothing looks like what it is not. size, the
 * speedup or an end, lies in the range: told apart from it, the ends are told apart. */
static int decimals(struct hv_arena *arena, double size, const double range[2])
{
    /* Of scenarios, matrix and predictions; of these half of what was predicted. */
    static const double thresholds[] = {0.99, 1, 1.5, 2, 5, 8.5, 25, 50, 83.5, 100};
    const int usual = size < 10 ? 2 : size < 100 ? 1 : 0;
    int digits = range[1] - range[0] < 5 * pow(10, -usual) ? usual + 1 : usual;
    while (digits < MOST_DECIMALS &&
           (looks_like_any(arena, digits, size, range, 2) ||
            looks_like_any(arena, digits, range[0], thresholds, HV_LEN(thresholds)) ||
            looks_like_any(arena, digits, range[1], thresholds, HV_LEN(thresholds))))
        digits++;
    return digits;
}

static const char *range_text(struct hv_arena *arena, int digits, const double range[2],
                              const char *join)
{
    return hv_arena_printf(arena, "%.*f%s%.*f", digits, range[0], join, digits,
                           range[1]);
}

const char *hv_format_ratio(struct hv_arena *arena, const struct hv_speedup *speedup,
                            double value)
{
    return hv_arena_printf(arena, "%.*fx",
                           decimals(arena, speedup->value, speedup->ci95), value);
}

const char *hv_format_speedup(struct hv_arena *arena, const struct hv_speedup *speedup)
{
    return hv_format_ratio(arena, speedup, speedup->value);
}

const char *hv_format_interval(struct hv_arena *arena, const struct hv_speedup *speedup,
                               const char *join)
{
    return range_text(arena, decimals(arena, speedup->value, speedup->ci95),
                      speedup->ci95, join);
}

const char *hv_format_band(struct hv_arena *arena, const double band[2],
                           const char *join)
{
    return range_text(arena, decimals(arena, band[1], band), band, join);
}

const char *hv_format_predicted(struct hv_arena *arena, double speedup)
{
    if (!(speedup > 0))
        return "";
    return hv_arena_printf(arena, "%sx", hv_format_number(arena, speedup));
}

const char *hv_format_share(struct hv_arena *arena, double share)
{
    static const double marks[] = {0, 5, 100};
    int digits = share < 0.1 ? 1 : 0;
    while (digits < MOST_DECIMALS &&
           looks_like_any(arena, digits, 100 * share, marks, HV_LEN(marks)))
        digits++;
    return hv_arena_printf(arena, "%.*f %%", digits, 100 * share);
}

const struct hv_speedup *hv_quiet_speedup(const struct hv_pair_result *pair)
{
    return pair->state == HV_QUIET && pair->speedup.present ? &pair->speedup : NULL;
}

bool hv_is_builtin(const struct hv_pair_result *pair)
{
    return !pair->kernel_set || !strcmp(pair->kernel_set, "builtin");
}

const char *hv_arm_heading(const struct hv_result *result, enum hv_arm_id arm)
{
    static const char *const ours[HV_ARMS] = {"With copy", "Zero copy"};
    static const char *const any[HV_ARMS] = {"Baseline", "Candidate"};
    bool foreign = result->settings.aa;
    for (size_t i = 0; i < result->n_pairs; i++)
        foreign |= !hv_is_builtin(&result->pairs[i]);
    return foreign ? any[arm] : ours[arm];
}

const char *hv_pair_title(struct hv_arena *arena, const struct hv_pair_result *pair)
{
    if (hv_is_builtin(pair))
        return pair->name;
    return hv_arena_printf(arena, "%s:%s", pair->kernel_set, pair->name);
}

const char *hv_contended_times(const struct hv_pair_result *pair)
{
    const bool speedup = pair->contended.present;
    switch (pair->times) {
    case HV_QUIET:
        return speedup ? "Its times are from quiet samples."
                       : "Its times are from quiet samples; the contended state gave "
                         "no speedup either.";
    case HV_CONTENDED:
        return speedup ? "Its times are from the contended state."
                       : "Its times are from the contended state, which gave no "
                         "speedup either.";
    case HV_FAILED: break;
    }
    return speedup ? "It has no times."
                   : "There is no figure for the contended state either.";
}

const char *hv_rate_note(const struct hv_result *result)
{
    for (size_t i = 0; i < result->n_pairs; i++)
        for (unsigned a = 0; a < HV_ARMS; a++) {
            const struct hv_evidence *rate =
                hv_arm_figure(&result->pairs[i].arm[a], "gb_per_s");
            if (rate && rate->provenance != HV_ABSENT)
                return "gb_per_s counts the bytes the job must touch, the same for "
                       "both arms; an arm that copies touches more.";
        }
    return NULL;
}

bool hv_has_isas(const struct hv_result *result)
{
    const char *first = NULL;
    for (size_t i = 0; i < result->n_pairs; i++) {
        const struct hv_pair_result *pair = &result->pairs[i];
        if (pair->control)
            continue;
        if (first && strcmp(first, pair->isa))
            return true;
        first = pair->isa;
    }
    return false;
}

const char *hv_pair_label(struct hv_arena *arena, const struct hv_result *result,
                          const struct hv_pair_result *pair)
{
    const char *title = hv_pair_title(arena, pair);
    return hv_has_isas(result) ? hv_arena_printf(arena, "%s (%s)", title, pair->isa)
                               : title;
}

static bool warns(const struct hv_pair_result *pair, const char *text)
{
    for (size_t w = 0; w < pair->n_warnings; w++)
        if (!strcmp(pair->warnings[w].text, text))
            return true;
    return false;
}

const char *hv_warning_pairs(struct hv_arena *arena, const struct hv_result *result,
                             size_t i, size_t w)
{
    const char *text = result->pairs[i].warnings[w].text;
    for (size_t j = 0; j < i; j++)
        if (warns(&result->pairs[j], text))
            return NULL;
    const char *labels = hv_pair_label(arena, result, &result->pairs[i]);
    for (size_t j = i + 1; j < result->n_pairs; j++)
        if (warns(&result->pairs[j], text))
            labels = hv_arena_printf(arena, "%s, %s", labels,
                                     hv_pair_label(arena, result, &result->pairs[j]));
    return labels;
}

const char *hv_place_name(struct hv_arena *arena, const struct hv_copying *copying)
{
    if (strcmp(copying->function, "(others)") == 0)
        return copying->function;
    return hv_arena_printf(arena, "%s+0x%x", copying->function,
                           (unsigned)copying->offset);
}
