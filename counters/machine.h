/* SPDX-License-Identifier: MIT */
/* The facts about this machine that a measurement depends on, and what they permit. */
#ifndef HV_COUNTERS_MACHINE_H
#define HV_COUNTERS_MACHINE_H

#include <stddef.h>

#include "src/base/arena.h"
#include "src/run.h"

/* Everything about CPU, kernel, caches and settings that belongs beside a figure. The
 * number of facts; an unknown one has value NULL and why. */
size_t hv_machine_facts(struct hv_arena *arena, struct hv_fact **facts);

enum hv_doctor_state { HV_DOCTOR_OK, HV_DOCTOR_WARN, HV_DOCTOR_ABSENT };

/* One thing that can be measured here, or not. command is NULL where nothing would
 * help or nothing need change. */
struct hv_doctor_row {
    const char *name;
    enum hv_doctor_state state;
    const char *finding; /* what was found */
    const char *why;     /* what it means for a measurement */
    const char *command; /* what would change it */
};
size_t hv_doctor_checks(struct hv_arena *arena, struct hv_doctor_row **rows);

/* The word for a state: "ok", "warn", "absent". Never NULL. */
const char *hv_doctor_state_name(enum hv_doctor_state state);

/* The same for a /proc and /sys tree recorded under root ("" is this machine's own);
 * what is asked by system calls is asked of this machine all the same. */
size_t hv_machine_facts_in(const char *root, struct hv_arena *arena,
                           struct hv_fact **facts);
size_t hv_doctor_checks_in(const char *root, struct hv_arena *arena,
                           struct hv_doctor_row **rows);

#endif
