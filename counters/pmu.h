/* SPDX-License-Identifier: MIT */
/* The PMUs that sysfs lists, and which of them counts on a CPU core. */
#ifndef HV_COUNTERS_PMU_H
#define HV_COUNTERS_PMU_H

#include <stdbool.h>
#include <stdint.h>

struct hv_pmu {
    char name[32];
    uint32_t type;
    bool listed; /* it has a list of the CPUs it counts on */
    bool hybrid; /* one of several core PMUs; only hv_pmu_core finds out */
};

/* The core PMU that counts on this logical CPU, from the tree under root ("": this
 * machine). -ENOENT: none, as in most virtual machines. A core PMU is "cpu", or a
 * device with a "cpus" file (cpu_core, cpu_atom, armv8_*); uncore devices have
 * "cpumask". */
int hv_pmu_core(const char *root, int cpu, struct hv_pmu *out);

/* Whether the type is that of a core PMU. */
bool hv_pmu_type_is_core(const char *root, uint32_t type);

/* A PMU by its sysfs name. -ENOENT or -EINVAL. */
int hv_pmu_named(const char *root, const char *name, struct hv_pmu *out);

#endif
