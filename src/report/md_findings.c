/* SPDX-License-Identifier: MIT */
/* What the figures say, and no more: each sentence hangs on an interval. */
#include "src/base/error.h"
#include "src/report/claim.h"
#include "src/report/format.h"
#include "src/report/md.h"
#include "src/report/why.h"

enum finding { WORKED, SMALL, BELOW, SAME, SLOWER, CONTENDED, FAILED, FINDINGS };

/* Where the scenarios begin to see a gain. */
#define GAIN 1.5

/* The pair's own interval decides what is faster; which side of GAIN it lies on is
 * certain only with the placement band on the same side, as for the predictions. */
static enum finding classify(const struct hv_pair_result *pair)
{
    if (pair->state == HV_FAILED)
        return FAILED;
    if (!hv_quiet_speedup(pair))
        return CONTENDED;
    const double *ci95 = pair->speedup.ci95, *band = pair->speedup.placement_band;
    if (ci95[0] >= GAIN && band[0] >= GAIN)
        return WORKED;
    if (ci95[0] > 1)
        return ci95[1] < GAIN && band[1] < GAIN ? BELOW : SMALL;
    return ci95[1] < 1 ? SLOWER : SAME;
}

/* A sentence: before, the candidate, between, the baseline, after. */
static const struct {
    const char *before, *between, *after;
    bool has_figure;
} sentences[FINDINGS] = {
    [WORKED] = {"",                              " is faster than ", "",                                       true },
    [SMALL] = {"",                              " is faster than ", ", though a gain of 1.5x is not certain", true },
    [BELOW] = {"",                              " is faster than ", ", and below 1.5x",                       true },
    [SAME] = {"no difference between ",        " and ",            " is shown",                              true },
    [SLOWER] = {"",                              " is slower than ", "",                                       true },
    [CONTENDED] = {"there is no quiet speedup of ", " against ",        "",                                       false},
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
    fprintf(md->file, "- %s: %s%s%s%s%s", hv_md_label(md, pair),
            sentences[finding].before, hv_md_arm(md, pair, HV_CANDIDATE),
            sentences[finding].between, hv_md_arm(md, pair, HV_BASELINE),
            sentences[finding].after);
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

static bool put_causes(const struct hv_md *md)
{
    bool any = false;
    for (size_t i = 0; i < md->result->n_pairs; i++) {
        const struct hv_pair_result *pair = &md->result->pairs[i];
        if (pair->control || pair->state == HV_FAILED || !pair->cause.id)
            continue;
        if (!any)
            fputs("\n**Why**:\n\n", md->file);
        any = true;
        fprintf(md->file, "- %s: %s. %s\n", hv_md_label(md, pair),
                hv_md_escape(md, hv_cause_title(md->arena, &pair->cause)),
                hv_md_escape(md, pair->cause.because));
    }
    return any;
}

/* Over all pairs, and only what is decided: a cause that is excluded is a finding. */
static bool put_decided(const struct hv_md *md, bool any)
{
    for (size_t i = 0; i < md->result->n_checklist; i++) {
        const struct hv_check *check = &md->result->checklist[i];
        if (check->pair || check->verdict == HV_VERDICT_UNDECIDED)
            continue;
        if (!any)
            fputs("\n**Why**:\n\n", md->file);
        any = true;
        fprintf(md->file, "- %s over all pairs: \"%s\". %s\n",
                hv_verdict_name(check->verdict), hv_md_escape(md, check->item),
                hv_md_escape(md, check->because));
    }
    return any;
}

static void put_why(const struct hv_md *md)
{
    if (!put_decided(md, put_causes(md)))
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
    fprintf(md->file, "\n- Scenario: **%s**%s\n", hv_scenario_title(decision->scenario),
            letter ? letter : "");
    if (decision->matrix)
        fprintf(md->file, "- Decision matrix: %s\n",
                hv_md_escape(md, decision->matrix));
    if (decision->n_next)
        fputc('\n', md->file);
    for (size_t i = 0; i < decision->n_next; i++)
        fprintf(md->file, "%zu. %s\n", i + 1, hv_md_escape(md, decision->next[i]));
    hv_md_steps(md);
    hv_md_foretastes(md);
    hv_md_gpu(md);
}
