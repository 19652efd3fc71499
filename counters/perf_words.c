/* SPDX-License-Identifier: MIT */
/* What each failure of perf_event means here, and what would change it. */
#include <errno.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "counters/perf.h"
#include "counters/pmu.h"
#include "counters/tree.h"

#define PARANOID "/proc/sys/kernel/perf_event_paranoid"

static bool is_software(const struct hv_event *event)
{
    return event->type == PERF_TYPE_SOFTWARE;
}

static bool has_pmu(void)
{
    struct hv_pmu pmu;
    const int cpu = sched_getcpu();
    return !hv_pmu_core("", cpu < 0 ? 0 : cpu, &pmu);
}

static void unknown_event(const struct hv_event *event, char *buf, size_t size)
{
    if (is_software(event))
        hv_put(buf, size, "this kernel has no software event %s", event->name);
    else if (has_pmu())
        hv_put(buf, size, "the kernel has no event %s for this CPU; name a native one",
               event->name);
    else
        hv_put(
            buf, size,
            "no PMU to count %s with: a virtual machine without a virtual PMU? It is "
            "switched on at the host (QEMU: -cpu host,pmu=on)",
            event->name);
}

static void not_permitted(const struct hv_event *event, char *buf, size_t size)
{
    const long wanted = event->include_kernel ? 1 : 2;
    long level;
    if (hv_tree_number("", &level, PARANOID))
        hv_put(buf, size, "not permitted to open %s, and " PARANOID " cannot be read",
               event->name);
    else if (level > wanted)
        hv_put(
            buf, size,
            "not permitted to open %s: perf_event_paranoid is %ld; run with sudo, or "
            "sysctl kernel.perf_event_paranoid=%ld",
            event->name, level, wanted);
    else
        hv_put(
            buf, size,
            "not permitted to open %s although perf_event_paranoid is %ld: the seccomp "
            "filter of a container, or a security module, forbids it",
            event->name, level);
}

static void refused(const struct hv_event *event, char *buf, size_t size)
{
    hv_put(
        buf, size,
        "the PMU cannot count %s (config 0x%llx) like this: wrong code for this CPU, "
        "no counting of user space alone, or a group with too many events",
        event->name, (unsigned long long)event->config);
}

static void busy(const struct hv_event *event, char *buf, size_t size)
{
    hv_put(buf, size,
           "another user holds the PMU that %s needs: end other profilers (perf, "
           "oprofile, "
           "a tracing hypervisor) and try again",
           event->name);
}

static void no_descriptor(const struct hv_event *event, char *buf, size_t size)
{
    hv_put(buf, size, "no file descriptor left for %s: raise the limit (ulimit -n)",
           event->name);
}

static void no_counter(const struct hv_event *event, char *buf, size_t size)
{
    hv_put(buf, size, "no hardware counter left for %s: count fewer events at once",
           event->name);
}

static void no_syscall(const struct hv_event *event, char *buf, size_t size)
{
    hv_put(
        buf, size,
        "no perf_event_open to count %s with: a kernel without CONFIG_PERF_EVENTS, an "
        "emulator, or a sandbox that hides the call",
        event->name);
}

static void no_support(const struct hv_event *event, char *buf, size_t size)
{
    if (is_software(event) && !event->include_kernel)
        hv_put(
            buf, size,
            "%s happens in the kernel: without kernel mode it would read 0 for ever; "
            "count %s:uk, or see getrusage's figures",
            event->name, event->name);
    else
        hv_put(buf, size, "the PMU lacks a feature that %s needs", event->name);
}

static void pushed_out(const char *what, const struct hv_event *event, char *buf,
                       size_t size)
{
    long watchdog = 0;
    (void)hv_tree_number("", &watchdog, "/proc/sys/kernel/nmi_watchdog");
    hv_put(buf, size, "%s %s: %s", event->name, what,
           watchdog ? "the NMI watchdog holds a counter (sysctl kernel.nmi_watchdog=0)"
                    : "too few counters were free; end other profilers or count fewer "
                      "events at once");
}

static void lost(const struct hv_event *event, char *buf, size_t size)
{
    pushed_out("lost its counter", event, buf, size);
}

static void unscheduled(const struct hv_event *event, char *buf, size_t size)
{
    pushed_out("was opened but never got a counter", event, buf, size);
}

static void short_read(const struct hv_event *event, char *buf, size_t size)
{
    hv_put(buf, size,
           "the group of %s gave a short read: its values cannot be told apart",
           event->name);
}

static void switched_off(const struct hv_event *event, char *buf, size_t size)
{
    hv_put(buf, size, "counters were switched off, so %s was not opened", event->name);
}

static void no_target(const struct hv_event *event, char *buf, size_t size)
{
    hv_put(buf, size, "the process or CPU that %s was to count is gone", event->name);
}

static void bad_size(const struct hv_event *event, char *buf, size_t size)
{
    hv_put(buf, size, "this kernel is too old for the request that %s makes",
           event->name);
}

static void bad_leader(const struct hv_event *event, char *buf, size_t size)
{
    hv_put(buf, size,
           "the group that %s was to join has no open leader: a mistake of hvperf's; "
           "please report it",
           event->name);
}

static void bad_request(const struct hv_event *event, char *buf, size_t size)
{
    hv_put(
        buf, size,
        "the kernel could not read the request for %s: a mistake of hvperf's; please "
        "report it",
        event->name);
}

static void interrupted(const struct hv_event *event, char *buf, size_t size)
{
    hv_put(buf, size, "the kernel was interrupted when %s was to be opened: run again",
           event->name);
}

static void no_memory(const struct hv_event *event, char *buf, size_t size)
{
    hv_put(buf, size,
           "no memory in the kernel for %s: end other programs, or raise the memory "
           "limit of the container",
           event->name);
}

static void too_large(const struct hv_event *event, char *buf, size_t size)
{
    hv_put(buf, size,
           "a value in the request for %s is too large for this kernel: name a simpler "
           "event",
           event->name);
}

static const char not_supported[] = "<not supported>", not_counted[] = "<not counted>";

static const struct row {
    int err;
    const char *class;
    void (*tell)(const struct hv_event *event, char *buf, size_t size);
} rows[] = {
    {ENOENT,     not_supported, unknown_event},
    {EACCES,     not_supported, not_permitted},
    {EPERM,      not_supported, not_permitted},
    {EINVAL,     not_supported, refused      },
    {EBUSY,      not_supported, busy         },
    {EMFILE,     not_supported, no_descriptor},
    {ENFILE,     not_supported, no_descriptor},
    {ENOSPC,     not_supported, no_counter   },
    {ENOSYS,     not_supported, no_syscall   },
    {EOPNOTSUPP, not_supported, no_support   },
    {ECANCELED,  not_supported, switched_off },
    {ESRCH,      not_supported, no_target    },
    {ENODEV,     not_supported, no_target    },
    {E2BIG,      not_supported, bad_size     },
    {EBADF,      not_supported, bad_leader   },
    {EFAULT,     not_supported, bad_request  },
    {EINTR,      not_supported, interrupted  },
    {ENOMEM,     not_supported, no_memory    },
    {EOVERFLOW,  not_supported, too_large    },
    {ENODATA,    not_counted,   lost         },
    {EAGAIN,     not_counted,   unscheduled  },
    {EIO,        not_counted,   short_read   },
};

static const struct row *find(int err)
{
    for (size_t i = 0; i < HV_LEN(rows); i++)
        if (rows[i].err == err)
            return &rows[i];
    return NULL;
}

const char *hv_perf_class(int err)
{
    const struct row *row = find(err < 0 ? -err : err);
    return row ? row->class : not_supported;
}

const char *hv_perf_words(int err, const struct hv_event *event, char *buf, size_t size)
{
    char text[320];
    err = err < 0 ? -err : err;
    const struct row *row = find(err);
    if (row)
        row->tell(event, text, sizeof text);
    else
        hv_put(text, sizeof text, "cannot count %s: %s", event->name, strerror(err));
    hv_put(buf, size, "%s: %s", hv_perf_class(err), text);
    return buf;
}

const char *hv_perf_words_opened(int err, const struct hv_event *event, char *buf,
                                 size_t size)
{
    err = err < 0 ? -err : err;
    if (hv_perf_class(err) == not_counted)
        return hv_perf_words(err, event, buf, size);
    hv_put(buf, size,
           "%s: %s was opened, but the kernel refused to start, stop or read its group "
           "(%s): run again, and count fewer events at once if it stays",
           not_counted, event->name, strerror(err));
    return buf;
}
