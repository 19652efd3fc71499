/* SPDX-License-Identifier: MIT */
/* Escaping, code spans and tables. */
#include "src/report/md.h"

#include <ctype.h>
#include <string.h>

#include "src/report/format.h"
#include "src/report/glyph.h"

/* A _ inside a word opens no emphasis and reads better bare. */
static bool needs_escape(const char *safe, size_t i)
{
    const char c = safe[i];
    if (c == '_')
        return !(i && isalnum((unsigned char)safe[i - 1]) &&
                 isalnum((unsigned char)safe[i + 1]));
    if (c == '#' || c == '+' || c == '-')
        return i == 0;
    return strchr("\\`*[]<>|~&$", c) != NULL;
}

static char *safe_line(const struct hv_md *md, const char *text)
{
    return hv_text_fit(md->arena, text, md->style->ascii, 100000);
}

const char *hv_md_escape(const struct hv_md *md, const char *text)
{
    const char *safe = safe_line(md, text);
    char *escaped = hv_arena_alloc(md->arena, 2 * strlen(safe) + 1), *to = escaped;
    for (size_t i = 0; safe[i]; i++) {
        if (needs_escape(safe, i))
            *to++ = '\\';
        *to++ = safe[i];
    }
    return escaped;
}

/* A code span knows no escapes: its two enemies are replaced. */
const char *hv_md_code(const struct hv_md *md, const char *text)
{
    char *safe = safe_line(md, text);
    for (char *c = safe; *c; c++)
        if (*c == '`' || *c == '|')
            *c = *c == '`' ? '\'' : '/';
    return *safe ? hv_arena_printf(md->arena, "`%s`", safe) : "";
}

const char *hv_md_evidence(const struct hv_md *md, const struct hv_evidence *evidence)
{
    if (!evidence)
        return "";
    const char *text = hv_format_evidence(md->arena, evidence);
    return evidence->provenance == HV_ABSENT ? hv_md_code(md, text)
                                             : hv_md_escape(md, text);
}

const char *hv_md_label(const struct hv_md *md, const struct hv_pair_result *pair)
{
    return hv_md_escape(md, hv_pair_label(md->arena, md->result, pair));
}

const char *hv_md_arm(const struct hv_md *md, const struct hv_pair_result *pair,
                      enum hv_arm_id arm)
{
    const char *name = pair->arm[arm].name;
    return name && *name ? hv_md_code(md, name) : "the other arm";
}

void hv_md_row(const struct hv_md *md, const char *const *cells, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fprintf(md->file, "| %s%s", cells[i] ? cells[i] : "",
                cells[i] && *cells[i] ? " " : "");
    fputs("|\n", md->file);
}

void hv_md_heads(const struct hv_md *md, const char *const *heads, size_t n)
{
    fputc('\n', md->file);
    hv_md_row(md, heads, n);
    for (size_t i = 0; i < n; i++)
        fputs("|---", md->file);
    fputs("|\n", md->file);
}
