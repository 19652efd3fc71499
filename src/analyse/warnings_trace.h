/* SPDX-License-Identifier: MIT */
/* The warnings that speak of the trace. Each returns its text, or NULL. */
#ifndef HV_ANALYSE_WARNINGS_TRACE_H
#define HV_ANALYSE_WARNINGS_TRACE_H

#include "src/analyse/warnings_counters.h"

const char *hv_warn_tracers_differ(const struct hv_warning_context *c);
const char *hv_warn_not_compared(const struct hv_warning_context *c);
const char *hv_warn_stepped(const struct hv_warning_context *c);
const char *hv_warn_not_traced(const struct hv_warning_context *c);
const char *hv_warn_tracer_doubted(const struct hv_warning_context *c);
const char *hv_warn_partly_traced(const struct hv_warning_context *c);
const char *hv_warn_unsupported(const struct hv_warning_context *c);
const char *hv_warn_contradicted(const struct hv_warning_context *c);

#endif
