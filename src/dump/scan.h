/* SPDX-License-Identifier: MIT */
/* A look at JSON before it is parsed: is it small and flat enough to be let in? */
#ifndef HV_DUMP_SCAN_H
#define HV_DUMP_SCAN_H

#include <stddef.h>

#include "src/base/error.h"

/* -EINVAL if the text nests deeper than max_depth or holds more than max_values values
 * (a parsed value takes up to a hundred times the room of its text). Says nothing about
 * whether the text is JSON. */
int hv_scan(const char *text, size_t n, size_t max_depth, size_t max_values,
            struct hv_error *error);

#endif
