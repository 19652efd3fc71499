/* SPDX-License-Identifier: MIT */
/* Where reports go: stdout, or a file that appears whole. */
#ifndef HV_CLI_OUTPUT_H
#define HV_CLI_OUTPUT_H

#include "src/base/error.h"
#include "src/result.h"

/* 0, or -EINVAL naming the formats there are. */
int hv_cli_check_format(const char *format, struct hv_error *error);

/* Renders to stdout; colours and UTF-8 as the terminal wants them. */
int hv_cli_print(const struct hv_result *result, const char *format,
                 struct hv_error *error);

/* The markdown report, into dir/name. */
int hv_cli_write_report(const struct hv_result *result, const char *dir,
                        const char *name, struct hv_error *error);

/* Sweeps and insights to stdout. */
int hv_cli_print_sweep(const struct hv_result *result, struct hv_error *error);

/* The trace of every pair to stdout. */
int hv_cli_print_trace(const struct hv_result *result, struct hv_error *error);

#endif
