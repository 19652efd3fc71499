/* SPDX-License-Identifier: MIT */
/* What can be counted: an event's name becomes a perf_event encoding; events become
 * groups that a PMU can schedule without multiplexing. */
#ifndef HV_COUNTERS_EVENT_H
#define HV_COUNTERS_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "counters/cpu.h"
#include "src/base/error.h"

/* One event, encoded. Plain data of fixed size: it travels to the privileged opener
 * over a socket, so the strings hold their own bytes (always NUL-terminated here; a
 * receiver asks hv_event_allowed, which checks that too). */
struct hv_event {
    char figure[96]; /* "cycles", "instructions", "l1d_misses", else the spelling */
    char name[96];   /* the native name, as it is told in a report */
    char pmu[32];    /* as sysfs names it ("cpu", "cpu_core"), or "software" */
    uint32_t type;   /* perf_event_attr.type and its configs */
    uint64_t config, config1, config2;
    bool include_kernel; /* false: user space only */
    bool user_read; /* user space asks to read its counter: AArch64 wants to know */
};

/* Encodes one spelling for the core PMU that counts on this logical CPU (-1: the CPU
 * the caller runs on): a perf name (cycles, L1-dcache-load-misses, page-faults), a raw
 * rXXXX, sysfs form (cpu/event=0x3c,umask=0/), a neutral name (l1d_misses, loads: see
 * hv_native_need), or a libpfm4 name (MEM_LOAD_RETIRED:L1_MISS). A trailing :u is the
 * default, :uk adds the kernel. -EINVAL with the nearest names, or saying what is wrong
 * with it, that this CPU has no such event, or that another kind of core counts it.
 * Whether the kernel will open it is another question. */
int hv_event_find(const char *spelling, int cpu, struct hv_event *out,
                  struct hv_error *error);

/* The same for a CPU of the /proc and /sys tree under root ("" is this machine's own);
 * libpfm4 is asked about this machine all the same. */
int hv_event_find_in(const char *root, const char *spelling, const struct hv_cpu_id *id,
                     struct hv_event *out, struct hv_error *error);

/* "perf_event: cpu, config 0x76" into text (truncated to fit); returns text. */
const char *hv_event_source(const struct hv_event *event, char *text, size_t size);

/* A counter set is events with the prose that explains them. */
struct hv_counter_set {
    const char *name;
    const char *what;
    const char *events; /* as hv_event_find takes them, with commas */
    bool hardware;      /* needs a PMU; led by cycles */
};
/* The default sets, in the order they are counted; static lifetime. */
const struct hv_counter_set *hv_counter_sets(size_t *n);

/* Called once for each perf name that hv_event_find knows on any machine. */
typedef void hv_event_name_fn(const char *name, bool software, void *user);
void hv_event_names(hv_event_name_fn *tell, void *user);

/* Events that are counted together: cycles, then as many as the CPU has counters for
 * (see budget.h), or software events alone. What does not fit all the same (a counter
 * that somebody else holds) is split when it is counted. */
enum { HV_GROUP_EVENTS = 8, HV_GROUPS = 16 };
struct hv_group {
    char name[32];
    struct hv_event event[HV_GROUP_EVENTS];
    unsigned n;
};

/* The default sets for this CPU, then the user's events (comma list or NULL; those that
 * a default set holds already are not counted twice), each in the first group that has
 * room. kernel: count kernel mode as well. -EINVAL for an event that cannot be encoded,
 * -E2BIG for more than HV_GROUPS groups. */
int hv_groups_plan(const struct hv_cpu_id *id, const char *user_events, bool kernel,
                   struct hv_group groups[HV_GROUPS], unsigned *n,
                   struct hv_error *error);

/* The same for a CPU of the tree under root ("" is this machine's own). */
int hv_groups_plan_in(const char *root, const struct hv_cpu_id *id,
                      const char *user_events, bool kernel,
                      struct hv_group groups[HV_GROUPS], unsigned *n,
                      struct hv_error *error);

#endif
