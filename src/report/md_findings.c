/* SPDX-License-Identifier: MIT */
/* What the figures say, and no more: each sentence hangs on an interval. */
#include <string.h>

#include "src/base/error.h"
#include "src/report/format.h"
#include "src/report/md.h"

enum finding { WORKED, SMALL, SAME, SLOWER, CONTENDED, FAILED, FINDINGS };

/* The pair's own interval decides; 1.5 is where the scenarios begin to see a gain. */
static enum finding classify(const struct hv_pair_result *pair)
{
    if (pair->state == HV_FAILED)
        return FAILED;
    if (!hv_quiet_speedup(pair))
        return CONTENDED;
    const double *ci95 = pair->speedup.ci95;
    if (ci95[0] >= 1.5)
        return WORKED;
    if (ci95[0] > 1)
        return SMALL;
    return ci95[1] < 1 ? SLOWER : SAME;
}

/* A sentence: before, the candidate, between, the baseline, after. */
static const struct {
    const char *before, *between, *after;
    bool has_figure;
} sentences[FINDINGS] = {
    [WORKED] = {"",                              " is faster than ", "",                                       true },
    [SMALL] = {"",                              " is faster than ", ", though a gain of 1.5x is not certain", true },
    [SAME] = {"no difference between ",        " and ",            " is shown",                              true },
    [SLOWER] = {"",                              " is slower than ", "",                                       true },
    [CONTENDED] = {"there is no quiet figure for ", " and ",            "",                                       false},
    [FAILED] = {"there is no figure for ",       " and ",            "",                                       false},
};

static const struct {
    const char *heading, *nothing;
    enum finding first, last;
} lists[] = {
    {"What Worked",       "no pair is certainly faster by 1.5x or more", WORKED,    WORKED},
    {"What Did Not",      "nothing among the pairs that were decided",   SMALL,     SLOWER},
    {"What Is Not Known", NULL,                                          CONTENDED, FAILED},
};

static const char *title_of(const struct hv_md *md, const struct hv_pair_result *pair)
{
    return hv_md_escape(md, hv_pair_label(md->arena, md->result, pair));
}

static const char *arm_of(const struct hv_md *md, const struct hv_pair_result *pair,
                          enum hv_arm_id arm)
{
    const char *name = pair->arm[arm].name;
    return name && *name ? hv_md_code(md, name) : "the other arm";
}

static void put_figure(const struct hv_md *md, const struct hv_pair_result *pair)
{
    const struct hv_speedup *speedup = &pair->speedup;
    const double *band = speedup->placement_band;
    const char *band_text = hv_format_band(md->arena, band, " to ");
    fprintf(md->file, ": %s, 95 %% interval %s", hv_format_speedup(md->arena, speedup),
            hv_format_interval(md->arena, speedup, " to "));
    const bool one_sided = band[0] > 1 || band[1] < 1;
    fprintf(md->file,
            one_sided || classify(pair) == SAME
                ? "; %s over the placements of the code"
                : "; but not at every placement of the code (%s)",
            band_text);
    if (pair->prediction.speedup > 0)
        fprintf(md->file, "; %s was predicted: %s",
                hv_format_predicted(md->arena, pair->prediction.speedup),
                hv_match_name(pair->prediction.verdict));
}

static void put_finding(const struct hv_md *md, const struct hv_pair_result *pair)
{
    const enum finding finding = classify(pair);
    fprintf(md->file, "- %s: %s%s%s%s%s", title_of(md, pair), sentences[finding].before,
            arm_of(md, pair, HV_CANDIDATE), sentences[finding].between,
            arm_of(md, pair, HV_BASELINE), sentences[finding].after);
    if (sentences[finding].has_figure)
        put_figure(md, pair);
    fputs(".\n", md->file);
}

static void put_list(const struct hv_md *md, size_t list)
{
    bool any = false;
    for (size_t i = 0; i < md->result->n_pairs; i++) {
        const struct hv_pair_result *pair = &md->result->pairs[i];
        const enum finding finding = classify(pair);
        if (pair->control || finding < lists[list].first || finding > lists[list].last)
            continue;
        if (!any)
            fprintf(md->file, "\n**%s**:\n\n", lists[list].heading);
        any = true;
        put_finding(md, pair);
    }
    if (!any && lists[list].nothing)
        fprintf(md->file, "\n**%s**: %s.\n", lists[list].heading, lists[list].nothing);
}

/* Causes come from the checklist only, and only decided ones. */
static void put_why(const struct hv_md *md)
{
    bool any = false;
    for (size_t i = 0; i < md->result->n_checklist; i++) {
        const struct hv_check *check = &md->result->checklist[i];
        if (check->verdict == HV_VERDICT_UNDECIDED)
            continue;
        if (!any)
            fputs("\n**Why**:\n\n", md->file);
        any = true;
        fprintf(md->file, "- %s: \"%s\" (%s): %s\n", hv_verdict_name(check->verdict),
                hv_md_escape(md, check->item),
                check->pair ? hv_md_escape(md, check->pair) : "all pairs",
                hv_md_escape(md, check->because));
    }
    if (!any)
        fputs("\n**Why**: no root cause is decided by this run.\n", md->file);
}

void hv_md_findings(const struct hv_md *md)
{
    if (md->result->settings.aa) {
        fputs("\nAn A/A run finds nothing about the pairs. An interval that excludes 1 "
              "is an error of the measurement; 5 in 100 are expected.\n",
              md->file);
        return;
    }
    for (size_t list = 0; list < HV_LEN(lists); list++)
        put_list(md, list);
    put_why(md);
}

void hv_md_next_steps(const struct hv_md *md)
{
    const struct hv_decision *decision = &md->result->decision;
    static const char *const letters[] = {
        [HV_OPTIMISTIC] = " (A)", [HV_REALISTIC] = " (B)", [HV_PESSIMISTIC] = " (C)"};
    const size_t scenario = decision->scenario;
    const char *letter = scenario < HV_LEN(letters) ? letters[scenario] : NULL;
    fprintf(md->file, "\n- Scenario: **%s**%s\n", hv_scenario_name(decision->scenario),
            letter ? letter : "");
    if (decision->matrix)
        fprintf(md->file, "- Decision matrix: %s\n",
                hv_md_escape(md, decision->matrix));
    if (decision->n_next)
        fputc('\n', md->file);
    for (size_t i = 0; i < decision->n_next; i++)
        fprintf(md->file, "%zu. %s\n", i + 1, hv_md_escape(md, decision->next[i]));
}

/* ---- lessons */

static const char *told(const struct hv_md *md, const struct hv_evidence *evidence)
{
    return hv_arena_printf(md->arena, "%s (%s)", hv_md_evidence(md, evidence),
                           hv_provenance_name(evidence->provenance));
}

/* "<title>: <what> <figure> in <baseline>, <figure> in <candidate>." */
static bool put_both(const struct hv_md *md, const struct hv_pair_result *pair,
                     const char *name, const char *what)
{
    const struct hv_evidence *baseline = hv_arm_figure(&pair->arm[HV_BASELINE], name);
    const struct hv_evidence *candidate = hv_arm_figure(&pair->arm[HV_CANDIDATE], name);
    if (!baseline || !candidate || baseline->provenance == HV_ABSENT ||
        candidate->provenance == HV_ABSENT)
        return false;
    fprintf(md->file, "- %s: %s %s in %s, %s in %s.\n", title_of(md, pair), what,
            told(md, baseline), arm_of(md, pair, HV_BASELINE), told(md, candidate),
            arm_of(md, pair, HV_CANDIDATE));
    return true;
}

static bool put_placement(const struct hv_md *md, const struct hv_pair_result *pair)
{
    const double *band = pair->speedup.placement_band, *ci95 = pair->speedup.ci95;
    /* Where the interval is tight, a hair's breadth of placement is no lesson. */
    if (!(band[1] - band[0] > ci95[1] - ci95[0] && band[1] > 1.02 * band[0]))
        return false;
    fprintf(md->file,
            "- %s: where the code lies alone moves the speedup between %sx, more than "
            "the interval is wide.\n",
            title_of(md, pair), hv_format_band(md->arena, band, "x and "));
    return true;
}

void hv_md_lessons(const struct hv_md *md)
{
    bool any = false;
    fputc('\n', md->file);
    for (size_t i = 0; i < md->result->n_pairs; i++) {
        const struct hv_pair_result *pair = &md->result->pairs[i];
        if (pair->control || !hv_quiet_speedup(pair))
            continue;
        any |= put_both(md, pair, "time", "an iteration takes");
        any |=
            put_both(md, pair, "memcpy_bytes", "the bytes copied in an iteration are");
        any |=
            put_both(md, pair, "instructions", "the instructions of an iteration are");
        any |= put_placement(md, pair);
    }
    if (!any)
        fputs("No figure of this run is settled enough to learn from.\n", md->file);
}
