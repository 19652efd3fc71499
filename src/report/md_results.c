/* SPDX-License-Identifier: MIT */
/* What was claimed and what was measured. */
#include <string.h>

#include "src/base/error.h"
#include "src/report/format.h"
#include "src/report/md.h"

/* ---- the claim */

static const char *verified(enum hv_scenario scenario)
{
    static const char *const words[] = {
        [HV_SCENARIO_UNDECIDED] = "UNDECIDED",
        [HV_SCENARIO_NONE] = "UNDECIDED: the results fit no scenario",
        [HV_PESSIMISTIC] = "REFUTED",
        [HV_REALISTIC] = "PARTIALLY VERIFIED",
        [HV_OPTIMISTIC] = "VERIFIED",
    };
    return (size_t)scenario < HV_LEN(words) ? words[scenario] : "UNDECIDED";
}

/* The claim belongs to the built-in pairs that predict something. */
static bool tests_the_claim(const struct hv_result *result)
{
    for (size_t i = 0; i < result->n_pairs; i++) {
        const struct hv_pair_result *pair = &result->pairs[i];
        if (!pair->control && pair->prediction.speedup > 0 && pair->kernel_set &&
            !strcmp(pair->kernel_set, "builtin"))
            return true;
    }
    return false;
}

static void count_matches(const struct hv_md *md)
{
    size_t counts[HV_FAIL + 1] = {0}, all = 0;
    for (size_t i = 0; i < md->result->n_pairs; i++) {
        const struct hv_prediction *prediction = &md->result->pairs[i].prediction;
        if (!(prediction->speedup > 0) || (size_t)prediction->verdict > HV_FAIL)
            continue;
        counts[prediction->verdict]++;
        all++;
    }
    if (all)
        fprintf(md->file,
                "\nOf %zu predictions: %zu MATCH, %zu PARTIAL, %zu FAIL, %zu "
                "UNDECIDED.\n",
                all, counts[HV_MATCH], counts[HV_PARTIAL], counts[HV_FAIL],
                counts[HV_UNDECIDED]);
}

void hv_md_verification(const struct hv_md *md)
{
    const struct hv_decision *decision = &md->result->decision;
    const bool claimed = tests_the_claim(md->result) && !md->result->settings.aa;
    fprintf(md->file, "\n**Claim**: %s\n",
            claimed
                ? "memory copies waste 99 % of the time of ultra-fast SIMD operations"
                : "none that the pairs of this run test");
    if (claimed)
        fprintf(md->file, "\n**Result**: %s\n", verified(decision->scenario));
    if (decision->rule)
        fprintf(md->file, "\n%s\n", hv_md_escape(md, decision->rule));
    count_matches(md);
}

/* ---- the table */

enum { COLUMNS = 9 };

static const char *time_of(const struct hv_md *md, const struct hv_pair_result *pair,
                           enum hv_arm_id arm)
{
    const struct hv_evidence *time = hv_arm_figure(&pair->arm[arm], "time");
    const char *text = hv_md_evidence(md, time);
    return pair->state == HV_CONTENDED && time && time->provenance != HV_ABSENT
               ? hv_arena_printf(md->arena, "%s (contended)", text)
               : text;
}

static const char *outcome(const struct hv_md *md, const struct hv_pair_result *pair)
{
    if (pair->prediction.speedup > 0)
        return hv_match_name(pair->prediction.verdict);
    return hv_md_escape(md, pair->control ? "known answer" : "nothing predicted");
}

static void result_row(const struct hv_md *md, const struct hv_pair_result *pair)
{
    const struct hv_speedup *quiet = hv_quiet_speedup(pair);
    const char *state = hv_arena_printf(md->arena, "(%s)", hv_state_name(pair->state));
    const char *const cells[COLUMNS] = {
        hv_md_escape(md, hv_pair_title(md->arena, pair)),
        hv_md_escape(md, pair->isa),
        time_of(md, pair, HV_BASELINE),
        time_of(md, pair, HV_CANDIDATE),
        quiet ? hv_format_speedup(md->arena, quiet) : state,
        quiet ? hv_format_interval(md->arena, quiet, " to ") : "",
        quiet ? hv_format_band(md->arena, quiet->placement_band, " to ") : "",
        hv_format_predicted(md->arena, pair->prediction.speedup),
        outcome(md, pair),
    };
    hv_md_row(md, cells, COLUMNS);
}

static const char *label_of(const struct hv_md *md, const struct hv_pair_result *pair)
{
    return hv_md_escape(md, hv_pair_label(md->arena, md->result, pair));
}

static void put_contended(const struct hv_md *md, const struct hv_pair_result *pair)
{
    fprintf(md->file, "- %s is contended: ", label_of(md, pair));
    if (pair->has_kept_share)
        fprintf(md->file, "%s of its samples were quiet, which gave no quiet figure. ",
                hv_format_share(md->arena, pair->kept_share));
    if (pair->contended.present)
        fprintf(
            md->file,
            "On the contended core the speedup was %s (95 %% interval %s); its times "
            "above are from that state too.\n",
            hv_format_speedup(md->arena, &pair->contended),
            hv_format_interval(md->arena, &pair->contended, " to "));
    else
        fputs("There is no figure for the contended state either.\n", md->file);
}

static void put_unquiet(const struct hv_md *md)
{
    bool any = false;
    for (size_t i = 0; i < md->result->n_pairs; i++) {
        const struct hv_pair_result *pair = &md->result->pairs[i];
        if (pair->state == HV_QUIET)
            continue;
        if (!any)
            fputc('\n', md->file);
        any = true;
        if (pair->state == HV_CONTENDED)
            put_contended(md, pair);
        else
            fprintf(md->file, "- %s failed: %s\n", label_of(md, pair),
                    hv_md_escape(md, pair->failure ? pair->failure
                                                   : "no reason was given"));
    }
}

static void put_rules(const struct hv_md *md)
{
    bool any = false;
    for (size_t i = 0; i < md->result->n_pairs; i++) {
        const struct hv_pair_result *pair = &md->result->pairs[i];
        if (!(pair->prediction.speedup > 0) || !pair->prediction.rule)
            continue;
        if (!any)
            fputs("\nHow each prediction was judged:\n\n", md->file);
        any = true;
        fprintf(md->file, "- %s, %s: %s\n", label_of(md, pair),
                hv_match_name(pair->prediction.verdict),
                hv_md_escape(md, pair->prediction.rule));
    }
}

void hv_md_results(const struct hv_md *md)
{
    const char *const heads[COLUMNS] = {
        "Test",
        "ISA",
        hv_arm_heading(md->result, HV_BASELINE),
        hv_arm_heading(md->result, HV_CANDIDATE),
        "Speedup",
        "95 % interval",
        "Over placements",
        "Prediction",
        "Result",
    };
    if (!md->result->n_pairs) {
        fputs("\nNo pair was measured.\n", md->file);
        return;
    }
    hv_md_heads(md, heads, COLUMNS);
    for (size_t i = 0; i < md->result->n_pairs; i++)
        result_row(md, &md->result->pairs[i]);
    fputs(
        "\nTimes are per iteration. The speedup is the median over layouts of the two "
        "arms' ratio, so the two times need not divide to it exactly.\n",
        md->file);
    put_unquiet(md);
    put_rules(md);
}
