/* SPDX-License-Identifier: MIT */
/* The report formats: one row each, all written from a result alone.
 *
 * LC_NUMERIC must be "C" (a program that never calls setlocale for it is fine). */
#ifndef HV_REPORT_WRITER_H
#define HV_REPORT_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "src/result.h"

/* How the reader's end can take it. Zeroed: UTF-8, no colours. */
struct hv_style {
    bool color; /* a terminal, and NO_COLOR is not set */
    bool ascii; /* the locale is not UTF-8 */
};

struct hv_writer {
    const char *name;      /* as --format takes it */
    const char *what;      /* one line for the help */
    const char *extension; /* of a file in this format, with its dot */
    /* 0 or -errno; what was written is flushed. */
    int (*write)(const struct hv_result *result, FILE *file,
                 const struct hv_style *style);
};

extern const struct hv_writer hv_writers[];
extern const size_t hv_n_writers;

/* The writer of that name, or NULL. */
const struct hv_writer *hv_writer_find(const char *name);

#endif
