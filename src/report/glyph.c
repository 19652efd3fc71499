/* SPDX-License-Identifier: MIT */
/* Which characters are printed as they are, and what stands in for the others. */
#include "src/report/glyph.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "src/base/error.h"
#include "src/base/utf8.h"

/* Let through: ranges in which every character is visible and has one known width.
 * Combining marks, joiners, direction marks and emoji are in none of them. */
static const struct range {
    uint32_t first, last;
    unsigned columns;
} ranges[] = {
    {0x0020, 0x007E, 1},
    {0x00A1, 0x00AC, 1},
    {0x00AE, 0x02FF, 1},
    {0x0391, 0x03C9, 1}, /* Greek */
    {0x0400, 0x0481, 1}, /* Cyrillic */
    {0x2010, 0x2027, 1},
    {0x2030, 0x205E, 1},
    {0x2070, 0x2094, 1},
    {0x2190, 0x22FF, 1},
    {0x2500, 0x25EF, 1},
    {0x3041, 0x3096, 2}, /* kana, CJK, Hangul */
    {0x30A1, 0x30FA, 2},
    {0x4E00, 0x9FFF, 2},
    {0xAC00, 0xD7A3, 2},
};

static const struct stand_in {
    uint32_t code;
    const char *ascii;
} stand_ins[] = {
    {0x00B5, "u" }, /* micro */
    {0x00B1, "+-"},
    {0x00D7, "x" },
    {0x2013, "-" },
    {0x2014, "-" },
    {0x2018, "'" },
    {0x2019, "'" },
    {0x201C, "\""},
    {0x201D, "\""},
    {0x2026, ".."},
    {0x2264, "<="},
    {0x2265, ">="},
};

static unsigned columns_of(uint32_t code)
{
    for (size_t i = 0; i < HV_LEN(ranges); i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return ranges[i].columns;
    return 0;
}

static const char *in_ascii(uint32_t code)
{
    for (size_t i = 0; i < HV_LEN(stand_ins); i++)
        if (stand_ins[i].code == code)
            return stand_ins[i].ascii;
    return "?";
}

static void set(struct hv_glyph *glyph, const char *bytes)
{
    snprintf(glyph->bytes, sizeof glyph->bytes, "%s", bytes);
    glyph->columns = (unsigned)strlen(glyph->bytes);
}

size_t hv_glyph_next(const char *text, bool ascii, struct hv_glyph *glyph)
{
    uint32_t code;
    const size_t length = hv_utf8_next(text, &code);
    if (!length)
        return 0;
    const unsigned columns = columns_of(code);
    if (code == '\n' || code == '\t' || code == '\r' || code == 0xA0) {
        set(glyph, " ");
    } else if (!columns) {
        set(glyph, "?");
    } else if (ascii && code > 0x7E) {
        set(glyph, in_ascii(code));
    } else {
        glyph->bytes[hv_utf8_put(code, glyph->bytes)] = '\0';
        glyph->columns = columns;
    }
    return length;
}

unsigned hv_text_columns(const char *text, bool ascii)
{
    struct hv_glyph glyph = {"", 0};
    unsigned columns = 0;
    for (size_t n; text && (n = hv_glyph_next(text, ascii, &glyph)); text += n)
        columns += glyph.columns;
    return columns;
}

char *hv_text_fit(struct hv_arena *arena, const char *text, bool ascii,
                  unsigned columns)
{
    if (!text)
        text = "";
    const bool cut = hv_text_columns(text, ascii) > columns;
    const unsigned room = !cut ? columns : columns > 2 ? columns - 2 : 0;
    /* No glyph is longer than twice its source plus its NUL. */
    char *fitted = hv_arena_alloc(arena, 2 * strlen(text) + 8), *end = fitted;
    struct hv_glyph glyph = {"", 0};
    unsigned used = 0;
    for (size_t n; (n = hv_glyph_next(text, ascii, &glyph)); text += n) {
        if (used + glyph.columns > room)
            break;
        used += glyph.columns;
        end = stpcpy(end, glyph.bytes);
    }
    if (cut && columns >= 2)
        stpcpy(end, "..");
    return fitted;
}
