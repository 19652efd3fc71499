/* SPDX-License-Identifier: MIT */
/* The evidence: counters and warnings in full. */
#include "src/base/error.h"
#include "src/report/format.h"
#include "src/report/md.h"

/* ---- counters */

static const char *interval_of(const struct hv_md *md,
                               const struct hv_evidence *evidence)
{
    if (!evidence->has_ci || evidence->provenance == HV_ABSENT)
        return "";
    return hv_format_range(md->arena, evidence->ci95);
}

/* Where it comes from, and why from no better place. */
static const char *source_of(const struct hv_md *md, const struct hv_evidence *evidence)
{
    if (!evidence->why)
        return hv_md_escape(md, evidence->source);
    const char *why = hv_format_why(md->arena, evidence->why);
    return hv_md_escape(
        md, evidence->provenance == HV_ABSENT
                ? why
                : hv_arena_printf(md->arena, "%s; %s", evidence->source, why));
}

static void evidence_row(const struct hv_md *md, const char *name, const char *arm,
                         const struct hv_evidence *evidence)
{
    const bool absent = evidence->provenance == HV_ABSENT;
    const char *value = hv_format_value(md->arena, evidence);
    const char *const cells[] = {
        name,
        arm,
        absent ? hv_md_code(md, value) : value,
        hv_md_escape(md, evidence->unit),
        interval_of(md, evidence),
        hv_provenance_name(evidence->provenance),
        source_of(md, evidence),
    };
    hv_md_row(md, cells, HV_LEN(cells));
    for (size_t i = 0; i < evidence->n_witnesses; i++)
        evidence_row(md, "- other witness", arm, &evidence->witnesses[i]);
}

static void pair_counters(const struct hv_md *md, const struct hv_pair_result *pair)
{
    static const char *const heads[] = {"Figure",
                                        "Arm",
                                        "Value",
                                        "Unit",
                                        "95 % interval",
                                        "Provenance",
                                        "Source, or why not"};
    fprintf(md->file, "\n### %s, %s\n",
            hv_md_escape(md, hv_pair_title(md->arena, pair)),
            hv_md_escape(md, pair->isa));
    if (pair->question)
        fprintf(md->file, "\n%s\n", hv_md_escape(md, pair->question));
    if (pair->times == HV_CONTENDED)
        fputs("\nContended: times, and what follows from them, are from that state.\n",
              md->file);
    hv_md_heads(md, heads, HV_LEN(heads));
    for (unsigned a = 0; a < HV_ARMS; a++)
        for (size_t i = 0; i < pair->arm[a].n_figures; i++)
            evidence_row(md, hv_md_escape(md, pair->arm[a].figures[i].name),
                         hv_md_escape(md, pair->arm[a].name),
                         &pair->arm[a].figures[i].evidence);
}

/* ---- who did it */

enum { LISTED = 12 /* functions, and places; the dump has them all */ };

static void put_more(const struct hv_md *md, size_t all, const char *what)
{
    if (all > LISTED)
        fprintf(md->file, "\n%zu more %s are in the dump.\n", all - LISTED, what);
}

static void who_rows(const struct hv_md *md, const struct hv_arm_result *arm)
{
    static const char *const heads[] = {"Function",       "Group", "Calls",
                                        "Instructions",   "Share", "Copied bytes",
                                        "Time, estimated"};
    const struct hv_breakdown *b = &arm->breakdown;
    hv_md_heads(md, heads, HV_LEN(heads));
    for (size_t i = 0; i < b->n_who && i < LISTED; i++) {
        const struct hv_who *who = &b->who[i];
        const char *const cells[] = {
            hv_md_code(md, who->name),
            hv_md_escape(md, who->group),
            hv_format_number(md->arena, who->calls),
            hv_format_number(md->arena, who->instructions),
            hv_arena_printf(md->arena, "%.3g %%", 100 * who->share),
            hv_format_number(md->arena, who->copied),
            who->time.provenance == HV_ABSENT
                ? hv_md_code(md, hv_format_absent(&who->time))
                : hv_md_escape(md, hv_format_time(md->arena, who->time.value)),
        };
        hv_md_row(md, cells, HV_LEN(cells));
    }
    put_more(md, b->n_who, "functions");
}

static const char *bytes_each(const struct hv_md *md, const struct hv_copying *c)
{
    const char *largest = hv_format_number(md->arena, (double)c->largest);
    if (c->smallest == c->largest)
        return largest;
    return hv_arena_printf(md->arena, "%s to %s",
                           hv_format_number(md->arena, (double)c->smallest), largest);
}

static void copying_rows(const struct hv_md *md, const struct hv_breakdown *b)
{
    static const char *const heads[] = {"Copies at", "How", "Copies", "Bytes",
                                        "Bytes each"};
    if (!b->n_copying) {
        fputs("\nNo copy was seen.\n", md->file);
        return;
    }
    hv_md_heads(md, heads, HV_LEN(heads));
    for (size_t i = 0; i < b->n_copying && i < LISTED; i++) {
        const struct hv_copying *c = &b->copying[i];
        const char *const cells[] = {
            hv_md_code(md, hv_place_name(md->arena, c)),
            c->called ? "call" : "inlined",
            hv_format_number(md->arena, c->copies),
            hv_format_number(md->arena, c->bytes),
            bytes_each(md, c),
        };
        hv_md_row(md, cells, HV_LEN(cells));
    }
    put_more(md, b->n_copying, "places, by falling bytes,");
}

static void pair_breakdown(const struct hv_md *md, const struct hv_pair_result *pair)
{
    for (unsigned a = 0; a < HV_ARMS; a++) {
        const struct hv_breakdown *b = &pair->arm[a].breakdown;
        if (!b->present)
            continue;
        fprintf(md->file, "\n#### %s: an iteration by function and by place\n\n%s.\n",
                hv_md_escape(md, pair->arm[a].name), hv_md_escape(md, b->source));
        who_rows(md, &pair->arm[a]);
        copying_rows(md, b);
    }
}

void hv_md_counters(const struct hv_md *md)
{
    bool any = false;
    for (size_t i = 0; i < md->result->n_pairs; i++) {
        const struct hv_pair_result *pair = &md->result->pairs[i];
        if (!pair->arm[HV_BASELINE].n_figures && !pair->arm[HV_CANDIDATE].n_figures)
            continue;
        any = true;
        pair_counters(md, pair);
        pair_breakdown(md, pair);
    }
    if (!any) {
        fputs("\nThere are no figures.\n", md->file);
        return;
    }
    const char *note = hv_rate_note(md->result);
    fprintf(md->file, "\nPer iteration, unless the unit says otherwise.%s%s\n",
            note ? " " : "", note ? note : "");
}

/* ---- warnings */

static bool put_warning(const struct hv_md *md, size_t i, size_t w)
{
    const struct hv_warning *warning = &md->result->pairs[i].warnings[w];
    const char *pairs = hv_warning_pairs(md->arena, md->result, i, w);
    if (!pairs)
        return false;
    fprintf(md->file, "- %s, %s: %s%s%s\n", hv_md_escape(md, pairs),
            hv_md_code(md, warning->id), hv_md_escape(md, warning->text),
            warning->advice ? " " : "", hv_md_escape(md, warning->advice));
    return true;
}

void hv_md_warnings(const struct hv_md *md)
{
    bool any = false;
    fputc('\n', md->file);
    for (size_t i = 0; i < md->result->n_pairs; i++)
        for (size_t w = 0; w < md->result->pairs[i].n_warnings; w++)
            any |= put_warning(md, i, w);
    if (!any)
        fputs("None.\n", md->file);
}
