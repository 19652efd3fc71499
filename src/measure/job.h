/* SPDX-License-Identifier: MIT */
/* What the steps of a measurement share inside measure/. */
#ifndef HV_MEASURE_JOB_H
#define HV_MEASURE_JOB_H

#include "src/measure/measure.h"

/* A job of that kind on the target's row; limits are left 0. */
struct hv_job hv_measure_job(const struct hv_measurement *m,
                             const struct hv_target *target, enum hv_job_kind kind);

/* Marks the pair as failed if the worker is to blame (-EBADMSG, -ECHILD). Returns rc.
 */
int hv_measure_give_up(struct hv_measurement *m, struct hv_target *target, int rc,
                       const struct hv_error *error);

#endif
