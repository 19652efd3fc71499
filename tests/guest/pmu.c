/* SPDX-License-Identifier: MIT */
/* A PMU that counts for real, against known answers. It runs in an emulated Neoverse N1
 * that counts instructions exactly: six counters and one of cycles.
 *
 *   guest_pmu            every case, a line of TAP each
 *   guest_pmu hold N     takes N counters of the CPU away until it is killed */
#include <errno.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "counters/perf.h"
#include "counters/user_page.h"
#include "src/analyse/events.h"
#include "src/base/arena.h"

enum { COUNTERS = 6, LOOP = 4, INST_RETIRED = 0x08, CPU_CYCLES = 0x11 };

/* n times four instructions; nothing in it depends on the compiler. */
static void loop(uint64_t n)
{
    __asm__ volatile("1: add x9, x9, #1\n\tnop\n\tsubs %0, %0, #1\n\tb.ne 1b"
                     : "+r"(n)
                     :
                     : "x9", "cc");
}

static struct hv_event raw(uint64_t config)
{
    struct hv_event event = {.type = PERF_TYPE_RAW, .config = config};
    snprintf(event.name, sizeof event.name, "r%02llx", (unsigned long long)config);
    return event;
}

/* A group under its leader; fd[0] is it. 0 or -errno of the first that fails. */
struct group {
    unsigned n;
    int fd[HV_GROUP_EVENTS + 1];
};

static void drop(struct group *group)
{
    while (group->n)
        close(group->fd[--group->n]);
}

static int add(struct group *group, const struct hv_event *event)
{
    const int fd = hv_perf_open(event, 0, -1, group->n ? group->fd[0] : -1);
    if (fd >= 0)
        group->fd[group->n++] = fd;
    return fd < 0 ? fd : 0;
}

static int add_raw(struct group *group, uint64_t config)
{
    const struct hv_event event = raw(config);
    return add(group, &event);
}

/* The batch of n turns of the loop. */
static int batch(const struct group *group, uint64_t n, struct hv_reading *out)
{
    struct hv_reading before[HV_GROUP_EVENTS];
    int rc = hv_perf_read(group->fd[0], group->n, before);
    rc = rc ? rc : hv_perf_reset_enable(group->fd[0]);
    if (rc)
        return rc;
    loop(n);
    rc = hv_perf_disable(group->fd[0]);
    rc = rc ? rc : hv_perf_read(group->fd[0], group->n, out);
    for (unsigned i = 0; !rc && i < group->n; i++)
        out[i] = hv_reading_since(&out[i], &before[i]);
    return rc;
}

static char why[256];

#define FAIL(...) (snprintf(why, sizeof why, __VA_ARGS__), false)

/* ---- the cases ---- */

static bool exact_with(uint64_t config)
{
    struct group group = {0};
    struct hv_reading out[1];
    uint64_t excess[3] = {0};
    int rc = add_raw(&group, config);
    for (unsigned k = 0; !rc && k < HV_LEN(excess); k++) {
        const uint64_t n = 100000 * (k + 1);
        rc = batch(&group, n, out);
        excess[k] = out[0].value - LOOP * n;
    }
    drop(&group);
    if (rc)
        return FAIL("%s", strerror(-rc));
    if (excess[0] != excess[1] || excess[1] != excess[2] || excess[0] > 200)
        return FAIL("4 N + %lld, %lld, %lld", (long long)excess[0],
                    (long long)excess[1], (long long)excess[2]);
    printf("# 4 N + %llu for N, 2 N, 3 N\n", (unsigned long long)excess[0]);
    return true;
}

static bool loop_is_exact(void)
{
    return exact_with(INST_RETIRED);
}

/* An instruction is a cycle here. */
static bool cycles_are_exact(void)
{
    return exact_with(CPU_CYCLES);
}

/* All siblings count the same loop, each once. */
static bool group_of_seven(void)
{
    struct group group = {0};
    struct hv_reading out[HV_GROUP_EVENTS];
    int rc = add_raw(&group, CPU_CYCLES);
    for (unsigned i = 0; !rc && i < COUNTERS; i++)
        rc = add_raw(&group, INST_RETIRED);
    rc = rc ? rc : batch(&group, 100000, out);
    const unsigned n = group.n;
    drop(&group);
    if (rc)
        return FAIL("event %u: %s", n, strerror(-rc));
    for (unsigned i = 0; i < n; i++)
        if (hv_reading_state(&out[i]) != HV_COUNTED || out[i].value < LOOP * 100000 ||
            out[i].value > LOOP * 100000 + 200)
            return FAIL(
                "event %u: %llu, %llu of %llu ns", i, (unsigned long long)out[i].value,
                (unsigned long long)out[i].running, (unsigned long long)out[i].enabled);
    return true;
}

/* The kernel does not count a disabled leader when it asks whether a group fits: one
 * event too many is opened with the others, and none of them ever counts. */
static bool oversize_group_never_counts(void)
{
    struct group group = {0};
    struct hv_reading out[HV_GROUP_EVENTS] = {{0}};
    int rc = add_raw(&group, INST_RETIRED);
    for (unsigned i = 0; !rc && i < COUNTERS; i++)
        rc = add_raw(&group, INST_RETIRED);
    if (!rc)
        rc = batch(&group, 100000, out);
    const unsigned n = group.n;
    drop(&group);
    if (rc == -EINVAL || rc == -ENODATA) /* refused, or thrown out: both are words */
        return true;
    if (rc)
        return FAIL("%s", strerror(-rc));
    for (unsigned i = 0; i < n; i++)
        if (hv_reading_state(&out[i]) != HV_NOT_COUNTED)
            return FAIL("event %u counted %llu", i, (unsigned long long)out[i].value);
    return true;
}

static bool ninth_event_is_refused(void)
{
    struct group group = {0};
    int rc = 0;
    while (!rc && group.n <= HV_GROUP_EVENTS)
        rc = add_raw(&group, INST_RETIRED);
    const unsigned n = group.n;
    drop(&group);
    if (rc != -EINVAL || n != COUNTERS + 1)
        return FAIL("%u events, then %s", n, strerror(-rc));
    return true;
}

/* Two pinned groups of four want eight counters of six: one of them is thrown out. */
static bool evicted_group_says_so(void)
{
    struct group first = {0}, second = {0};
    struct hv_reading out[HV_GROUP_EVENTS];
    int rc = 0;
    for (unsigned i = 0; !rc && i < 4; i++) {
        rc = add_raw(&first, INST_RETIRED);
        rc = rc ? rc : add_raw(&second, INST_RETIRED);
    }
    rc = rc ? rc : hv_perf_reset_enable(first.fd[0]);
    const int lost = rc ? rc : batch(&second, 1000, out);
    rc = rc ? rc : hv_perf_read(first.fd[0], first.n, out);
    drop(&first);
    drop(&second);
    if (rc)
        return FAIL("the first: %s", strerror(-rc));
    return lost == -ENODATA ? true : FAIL("the second: %s", strerror(-lost));
}

/* What the analysis makes of one reading of n turns of the loop. */
static struct hv_evidence evidence_of(struct hv_reading *reading, uint64_t n,
                                      struct hv_arena *arena)
{
    struct hv_event_run event = {.event = "r08",
                                 .qualification = HV_QUALIFIED,
                                 .reads = {[HV_BASELINE] = reading},
                                 .n_reads = 1};
    const struct hv_group_run group = {
        .iterations = {n, n},
          .events = &event, 1
    };
    const struct hv_run run = {.version = "test"};
    return hv_event_evidence(&run, &group, &event, HV_BASELINE, "instructions", arena,
                             arena);
}

static unsigned open_unpinned(int fd[], unsigned most)
{
    struct perf_event_attr attr = {
        .size = sizeof attr,
        .type = PERF_TYPE_RAW,
        .config = INST_RETIRED,
        .exclude_kernel = 1,
        .read_format = PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED |
                       PERF_FORMAT_TOTAL_TIME_RUNNING,
    };
    unsigned n = 0;
    while (n < most &&
           (fd[n] = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0)) >= 0)
        n++;
    return n;
}

/* Without pinning the kernel takes turns: each event counts part of the time, is told
 * as that, and scaled up to about what there was. */
static bool turns_are_scaled(void)
{
    enum { EVENTS = 14 };
    const uint64_t turns = 20000000;
    struct hv_arena *arena = hv_arena_open();
    int fd[EVENTS];
    const unsigned n = open_unpinned(fd, EVENTS);
    unsigned right = 0;
    double last = 0;
    loop(turns);
    for (unsigned i = 0; i < n; i++) {
        struct hv_reading reading;
        if (hv_perf_read(fd[i], 1, &reading) ||
            hv_reading_state(&reading) != HV_MULTIPLEXED)
            continue;
        const struct hv_evidence found = evidence_of(&reading, turns, arena);
        last = found.value;
        right += found.provenance == HV_SCALED && fabs(found.value / LOOP - 1) < 0.25;
    }
    for (unsigned i = 0; i < n; i++)
        close(fd[i]);
    hv_arena_close(arena);
    return n == EVENTS && right == n
               ? true
               : FAIL("%u opened, %u scaled right, the last %g", n, right, last);
}

/* What n turns of the loop count by the page less what they count by read(2), or -errno
 * as *rc. The event runs on meanwhile: the page is read inside of the calls. */
static int64_t page_less_call(int fd, const struct perf_event_mmap_page *page,
                              uint64_t n, int *rc)
{
    struct hv_user_count before, after;
    struct hv_reading first, last;
    *rc = hv_perf_read(fd, 1, &first);
    *rc = *rc ? *rc : hv_user_page_read(page, &before);
    loop(n);
    *rc = *rc ? *rc : hv_user_page_read(page, &after);
    *rc = *rc ? *rc : hv_perf_read(fd, 1, &last);
    if (*rc)
        return 0;
    return (int64_t)(after.value - before.value - (last.value - first.value));
}

/* Needs kernel.perf_user_access=1. */
static bool page_counts_as_read_does(uint64_t config)
{
    struct hv_event event = raw(config);
    const struct perf_event_mmap_page *page = NULL;
    int64_t apart[3] = {0};
    event.user_read = true;
    const int fd = hv_perf_open(&event, 0, -1, -1);
    int rc = fd < 0 ? fd : hv_user_page_map(fd, &page);
    rc = rc ? rc : hv_perf_reset_enable(fd);
    for (unsigned k = 0; !rc && k < HV_LEN(apart); k++)
        apart[k] = page_less_call(fd, page, 100000 * (k + 1), &rc);
    hv_user_page_unmap(page);
    if (fd >= 0)
        close(fd);
    if (rc)
        return FAIL("%s", hv_user_page_words(rc));
    if (apart[0] != apart[1] || apart[1] != apart[2] || apart[0] > 0 || apart[0] < -500)
        return FAIL("apart by %lld, %lld, %lld", (long long)apart[0],
                    (long long)apart[1], (long long)apart[2]);
    printf("# %lld by the page for N, 2 N, 3 N\n", (long long)apart[0]);
    return true;
}

static bool page_counts_instructions(void)
{
    return page_counts_as_read_does(INST_RETIRED);
}

static bool page_counts_cycles(void)
{
    return page_counts_as_read_does(CPU_CYCLES);
}

/* Not a core's event: the debug registers count writes, to the last one. */
static bool watchpoint_counts_writes(void)
{
    enum { WRITES = 7 };
    static volatile uint64_t watched;
    struct hv_reading reading = {0};
    struct perf_event_attr attr = {
        .size = sizeof attr,
        .type = PERF_TYPE_BREAKPOINT,
        .bp_type = HW_BREAKPOINT_W,
        .bp_addr = (uintptr_t)&watched,
        .bp_len = HW_BREAKPOINT_LEN_8,
        .read_format = PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED |
                       PERF_FORMAT_TOTAL_TIME_RUNNING,
        .disabled = 1,
        .exclude_kernel = 1,
    };
    const int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
    int rc = fd < 0 ? -errno : hv_perf_reset_enable(fd);
    for (unsigned i = 0; i < WRITES; i++)
        watched = i;
    rc = rc ? rc : hv_perf_disable(fd);
    watched = WRITES;
    rc = rc ? rc : hv_perf_read(fd, 1, &reading);
    if (fd >= 0)
        close(fd);
    if (rc)
        return FAIL("%s", strerror(-rc));
    return reading.value == WRITES
               ? true
               : FAIL("%llu of %d", (unsigned long long)reading.value, WRITES);
}

static const struct {
    const char *name;
    bool (*holds)(void);
} cases[] = {
    {"a loop of known length is exact",                    loop_is_exact              },
    {"cycles are instructions here",                       cycles_are_exact           },
    {"a group of seven counts",                            group_of_seven             },
    {"the eighth event of a group is refused",             ninth_event_is_refused     },
    {"a group too large never counts",                     oversize_group_never_counts},
    {"a group that lost its counters says so",             evicted_group_says_so      },
    {"instructions by the user page are those of read(2)", page_counts_instructions   },
    {"cycles by the user page are those of read(2)",       page_counts_cycles         },
    {"a watchpoint counts writes to the last",             watchpoint_counts_writes   },
    {"events that take turns are scaled",                  turns_are_scaled           },
};

/* Pinned, for the whole CPU: what an NMI watchdog or another tool does. */
static int hold(unsigned n)
{
    struct perf_event_attr attr = {
        .size = sizeof attr,
        .type = PERF_TYPE_RAW,
        .config = INST_RETIRED,
        .pinned = 1,
    };
    while (n--)
        if (syscall(SYS_perf_event_open, &attr, -1, 0, -1, 0) < 0) {
            perror("hold");
            return EXIT_FAILURE;
        }
    puts("held");
    fflush(stdout);
    for (;;)
        pause();
}

int main(int argc, char **argv)
{
    if (argc == 3 && !strcmp(argv[1], "hold"))
        return hold((unsigned)strtoul(argv[2], NULL, 10));
    unsigned failed = 0;
    for (size_t i = 0; i < HV_LEN(cases); i++) {
        const bool holds = cases[i].holds();
        failed += !holds;
        printf("%sok - %s%s%s\n", holds ? "" : "not ", cases[i].name, holds ? "" : ": ",
               holds ? "" : why);
    }
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
