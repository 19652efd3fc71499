/* SPDX-License-Identifier: MIT */
/* The second half of a run: experiments on the causes that the evidence does not
 * exclude. */
#ifndef HV_CLI_WHY_H
#define HV_CLI_WHY_H

#include "src/cli/progress.h"
#include "src/measure/measure.h"

/* Called for each target that is to be measured; its rc as of the steps in measure.h.
 */
typedef int hv_why_measure_fn(void *user, struct hv_target *target,
                              struct hv_error *error);

/* Analyses every pair and has measured what it lacks: what the evidence calls for, or
 * everything that the kernels offer if settings.why. A failed experiment has its reason
 * in the run; only what ends a run is returned. */
int hv_cli_why(struct hv_measurement *m, struct hv_progress *progress,
               hv_why_measure_fn *measure, void *user, struct hv_error *error);

#endif
