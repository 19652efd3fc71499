/* SPDX-License-Identifier: MIT */
/* The text report's figures per pair and its known answers. */
#include <string.h>

#include "src/base/error.h"
#include "src/report/format.h"
#include "src/report/text_parts.h"

enum { COLUMNS = 6, MAX_NOTES = 64 };

/* Reasons, each told once for the whole report. */
struct notes {
    const char *why[MAX_NOTES];
    size_t n;
};

static const char *note(const struct hv_out *out, struct notes *notes, const char *why)
{
    why = why ? hv_format_why(out->arena, why) : "no reason was given";
    size_t i = 0;
    while (i < notes->n && strcmp(notes->why[i], why))
        i++;
    if (i == MAX_NOTES)
        return "in the dump";
    notes->why[i] = why;
    notes->n = i == notes->n ? i + 1 : notes->n;
    return hv_arena_printf(out->arena, "[%zu]", i + 1);
}

/* What one arm has to say; figure NULL: nothing, not even a reason. */
static const char *value_of(const struct hv_out *out, const struct hv_evidence *figure)
{
    return figure ? hv_format_value(out->arena, figure) : "-";
}

static bool is_absent(const struct hv_evidence *figure)
{
    return figure && figure->provenance == HV_ABSENT;
}

static const char *provenance_of(const struct hv_evidence *figure)
{
    return figure ? hv_provenance_name(figure->provenance) : "-";
}

static const char *both_provenances(const struct hv_out *out,
                                    const struct hv_evidence *const arm[HV_ARMS])
{
    const char *first = provenance_of(arm[HV_BASELINE]);
    const char *second = provenance_of(arm[HV_CANDIDATE]);
    if (!arm[HV_CANDIDATE] || !strcmp(first, second))
        return first;
    if (!arm[HV_BASELINE])
        return second;
    return hv_arena_printf(out->arena, "%s, %s", first, second);
}

static const char *notes_of(const struct hv_out *out, struct notes *notes,
                            const struct hv_evidence *const arm[HV_ARMS])
{
    const char *marks[HV_ARMS] = {"", ""};
    for (unsigned a = 0; a < HV_ARMS; a++)
        if (arm[a] && (is_absent(arm[a]) || arm[a]->why))
            marks[a] = note(out, notes, arm[a]->why);
    if (!strcmp(marks[HV_BASELINE], marks[HV_CANDIDATE]))
        return marks[HV_BASELINE];
    return hv_arena_printf(out->arena, "%s%s", marks[HV_BASELINE], marks[HV_CANDIDATE]);
}

static void figure_row(const struct hv_out *out, struct notes *notes,
                       const struct hv_pair_result *pair, const char *name,
                       struct hv_cell row[COLUMNS])
{
    const struct hv_evidence *const arm[HV_ARMS] = {
        hv_arm_figure(&pair->arm[HV_BASELINE], name),
        hv_arm_figure(&pair->arm[HV_CANDIDATE], name)};
    const struct hv_evidence *any =
        arm[HV_BASELINE] ? arm[HV_BASELINE] : arm[HV_CANDIDATE];
    row[0].text = name;
    for (unsigned a = 0; a < HV_ARMS; a++) {
        row[1 + a].text = value_of(out, arm[a]);
        row[1 + a].color = is_absent(arm[a]) ? HV_DIM : HV_PLAIN;
    }
    row[3].text = any ? any->unit : NULL;
    row[4].text = both_provenances(out, arm);
    row[5].text = notes_of(out, notes, arm);
}

/* How the samples spread, and what `hvperf trace` shows, is for the long reports. */
static bool is_shown(const char *name)
{
    static const char *const left_out[] = {
        "time_min",
        "time_p25",
        "time_median",
        "time_p95",
        "loads",
        "load_bytes",
        "stores",
        "store_bytes",
        "l1d_lines",
        "syscalls",
        "memcpy_bytes_stored",
        "memcpy_bytes_small",
        "alias_4k",
        "line_splits",
        "forward_spans",
        "memcpy_calls",
        "code_bytes",
        "code_vector_width",
        "copy_call_sites",
        "copy_inlined_sites",
    };
    for (size_t i = 0; i < HV_LEN(left_out); i++)
        if (strcmp(name, left_out[i]) == 0)
            return false;
    return true;
}

static void figure_table(const struct hv_out *out, const struct hv_result *result,
                         struct notes *notes, const struct hv_pair_result *pair)
{
    const struct hv_column columns[COLUMNS] = {
        {"Per iteration",       false       },
        {hv_arm_heading(result, HV_BASELINE), true},
        {hv_arm_heading(result,                     HV_CANDIDATE),             true},
        {"Unit",                 false                },
        {"Provenance",false},
        {"Why",                 false                                 },
    };
    const struct hv_arm_result *arm = pair->arm;
    const size_t most = arm[HV_BASELINE].n_figures + arm[HV_CANDIDATE].n_figures;
    struct hv_cell *cells = hv_arena_array(out->arena, most * COLUMNS, sizeof *cells);
    size_t rows = 0;
    for (unsigned a = 0; a < HV_ARMS; a++)
        for (size_t i = 0; i < arm[a].n_figures; i++) {
            const char *name = arm[a].figures[i].name;
            const bool told = a && hv_arm_figure(&arm[HV_BASELINE], name);
            if (is_shown(name) && !told)
                figure_row(out, notes, pair, name, &cells[rows++ * COLUMNS]);
        }
    if (!rows)
        return;
    hv_out_heading(out, hv_arena_printf(out->arena, "%s, %s",
                                        hv_pair_title(out->arena, pair), pair->isa));
    hv_out_table(out, columns, COLUMNS, cells, rows);
}

void hv_text_counters(const struct hv_out *out, const struct hv_result *result)
{
    struct notes notes = {.n = 0};
    for (size_t i = 0; i < result->n_pairs; i++)
        if (!result->pairs[i].control && result->pairs[i].state != HV_FAILED)
            figure_table(out, result, &notes, &result->pairs[i]);
    const char *rates = hv_rate_note(result);
    if (rates) {
        fputc('\n', out->file);
        hv_out_wrapped(out, HV_PLAIN, "  ", rates);
    }
    if (notes.n)
        hv_out_heading(out, "Why a figure is absent, or not measured");
    for (size_t i = 0; i < notes.n; i++)
        hv_out_wrapped(out, HV_PLAIN, hv_arena_printf(out->arena, "  [%zu] ", i + 1),
                       notes.why[i]);
}

void hv_text_controls(const struct hv_out *out, const struct hv_result *result)
{
    size_t passed = 0, ran = 0;
    for (size_t i = 0; i < result->n_controls; i++) {
        passed += result->controls[i].passed;
        ran += result->controls[i].ran;
    }
    if (!result->n_controls)
        return;
    hv_out_heading(out, "Controls of clock and counters");
    hv_out_wrapped(out, HV_PLAIN, "  ",
                   hv_arena_printf(out->arena,
                                   "%zu of %zu controls passed, %zu did not "
                                   "run.",
                                   passed, result->n_controls,
                                   result->n_controls - ran));
    for (size_t i = 0; i < result->n_controls; i++) {
        const struct hv_control *control = &result->controls[i];
        if (!control->passed)
            hv_out_wrapped(
                out, HV_PLAIN, "  ",
                hv_arena_printf(out->arena, "%s %s: %s", control->name,
                                control->ran ? "failed" : "did not run",
                                control->why ? control->why : "no reason was given"));
    }
}
