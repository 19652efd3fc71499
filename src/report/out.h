/* SPDX-License-Identifier: MIT */
/* Printing for a terminal of 100 columns: safe text, wrapped text, tables. */
#ifndef HV_REPORT_OUT_H
#define HV_REPORT_OUT_H

#include <stdio.h>

#include "src/base/arena.h"
#include "src/report/writer.h"

enum { HV_TEXT_COLUMNS = 100 };

enum hv_color { HV_PLAIN, HV_BOLD, HV_GREEN, HV_YELLOW, HV_RED, HV_DIM };

struct hv_out {
    FILE *file;
    const struct hv_style *style;
    struct hv_arena *arena; /* for everything made on the way */
};

/* text made safe, in color if the style has any. */
void hv_out_text(const struct hv_out *out, enum hv_color color, const char *text);

/* A heading between blank lines. */
void hv_out_heading(const struct hv_out *out, const char *text);

/* text in lines of at most 100 columns: the first begins with lead (in color), the
 * others with as many blanks. Words longer than a line are broken. */
void hv_out_wrapped(const struct hv_out *out, enum hv_color color, const char *lead,
                    const char *text);

struct hv_column {
    const char *head;
    bool right; /* numbers: aligned to the right */
};

struct hv_cell {
    const char *text; /* NULL: empty */
    enum hv_color color;
};

/* cells: n_rows times n_columns, row by row. Columns are as wide as they need to be;
 * if that is too much the widest left-aligned one is cut, and no line ever passes 100
 * columns. */
void hv_out_table(const struct hv_out *out, const struct hv_column *columns,
                  size_t n_columns, const struct hv_cell *cells, size_t n_rows);

#endif
