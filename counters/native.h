/* SPDX-License-Identifier: MIT */
/* Which native event answers a question on which CPU: three tables and their lookup.
 * Needs are the neutral names a user can ask for; a table of a microarchitecture has a
 * cell for each need; a row of CPUs names its table. */
#ifndef HV_COUNTERS_NATIVE_H
#define HV_COUNTERS_NATIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "counters/event.h"
#include "counters/pmu.h"

/* Each has a control in control_kinds.c. */
enum hv_need {
    HV_NEED_L1D_MISSES,
    HV_NEED_L1D_PENDING_HITS,
    HV_NEED_LOADS,
    HV_NEED_STORES,
    HV_NEED_SPLIT_LOADS,
    HV_NEED_STORE_FORWARD_BLOCKS,
    HV_NEED_ALIASES_4K,
    HV_NEED_DTLB_WALKS,
    HV_NEED_BRANCH_MISPREDICTS,
    HV_NEEDS
};

struct hv_native_need {
    const char *name;    /* as a user spells it, and the figure it makes */
    const char *what;    /* one line */
    const char *generic; /* the kernel's event nearest to it; NULL: none */
};
const struct hv_native_need *hv_native_need(enum hv_need need);

/* One event of one microarchitecture, or why there is none. */
struct hv_native_cell {
    const char
        *event;       /* the vendor's name, as libpfm4 spells it; NULL: there is none */
    uint64_t config;  /* PERF_TYPE_RAW */
    const char *note; /* without an event: why. Else NULL, or what else it counts */
};

/* How many counters a logical CPU has, by the vendor's manual and the kernel's driver.
 * Zeroed: not known. */
struct hv_native_counters {
    unsigned general;          /* that can be given an event */
    unsigned memory;           /* of them can count loads, stores and caches */
    unsigned alone;            /* general without a second thread; 0: the same */
    bool cycles, instructions; /* have a counter of their own beside them */
};

struct hv_native_table {
    const char *name;   /* of the microarchitecture */
    const char *source; /* of names and codes */
    struct hv_native_counters counters;
    struct hv_native_cell cell[HV_NEEDS];
};

/* CPUs of one vendor, family and range of models. Families and models as in
 * struct hv_cpu_id. */
struct hv_native_cpus {
    const char *vendor;
    unsigned family, first_model, last_model;
    const char *pmu; /* sysfs PMU that must be the core's; NULL: any */
    const char *pfm; /* libpfm4's PMU, of 4.13 or a later one; NULL: it has none */
    const struct hv_native_table *table;
};
const struct hv_native_cpus *hv_native_cpus(size_t *n);

/* The row of a CPU whose core PMU is the one given. NULL: no row. */
const struct hv_native_cpus *hv_native_cpus_of(const struct hv_cpu_id *id,
                                               const struct hv_pmu *pmu);

/* The L1D events of this CPU, at most max: the first is named "l1d_misses", the other,
 * where there is one, stands beside it under its own name. With no row the first is the
 * kernel's generic event, labelled so. The number of events, at least 1. root: see
 * hv_pmu_core. */
unsigned hv_native_l1d(const char *root, const struct hv_cpu_id *id,
                       struct hv_event *out, unsigned max);

/* A need by its name, or an event of this CPU's table by the vendor's: libpfm4 may not
 * know the CPU, and then this is the only way to spell it. The event's figure is the
 * name asked for. -ENOENT: neither; -EINVAL: this CPU has none, and error says why. */
int hv_native_find(const char *root, const struct hv_cpu_id *id, const char *name,
                   struct hv_event *out, struct hv_error *error);

/* What else this CPU's event for a need counts; NULL: nothing, or there is none. */
const char *hv_native_note(const char *root, const struct hv_cpu_id *id,
                           enum hv_need need);

#endif
