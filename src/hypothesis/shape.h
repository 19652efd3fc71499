/* SPDX-License-Identifier: MIT */
/* The language in which the keys of a hypothesis file are written down: a key is a row,
 * and unknown, missing, repeated and ill-typed keys follow from the rows. */
#ifndef HV_HYPOTHESIS_SHAPE_H
#define HV_HYPOTHESIS_SHAPE_H

#include <stddef.h>

#include "src/hypothesis/tree.h"
#include "src/hypothesis/values.h"

enum hv_key_kind {
    HV_KEY_TEXT,     /* const char *: a sentence */
    HV_KEY_NAME,     /* const char *: a name, as hv_value_is_name has it */
    HV_KEY_NUMBER,   /* double, in the unit of its quantity */
    HV_KEY_WHOLE,    /* uint32_t, quantity HV_COUNT */
    HV_KEY_SCENARIO, /* enum hv_scenario, by its name */
    HV_KEY_MAP,      /* keys in a map of their own, as its shape says */
    HV_KEY_LIST,     /* pointer and count of structs: a list of maps */
    HV_KEY_NAMED,    /* the same, as a map with the structs' names as keys */
    HV_KEY_KINDS
};

enum { HV_KEY_MUST = 1, HV_KEY_COLON = 2 /* a name may have one */ };

struct hv_key {
    const char *name;
    enum hv_key_kind kind;
    unsigned flags;
    size_t at;    /* offset of the member */
    size_t count; /* lists: offset of the size_t count */
    size_t has;   /* offset of a bool that becomes true; 0: there is none */
    enum hv_quantity quantity;
    double low, high;  /* numbers; texts: high is the most bytes; lists: elements */
    const char *range; /* "must be above 0": what a number outside is told */
    const struct hv_key_shape *shape;
};

struct hv_key_shape {
    const struct hv_key *keys;
    size_t n_keys, size;
    size_t name; /* HV_KEY_NAMED: offset of the const char * for the key */
    size_t line; /* offset of a uint32_t for the line, plus 1; 0: there is none */
};

/* Fills the zeroed struct at base from a map. -EINVAL with line, column, the path of
 * keys, the value found and what was expected. */
int hv_shape_read(const struct hv_node *map, const struct hv_key_shape *shape,
                  void *base, struct hv_arena *arena, struct hv_error *error);

/* The whole file. */
extern const struct hv_key_shape hv_file_shape;

#endif
