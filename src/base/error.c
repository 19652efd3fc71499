/* SPDX-License-Identifier: MIT */
/* The one place that formats an hv_error. */
#include "src/base/error.h"

#include <stdarg.h>
#include <stdio.h>

int hv_fail(struct hv_error *error, int rc, const char *format, ...)
{
    if (!error)
        return rc;
    va_list args;
    va_start(args, format);
    vsnprintf(error->text, sizeof error->text, format, args);
    va_end(args);
    return rc;
}
