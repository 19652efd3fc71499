/* SPDX-License-Identifier: MIT */
/* Which function an address belongs to, for every object that is loaded. */
#ifndef HV_COUNTERS_TRACE_SYMBOLS_H
#define HV_COUNTERS_TRACE_SYMBOLS_H

#include <stdint.h>

#include "src/base/error.h"

struct hv_symbols;

struct hv_symbol {
    uint64_t start;        /* run-time address; 0: unknown */
    uint64_t size;         /* bytes, as the table says, or up to the next symbol */
    const char *name;      /* "?" where unknown; lives as long as the hv_symbols */
    const char *object;    /* base name of the file: "libc.so.6" */
    uint64_t object_start; /* where it is loaded; 0: no object is */
};

/* Reads .symtab, else .dynsym, of all loaded objects through libelf. fds: descriptors
 * of files that cannot be opened by name any more (the tool's binary, a plugin); an
 * object is read through the first of them that is it, else by its name; objects that
 * cannot be read are left out. 0 or -ENOMEM. */
int hv_symbols_open(struct hv_symbols **symbols, const int *fds, unsigned n_fds);
void hv_symbols_close(struct hv_symbols *symbols);

/* The function symbol that covers the address. A stripped object: the nearest exported
 * function before it whose size covers it; else start 0 and the name "?", with the
 * object if one is loaded there. Calls no allocator: usable inside a traced process. */
struct hv_symbol hv_symbols_find(const struct hv_symbols *symbols, uint64_t address);

#endif
