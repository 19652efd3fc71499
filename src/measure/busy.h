/* SPDX-License-Identifier: MIT */
/* Keeps the CPUs around one of them busy, so that what is measured there shares its
 * core: the other hardware threads of that core where the kernel tells them, else every
 * other CPU that this process may use (a guest is often not told who shares with whom).
 */
#ifndef HV_MEASURE_BUSY_H
#define HV_MEASURE_BUSY_H

#include <sys/types.h>

#include "src/base/error.h"

enum { HV_BUSY_MOST = 16 }; /* CPUs at once */

struct hv_busy {
    pid_t pid[HV_BUSY_MOST];
    int n;
};

/* One process on each such CPU, spinning until hv_busy_stop or until this process ends.
 * 0; -ENODEV: there is no other CPU; -errno of fork. */
int hv_busy_start(struct hv_busy *busy, int cpu, struct hv_error *error);
void hv_busy_stop(struct hv_busy *busy);

#endif
