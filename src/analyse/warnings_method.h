/* SPDX-License-Identifier: MIT */
/* The warnings of the methodology audit: what makes a sound figure mean something else
 * than it seems to. */
#ifndef HV_ANALYSE_WARNINGS_METHOD_H
#define HV_ANALYSE_WARNINGS_METHOD_H

#include "src/analyse/warnings_counters.h"

/* Each: NULL, or the text of the warning. */
const char *hv_warn_shared_work(const struct hv_warning_context *c);
const char *hv_warn_optimised_away(const struct hv_warning_context *c);
const char *hv_warn_order_effect(const struct hv_warning_context *c);
const char *hv_warn_autocorrelated(const struct hv_warning_context *c);

#endif
