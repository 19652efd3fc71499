/* SPDX-License-Identifier: MIT */
/* Reads small text files of /proc and /sys, or of a tree recorded for tests. */
#ifndef HV_COUNTERS_TREE_H
#define HV_COUNTERS_TREE_H

#include <stdbool.h>
#include <stddef.h>

/* First line of the file root + format..., without blanks at its ends, truncated to
 * fit. 0 or -errno (then out is empty); an empty file is -ENODATA. */
int hv_tree_line(const char *root, char *out, size_t size, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The same as a whole number in decimal. -EINVAL: no number. */
int hv_tree_number(const char *root, long *out, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Whether a list such as "0-3,8" holds the number. */
bool hv_list_has(const char *list, int number);

/* snprintf that always terminates and may truncate, for fixed-size records. */
void hv_put(char *out, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
