/* SPDX-License-Identifier: MIT */
/* Tables that find their own widths and stay inside the line. */
#include "src/report/glyph.h"
#include "src/report/out.h"

enum { MAX_COLUMNS = 16, LEAST_WIDTH = 4 };

struct plan {
    unsigned width[MAX_COLUMNS], gap;
    size_t n;
};

static unsigned total(const struct plan *plan)
{
    unsigned sum = 0;
    for (size_t c = 0; c < plan->n; c++)
        sum += plan->width[c] + (c ? plan->gap : 0);
    return sum;
}

static size_t widest(const struct plan *plan, const struct hv_column *columns,
                     bool left_only)
{
    size_t best = plan->n;
    for (size_t c = 0; c < plan->n; c++)
        if ((!left_only || !columns[c].right) && plan->width[c] > LEAST_WIDTH &&
            (best == plan->n || plan->width[c] > plan->width[best]))
            best = c;
    return best;
}

/* First the gaps, then names, then anything. */
static void squeeze(struct plan *plan, const struct hv_column *columns)
{
    if (total(plan) > HV_TEXT_COLUMNS)
        plan->gap = 1;
    while (total(plan) > HV_TEXT_COLUMNS) {
        size_t c = widest(plan, columns, true);
        if (c == plan->n)
            c = widest(plan, columns, false);
        if (c == plan->n)
            return;
        plan->width[c]--;
    }
}

static struct plan make_plan(const struct hv_out *out, const struct hv_column *columns,
                             size_t n_columns, const struct hv_cell *cells,
                             size_t n_rows)
{
    struct plan plan = {.gap = 2,
                        .n = n_columns < MAX_COLUMNS ? n_columns : MAX_COLUMNS};
    for (size_t c = 0; c < plan.n; c++) {
        plan.width[c] = hv_text_columns(columns[c].head, out->style->ascii);
        for (size_t r = 0; r < n_rows; r++) {
            unsigned w =
                hv_text_columns(cells[r * n_columns + c].text, out->style->ascii);
            w = w < HV_TEXT_COLUMNS ? w : HV_TEXT_COLUMNS;
            plan.width[c] = w > plan.width[c] ? w : plan.width[c];
        }
    }
    squeeze(&plan, columns);
    return plan;
}

static void put_line(const struct hv_out *out, const struct plan *plan,
                     const struct hv_column *columns, const struct hv_cell *cells,
                     bool heads)
{
    const bool ascii = out->style->ascii;
    unsigned owed = 0; /* blanks not printed yet: none stand at the end of a line */
    for (size_t c = 0; c < plan->n; c++) {
        const char *text = hv_text_fit(
            out->arena, heads ? columns[c].head : cells[c].text, ascii, plan->width[c]);
        const unsigned used = hv_text_columns(text, ascii);
        const unsigned pad = plan->width[c] - used;
        if (columns[c].right)
            owed += pad;
        if (used) {
            fprintf(out->file, "%*s", (int)owed, "");
            hv_out_text(out, heads ? HV_DIM : cells[c].color, text);
            owed = 0;
        }
        owed += plan->gap + (columns[c].right ? 0 : pad);
    }
    fputc('\n', out->file);
}

void hv_out_table(const struct hv_out *out, const struct hv_column *columns,
                  size_t n_columns, const struct hv_cell *cells, size_t n_rows)
{
    const struct plan plan = make_plan(out, columns, n_columns, cells, n_rows);
    put_line(out, &plan, columns, cells, true);
    for (size_t r = 0; r < n_rows; r++)
        put_line(out, &plan, columns, cells + r * n_columns, false);
}
