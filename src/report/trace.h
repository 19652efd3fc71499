/* SPDX-License-Identifier: MIT */
/* The trace of a pair for a person: one screen an arm. */
#ifndef HV_REPORT_TRACE_H
#define HV_REPORT_TRACE_H

#include "src/report/writer.h"

/* For a terminal, at most 100 columns wide. 0 or -errno; what was written is flushed.
 */
int hv_report_trace(const struct hv_result *result, FILE *file,
                    const struct hv_style *style);

#endif
