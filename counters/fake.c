/* SPDX-License-Identifier: MIT */
/* A PMU made of a memory file: it behaves as a script says, in any process that holds
 * the descriptor, so every failure path of the counter passes can be walked. */
#include "counters/fake.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "counters/control.h"
#include "counters/tree.h"

enum { BATCH_NS = 1000000, PERCENT = 100, VALUES = 8 };

/* What is done to a group, and may fail. */
enum step { START, STOP, READ, STEPS };

struct behaviour {
    uint64_t
        value[VALUES]; /* of one batch after the other, then from the first again */
    uint32_t values;
    uint32_t running_percent;
    int rc[STEPS];
    double made; /* so many for each one that the control of the event makes... */
    double each; /* ...and this in one n of it */
    uint32_t control;
};

/* What the file of a leader holds; a sibling is written into its leader's file. */
struct group {
    uint32_t n, batches;
    struct behaviour event[HV_GROUP_EVENTS];
};

static const struct {
    const char *word;
    int rc;
} failures[] = {
    {"ENOENT",     -ENOENT    },
    {"EACCES",     -EACCES    },
    {"EPERM",      -EPERM     },
    {"EINVAL",     -EINVAL    },
    {"EBUSY",      -EBUSY     },
    {"EMFILE",     -EMFILE    },
    {"ENOSPC",     -ENOSPC    },
    {"ENOSYS",     -ENOSYS    },
    {"EOPNOTSUPP", -EOPNOTSUPP},
    {"ESRCH",      -ESRCH     },
    {"ENODEV",     -ENODEV    },
    {"E2BIG",      -E2BIG     },
    {"EBADF",      -EBADF     },
    {"EFAULT",     -EFAULT    },
    {"EINTR",      -EINTR     },
    {"EIO",        -EIO       },
    {"EAGAIN",     -EAGAIN    },
    {"ENOMEM",     -ENOMEM    },
    {"ENFILE",     -ENFILE    },
    {"ENOTTY",     -ENOTTY    },
    {"EOVERFLOW",  -EOVERFLOW },
};

static const char *const steps[STEPS] = {"start:", "stop:", "read:"};

static const struct {
    const char *word;
    struct behaviour behaviour;
} words[] = {
    {"unscheduled", {.values = 1}                                                  },
    {"lost",        {.values = 1, .running_percent = PERCENT, .rc[READ] = -ENODATA}},
    {"short",       {.values = 1, .running_percent = PERCENT, .rc[READ] = -EIO}    },
    {"right",       {.values = 1, .running_percent = PERCENT, .made = 1}           },
    {"dead",        {.values = 1, .running_percent = PERCENT}                      },
};

static int parse_multiplexed(const char *text, struct behaviour *out)
{
    char *end;
    const unsigned long percent = strtoul(text, &end, 10);
    if (end == text || percent > PERCENT)
        return -EINVAL;
    *out = (struct behaviour){.values = 1, .running_percent = (uint32_t)percent};
    if (*end == ':')
        out->value[0] = strtoull(end + 1, &end, 10);
    return *end ? -EINVAL : 0;
}

/* 40000, or 40000/12/0: a value for each batch. */
static int parse_values(const char *text, struct behaviour *out)
{
    *out = (struct behaviour){.running_percent = PERCENT};
    for (const char *at = text; out->values < VALUES; at++) {
        char *end;
        out->value[out->values++] = strtoull(at, &end, 10);
        if (end == at)
            return -EINVAL;
        if (*end != '/')
            return *end ? -EINVAL : 0;
        at = end;
    }
    return -EINVAL;
}

/* right:40000, biased:1.5:40000: the value is that of any batch but a control. */
static int parse_made(const char *text, bool factor, struct behaviour *out)
{
    char *end = (char *)(uintptr_t)text;
    *out = (struct behaviour){.values = 1, .running_percent = PERCENT, .made = 1};
    if (factor)
        out->made = strtod(text, &end);
    if (factor && (end == text || !(out->made >= 0)))
        return -EINVAL;
    if (!factor || *end == ':')
        out->value[0] = strtoull(factor ? end + 1 : text, &end, 10);
    return *end ? -EINVAL : 0;
}

/* -errno; 0: the word names none. */
static int failure_of(const char *word)
{
    for (size_t i = 0; i < HV_LEN(failures); i++)
        if (!strcmp(word, failures[i].word))
            return failures[i].rc;
    return 0;
}

/* read:EIO: the group opens, and fails later. */
static bool parse_step(const char *text, struct behaviour *out)
{
    for (size_t i = 0; i < STEPS; i++) {
        const size_t len = strlen(steps[i]);
        const int rc = strncmp(text, steps[i], len) ? 0 : failure_of(text + len);
        if (!rc)
            continue;
        *out = (struct behaviour){.values = 1, .running_percent = PERCENT};
        out->rc[i] = rc;
        return true;
    }
    return false;
}

static int parse(const char *text, struct behaviour *out)
{
    static const char multiplexed[] = "multiplexed:", right[] = "right:",
                      biased[] = "biased:";
    const int failure = failure_of(text);
    if (failure || parse_step(text, out))
        return failure;
    for (size_t i = 0; i < HV_LEN(words); i++) {
        if (strcmp(text, words[i].word))
            continue;
        *out = words[i].behaviour;
        return 0;
    }
    if (!strncmp(text, multiplexed, sizeof multiplexed - 1))
        return parse_multiplexed(text + sizeof multiplexed - 1, out);
    if (!strncmp(text, right, sizeof right - 1))
        return parse_made(text + sizeof right - 1, false, out);
    if (!strncmp(text, biased, sizeof biased - 1))
        return parse_made(text + sizeof biased - 1, true, out);
    return parse_values(text, out);
}

/* What the control of the event makes of it; an event without one counts none. */
static void tie_to_control(const struct hv_event *event, struct behaviour *out)
{
    const struct hv_event_kind *kind = hv_event_kind_of(event, NULL);
    out->each = kind ? kind->each : 0;
    out->control = kind ? kind->control : HV_CONTROLS;
}

/* The behaviour the script gives this event, by figure or by name. */
static int look_up(const struct hv_event *event, struct behaviour *out)
{
    const char *at = getenv("HV_FAKE");
    while (at && *at) {
        char item[256];
        const size_t len = strcspn(at, ",");
        hv_put(item, sizeof item, "%.*s", (int)len, at);
        char *behaviour = strrchr(item, '=');
        if (behaviour)
            *behaviour++ = '\0';
        if (behaviour && (!strcmp(item, event->figure) || !strcmp(item, event->name))) {
            const int rc = parse(behaviour, out);
            if (!rc)
                tie_to_control(event, out);
            return rc;
        }
        at += len + (at[len] == ',');
    }
    return -ENOENT;
}

static int load(int fd, struct group *group)
{
    const ssize_t got = pread(fd, group, sizeof *group, 0);
    if (got < 0)
        return -errno;
    return got == sizeof *group && group->n <= HV_GROUP_EVENTS ? 0 : -EBADF;
}

static int store(int fd, const struct group *group)
{
    const ssize_t put = pwrite(fd, group, sizeof *group, 0);
    if (put < 0)
        return -errno;
    return put == sizeof *group ? 0 : -EIO;
}

static int join(int leader, const struct behaviour *behaviour)
{
    struct group group;
    const int rc = load(leader, &group);
    if (rc)
        return rc;
    if (group.n == HV_GROUP_EVENTS)
        return -EINVAL; /* as the kernel says it of a group that can never fit */
    group.event[group.n++] = *behaviour;
    return store(leader, &group);
}

int hv_fake_open(const struct hv_event *event, pid_t pid, int cpu, int group_fd)
{
    (void)pid, (void)cpu; /* the script knows nothing of them */
    struct group group = {.n = 1};
    int rc = look_up(event, &group.event[0]);
    if (!rc && group_fd >= 0)
        rc = join(group_fd, &group.event[0]);
    if (rc)
        return rc;
    const int fd = memfd_create("hv_fake", MFD_CLOEXEC);
    if (fd < 0)
        return -errno;
    rc = store(fd, &group);
    if (rc)
        close(fd); /* a memory file: nothing can be lost */
    return rc ? rc : fd;
}

/* A group fails as a whole: by the first of its events that does. */
static int load_for(int leader, enum step step, struct group *group)
{
    int rc = load(leader, group);
    for (unsigned i = 0; !rc && i < group->n; i++)
        rc = group->event[i].rc[step];
    return rc;
}

int hv_fake_reset_enable(int leader)
{
    struct group group;
    const int rc = load_for(leader, START, &group);
    if (rc)
        return rc;
    group.batches++;
    return store(leader, &group);
}

int hv_fake_disable(int leader)
{
    struct group group;
    return load_for(leader, STOP, &group);
}

static uint64_t value_of(const struct group *group, unsigned event)
{
    const struct behaviour *behaviour = &group->event[event];
    const struct hv_control_batch last = hv_control_last();
    if (behaviour->made > 0 && last.any)
        return last.id == behaviour->control
                   ? (uint64_t)((double)last.n * behaviour->each * behaviour->made)
                   : 0;
    const uint32_t values = behaviour->values ? behaviour->values : 1;
    return behaviour->value[(group->batches - 1) % values % VALUES];
}

/* Times grow from batch to batch, as the kernel's do. A group runs as a whole: its
 * worst event decides. */
int hv_fake_read(int leader, unsigned n, struct hv_reading out[])
{
    struct group group;
    const int rc = load_for(leader, READ, &group);
    if (rc)
        return rc;
    if (n != group.n)
        return -EIO;
    uint32_t percent = PERCENT;
    for (unsigned i = 0; i < n; i++)
        if (group.event[i].running_percent < percent)
            percent = group.event[i].running_percent;
    const uint64_t enabled = (uint64_t)group.batches * BATCH_NS;
    for (unsigned i = 0; i < n; i++)
        out[i] = (struct hv_reading){
            .value = group.batches && percent ? value_of(&group, i) : 0,
            .enabled = enabled,
            .running = enabled / PERCENT * percent,
        };
    return 0;
}
