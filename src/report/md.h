/* SPDX-License-Identifier: MIT */
/* Markdown that stays markdown whatever the text in it. */
#ifndef HV_REPORT_MD_H
#define HV_REPORT_MD_H

#include <stdio.h>

#include "src/base/arena.h"
#include "src/report/writer.h"

/* What every section works with. */
struct hv_md {
    FILE *file;
    const struct hv_style *style;
    struct hv_arena *arena;
    const struct hv_result *result;
};

/* text (NULL: "") as one line in which nothing is markup: fit for a paragraph and for a
 * cell of a table. */
const char *hv_md_escape(const struct hv_md *md, const char *text);

/* text as a code span, fit for a cell of a table. */
const char *hv_md_code(const struct hv_md *md, const char *text);

/* A value with its unit, or the word for its absence as a code span. */
const char *hv_md_evidence(const struct hv_md *md, const struct hv_evidence *evidence);

/* The pair's label and, as code, the name of an arm. */
const char *hv_md_label(const struct hv_md *md, const struct hv_pair_result *pair);
const char *hv_md_arm(const struct hv_md *md, const struct hv_pair_result *pair,
                      enum hv_arm_id arm);

/* "| a | b |" and, for the heads, the line below. Cells stand as they are given. */
void hv_md_heads(const struct hv_md *md, const char *const *heads, size_t n);
void hv_md_row(const struct hv_md *md, const char *const *cells, size_t n);

/* The sections between the title and the end, in the order of the table. */
void hv_md_verification(const struct hv_md *md);
void hv_md_results(const struct hv_md *md);
void hv_md_findings(const struct hv_md *md);
void hv_md_next_steps(const struct hv_md *md);
void hv_md_lessons(const struct hv_md *md);
void hv_md_checklist(const struct hv_md *md);
void hv_md_why(const struct hv_md *md);
void hv_md_experiments(const struct hv_md *md);
void hv_md_insights(const struct hv_md *md);
void hv_md_counters(const struct hv_md *md);
void hv_md_warnings(const struct hv_md *md);
void hv_md_controls(const struct hv_md *md);
void hv_md_environment(const struct hv_md *md);
void hv_md_method(const struct hv_md *md);
void hv_md_data(const struct hv_md *md);

/* A part of the next steps: what each would bring; nothing if none was measured. */
void hv_md_steps(const struct hv_md *md);
void hv_md_sweeps(const struct hv_md *md);
void hv_md_foretastes(const struct hv_md *md);
void hv_md_gpu(const struct hv_md *md);

/* Whether those sections have anything to say. */
bool hv_has_insights(const struct hv_result *result);
bool hv_has_causes(const struct hv_result *result);

#endif
