/* SPDX-License-Identifier: MIT */
/* The facts that stand beside a run's figures. */
#ifndef HV_CLI_ENVIRONMENT_H
#define HV_CLI_ENVIRONMENT_H

#include "src/measure/measure.h"

/* Machine, build and kernels; sets m->run->environment. */
void hv_cli_environment(struct hv_measurement *m);

/* What reading the counters costs, after the counter passes. Once. */
void hv_cli_environment_reads(struct hv_measurement *m);

/* The user's events can be encoded; -EINVAL names the one that cannot. */
int hv_cli_check_events(const struct hv_plan *plan, struct hv_error *error);

#endif
