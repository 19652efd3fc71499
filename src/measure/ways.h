/* SPDX-License-Identifier: MIT */
/* How counts are read, and what that costs. */
#ifndef HV_MEASURE_WAYS_H
#define HV_MEASURE_WAYS_H

#include "src/measure/measure.h"

/* Whether what a worker sent can be used: it may be anything. */
bool hv_ways_frame_is_sane(const struct hv_ways_frame *frame);

/* The events of the group that were opened, in that order: as workers number them. */
struct hv_group hv_opened_of(const struct hv_group *group,
                             const struct hv_job_events *events);

/* Takes what the first group of a run found into m->ways and a control of its own;
 * another group has a control if it fared otherwise. */
void hv_measure_tell_ways(struct hv_measurement *m, const struct hv_group *opened,
                          const struct hv_ways_frame *frame);

#endif
