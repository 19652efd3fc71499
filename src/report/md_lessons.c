/* SPDX-License-Identifier: MIT */
/* What the quiet figures teach, one sentence each, and none that nobody saw. */
#include <string.h>

#include "src/report/format.h"
#include "src/report/md.h"

static const char *told(const struct hv_md *md, const struct hv_evidence *evidence)
{
    return hv_arena_printf(md->arena, "%s (%s)", hv_md_evidence(md, evidence),
                           hv_provenance_name(evidence->provenance));
}

/* The figure, or NULL also where it is absent. */
static const struct hv_evidence *present(const struct hv_arm_result *arm,
                                         const char *name)
{
    const struct hv_evidence *figure = hv_arm_figure(arm, name);
    return figure && figure->provenance != HV_ABSENT ? figure : NULL;
}

/* "<title>: <what> <figure> in <baseline>, <figure> in <candidate>." */
static bool put_both(const struct hv_md *md, const struct hv_pair_result *pair,
                     const char *name, const char *what)
{
    const struct hv_evidence *baseline = present(&pair->arm[HV_BASELINE], name),
                             *candidate = present(&pair->arm[HV_CANDIDATE], name);
    if (!baseline || !candidate)
        return false;
    fprintf(md->file, "- %s: %s %s in %s, %s in %s.\n", hv_md_label(md, pair), what,
            told(md, baseline), hv_md_arm(md, pair, HV_BASELINE), told(md, candidate),
            hv_md_arm(md, pair, HV_CANDIDATE));
    return true;
}

/* ---- copies */

/* Whether realloc may have moved bytes: of our own pairs only one grows a vector. */
static bool may_realloc(const struct hv_pair_result *pair,
                        const struct hv_arm_result *arm)
{
    const struct hv_evidence *allocations = present(arm, "allocations");
    if (allocations && !(allocations->value > 0))
        return false;
    return hv_is_builtin(pair) ? !strcmp(pair->name, "allocation")
                               : allocations != NULL;
}

/* The source asks, a counter counts calls: neither has seen a copy being made. */
static bool put_asked(const struct hv_md *md, const struct hv_pair_result *pair,
                      enum hv_arm_id id)
{
    const struct hv_arm_result *arm = &pair->arm[id];
    const struct hv_evidence *asked = present(arm, "memcpy_bytes_declared"),
                             *called = present(arm, "memcpy_bytes_called");
    const bool calls = called && called->value > 0;
    if (!asked || !(asked->value > 0 || calls))
        return false;
    fprintf(md->file, "- %s: in an iteration of %s its source asks to copy %s; ",
            hv_md_label(md, pair), hv_md_arm(md, pair, id), hv_md_evidence(md, asked));
    if (calls)
        fprintf(md->file, "calls that copied %s were counted",
                hv_md_evidence(md, called));
    else if (called)
        fputs("no counted call copied a byte", md->file);
    else
        fputs("the calls that copy were not counted", md->file);
    if (may_realloc(pair, arm))
        fputs("; what realloc moves is not included", md->file);
    if (!present(arm, "memcpy_bytes_inlined"))
        fputs("; copies without a call were not looked for", md->file);
    fputs(".\n", md->file);
    return true;
}

static bool put_copies(const struct hv_md *md, const struct hv_pair_result *pair)
{
    bool seen = true, any = false;
    for (unsigned a = 0; a < HV_ARMS; a++) {
        const struct hv_evidence *bytes = present(&pair->arm[a], "memcpy_bytes");
        seen &= bytes && bytes->provenance > HV_DECLARED;
    }
    if (seen)
        return put_both(md, pair, "memcpy_bytes",
                        "the bytes copied in an iteration are");
    for (unsigned a = 0; a < HV_ARMS; a++)
        any |= put_asked(md, pair, (enum hv_arm_id)a);
    return any;
}

/* ---- the rest */

static bool put_placement(const struct hv_md *md, const struct hv_pair_result *pair)
{
    const double *band = pair->speedup.placement_band, *ci95 = pair->speedup.ci95;
    /* Where the interval is tight, a hair's breadth of placement is no lesson. */
    if (!(band[1] - band[0] > ci95[1] - ci95[0] && band[1] > 1.02 * band[0]))
        return false;
    fprintf(md->file,
            "- %s: where the code lies alone moves the speedup between %sx, more than "
            "the interval is wide.\n",
            hv_md_label(md, pair), hv_format_band(md->arena, band, "x and "));
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
        any |= put_copies(md, pair);
        any |=
            put_both(md, pair, "instructions", "the instructions of an iteration are");
        any |= put_placement(md, pair);
    }
    if (!any)
        fputs("No figure of this run is settled enough to learn from.\n", md->file);
}
