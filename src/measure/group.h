/* SPDX-License-Identifier: MIT */
/* One counter group in one worker. */
#ifndef HV_MEASURE_GROUP_H
#define HV_MEASURE_GROUP_H

#include "src/measure/measure.h"

/* Readings of every event in each arm and in the empty batch: three ABBA rounds at each
 * of four placements. */
enum { HV_GROUP_READS = 12 };

/* The groups of the plan for the CPU that is measured on, which goes to *id (NULL: not
 * asked for). 0 or -errno, as of hv_groups_plan. */
int hv_measure_groups(const struct hv_measurement *m, struct hv_cpu_id *id,
                      struct hv_group groups[HV_GROUPS], unsigned *n,
                      struct hv_error *error);

/* Runs the job (HV_JOB_COUNT) with the group opened on its worker. */
int hv_measure_group(struct hv_measurement *m, struct hv_job *job,
                     const struct hv_group *group, struct hv_group_run *run,
                     struct hv_error *error);

/* The PMU could not hold all of it at once: an event did not join, or the group was not
 * scheduled all of the time. */
bool hv_measure_group_too_big(const struct hv_group_run *run);

/* Both halves of a group the PMU could not hold, each led by the same event. */
void hv_measure_group_halve(const struct hv_group *group, struct hv_group half[2]);

#endif
