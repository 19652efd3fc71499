/* SPDX-License-Identifier: MIT */
/* Every small change that can be made to a JSON text without touching the rest of its
 * bytes: the tree of a parser would be written anew as a whole. */
#ifndef HV_TESTS_JSON_EDITS_H
#define HV_TESTS_JSON_EDITS_H

#include <stddef.h>

enum edit_kind {
    EDIT_VALUE,  /* a number's last digit, a letter of a string, true <-> false, null
                    -> 0 */
    EDIT_NULL,   /* a value that is not null -> null */
    EDIT_RENAME, /* a letter of a member's name */
    EDIT_DROP,   /* a member, or an element of an array, goes with its comma */
    EDIT_KINDS
};

/* Bytes from to end are replaced by text. */
struct edit {
    enum edit_kind kind;
    size_t from, end;
    char text[24];
};

/* All of them, in the order of the text; the caller frees. */
struct edit *edits_of(const char *json, size_t n, size_t *n_edits);

/* json with one edit, ended by a 0; the caller frees. */
char *edited(const char *json, size_t n, const struct edit *edit, size_t *n_edited);

#endif
