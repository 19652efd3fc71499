/* SPDX-License-Identifier: MIT */
/* The perf_event system call: open, start, stop, read. */
#include "counters/perf.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_attr(struct perf_event_attr *attr, pid_t pid, int cpu, int group_fd)
{
    const long fd =
        syscall(SYS_perf_event_open, attr, pid, cpu, group_fd, PERF_FLAG_FD_CLOEXEC);
    return fd < 0 ? -errno : (int)fd;
}

static bool happens_in_kernel(const struct hv_event *event)
{
    return event->type == PERF_TYPE_SOFTWARE &&
           (event->config == PERF_COUNT_SW_CONTEXT_SWITCHES ||
            event->config == PERF_COUNT_SW_CPU_MIGRATIONS);
}

int hv_perf_open(const struct hv_event *event, pid_t pid, int cpu, int group_fd)
{
    const bool leader = group_fd < 0;
    struct perf_event_attr attr = {
        .size = sizeof attr,
        .type = event->type,
        .config = event->config,
        .config1 = event->config1,
        .config2 = event->config2,
        .read_format = PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED |
                       PERF_FORMAT_TOTAL_TIME_RUNNING,
        .disabled = leader,
        .pinned = leader && event->type != PERF_TYPE_SOFTWARE,
        .exclude_kernel = !event->include_kernel,
        .exclude_hv = 1,
    };
    if (happens_in_kernel(event) && !event->include_kernel)
        return -EOPNOTSUPP;
    int fd = open_attr(&attr, pid, cpu, group_fd);
    if (fd == -EPERM || fd == -EINVAL || fd == -EOPNOTSUPP) {
        attr.exclude_hv = 0; /* some PMUs cannot leave the hypervisor out */
        const int again = open_attr(&attr, pid, cpu, group_fd);
        fd = again < 0 ? fd : again;
    }
    return fd;
}

static int control(int leader, unsigned long request, int flag)
{
    return ioctl(leader, request, flag) < 0 ? -errno : 0;
}

/* Only the leader is switched: its siblings count while it does. Switching the whole
 * group (PERF_IOC_FLAG_GROUP) off and on again leaves the siblings of a task-clock
 * leader off: from the second batch on they read 0, with running == enabled (seen on
 * Linux 6.18). */
int hv_perf_reset_enable(int leader)
{
    const int rc = control(leader, PERF_EVENT_IOC_RESET, PERF_IOC_FLAG_GROUP);
    return rc ? rc : control(leader, PERF_EVENT_IOC_ENABLE, 0);
}

int hv_perf_disable(int leader)
{
    return control(leader, PERF_EVENT_IOC_DISABLE, 0);
}

int hv_perf_read(int leader, unsigned n, struct hv_reading out[])
{
    struct {
        uint64_t n, enabled, running, value[HV_GROUP_EVENTS];
    } group;
    if (!n || n > HV_GROUP_EVENTS)
        return -EINVAL;
    const size_t wanted = (3 + (size_t)n) * sizeof(uint64_t);
    ssize_t got;
    do
        got = read(leader, &group, sizeof group);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return -errno;
    if (!got)
        return -ENODATA;
    if ((size_t)got != wanted || group.n != n)
        return -EIO;
    for (unsigned i = 0; i < n; i++)
        out[i] = (struct hv_reading){group.value[i], group.enabled, group.running};
    return 0;
}

enum hv_reading_state hv_reading_state(const struct hv_reading *reading)
{
    if (!reading->running)
        return HV_NOT_COUNTED;
    return reading->running < reading->enabled ? HV_MULTIPLEXED : HV_COUNTED;
}

struct hv_reading hv_reading_since(const struct hv_reading *now,
                                   const struct hv_reading *before)
{
    return (struct hv_reading){
        .value = now->value,
        .enabled = now->enabled - before->enabled,
        .running = now->running - before->running,
    };
}
