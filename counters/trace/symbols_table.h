/* SPDX-License-Identifier: MIT */
/* The rows behind symbols.h: functions by address, and their names in one text. */
#ifndef HV_COUNTERS_TRACE_SYMBOLS_TABLE_H
#define HV_COUNTERS_TRACE_SYMBOLS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A name is known by its offset in the text, which moves as it grows. */
struct hv_symbol_row {
    uint64_t start, end;
    uint64_t reach; /* the largest end of this and all rows before it */
    uint32_t name, rank;
    bool unsized; /* end is that of its section, until the next symbol is known */
};
struct hv_symbol_object {
    uint64_t begin, end;
    size_t first, n; /* of its rows */
    uint32_t name;
};
struct hv_symbols {
    struct hv_symbol_row *rows;
    struct hv_symbol_object *objects;
    char *text;
    size_t n_rows, rows_room, n_objects, objects_room, text_bytes, text_room;
};

/* Keeps the name up to its version: "memcpy@@GLIBC_2.14". 0 or -ENOMEM. */
int hv_symbols_name(struct hv_symbols *all, const char *name, uint32_t *out);

/* Appends a function that ends at `end`; unsized: or where the next one begins. */
int hv_symbols_add(struct hv_symbols *all, const char *name, uint64_t start,
                   uint64_t end, bool unsized);
int hv_symbols_add_object(struct hv_symbols *all,
                          const struct hv_symbol_object *object);

/* Sorts the rows of one object, so that they can be found. */
void hv_symbols_arrange(struct hv_symbol_row *rows, size_t n);

/* The smallest function that covers the address, or NULL. */
const struct hv_symbol_row *hv_symbols_covering(const struct hv_symbol_row *rows,
                                                size_t n, uint64_t address);

#endif
