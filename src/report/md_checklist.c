/* SPDX-License-Identifier: MIT */
/* The checklist: the boxes of the template, a matrix, and each verdict's evidence. */
#include <string.h>

#include "src/base/error.h"
#include "src/report/format.h"
#include "src/report/md.h"
#include "src/report/why.h"

/* A mark beside the box: an empty box alone would not tell "no" from "not known". */
static const char *mark(const struct hv_md *md, enum hv_verdict verdict)
{
    static const struct {
        const char *utf8, *ascii;
    } marks[] = {
        [HV_VERDICT_UNDECIDED] = {"?",            "?"  },
        [HV_SUPPORTED] = {"\xe2\x9c\x93", "yes"},
        [HV_REFUTED] = {"\xe2\x9c\x97", "no" },
    };
    const size_t i = (size_t)verdict < HV_LEN(marks) ? verdict : 0;
    return md->style->ascii ? marks[i].ascii : marks[i].utf8;
}

/* ---- boxes */

/* The groups of the template. Items of no group come last. */
static const struct {
    const char *heading, *ids[5];
} groups[] = {
    {"If the hypothesis is TRUE, why?",
     {"memcpy_dominates", "copies_not_elided", "bandwidth_bound",
      "allocation_cache_effects"}                  },
    {"If the hypothesis is FALSE, why not?",
     {"compiler_elided", "copies_in_l1", "simd_slower_than_thought",
      "methodology_flawed"}                        },
    {"Other causes",                         {NULL}},
};
enum { OTHER = HV_LEN(groups) - 1 };

static size_t group_of(const char *id)
{
    for (size_t g = 0; g < OTHER; g++)
        for (size_t i = 0; groups[g].ids[i]; i++)
            if (id && !strcmp(groups[g].ids[i], id))
                return g;
    return OTHER;
}

static void put_box(const struct hv_md *md, const struct hv_check *check)
{
    fprintf(md->file, "- [%s] %s **%s**: %s (%s). %s\n",
            check->verdict == HV_SUPPORTED ? "x" : " ", mark(md, check->verdict),
            hv_verdict_name(check->verdict), hv_md_escape(md, check->item),
            hv_md_code(md, check->id), hv_md_escape(md, check->because));
}

static void put_boxes(const struct hv_md *md)
{
    for (size_t g = 0; g < HV_LEN(groups); g++) {
        bool any = false;
        for (size_t i = 0; i < md->result->n_checklist; i++) {
            const struct hv_check *check = &md->result->checklist[i];
            if (check->pair || group_of(check->id) != g)
                continue;
            if (!any)
                fprintf(md->file, "\n**%s**\n\n", groups[g].heading);
            any = true;
            put_box(md, check);
        }
    }
}

/* ---- matrix */

static size_t list_pairs(const struct hv_md *md, const char **pairs)
{
    size_t n = 0;
    for (size_t i = 0; i < md->result->n_checklist; i++) {
        const char *pair = md->result->checklist[i].pair;
        if (pair && hv_check_opens_pair(md->result, i))
            pairs[n++] = pair;
    }
    return n;
}

static void matrix_row(const struct hv_md *md, const struct hv_check *item,
                       const char *const *pairs, size_t n)
{
    const char **cells = hv_arena_array(md->arena, n + 2, sizeof *cells);
    const struct hv_check *all = hv_check_of(md->result, item->id, NULL);
    cells[0] = hv_md_escape(md, item->item);
    for (size_t p = 0; p < n; p++) {
        const struct hv_check *check = hv_check_of(md->result, item->id, pairs[p]);
        cells[p + 1] = check ? mark(md, check->verdict) : "";
    }
    cells[n + 1] = all ? hv_arena_printf(md->arena, "%s %s", mark(md, all->verdict),
                                         hv_verdict_name(all->verdict))
                       : "";
    hv_md_row(md, cells, n + 2);
}

static void put_matrix(const struct hv_md *md, const char *const *pairs, size_t n)
{
    const char **heads = hv_arena_array(md->arena, n + 2, sizeof *heads);
    heads[0] = "Possible cause";
    for (size_t p = 0; p < n; p++)
        heads[p + 1] = hv_md_escape(md, pairs[p]);
    heads[n + 1] = "Over all";
    fprintf(md->file,
            "\nBy pair: %s is SUPPORTED, %s is REFUTED, %s is UNDECIDED, and an empty "
            "cell was not asked.\n",
            mark(md, HV_SUPPORTED), mark(md, HV_REFUTED),
            mark(md, HV_VERDICT_UNDECIDED));
    hv_md_heads(md, heads, n + 2);
    for (size_t i = 0; i < md->result->n_checklist; i++)
        if (hv_check_opens_item(md->result, i))
            matrix_row(md, &md->result->checklist[i], pairs, n);
}

/* ---- each verdict */

static const char *join_evidence(const struct hv_md *md, const struct hv_check *check)
{
    const char *all = "";
    for (size_t i = 0; i < check->n_evidence; i++) {
        const struct hv_evidence *evidence = &check->evidence[i];
        const char *source = evidence->provenance == HV_ABSENT
                                 ? hv_format_why(md->arena, evidence->why)
                                 : evidence->source;
        all = hv_arena_printf(md->arena, "%s%s%s (%s%s%s)", all, *all ? "; " : "",
                              hv_md_evidence(md, evidence),
                              hv_provenance_name(evidence->provenance),
                              source ? ": " : "", hv_md_escape(md, source));
    }
    return all;
}

static void put_verdict(const struct hv_md *md, const struct hv_check *check)
{
    fprintf(md->file, "- %s %s: %s (%s). %s", mark(md, check->verdict),
            hv_verdict_name(check->verdict), hv_md_escape(md, check->item),
            hv_md_code(md, check->id), hv_md_escape(md, check->because));
    if (check->n_evidence)
        fprintf(md->file, " Evidence: %s.", join_evidence(md, check));
    fputc('\n', md->file);
}

/* What is so first, then what is not, then what nobody knows. */
static void put_pair(const struct hv_md *md, const char *pair)
{
    static const enum hv_verdict order[] = {HV_SUPPORTED, HV_REFUTED,
                                            HV_VERDICT_UNDECIDED};
    fprintf(md->file, "\n### Checklist: %s\n\n", hv_md_escape(md, pair));
    for (size_t v = 0; v < HV_LEN(order); v++)
        for (size_t i = 0; i < md->result->n_checklist; i++) {
            const struct hv_check *check = &md->result->checklist[i];
            if (check->pair && !strcmp(check->pair, pair) && check->verdict == order[v])
                put_verdict(md, check);
        }
}

void hv_md_checklist(const struct hv_md *md)
{
    const size_t most = md->result->n_checklist;
    if (!most) {
        fputs("\nNo checklist was made.\n", md->file);
        return;
    }
    const char **pairs = hv_arena_array(md->arena, most, sizeof *pairs);
    const size_t n = list_pairs(md, pairs);
    fprintf(md->file,
            "\nA ticked box is SUPPORTED. An empty one is REFUTED (%s) or UNDECIDED "
            "(%s).\n",
            mark(md, HV_REFUTED), mark(md, HV_VERDICT_UNDECIDED));
    put_boxes(md);
    if (n)
        put_matrix(md, pairs, n);
    for (size_t p = 0; p < n; p++)
        put_pair(md, pairs[p]);
}
