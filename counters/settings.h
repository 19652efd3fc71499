/* SPDX-License-Identifier: MIT */
/* Single facts of the kernel and the CPU, read for facts and for the doctor alike. */
#ifndef HV_COUNTERS_SETTINGS_H
#define HV_COUNTERS_SETTINGS_H

#include <stddef.h>

#include "counters/cpu.h"
#include "src/base/arena.h"

/* Where to look: the tree, the logical CPU, and who keeps the strings. */
struct hv_source {
    const char *root;
    struct hv_arena *arena;
    struct hv_cpu_id id;
    int id_rc; /* 0, or why the CPU could not be identified */
};
void hv_source_open(struct hv_source *source, const char *root, struct hv_arena *arena);

/* Each gives a string of the arena, or NULL: this kernel does not tell. */
const char *hv_setting_line(const struct hv_source *source, const char *path);
const char *hv_setting_turbo(const struct hv_source *source);    /* "on", "off" */
const char *hv_setting_smt(const struct hv_source *source);      /* "on", "off" */
const char *hv_setting_thp(const struct hv_source *source);      /* "madvise" ... */
const char *hv_setting_governor(const struct hv_source *source); /* of this CPU */
#define HV_USER_ACCESS "/proc/sys/kernel/perf_user_access"       /* AArch64's rdpmc */
const char *hv_setting_rdpmc(const struct hv_source *source);    /* "0", "1", "2" */
/* "1.50 CPUs" or "none", from the control group this process is in. */
const char *hv_setting_quota(const struct hv_source *source);
/* "48 KiB, 12 ways, 64-byte lines"; type is 'D', 'I' or 'U' (unified). */
const char *hv_setting_cache(const struct hv_source *source, long level, char type);
/* A line "key:  value" of a file such as /proc/self/status. */
const char *hv_setting_field(const struct hv_source *source, const char *path,
                             const char *key);

#endif
