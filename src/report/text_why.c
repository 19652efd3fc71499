/* SPDX-License-Identifier: MIT */
/* The short form of why: a few lines a pair, and a line a possible cause. */
#include "src/base/error.h"
#include "src/report/format.h"
#include "src/report/glyph.h"
#include "src/report/text_parts.h"
#include "src/report/why.h"

/* ---- pairs */

static const char *rest_of(const struct hv_out *out, const struct hv_gap *gap)
{
    const struct hv_gap_part *rest = hv_gap_rest(gap);
    if (!hv_gap_excludes_0(gap) || !rest || rest->time.provenance == HV_ABSENT)
        return "";
    return hv_arena_printf(out->arena, " Unexplained: %s of %s ns (%s).",
                           hv_format_ns(out->arena, rest->time.value),
                           hv_format_ns(out->arena, gap->time.value),
                           hv_gap_share(out->arena, gap, rest));
}

static const char *isolated_of(const struct hv_out *out, const struct hv_result *result,
                               const struct hv_pair_result *pair)
{
    const struct hv_pair_result *trial = hv_isolated_trial(result, pair);
    const struct hv_speedup *quiet = trial ? hv_quiet_speedup(trial) : NULL;
    if (!quiet)
        return "";
    return hv_arena_printf(out->arena,
                           " Without the shared work: %s, 95 %% interval %s.",
                           hv_format_speedup(out->arena, quiet),
                           hv_format_interval(out->arena, quiet, " to "));
}

void hv_text_why(const struct hv_out *out, const struct hv_result *result)
{
    bool any = false;
    for (size_t i = 0; i < result->n_pairs; i++) {
        const struct hv_pair_result *pair = &result->pairs[i];
        if (pair->control || pair->state == HV_FAILED || !pair->cause.id)
            continue;
        if (!any)
            hv_out_heading(out, "Why");
        any = true;
        hv_out_wrapped(out, HV_PLAIN, "  ",
                       hv_arena_printf(out->arena, "%s: %s. %s%s%s",
                                       hv_pair_label(out->arena, result, pair),
                                       hv_cause_title(out->arena, &pair->cause),
                                       pair->cause.because ? pair->cause.because : "",
                                       rest_of(out, &pair->gap),
                                       isolated_of(out, result, pair)));
    }
    if (any && result->n_experiments)
        hv_out_wrapped(out, HV_DIM, "  ",
                       hv_arena_printf(out->arena,
                                       "The markdown report has each gap part by part, "
                                       "and the %zu experiments.",
                                       result->n_experiments));
}

/* ---- the checklist */

enum { COLUMNS = 6, NAMES_WIDTH = 20 };

static struct hv_cell verdict_cell(enum hv_verdict verdict)
{
    static const enum hv_color colors[] = {[HV_VERDICT_UNDECIDED] = HV_DIM,
                                           [HV_SUPPORTED] = HV_GREEN,
                                           [HV_REFUTED] = HV_RED};
    return (struct hv_cell){hv_verdict_name(verdict), (size_t)verdict < HV_LEN(colors)
                                                          ? colors[verdict]
                                                          : HV_PLAIN};
}

static void item_row(const struct hv_out *out, const struct hv_result *result,
                     const struct hv_check *item, struct hv_cell row[COLUMNS])
{
    size_t count[HV_REFUTED + 1] = {0};
    const char *names = NULL;
    for (size_t i = 0; i < result->n_checklist; i++) {
        const struct hv_check *check = &result->checklist[i];
        if (!check->pair || check != hv_check_of(result, item->id, check->pair))
            continue;
        count[check->verdict]++;
        if (check->verdict == HV_SUPPORTED)
            names = names ? hv_arena_printf(out->arena, "%s, %s", names, check->pair)
                          : check->pair;
    }
    row[0] = verdict_cell(item->verdict);
    row[1].text = item->item;
    for (unsigned v = 0; v <= HV_REFUTED; v++) {
        static const unsigned column[] = {4, 2, 3};
        row[column[v]].text = hv_arena_printf(out->arena, "%zu", count[v]);
    }
    row[5].text = hv_text_fit(out->arena, names, out->style->ascii, NAMES_WIDTH);
}

void hv_text_checklist(const struct hv_out *out, const struct hv_result *result)
{
    static const struct hv_column columns[COLUMNS] = {
        {"Verdict",                        false},
        {"Possible cause, over all pairs", false},
        {"Yes",                            true },
        {"No",                             true },
        {"Open",                           true },
        {"Yes in",                         false},
    };
    struct hv_cell *cells =
        hv_arena_array(out->arena, result->n_checklist * COLUMNS, sizeof *cells);
    size_t rows = 0;
    for (size_t i = 0; i < result->n_checklist; i++)
        if (!result->checklist[i].pair)
            item_row(out, result, &result->checklist[i], &cells[rows++ * COLUMNS]);
    if (!rows)
        return;
    hv_out_heading(out, "Root causes");
    hv_out_table(out, columns, COLUMNS, cells, rows);
    hv_out_wrapped(out, HV_DIM, "  ",
                   "Yes, no, open: pairs that support it, refute it, leave it "
                   "undecided. The markdown report has the evidence of each.");
}
