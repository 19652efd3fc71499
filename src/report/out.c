/* SPDX-License-Identifier: MIT */
/* Colours, wrapping and headings. */
#include "src/report/out.h"

#include <string.h>

#include "src/report/glyph.h"

static const char *const codes[] = {
    [HV_PLAIN] = "",          [HV_BOLD] = "\x1b[1m", [HV_GREEN] = "\x1b[32m",
    [HV_YELLOW] = "\x1b[33m", [HV_RED] = "\x1b[31m", [HV_DIM] = "\x1b[2m",
};

void hv_out_text(const struct hv_out *out, enum hv_color color, const char *text)
{
    const bool colored = out->style->color && color != HV_PLAIN;
    if (colored)
        fputs(codes[color], out->file);
    struct hv_glyph glyph = {"", 0};
    for (size_t n; text && (n = hv_glyph_next(text, out->style->ascii, &glyph));
         text += n)
        fputs(glyph.bytes, out->file);
    if (colored)
        fputs("\x1b[0m", out->file);
}

void hv_out_heading(const struct hv_out *out, const char *text)
{
    fputc('\n', out->file);
    hv_out_text(out, HV_BOLD,
                hv_text_fit(out->arena, text, out->style->ascii, HV_TEXT_COLUMNS));
    fputc('\n', out->file);
}

/* Bytes of the longest piece that fits into room columns, broken after a blank where
 * there is one. */
static size_t piece(const char *text, bool ascii, unsigned room)
{
    struct hv_glyph glyph = {"", 0};
    size_t at = 0, after_blank = 0;
    unsigned used = 0;
    for (size_t n; (n = hv_glyph_next(text + at, ascii, &glyph)); at += n) {
        if (used + glyph.columns > room && *glyph.bytes != ' ')
            return after_blank ? after_blank : at ? at : n;
        used += glyph.columns;
        if (*glyph.bytes == ' ')
            after_blank = at + n;
    }
    return at;
}

static void put_piece(const struct hv_out *out, const char *text, size_t bytes)
{
    char *line = hv_arena_alloc(out->arena, bytes + 1);
    memcpy(line, text, bytes);
    for (size_t end = bytes; end && line[end - 1] == ' '; end--)
        line[end - 1] = '\0';
    hv_out_text(out, HV_PLAIN, line);
    fputc('\n', out->file);
}

void hv_out_wrapped(const struct hv_out *out, enum hv_color color, const char *lead,
                    const char *text)
{
    const bool ascii = out->style->ascii;
    lead = hv_text_fit(out->arena, lead, ascii, HV_TEXT_COLUMNS / 2);
    const unsigned indent = hv_text_columns(lead, ascii);
    if (!text)
        text = "";
    hv_out_text(out, color, lead);
    size_t bytes = piece(text, ascii, HV_TEXT_COLUMNS - indent);
    put_piece(out, text, bytes);
    for (text += bytes; *text; text += bytes) {
        fprintf(out->file, "%*s", (int)indent, "");
        bytes = piece(text, ascii, HV_TEXT_COLUMNS - indent);
        put_piece(out, text, bytes);
    }
}
