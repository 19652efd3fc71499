/* SPDX-License-Identifier: MIT */
/* Kernels with known answers for the tracers: a trace is believed only after they have
 * been counted right. */
#ifndef HV_COUNTERS_TRACE_CONTROLS_H
#define HV_COUNTERS_TRACE_CONTROLS_H

#include "counters/trace/trace.h"
#include "src/base/arena.h"
#include "src/run.h"

enum { HV_TRACE_CONTROLS = 24 };

/* Runs them all and fills out[0 .. *n), for which there must be HV_TRACE_CONTROLS of
 * room. "trace:..." by the code cache, "step:..." by single-step, "trace:agreement" by
 * both, word for word (which needs a session with a prefix). Where there is no code
 * cache, only "step:...". One that does not pass
 * says why; so does one that could not run here, which says nothing about the tracer.
 * Texts live as long as the arena. 0; -errno: not even a child could be started. */
int hv_trace_controls(struct hv_trace_session *session, struct hv_arena *arena,
                      struct hv_control *out, unsigned *n);

#endif
