/* SPDX-License-Identifier: MIT */
/* What the controls say about one event: its verdict, and the words for it. */
#ifndef HV_MEASURE_VOUCH_H
#define HV_MEASURE_VOUCH_H

#include "counters/control.h"
#include "src/base/arena.h"
#include "src/measure/measure.h"

/* Every reading of one event under all controls; [HV_CONTROLS] is the empty batch. */
struct hv_control_reads {
    struct hv_reading at[HV_CONTROLS + 1][HV_CONTROL_SIZES][HV_CONTROL_REPEATS];
    unsigned made; /* bit i: control i ran */
    size_t n;      /* readings that arrived */
    int status;    /* 0, or -errno of the open */
    int failed;    /* 0, or -errno of a step after it */
};

/* Every control, and the empty batch that is always made. */
enum { HV_ALL_CONTROLS = (1 << HV_CONTROLS) - 1, HV_EMPTY_CONTROL = 1 << HV_CONTROLS };

/* Whether something holds of every reading of the controls that were made. */
typedef bool hv_each_read_fn(const struct hv_reading *reading);
bool hv_all_control_reads(const struct hv_control_reads *reads, hv_each_read_fn *holds);

/* Judges the event. *control is filled where the event has one (kind not NULL). */
struct hv_vouched hv_vouch(struct hv_arena *arena, const struct hv_event *event,
                           const struct hv_event_kind *kind,
                           const struct hv_control_reads *reads,
                           struct hv_control *control);

#endif
