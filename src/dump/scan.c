/* SPDX-License-Identifier: MIT */
/* Counts brackets and commas outside strings. */
#include "src/dump/scan.h"

#include <errno.h>
#include <stdbool.h>

int hv_scan(const char *text, size_t n, size_t max_depth, size_t max_values,
            struct hv_error *error)
{
    size_t depth = 0, values = 1;
    bool in_string = false;
    for (size_t i = 0; i < n; i++) {
        const char c = text[i];
        if (in_string && c == '\\')
            i++;
        else if (c == '"')
            in_string = !in_string;
        else if (in_string)
            continue;
        else if (c == '[' || c == '{')
            depth++, values++;
        else if ((c == ']' || c == '}') && depth)
            depth--;
        else if (c == ',')
            values++;
        if (depth > max_depth)
            return hv_fail(error, -EINVAL,
                           "byte %zu: more than %zu brackets inside each other", i,
                           max_depth);
        if (values > max_values)
            return hv_fail(error, -EINVAL, "more than %zu values", max_values);
    }
    return 0;
}
