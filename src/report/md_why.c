/* SPDX-License-Identifier: MIT */
/* Why a pair is faster or not: its gap, what the gap is made of, and the cause. */
#include <string.h>

#include "src/base/error.h"
#include "src/report/format.h"
#include "src/report/md.h"
#include "src/report/why.h"

/* ---- the gap */

/* What showed that the experiment changed what it meant to: of either arm. */
static const char *witnesses_of(const struct hv_md *md,
                                const struct hv_pair_result *pair, enum hv_part part)
{
    const char *all = "";
    for (size_t i = 0; i < pair->n_effects; i++) {
        const struct hv_effect *effect = &pair->effects[i];
        if (effect->part == part && effect->witness && effect->arm < HV_ARMS)
            all = hv_arena_printf(md->arena, "%s; in %s: %s", all,
                                  hv_md_arm(md, pair, effect->arm),
                                  hv_md_escape(md, effect->witness));
    }
    return all;
}

static const char *rests_on(const struct hv_md *md, const struct hv_pair_result *pair,
                            const struct hv_gap_part *part)
{
    const struct hv_evidence *time = &part->time;
    if (time->provenance == HV_ABSENT)
        return hv_md_escape(md, time->why ? time->why : "no reason was given");
    return hv_arena_printf(md->arena, "%s: %s%s", hv_provenance_name(time->provenance),
                           hv_md_escape(md, time->source),
                           part->experiment ? witnesses_of(md, pair, part->part) : "");
}

enum { COLUMNS = 5 };

static void part_row(const struct hv_md *md, const struct hv_pair_result *pair,
                     const struct hv_gap_part *part)
{
    const bool rest = part->part == HV_PART_REST;
    const bool absent = part->time.provenance == HV_ABSENT;
    const char *const cells[COLUMNS] = {
        hv_arena_printf(md->arena, "%s%s%s", rest ? "**" : "",
                        hv_part_title(part->part), rest ? "**" : ""),
        absent ? "not tested" : hv_format_ns(md->arena, part->time.value),
        hv_format_ns_range(md->arena, &part->time),
        hv_gap_share(md->arena, &pair->gap, part),
        rests_on(md, pair, part),
    };
    hv_md_row(md, cells, COLUMNS);
}

static void put_gap(const struct hv_md *md, const struct hv_pair_result *pair)
{
    static const char *const heads[COLUMNS] = {"Part", "ns", "95 % interval",
                                               "Share of the gap", "Rests on"};
    const struct hv_gap *gap = &pair->gap;
    if (!gap->present) {
        fprintf(md->file, "\nThe gap is not known: %s.\n", hv_gap_absence(pair));
        return;
    }
    fprintf(md->file,
            "\n**Gap**: %s ns an iteration (95 %% interval %s), %s less %s.\n",
            hv_format_ns(md->arena, gap->time.value),
            hv_format_ns_range(md->arena, &gap->time), hv_md_arm(md, pair, HV_BASELINE),
            hv_md_arm(md, pair, HV_CANDIDATE));
    hv_md_heads(md, heads, COLUMNS);
    for (size_t i = 0; i < gap->n_parts; i++)
        part_row(md, pair, &gap->parts[i]);
    if (!hv_gap_excludes_0(gap))
        fputs("\nThe interval of the gap includes 0: nothing is a share of it.\n",
              md->file);
}

/* ---- work that both arms share */

static void variant_row(const struct hv_md *md, const struct hv_pair_result *pair,
                        const char *what)
{
    const struct hv_speedup *quiet = hv_quiet_speedup(pair);
    const char *const cells[] = {
        what,
        hv_md_evidence(md, hv_arm_figure(&pair->arm[HV_BASELINE], "time")),
        hv_md_evidence(md, hv_arm_figure(&pair->arm[HV_CANDIDATE], "time")),
        quiet ? hv_format_speedup(md->arena, quiet)
              : hv_arena_printf(md->arena, "(%s)", hv_state_name(pair->state)),
        quiet ? hv_format_interval(md->arena, quiet, " to ") : "",
        quiet ? hv_format_band(md->arena, quiet->placement_band, " to ") : "",
    };
    hv_md_row(md, cells, HV_LEN(cells));
}

/* The pair beside its variant; a failure has its reason told. */
static void put_variant(const struct hv_md *md, const struct hv_pair_result *pair,
                        const struct hv_pair_result *isolated)
{
    const char *const heads[] = {"Variant",
                                 hv_arm_heading(md->result, HV_BASELINE),
                                 hv_arm_heading(md->result, HV_CANDIDATE),
                                 "Speedup",
                                 "95 % interval",
                                 "Over placements"};
    hv_md_heads(md, heads, HV_LEN(heads));
    variant_row(md, pair, "as defined");
    variant_row(md, isolated, "without the shared work");
    if (isolated->state == HV_FAILED)
        fprintf(md->file, "\nThe variant without the shared work failed: %s\n",
                hv_md_escape(md, isolated->failure ? isolated->failure
                                                   : "no reason was given"));
}

static void put_shared(const struct hv_md *md, const struct hv_pair_result *pair)
{
    const struct hv_pair_result *isolated = hv_isolated_trial(md->result, pair);
    const bool shared = pair->cause.id && !strcmp(pair->cause.id, "shared_work");
    const struct hv_check *audit =
        hv_check_of(md->result, "methodology_flawed", pair->name);
    if (shared && audit && audit->because)
        fprintf(md->file, "\n%s\n", hv_md_escape(md, audit->because));
    if (isolated)
        put_variant(md, pair, isolated);
    else if (shared && !audit)
        fputs("\nNo variant without the shared work was measured.\n", md->file);
}

/* ---- the section */

static bool has_why(const struct hv_pair_result *pair)
{
    return !pair->control && pair->state != HV_FAILED && pair->cause.id;
}

bool hv_has_causes(const struct hv_result *result)
{
    for (size_t i = 0; i < result->n_pairs; i++)
        if (has_why(&result->pairs[i]))
            return true;
    return false;
}

void hv_md_why(const struct hv_md *md)
{
    if (!hv_has_causes(md->result)) {
        fputs("\nNo gap was taken apart.\n", md->file);
        return;
    }
    fputs("\nThe gap is the baseline's time less the candidate's. What no experiment "
          "explains is the rest, and it is always shown. A part is measured by an "
          "experiment that takes it away, or is 0 where a witness shows that neither "
          "arm has any of it; a part that is not tested may be in the rest. Intervals "
          "add end to end, which is wide.\n",
          md->file);
    for (size_t i = 0; i < md->result->n_pairs; i++) {
        const struct hv_pair_result *pair = &md->result->pairs[i];
        if (!has_why(pair))
            continue;
        fprintf(md->file, "\n### Why: %s\n", hv_md_label(md, pair));
        fprintf(md->file, "\n**Cause**: %s. %s\n",
                hv_md_escape(md, hv_cause_title(md->arena, &pair->cause)),
                hv_md_escape(md, pair->cause.because));
        put_gap(md, pair);
        put_shared(md, pair);
    }
}
