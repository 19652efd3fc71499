/* SPDX-License-Identifier: MIT */
/* The rows of the option table: the parser, --help and the man page's list come from
 * them. */
#ifndef HV_CLI_OPTIONS_TABLE_H
#define HV_CLI_OPTIONS_TABLE_H

#include "src/cli/options.h"

typedef int hv_take_fn(struct hv_options *o, const char *value, struct hv_error *error);

struct hv_option_row {
    const char *name;
    int letter;           /* 0: long only */
    const char *argument; /* NULL: takes none */
    const char *what;
    hv_take_fn *take;
};

const struct hv_option_row *hv_option_rows(size_t *n);

#endif
