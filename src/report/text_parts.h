/* SPDX-License-Identifier: MIT */
/* The sections of the text report that have a file of their own. */
#ifndef HV_REPORT_TEXT_PARTS_H
#define HV_REPORT_TEXT_PARTS_H

#include "src/report/out.h"

/* Pair by ISA, speedups only; nothing unless there are several ISAs. */
void hv_text_compact(const struct hv_out *out, const struct hv_result *result);

/* One table an ISA, then the controls among the pairs, then what has no quiet figure.
 */
void hv_text_results(const struct hv_out *out, const struct hv_result *result);

/* Per pair, the cause of its gap and what is left unexplained. */
void hv_text_why(const struct hv_out *out, const struct hv_result *result);

/* One line an item, over all pairs. */
void hv_text_checklist(const struct hv_out *out, const struct hv_result *result);

/* Per pair, the figures of both arms; reasons for what is absent as footnotes. */
void hv_text_counters(const struct hv_out *out, const struct hv_result *result);

/* The known answers of the clock and the events. */
void hv_text_controls(const struct hv_out *out, const struct hv_result *result);

#endif
