/* SPDX-License-Identifier: MIT */
/* Which events of a run somebody vouches for, by the controls that ran. */
#ifndef HV_ANALYSE_VOUCH_H
#define HV_ANALYSE_VOUCH_H

#include "src/base/arena.h"
#include "src/run.h"

/* The event's qualification; one recorded as dead whose control is known not to have
 * run is unqualified: nothing was tried. */
enum hv_qualification hv_event_standing(const struct hv_run *run,
                                        const struct hv_event_run *event);

/* NULL, or why a count of the hardware that no control vouches for means nothing in
 * this run: every event control that ran failed ("event:cycles, event:instructions"),
 * so a 0 may be that of a PMU that opens events and counts none. */
const char *hv_why_pmu_doubted(const struct hv_run *run, struct hv_arena *arena);

/* NULL, or why what this trace says means nothing: a control of the tracer that made it
 * ("trace:..." of the code cache, "step:..." of single-stepping) ran and read wrong, or
 * none has run. */
const char *hv_why_tracer_doubted(const struct hv_run *run,
                                  const struct hv_trace_run *trace,
                                  struct hv_arena *arena);

#endif
