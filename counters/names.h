/* SPDX-License-Identifier: MIT */
/* The ways an event can be spelled, one function each; hv_event_find tries them. */
#ifndef HV_COUNTERS_NAMES_H
#define HV_COUNTERS_NAMES_H

#include "counters/event.h"
#include "counters/pmu.h"

/* Each fills type, configs, name and pmu of *out, and leaves figure and include_kernel
 * alone except where told. 0; -ENOENT: not spelled this way; -EINVAL: spelled this way,
 * but wrong, and error says how. */

/* perf's own names: cycles, L1-dcache-load-misses, page-faults, ... */
int hv_names_perf(const char *spelling, struct hv_event *out);

/* rXXXX: raw code in hexadecimal. */
int hv_names_raw(const char *spelling, struct hv_event *out);

/* libpfm4: [pmu::]EVENT:UMASK...; sets include_kernel when its modifiers ask for it. */
int hv_names_pfm(const char *spelling, struct hv_event *out, struct hv_error *error);

/* pmu/term=value,.../ or pmu/event/, with the format and events of sysfs under root. */
int hv_names_sysfs(const char *root, const char *spelling, struct hv_event *out,
                   struct hv_error *error);

/* Points a generic or raw event at one core PMU of several: as its type, or in the
 * upper half of the config (the kernel's "extended type"). Without this the kernel
 * takes the first PMU, and the event reads 0 on the other cores. */
void hv_names_pin(const struct hv_pmu *pmu, struct hv_event *out);

/* "a, b, c": known names that look like the spelling; empty when none does. */
void hv_names_near(const char *spelling, char *text, size_t size);

#endif
