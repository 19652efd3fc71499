/* SPDX-License-Identifier: MIT */
/* The perf_event system call: open, start, stop, read. */
#include "counters/perf.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { READ_TRIES = 100 }; /* of a call that is interrupted each time */

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

/* Bit 1 of config1 asks an armv8 PMU for a counter that user space may read; other
 * architectures offer it unasked. */
static uint64_t user_read_bit(const struct hv_event *event)
{
#ifdef __aarch64__
    const bool of_a_core = event->type != PERF_TYPE_SOFTWARE &&
                           event->type != PERF_TYPE_TRACEPOINT &&
                           event->type != PERF_TYPE_BREAKPOINT;
    return event->user_read && of_a_core ? 2 : 0;
#else
    (void)event;
    return 0;
#endif
}

static bool lacks_something(int rc)
{
    return rc == -EPERM || rc == -EINVAL || rc == -EOPNOTSUPP;
}

/* Some PMUs cannot leave the hypervisor out, some cannot be read by user space. If no
 * leaving out helps, the first answer tells most. */
static int open_what_it_can(struct perf_event_attr *attr, uint64_t user_read, pid_t pid,
                            int cpu, int group_fd)
{
    enum { USER_READ = 1, EXCLUDE_HV = 2, ALL = 3 };
    const uint64_t config1 = attr->config1;
    int first = 0;
    for (int left_out = 0; left_out <= ALL; left_out++) {
        if (left_out & USER_READ && !user_read)
            continue;
        attr->config1 = config1 | (left_out & USER_READ ? 0 : user_read);
        attr->exclude_hv = !(left_out & EXCLUDE_HV);
        const int fd = open_attr(attr, pid, cpu, group_fd);
        if (fd >= 0)
            return fd;
        first = left_out ? first : fd;
        if (!lacks_something(fd))
            break;
    }
    return first;
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
    };
    if (happens_in_kernel(event) && !event->include_kernel)
        return -EOPNOTSUPP;
    return open_what_it_can(&attr, user_read_bit(event), pid, cpu, group_fd);
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
    ssize_t got = -1;
    int tries = 0;
    do
        got = read(leader, &group, sizeof group);
    while (got < 0 && errno == EINTR && ++tries < READ_TRIES);
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
