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
    const bool opened = evidence->why && strstr(evidence->why, "not counted");
    return opened ? "<not counted>" : "<not supported>";
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

/* Digits after the point: two below 10, one more where the range is narrower than five
 * steps of the last one. */
static int decimals(double size, const double range[2])
{
    const int usual = size < 10 ? 2 : size < 100 ? 1 : 0;
    return range[1] - range[0] < 5 * pow(10, -usual) ? usual + 1 : usual;
}

static const char *range_text(struct hv_arena *arena, int digits, const double range[2],
                              const char *join)
{
    return hv_arena_printf(arena, "%.*f%s%.*f", digits, range[0], join, digits,
                           range[1]);
}

const char *hv_format_speedup(struct hv_arena *arena, const struct hv_speedup *speedup)
{
    return hv_arena_printf(arena, "%.*fx", decimals(speedup->value, speedup->ci95),
                           speedup->value);
}

const char *hv_format_interval(struct hv_arena *arena, const struct hv_speedup *speedup,
                               const char *join)
{
    return range_text(arena, decimals(speedup->value, speedup->ci95), speedup->ci95,
                      join);
}

const char *hv_format_band(struct hv_arena *arena, const double band[2],
                           const char *join)
{
    return range_text(arena, decimals(band[1], band), band, join);
}

const char *hv_format_predicted(struct hv_arena *arena, double speedup)
{
    if (!(speedup > 0))
        return "";
    return hv_arena_printf(arena, "%sx", hv_format_number(arena, speedup));
}

const char *hv_format_share(struct hv_arena *arena, double share)
{
    return hv_arena_printf(arena, share < 0.1 ? "%.1f %%" : "%.0f %%", 100 * share);
}

const struct hv_speedup *hv_quiet_speedup(const struct hv_pair_result *pair)
{
    return pair->state == HV_QUIET && pair->speedup.present ? &pair->speedup : NULL;
}

static bool is_builtin(const struct hv_pair_result *pair)
{
    return !pair->kernel_set || !strcmp(pair->kernel_set, "builtin");
}

const char *hv_arm_heading(const struct hv_result *result, enum hv_arm_id arm)
{
    static const char *const ours[HV_ARMS] = {"With copy", "Zero copy"};
    static const char *const any[HV_ARMS] = {"Baseline", "Candidate"};
    bool foreign = result->settings.aa;
    for (size_t i = 0; i < result->n_pairs; i++)
        foreign |= !is_builtin(&result->pairs[i]);
    return foreign ? any[arm] : ours[arm];
}

const char *hv_pair_title(struct hv_arena *arena, const struct hv_pair_result *pair)
{
    if (is_builtin(pair))
        return pair->name;
    return hv_arena_printf(arena, "%s:%s", pair->kernel_set, pair->name);
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
