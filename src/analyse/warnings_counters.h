/* SPDX-License-Identifier: MIT */
/* The warnings that speak of counters: witnesses that disagree, doubtful events. */
#ifndef HV_ANALYSE_WARNINGS_COUNTERS_H
#define HV_ANALYSE_WARNINGS_COUNTERS_H

#include "src/analyse/view.h"

/* What a row of the table of warnings looks at. */
struct hv_warning_context {
    const struct hv_pair_view *view;
    const struct hv_pair_result *pair;
    struct hv_arena *arena, *scratch;
};

/* Each: NULL, or the text of the warning. */
const char *hv_warn_witness_disagreement(const struct hv_warning_context *c);
const char *hv_warn_dead_event(const struct hv_warning_context *c);
const char *hv_warn_biased_event(const struct hv_warning_context *c);
const char *hv_warn_unqualified_event(const struct hv_warning_context *c);
const char *hv_warn_multiplexed(const struct hv_warning_context *c);

#endif
