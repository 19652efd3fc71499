/* SPDX-License-Identifier: MIT */
/* Where counts come from: the kernel, nowhere, or a script for tests. */
#ifndef HV_COUNTERS_BACKEND_H
#define HV_COUNTERS_BACKEND_H

#include <sys/types.h>

#include "counters/event.h"
#include "src/run.h"

struct hv_user_count;
struct perf_event_mmap_page;

/* Members behave as their namesakes in counters/perf.h. Descriptors may be passed to
 * another process: open happens in one, the rest in the other. */
struct hv_backend {
    const char *name, *what;
    int (*open)(const struct hv_event *event, pid_t pid, int cpu, int group_fd);
    int (*reset_enable)(int leader);
    int (*disable)(int leader);
    int (*read)(int leader, unsigned n, struct hv_reading out[]);
    /* as in counters/user_page.h; NULL: this backend has no pages */
    int (*map)(int fd, const struct perf_event_mmap_page **page);
    int (*look)(const struct perf_event_mmap_page *page, struct hv_user_count *out);
};

/* "perf", "none" (every open is -ECANCELED), "fake"; NULL: no such backend.
 *
 * fake takes its behaviour from the environment at open: HV_FAKE is a comma list of
 * figure-or-name=behaviour, where the behaviour is
 *   40000           this value in every batch
 *   40000/12/0      one value a batch, then from the first again (at most 8)
 *   right[:VALUE]   what a control (counters/control.h) makes of it, else VALUE
 *   biased:F[:VALUE]  F times as much, else VALUE
 *   dead            0 in every batch
 *   unscheduled     opens, never runs (running == 0)
 *   multiplexed:P[:VALUE]  runs P % of the time
 *   lost            read gives -ENODATA
 *   short           read gives -EIO
 *   ENOENT ...      open gives this error
 *   start:EIO ...   opens, and reset_enable gives this error
 *   stop:EIO ...    the same of disable
 *   read:EIO ...    the same of read
 *
 * An event that is not listed gives -ENOENT. Every batch is enabled for 1 ms. */
const struct hv_backend *hv_backend_find(const char *name);

/* All of them, for lists; static lifetime. */
const struct hv_backend *hv_backends(size_t *n);

#endif
