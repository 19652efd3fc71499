/* SPDX-License-Identifier: MIT */
/* How many counters a CPU has, and whether a group fits into them. */
#ifndef HV_COUNTERS_BUDGET_H
#define HV_COUNTERS_BUDGET_H

#include <stdbool.h>

#include "counters/event.h"

/* What a group can have on one logical CPU. */
struct hv_counter_budget {
    unsigned general;          /* counters that can be given an event */
    unsigned memory;           /* of them can count loads, stores and caches */
    bool cycles, instructions; /* have a counter of their own beside them */
    bool watchdog;             /* the NMI watchdog holds one of all these */
    bool known;                /* from the table of the CPU; else as few as any has */
};

/* From the table of the CPU's microarchitecture (native_events.c) and what the tree
 * under root ("": this machine) tells of the watchdog and of second threads. sysfs
 * tells no number of counters on any architecture so far. A guest is given as many as
 * its hypervisor pleases, so it counts as unknown. */
struct hv_counter_budget hv_counter_budget(const char *root,
                                           const struct hv_cpu_id *id);

/* Whether the kernel can schedule the group as a whole, by the numbers: an event may
 * have restrictions that only the kernel knows. Software events take no counter. */
bool hv_group_fits(const struct hv_group *group,
                   const struct hv_counter_budget *budget);

#endif
