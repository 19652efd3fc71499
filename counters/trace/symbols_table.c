/* SPDX-License-Identifier: MIT */
/* The rows behind symbols.h: functions by address, and their names in one text. */
#include "counters/trace/symbols_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Room for one more row of so many bytes. */
static int reserve(void **rows, size_t *room, size_t needed, size_t row_bytes)
{
    if (needed <= *room)
        return 0;
    const size_t more = needed + needed / 2 + 64;
    void *larger = reallocarray(*rows, more, row_bytes);
    if (!larger)
        return -ENOMEM;
    *rows = larger;
    *room = more;
    return 0;
}

int hv_symbols_name(struct hv_symbols *all, const char *name, uint32_t *out)
{
    const size_t length = strcspn(name, "@");
    void *text = all->text;
    if (all->text_bytes > UINT32_MAX - length - 1 ||
        reserve(&text, &all->text_room, all->text_bytes + length + 1, 1))
        return -ENOMEM;
    all->text = text;
    *out = (uint32_t)all->text_bytes;
    memcpy(all->text + all->text_bytes, name, length);
    all->text[all->text_bytes + length] = '\0';
    all->text_bytes += length + 1;
    return 0;
}

/* Of the names of one function the public and short one is the one people know:
 * malloc, not __libc_malloc. */
static uint32_t rank_of(const char *name)
{
    return (uint32_t)(1000 * strspn(name, "_") + strcspn(name, "@"));
}

int hv_symbols_add(struct hv_symbols *all, const char *name, uint64_t start,
                   uint64_t end, bool unsized)
{
    struct hv_symbol_row row = {
        .start = start, .end = end, .rank = rank_of(name), .unsized = unsized};
    void *rows = all->rows;
    if (hv_symbols_name(all, name, &row.name) ||
        reserve(&rows, &all->rows_room, all->n_rows + 1, sizeof row))
        return -ENOMEM;
    all->rows = rows;
    all->rows[all->n_rows++] = row;
    return 0;
}

int hv_symbols_add_object(struct hv_symbols *all, const struct hv_symbol_object *object)
{
    void *objects = all->objects;
    if (reserve(&objects, &all->objects_room, all->n_objects + 1, sizeof *object))
        return -ENOMEM;
    all->objects = objects;
    all->objects[all->n_objects++] = *object;
    return 0;
}

static int by_address(const void *a, const void *b)
{
    const struct hv_symbol_row *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->end != y->end)
        return x->end < y->end ? -1 : 1;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return x->name < y->name ? -1 : x->name > y->name;
}

/* Rows with one start: those without a size of their own end with a sized alias (the
 * assembler's second name of a function), else where the next row begins. */
static void end_unsized(struct hv_symbol_row *rows, size_t n, uint64_t next)
{
    uint64_t sized = 0;
    for (size_t i = 0; i < n; i++)
        if (!rows[i].unsized && rows[i].end > sized)
            sized = rows[i].end;
    for (size_t i = 0; i < n; i++) {
        const uint64_t end = sized ? sized : next;
        if (rows[i].unsized && rows[i].end > end)
            rows[i].end = end;
    }
}

void hv_symbols_arrange(struct hv_symbol_row *rows, size_t n)
{
    uint64_t next = UINT64_MAX, reach = 0;
    if (n)
        qsort(rows, n, sizeof *rows, by_address);
    for (size_t last = n, first; last > 0; last = first) {
        for (first = last - 1;
             first > 0 && rows[first - 1].start == rows[last - 1].start;)
            first--;
        end_unsized(rows + first, last - first, next);
        next = rows[first].start;
    }
    for (size_t i = 0; i < n; i++) {
        reach = rows[i].end > reach ? rows[i].end : reach;
        rows[i].reach = reach;
    }
}

/* How many rows begin at or before the address. */
static size_t begun(const struct hv_symbol_row *rows, size_t n, uint64_t address)
{
    size_t low = 0, high = n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (rows[middle].start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Of equal ones the first. */
const struct hv_symbol_row *hv_symbols_covering(const struct hv_symbol_row *rows,
                                                size_t n, uint64_t address)
{
    const struct hv_symbol_row *best = NULL;
    for (size_t i = begun(rows, n, address); i-- > 0;) {
        const struct hv_symbol_row *here = &rows[i];
        if (here->reach <= address)
            break;
        const uint64_t bytes = here->end - here->start;
        if (address < here->end &&
            (!best || bytes < best->end - best->start ||
             (here->start == best->start && here->end == best->end)))
            best = here;
    }
    return best;
}
