/* SPDX-License-Identifier: MIT */
/* The report for a terminal: its sections, in order. */
#include "src/base/error.h"
#include "src/report/claim.h"
#include "src/report/format.h"
#include "src/report/formats.h"
#include "src/report/glyph.h"
#include "src/report/text_parts.h"

static void title(const struct hv_out *out, const struct hv_result *result)
{
    const uint32_t bits = result->settings.dim_bits;
    const char *line = hv_arena_printf(
        out->arena, "hvperf %s: %zu pair%s", result->version ? result->version : "?",
        result->n_pairs, result->n_pairs == 1 ? "" : "s");
    if (bits && bits != HV_USUAL_BITS)
        line =
            hv_arena_printf(out->arena, "%s, vectors of %u bits", line, (unsigned)bits);
    hv_out_text(out, HV_BOLD,
                hv_text_fit(out->arena, line, out->style->ascii, HV_TEXT_COLUMNS));
    fputc('\n', out->file);
    if (result->interrupted)
        hv_out_wrapped(out, HV_PLAIN, "",
                       "Interrupted: this is what there was until then.");
    if (result->settings.aa)
        hv_out_wrapped(
            out, HV_PLAIN, "",
            "A/A run: both arms are the same code, and every true speedup is "
            "1.");
}

static bool put_warning(const struct hv_out *out, const struct hv_result *result,
                        size_t i, size_t w, bool first)
{
    const struct hv_warning *warning = &result->pairs[i].warnings[w];
    const char *pairs = hv_warning_pairs(out->arena, result, i, w);
    if (!pairs)
        return false;
    if (first)
        hv_out_heading(out, "Warnings");
    hv_out_wrapped(out, HV_PLAIN, "  ",
                   hv_arena_printf(out->arena, "%s: %s %s", pairs, warning->text,
                                   warning->advice ? warning->advice : ""));
    return true;
}

static void warnings(const struct hv_out *out, const struct hv_result *result)
{
    bool any = false;
    for (size_t i = 0; i < result->n_pairs; i++)
        for (size_t w = 0; w < result->pairs[i].n_warnings; w++)
            any |= put_warning(out, result, i, w, !any);
}

static const char *batch_of(const struct hv_out *out, const struct hv_evidence *batch)
{
    if (batch->provenance == HV_ABSENT)
        return hv_format_why(out->arena, batch->why);
    return hv_arena_printf(out->arena, "from %s a batch on (%s)",
                           hv_format_evidence(out->arena, batch),
                           hv_provenance_name(batch->provenance));
}

/* What the steps would bring, whatever the scenario. */
static void foretastes(const struct hv_out *out, const struct hv_decision *decision)
{
    for (size_t i = 0; i < decision->n_foretastes; i++) {
        const struct hv_foretaste *f = &decision->foretastes[i];
        hv_out_wrapped(out, HV_PLAIN, i ? "            " : "  Steps:    ",
                       hv_arena_printf(out->arena, "%s (%s): %s", f->pair,
                                       hv_provenance_name(f->gain.provenance),
                                       f->gain.provenance == HV_ABSENT
                                           ? hv_format_why(out->arena, f->gain.why)
                                           : hv_format_evidence(out->arena, &f->gain)));
    }
    if (!decision->gpu.present)
        return;
    hv_out_wrapped(
        out, HV_PLAIN, "  GPU:      ",
        hv_arena_printf(out->arena,
                        "would pay, by what the hypothesis assumes of one: items there "
                        "already: %s; items sent there: %s",
                        batch_of(out, &decision->gpu.resident),
                        batch_of(out, &decision->gpu.transferred)));
}

static void decision(const struct hv_out *out, const struct hv_result *result)
{
    const struct hv_decision *decision = &result->decision;
    hv_out_heading(out, "Decision");
    if (result->hypothesis)
        hv_out_wrapped(out, HV_PLAIN, "  Claim:    ", result->hypothesis->claim);
    const char *remark = hv_matrix_remark(out->arena, decision, false);
    hv_out_wrapped(out, HV_PLAIN, "  Scenario: ",
                   hv_arena_printf(out->arena, "%s%s",
                                   hv_scenario_title(decision->scenario),
                                   remark ? remark : ""));
    if (decision->matrix)
        hv_out_wrapped(out, HV_PLAIN, "  Matrix:   ", decision->matrix);
    if (decision->rule)
        hv_out_wrapped(out, HV_PLAIN, "  Because:  ", decision->rule);
    for (size_t i = 0; i < decision->n_next; i++)
        hv_out_wrapped(out, HV_PLAIN, hv_arena_printf(out->arena, "  %zu. ", i + 1),
                       decision->next[i]);
    foretastes(out, decision);
}

/* Ties the text to a file, for `hvperf verify`. */
static void data(const struct hv_out *out, const struct hv_result *result)
{
    if (!result->dump_sha256)
        return;
    fputc('\n', out->file);
    hv_out_wrapped(out, HV_PLAIN, "Dump: SHA-256 ", result->dump_sha256);
}

int hv_report_text(const struct hv_result *result, FILE *file,
                   const struct hv_style *style)
{
    static void (*const sections[])(const struct hv_out *, const struct hv_result *) = {
        title,       hv_text_compact,   hv_text_results,
        hv_text_why, hv_text_checklist, hv_text_counters,
        warnings,    hv_text_controls,  decision,
        data,
    };
    const struct hv_out out = {file, style, hv_arena_open()};
    for (size_t i = 0; i < HV_LEN(sections); i++)
        sections[i](&out, result);
    hv_arena_close(out.arena);
    return hv_report_finish(file);
}
