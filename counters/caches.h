/* SPDX-License-Identifier: MIT */
/* The sizes of the data caches, as the C library reads them from CPUID or sysfs. */
#ifndef HV_COUNTERS_CACHES_H
#define HV_COUNTERS_CACHES_H

#include "src/run.h"

/* Of the CPU that asks; on a machine with unlike cores another may differ. */
struct hv_caches hv_caches_here(void);

#endif
