/* SPDX-License-Identifier: MIT */
/* Where counts come from: the table of backends. */
#include "counters/backend.h"

#include <errno.h>
#include <string.h>

#include "counters/fake.h"
#include "counters/perf.h"
#include "counters/user_page.h"

static int none_open(const struct hv_event *event, pid_t pid, int cpu, int group_fd)
{
    (void)event, (void)pid, (void)cpu, (void)group_fd; /* whatever it is */
    return -ECANCELED;
}

static int none_control(int leader)
{
    (void)leader;
    return -EBADF; /* nothing was ever opened */
}

static int none_read(int leader, unsigned n, struct hv_reading out[])
{
    (void)leader, (void)n, (void)out;
    return -EBADF;
}

static const struct hv_backend backends[] = {
    {.name = "perf",
     .what = "the kernel's perf_event",
     .open = hv_perf_open,
     .reset_enable = hv_perf_reset_enable,
     .disable = hv_perf_disable,
     .read = hv_perf_read,
     .map = hv_user_page_map,
     .look = hv_user_page_read},
    {.name = "none",
     .what = "no counters: every figure by another witness",
     .open = none_open,
     .reset_enable = none_control,
     .disable = none_control,
     .read = none_read        },
    {.name = "fake",
     .what = "values and failures from a script in HV_FAKE, for tests",
     .open = hv_fake_open,
     .reset_enable = hv_fake_reset_enable,
     .disable = hv_fake_disable,
     .read = hv_fake_read},
};

const struct hv_backend *hv_backend_find(const char *name)
{
    for (size_t i = 0; i < HV_LEN(backends); i++)
        if (!strcmp(backends[i].name, name))
            return &backends[i];
    return NULL;
}

const struct hv_backend *hv_backends(size_t *n)
{
    *n = HV_LEN(backends);
    return backends;
}
