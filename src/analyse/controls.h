/* SPDX-License-Identifier: MIT */
/* Which failed controls speak against the measurement itself. */
#ifndef HV_ANALYSE_CONTROLS_H
#define HV_ANALYSE_CONTROLS_H

#include "src/run.h"

/* The control ran and read wrong in a way that makes the figures doubtful. Not so:
 *   "event:..."         such an event is left out of the figures, the rest stands
 *   "trace:..." "step:..."  what that tracer says is left out, the rest stands
 *   "throughput_probe"  fewer adds a cycle than expected: a busy core, which the gate
 *                       is there for; only more than expected would be wrong
 *   any other           off by 5 % or less while that probe did not read quiet: a busy
 *                       core moves chains of instructions by 2 to 3 %
 * all: the controls of the run, count of them. */
bool hv_control_accuses(const struct hv_control *control, const struct hv_control *all,
                        size_t count);

#endif
