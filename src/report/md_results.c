/* SPDX-License-Identifier: MIT */
/* What was claimed and what was measured. */
#include "src/report/claim.h"
#include "src/report/format.h"
#include "src/report/md.h"

/* ---- the claim */

static bool tests_the_claim(const struct hv_result *result)
{
    for (size_t i = 0; i < result->n_pairs; i++)
        if (hv_tests_claim(result, &result->pairs[i]))
            return true;
    return false;
}

enum family { OURS, KNOWN, THEIRS, FAMILIES };

static enum family family_of(const struct hv_result *result,
                             const struct hv_pair_result *pair)
{
    if (pair->control)
        return KNOWN;
    return hv_tests_claim(result, pair) ? OURS : THEIRS;
}

/* Only the pairs that the hypothesis names speak about the claim; the others are told
 * apart. */
static void count_matches(const struct hv_md *md, enum family family)
{
    static const char *const words[FAMILIES] = {
        [OURS] = "Predictions",
        [KNOWN] = "Known answers of control pairs",
        [THEIRS] = "Predictions of plugins, which do not bear on the claim",
    };
    size_t counts[HV_FAIL + 1] = {0}, all = 0;
    for (size_t i = 0; i < md->result->n_pairs; i++) {
        const struct hv_prediction *prediction = &md->result->pairs[i].prediction;
        if (!(prediction->speedup > 0) || (size_t)prediction->verdict > HV_FAIL ||
            family_of(md->result, &md->result->pairs[i]) != family)
            continue;
        counts[prediction->verdict]++;
        all++;
    }
    if (all)
        fprintf(md->file,
                "\n%s (%zu): %zu MATCH, %zu PARTIAL, %zu FAIL, %zu UNDECIDED.\n",
                words[family], all, counts[HV_MATCH], counts[HV_PARTIAL],
                counts[HV_FAIL], counts[HV_UNDECIDED]);
}

static void put_claim(const struct hv_md *md)
{
    const struct hv_result *result = md->result;
    if (result->settings.aa || !tests_the_claim(result)) {
        fputs("\n**Claim**: none that the pairs of this run test\n", md->file);
        return;
    }
    fprintf(md->file, "\n**Claim** (hypothesis %s): %s\n",
            hv_md_escape(md, result->hypothesis->name),
            hv_md_escape(md, result->hypothesis->claim));
    fprintf(md->file, "\n**What the figures allow**: %s\n",
            hv_md_escape(md, hv_claim_share(md->arena, result)));
    fprintf(md->file, "\n**Result**: %s%s\n", hv_claim_word(result),
            hv_md_escape(md, hv_matrix_remark(md->arena, &result->decision, true)));
}

void hv_md_verification(const struct hv_md *md)
{
    put_claim(md);
    if (md->result->decision.rule)
        fprintf(md->file, "\n%s\n", hv_md_escape(md, md->result->decision.rule));
    for (unsigned family = 0; family < FAMILIES; family++)
        count_matches(md, (enum family)family);
}

/* ---- the table */

enum { COLUMNS = 9 };

static const char *time_of(const struct hv_md *md, const struct hv_pair_result *pair,
                           enum hv_arm_id arm)
{
    const struct hv_evidence *time = hv_arm_figure(&pair->arm[arm], "time");
    const char *text = hv_md_evidence(md, time);
    return pair->times == HV_CONTENDED && time && time->provenance != HV_ABSENT
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

static void put_contended(const struct hv_md *md, const struct hv_pair_result *pair)
{
    fprintf(md->file, "- %s is contended: ", hv_md_label(md, pair));
    if (pair->has_kept_share)
        fprintf(md->file, "%s of its samples were quiet, which gave no quiet speedup. ",
                hv_format_share(md->arena, pair->kept_share));
    if (pair->contended.present)
        fprintf(md->file,
                "On the contended core the speedup was %s (95 %% interval %s). ",
                hv_format_speedup(md->arena, &pair->contended),
                hv_format_interval(md->arena, &pair->contended, " to "));
    fprintf(md->file, "%s\n", hv_contended_times(pair));
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
            fprintf(md->file, "- %s failed: %s\n", hv_md_label(md, pair),
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
        fprintf(md->file, "- %s, %s: %s\n", hv_md_label(md, pair),
                hv_match_name(pair->prediction.verdict),
                hv_md_escape(md, pair->prediction.rule));
    }
}

/* One line a pair: what was predicted of its arms, and what they did. */
static void put_arms(const struct hv_md *md)
{
    bool any = false;
    for (size_t i = 0; i < md->result->n_pairs; i++) {
        const struct hv_pair_result *pair = &md->result->pairs[i];
        const char *line = hv_format_arm_predictions(md->arena, pair);
        if (!line)
            continue;
        if (!any)
            fputs("\nPredicted times (MATCH within a factor of 2) and copied bytes "
                  "(MATCH if equal):\n\n",
                  md->file);
        any = true;
        fprintf(md->file, "- %s: %s\n", hv_md_label(md, pair), hv_md_escape(md, line));
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
    put_arms(md);
}
