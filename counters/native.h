/* SPDX-License-Identifier: MIT */
/* The native L1 data cache miss event of each CPU: the table behind "l1d_misses". */
#ifndef HV_COUNTERS_NATIVE_H
#define HV_COUNTERS_NATIVE_H

#include <stddef.h>
#include <stdint.h>

#include "counters/event.h"

/* CPUs of one vendor, family and range of models count misses with this event. Two rows
 * of one CPU: the first is the figure "l1d_misses", the others stand beside it under
 * their own names. Sources: libpfm4 where pfm is set (a test compares config with it);
 * else the vendor's manual: AMD PPR for family 1Ah (PMCx041), Intel event files for
 * EMR, GNR and the P cores of ADL to MTL, which kept Golden Cove's codes. */
struct hv_native_row {
    const char *vendor;
    unsigned family, first_model, last_model;
    const char *pmu;   /* sysfs PMU that must be the core's; NULL: any */
    const char *pfm;   /* libpfm4's PMU; NULL: libpfm4 4.13 does not know this CPU */
    const char *event; /* the vendor's name, as libpfm4 spells it */
    uint64_t config;   /* PERF_TYPE_RAW */
};
const struct hv_native_row *hv_native_rows(size_t *n);

/* The rows of this CPU as events, at most max. The first is named "l1d_misses"; with no
 * row it is the kernel's generic event, labelled so. The number of events, at least 1.
 */
unsigned hv_native_l1d(const struct hv_cpu_id *id, struct hv_event *out, unsigned max);

#endif
