/* SPDX-License-Identifier: MIT */
/* The text report's tables of speedups. */
#include <string.h>

#include "src/base/error.h"
#include "src/report/format.h"
#include "src/report/text_parts.h"

enum { MAX_ISAS = 8 };

static struct hv_cell state_cell(enum hv_state state)
{
    static const enum hv_color colors[] = {
        [HV_QUIET] = HV_PLAIN, [HV_CONTENDED] = HV_YELLOW, [HV_FAILED] = HV_RED};
    return (struct hv_cell){hv_state_name(state),
                            (size_t)state < HV_LEN(colors) ? colors[state] : HV_PLAIN};
}

static struct hv_cell match_cell(const struct hv_out *out,
                                 const struct hv_prediction *prediction)
{
    static const enum hv_color colors[] = {[HV_UNDECIDED] = HV_DIM,
                                           [HV_MATCH] = HV_GREEN,
                                           [HV_PARTIAL] = HV_YELLOW,
                                           [HV_FAIL] = HV_RED};
    if (!(prediction->speedup > 0))
        return (struct hv_cell){NULL, HV_PLAIN};
    const char *text = hv_arena_printf(
        out->arena, "%s %s", hv_format_predicted(out->arena, prediction->speedup),
        hv_match_name(prediction->verdict));
    return (struct hv_cell){text, (size_t)prediction->verdict < HV_LEN(colors)
                                      ? colors[prediction->verdict]
                                      : HV_PLAIN};
}

static const char *speedup_text(const struct hv_out *out,
                                const struct hv_pair_result *pair)
{
    const struct hv_speedup *speedup = hv_quiet_speedup(pair);
    return speedup ? hv_format_speedup(out->arena, speedup) : NULL;
}

/* ---- pair x ISA */

static size_t list_isas(const struct hv_result *result, const char *isas[MAX_ISAS],
                        size_t *left_out)
{
    size_t n = 0;
    *left_out = 0;
    for (size_t i = 0; i < result->n_pairs; i++) {
        size_t j = 0;
        while (j < n && strcmp(isas[j], result->pairs[i].isa))
            j++;
        if (j < n)
            continue;
        if (n < MAX_ISAS)
            isas[n++] = result->pairs[i].isa;
        else
            ++*left_out;
    }
    return n;
}

static bool same_pair(const struct hv_pair_result *a, const struct hv_pair_result *b)
{
    const char *set_a = a->kernel_set ? a->kernel_set : "";
    const char *set_b = b->kernel_set ? b->kernel_set : "";
    return !strcmp(a->name, b->name) && !strcmp(set_a, set_b);
}

static bool seen_before(const struct hv_result *result, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (same_pair(&result->pairs[i], &result->pairs[j]))
            return true;
    return false;
}

static struct hv_cell compact_cell(const struct hv_out *out,
                                   const struct hv_result *result, size_t i,
                                   const char *isa)
{
    for (size_t j = i; j < result->n_pairs; j++) {
        const struct hv_pair_result *pair = &result->pairs[j];
        if (!same_pair(&result->pairs[i], pair) || strcmp(pair->isa, isa))
            continue;
        const char *speedup = speedup_text(out, pair);
        return speedup ? (struct hv_cell){speedup, HV_PLAIN} : state_cell(pair->state);
    }
    return (struct hv_cell){"-", HV_DIM};
}

void hv_text_compact(const struct hv_out *out, const struct hv_result *result)
{
    const char *isas[MAX_ISAS];
    size_t left_out;
    if (!hv_has_isas(result))
        return;
    const size_t n = list_isas(result, isas, &left_out);
    struct hv_column columns[MAX_ISAS + 1] = {
        {"Pair", false}
    };
    for (size_t c = 0; c < n; c++)
        columns[c + 1] = (struct hv_column){isas[c], true};
    struct hv_cell *cells =
        hv_arena_array(out->arena, result->n_pairs * (n + 1), sizeof *cells);
    size_t rows = 0;
    for (size_t i = 0; i < result->n_pairs; i++) {
        if (result->pairs[i].control || seen_before(result, i))
            continue;
        struct hv_cell *row = &cells[rows++ * (n + 1)];
        row[0].text = hv_pair_title(out->arena, &result->pairs[i]);
        for (size_t c = 0; c < n; c++)
            row[c + 1] = compact_cell(out, result, i, isas[c]);
    }
    hv_out_heading(out, "Speedup by ISA");
    hv_out_table(out, columns, n + 1, cells, rows);
    if (left_out)
        hv_out_wrapped(out, HV_PLAIN, "", "More ISAs stand in the tables below.");
}

/* ---- the results of one ISA */

static const char *time_of(const struct hv_out *out, const struct hv_arm_result *arm)
{
    const struct hv_evidence *time = hv_arm_figure(arm, "time");
    return time && time->provenance != HV_ABSENT ? hv_format_evidence(out->arena, time)
                                                 : "-";
}

enum { RESULT_COLUMNS = 7 };

static void result_row(const struct hv_out *out, const struct hv_pair_result *pair,
                       struct hv_cell row[RESULT_COLUMNS])
{
    const struct hv_speedup *speedup = &pair->speedup;
    const char *text = speedup_text(out, pair);
    row[0].text = hv_pair_title(out->arena, pair);
    row[1].text = time_of(out, &pair->arm[HV_BASELINE]);
    row[2].text = time_of(out, &pair->arm[HV_CANDIDATE]);
    row[3].text = !text
                      ? "-"
                      : hv_arena_printf(out->arena, "%s [%s]", text,
                                        hv_format_interval(out->arena, speedup, ", "));
    row[3].color = HV_BOLD;
    row[4].text = text ? hv_format_band(out->arena, speedup->placement_band, "-") : "-";
    row[5] = match_cell(out, &pair->prediction);
    row[6] = state_cell(pair->state);
}

static void result_table(const struct hv_out *out, const struct hv_result *result,
                         const char *isa, bool controls, const char *heading)
{
    const struct hv_column columns[RESULT_COLUMNS] = {
        {"Pair",                                        false       },
        {controls ? "Baseline" : hv_arm_heading(result, HV_BASELINE), true},
        {controls ? "Candidate" : hv_arm_heading(result,                                             HV_CANDIDATE),            true},
        {"Speedup [95 %]",                                         true                                         },
        {"Placements", true},
        {controls ? "Expected" : "Predicted",                                         false                                                                                 },
        {"State",false},
    };
    struct hv_cell *cells =
        hv_arena_array(out->arena, result->n_pairs * RESULT_COLUMNS, sizeof *cells);
    size_t rows = 0;
    for (size_t i = 0; i < result->n_pairs; i++) {
        const struct hv_pair_result *pair = &result->pairs[i];
        if (pair->control == controls && !strcmp(pair->isa, isa))
            result_row(out, pair, &cells[rows++ * RESULT_COLUMNS]);
    }
    if (!rows)
        return;
    hv_out_heading(out, heading);
    hv_out_table(out, columns, RESULT_COLUMNS, cells, rows);
}

static const char *contended_figure(const struct hv_out *out,
                                    const struct hv_pair_result *pair)
{
    const char *times = hv_contended_times(pair);
    if (!pair->contended.present)
        return times;
    return hv_arena_printf(
        out->arena, "On the contended core: %s, 95 %% interval %s. %s",
        hv_format_speedup(out->arena, &pair->contended),
        hv_format_interval(out->arena, &pair->contended, " to "), times);
}

static const char *why_no_figure(const struct hv_out *out,
                                 const struct hv_pair_result *pair)
{
    if (pair->state == HV_FAILED)
        return pair->failure ? pair->failure : "no reason was given";
    const char *kept = !pair->has_kept_share
                           ? "an unknown share"
                           : hv_format_share(out->arena, pair->kept_share);
    return hv_arena_printf(out->arena, "%s of the samples were quiet. %s", kept,
                           contended_figure(out, pair));
}

static void explain(const struct hv_out *out, const struct hv_result *result)
{
    bool any = false;
    for (size_t i = 0; i < result->n_pairs; i++) {
        const struct hv_pair_result *pair = &result->pairs[i];
        if (pair->state == HV_QUIET)
            continue;
        if (!any)
            fputc('\n', out->file);
        any = true;
        const char *line = hv_arena_printf(
            out->arena, "%s: %s: %s", hv_pair_label(out->arena, result, pair),
            hv_state_name(pair->state), why_no_figure(out, pair));
        hv_out_wrapped(out, HV_PLAIN, "  ", line);
    }
}

/* One entry a pair: what was predicted of its arms, and what they did. */
static void arm_predictions(const struct hv_out *out, const struct hv_result *result)
{
    bool any = false;
    for (size_t i = 0; i < result->n_pairs; i++) {
        const struct hv_pair_result *pair = &result->pairs[i];
        const char *line = hv_format_arm_predictions(out->arena, pair);
        if (!line)
            continue;
        if (!any)
            hv_out_heading(
                out, "Predicted times (MATCH within a factor of 2) and copied bytes");
        any = true;
        hv_out_wrapped(out, HV_PLAIN, "  ",
                       hv_arena_printf(out->arena, "%s: %s",
                                       hv_pair_label(out->arena, result, pair), line));
    }
}

void hv_text_results(const struct hv_out *out, const struct hv_result *result)
{
    const char *isas[MAX_ISAS];
    size_t left_out;
    const size_t n = list_isas(result, isas, &left_out);
    for (size_t i = 0; i < n; i++)
        result_table(out, result, isas[i], false,
                     hv_arena_printf(out->arena, "Results, %s", isas[i]));
    for (size_t i = 0; i < n; i++)
        result_table(
            out, result, isas[i], true,
            hv_arena_printf(out->arena, "Pairs with a known answer, %s", isas[i]));
    explain(out, result);
    arm_predictions(out, result);
}
