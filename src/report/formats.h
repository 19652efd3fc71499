/* SPDX-License-Identifier: MIT */
/* The functions behind the rows of writers.c; see hv_writer. */
#ifndef HV_REPORT_FORMATS_H
#define HV_REPORT_FORMATS_H

#include "src/report/writer.h"

int hv_report_text(const struct hv_result *result, FILE *file,
                   const struct hv_style *style);
int hv_report_markdown(const struct hv_result *result, FILE *file,
                       const struct hv_style *style);
int hv_report_csv(const struct hv_result *result, FILE *file,
                  const struct hv_style *style);

/* Flushes: 0, or -errno if anything written to file was lost. */
int hv_report_finish(FILE *file);

#endif
