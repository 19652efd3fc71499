/* SPDX-License-Identifier: MIT */
/* Every errno that perf_event_open(2), and mmap, ioctl and read of its descriptors, are
 * documented or seen to give. */
#ifndef TESTS_UNIT_PERF_ERRORS_H
#define TESTS_UNIT_PERF_ERRORS_H

#include <errno.h>
#include <stddef.h>

struct perf_error {
    const char *name;
    int number;
    const char *advice; /* words of what an open that fails with it is told to do */
};

static const struct perf_error perf_errors[] = {
    {"E2BIG",      E2BIG,      "too old"             },
    {"EACCES",     EACCES,     "not permitted"       },
    {"EAGAIN",     EAGAIN,     "end other profilers" },
    {"EBADF",      EBADF,      "please report it"    },
    {"EBUSY",      EBUSY,      "end other profilers" },
    {"EFAULT",     EFAULT,     "please report it"    },
    {"EINTR",      EINTR,      "run again"           },
    {"EINVAL",     EINVAL,     "too many events"     },
    {"EIO",        EIO,        "cannot be told apart"},
    {"EMFILE",     EMFILE,     "ulimit -n"           },
    {"ENFILE",     ENFILE,     "ulimit -n"           },
    {"ENODEV",     ENODEV,     "is gone"             },
    {"ENOENT",     ENOENT,     ""                    },
    {"ENOMEM",     ENOMEM,     "end other programs"  },
    {"ENOSPC",     ENOSPC,     "count fewer events"  },
    {"ENOSYS",     ENOSYS,     "CONFIG_PERF_EVENTS"  },
    {"ENOTTY",     ENOTTY,     "cannot count"        },
    {"EOPNOTSUPP", EOPNOTSUPP, "lacks a feature"     },
    {"EOVERFLOW",  EOVERFLOW,  "name a simpler event"},
    {"EPERM",      EPERM,      "not permitted"       },
    {"ESRCH",      ESRCH,      "is gone"             },
};
enum { PERF_ERRORS = sizeof perf_errors / sizeof perf_errors[0] };

#endif
