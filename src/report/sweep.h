/* SPDX-License-Identifier: MIT */
/* What things cost on this machine, for a terminal: sweeps with their knees, and single
 * insights. */
#ifndef HV_REPORT_SWEEP_H
#define HV_REPORT_SWEEP_H

#include "src/report/writer.h"

/* At most 100 columns wide. 0 or -errno; what was written is flushed. */
int hv_report_sweep(const struct hv_result *result, FILE *file,
                    const struct hv_style *style);

#endif
