/* SPDX-License-Identifier: MIT */
/* The perf_event system call, with every way it can fail kept apart from a zero. */
#ifndef HV_COUNTERS_PERF_H
#define HV_COUNTERS_PERF_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "counters/event.h"
#include "src/run.h"

/* The privileged opener's whitelist: counting events of a CPU core or of the kernel's
 * plain software counters. Everything else (tracepoints, kprobes, uprobes, breakpoints,
 * BPF output, unknown dynamic PMUs, strings without an end) is refused. */
bool hv_event_allowed(const struct hv_event *event);

/* The same for the core PMUs of the tree under root. */
bool hv_event_allowed_in(const char *root, const struct hv_event *event);

/* Opens an event, for counting only, on a process (0: the caller) and a CPU (-1: any).
 * group_fd -1 makes a leader: disabled, and pinned if it is a hardware event, so that
 * it either has its counters or says that it lost them. A file descriptor
 * (close-on-exec) or -errno. -EOPNOTSUPP also for context-switches and cpu-migrations
 * without the kernel: those happen in the kernel, and the kernel would open them and
 * count 0 for ever. What a PMU cannot do is left out and asked again without: keeping
 * the hypervisor out, user_read (then hv_user_page_read finds no index). */
int hv_perf_open(const struct hv_event *event, pid_t pid, int cpu, int group_fd);

/* Zeroes the values of the group and starts it; stops it. The kernel never zeroes the
 * times: enabled and running grow from the open on (see hv_reading_since).
 * 0 or -errno. */
int hv_perf_reset_enable(int leader);
int hv_perf_disable(int leader);

/* Reads the whole group, n events, in the order they were opened. 0, or
 *   -ENODATA  0 bytes: the pinned group lost the PMU (reset_enable brings it back)
 *   -EIO      a short read, or another number of events than n
 *   -errno    of read(); -EINTR when it was interrupted at every one of many tries
 * A group that was opened but never had a counter reads 0 with running == 0: ask
 * hv_reading_state before believing any value. */
int hv_perf_read(int leader, unsigned n, struct hv_reading out[]);

enum hv_reading_state {
    HV_COUNTED,     /* all of the enabled time */
    HV_MULTIPLEXED, /* some of it: value counts running of enabled ns */
    HV_NOT_COUNTED, /* never: the value means nothing */
};
enum hv_reading_state hv_reading_state(const struct hv_reading *reading);

/* The batch between two readings of one event that was reset in between: now's value,
 * with the times of that batch alone. */
struct hv_reading hv_reading_since(const struct hv_reading *now,
                                   const struct hv_reading *before);

/* "<not supported>" (could not be opened) or "<not counted>" (opened, but no count came
 * of it), as perf stat uses these words. err may have either sign. */
const char *hv_perf_class(int err);

/* One sentence for a failure of open: its class, what it means for this event on this
 * machine, and what to do. -EAGAIN stands for HV_NOT_COUNTED, -ECANCELED for the
 * backend "none". Reads /proc and /sys. Returns buf. */
const char *hv_perf_words(int err, const struct hv_event *event, char *buf,
                          size_t size);

/* The same for a failure of reset_enable, disable or read of an event that was opened:
 * always "<not counted>". */
const char *hv_perf_words_opened(int err, const struct hv_event *event, char *buf,
                                 size_t size);

#endif
