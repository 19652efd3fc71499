/* SPDX-License-Identifier: MIT */
/* Counter readings as evidence: what an event says about one iteration of an arm. */
#ifndef HV_ANALYSE_EVENTS_H
#define HV_ANALYSE_EVENTS_H

#include "src/analyse/evidence.h"
#include "src/run.h"

/* The figure an event gives: its own, else its name; NULL: it has neither. */
const char *hv_event_figure(const struct hv_event_run *event);

/* Median over the readings of (value - median of the empty batch) / iterations.
 *   measured   qualified, and counted all the time
 *   scaled     qualified, counted part of the time: value x enabled / running
 *   estimated  nobody has qualified it, or it is biased: supports no verdict, and its
 *              source says so
 *   absent     failed to open, never scheduled ("<not counted>: ..."), dead, erratic,
 *              0 here as in all controls (silent), below the empty batch by more than
 *              that varies, or unqualified where every event control failed: such a PMU
 *              may count nothing
 * Counters run in any state of the core; every source says so. */
struct hv_evidence hv_event_evidence(const struct hv_run *run,
                                     const struct hv_group_run *group,
                                     const struct hv_event_run *event,
                                     enum hv_arm_id arm, const char *unit,
                                     struct hv_arena *arena, struct hv_arena *scratch);

/* The best evidence of the pair's passes for a figure, the others as its witnesses;
 * absent with the first reason found. */
struct hv_evidence hv_counted(const struct hv_run *run, const struct hv_pair_run *pair,
                              enum hv_arm_id arm, const char *figure, const char *unit,
                              struct hv_arena *arena, struct hv_arena *scratch);

/* Adds every event whose figure the list does not hold yet. */
void hv_add_other_events(const struct hv_run *run, const struct hv_pair_run *pair,
                         enum hv_arm_id arm, struct hv_figure_list *list,
                         struct hv_arena *scratch);

#endif
