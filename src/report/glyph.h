/* SPDX-License-Identifier: MIT */
/* Characters made safe and measurable: names come from plugins and dumps, and a
 * terminal obeys some of what it is sent. */
#ifndef HV_REPORT_GLYPH_H
#define HV_REPORT_GLYPH_H

#include <stdbool.h>
#include <stddef.h>

#include "src/base/arena.h"

/* One printable piece of text and the columns it takes. */
struct hv_glyph {
    char bytes[8]; /* NUL-terminated */
    unsigned columns;
};

/* Reads one character at text; returns its length, 0 at the end. Line breaks and tabs
 * become blanks; control, invisible, combining and bidirectional characters and bytes
 * that are no UTF-8 become '?'. With ascii, so does what has no stand-in in ASCII. */
size_t hv_glyph_next(const char *text, bool ascii, struct hv_glyph *glyph);

/* Columns the whole text takes. */
unsigned hv_text_columns(const char *text, bool ascii);

/* The safe form of text (NULL: ""), cut to at most columns with ".." at its end. */
char *hv_text_fit(struct hv_arena *arena, const char *text, bool ascii,
                  unsigned columns);

#endif
