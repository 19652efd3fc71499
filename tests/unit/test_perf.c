/* SPDX-License-Identifier: MIT */
/* perf_event: the whitelist, real software events, and each way to fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "counters/perf.h"
#include "counters/tree.h"

static struct hv_event make(uint32_t type, uint64_t config)
{
    struct hv_event event = {.name = "event", .type = type, .config = config};
    return event;
}

static const struct {
    uint32_t type;
    uint64_t config;
    bool allowed;
} list[] = {
    {PERF_TYPE_HARDWARE,   PERF_COUNT_HW_CPU_CYCLES,       true },
    {PERF_TYPE_HARDWARE,   PERF_COUNT_HW_REF_CPU_CYCLES,   true },
    {PERF_TYPE_HARDWARE,   PERF_COUNT_HW_MAX,              false},
    {PERF_TYPE_HARDWARE,   UINT64_C(0x7fff0000) << 32,     false},
    {PERF_TYPE_HW_CACHE,   0x10000,                        true },
    {PERF_TYPE_HW_CACHE,   PERF_COUNT_HW_CACHE_MAX,        false},
    {PERF_TYPE_HW_CACHE,   0x300,                          false},
    {PERF_TYPE_HW_CACHE,   0x20000,                        false},
    {PERF_TYPE_RAW,        0xffffffffu,                    true },
    {PERF_TYPE_SOFTWARE,   PERF_COUNT_SW_TASK_CLOCK,       true },
    {PERF_TYPE_SOFTWARE,   PERF_COUNT_SW_EMULATION_FAULTS, true },
    {PERF_TYPE_SOFTWARE,   PERF_COUNT_SW_DUMMY,            false},
    {PERF_TYPE_SOFTWARE,   PERF_COUNT_SW_BPF_OUTPUT,       false},
    {PERF_TYPE_SOFTWARE,   UINT64_C(1) << 32,              false},
    {PERF_TYPE_TRACEPOINT, 1,                              false},
    {PERF_TYPE_BREAKPOINT, 0,                              false},
    {UINT32_MAX,           0,                              false},
};

static void the_whitelist_is_narrow(void **state)
{
    (void)state;
    for (size_t i = 0; i < HV_LEN(list); i++) {
        const struct hv_event event = make(list[i].type, list[i].config);
        if (hv_event_allowed(&event) != list[i].allowed)
            fail_msg("type %u config 0x%llx", list[i].type,
                     (unsigned long long)list[i].config);
    }
}

/* kprobe, uprobe, msr and what else this machine has that is no core PMU. */
static void dynamic_types_of_sysfs_are_not_core(void **state)
{
    (void)state;
    static const char *const pmus[] = {"kprobe", "uprobe", "msr", "breakpoint",
                                       "tracepoint"};
    for (size_t i = 0; i < HV_LEN(pmus); i++) {
        long type = 0;
        if (hv_tree_number("", &type, "/sys/bus/event_source/devices/%s/type", pmus[i]))
            continue;
        const struct hv_event event = make((uint32_t)type, 0);
        assert_false(hv_event_allowed(&event));
    }
}

static void unended_strings_and_odd_bools_are_refused(void **state)
{
    (void)state;
    struct hv_event event = make(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK);
    assert_true(hv_event_allowed(&event));
    memset(event.name, 'x', sizeof event.name);
    assert_false(hv_event_allowed(&event));
    event = make(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK);
    memset(event.pmu, 'x', sizeof event.pmu);
    assert_false(hv_event_allowed(&event));
    event = make(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK);
    memset(event.figure, 'x', sizeof event.figure);
    assert_false(hv_event_allowed(&event));
    event = make(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK);
    memset(&event.include_kernel, 7, 1);
    assert_false(hv_event_allowed(&event));
    event = make(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK);
    memset(&event.user_read, 2, 1);
    assert_false(hv_event_allowed(&event));
    event = make(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK);
    event.config2 = 1;
    assert_false(hv_event_allowed(&event));
}

/* -1: not here, and not for a reason of ours */
static int open_or_skip(const struct hv_event *event, int group)
{
    const int fd = hv_perf_open(event, 0, -1, group);
    return fd == -EACCES || fd == -EPERM || fd == -ENOSYS ? -1 : fd;
}

static void touch_fresh_pages(size_t pages)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), bytes = pages * page;
    char *fresh =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(fresh != MAP_FAILED);
    (void)madvise(fresh, bytes,
                  MADV_NOHUGEPAGE); /* a kernel without them says EINVAL */
    for (size_t i = 0; i < pages; i++)
        ((volatile char *)fresh)[i * page] = 1;
    munmap(fresh, bytes);
}

static void a_group_of_software_events_counts(void **state)
{
    (void)state;
    enum { PAGES = 64 };
    const struct hv_event clock = make(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK),
                          faults = make(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS);
    const int leader = open_or_skip(&clock, -1);
    if (leader == -1)
        skip();
    assert_true(leader >= 0);
    assert_true(fcntl(leader, F_GETFD) & FD_CLOEXEC);
    const int sibling = hv_perf_open(&faults, 0, -1, leader);
    assert_true(sibling >= 0);

    struct hv_reading before[2], after[2], still[2];
    assert_int_equal(hv_perf_read(leader, 2, before), 0);
    assert_int_equal(hv_reading_state(&before[0]), HV_NOT_COUNTED); /* not started */
    for (int batch = 0; batch < 2; batch++) {
        assert_int_equal(hv_perf_read(leader, 2, before), 0);
        assert_int_equal(hv_perf_reset_enable(leader), 0);
        touch_fresh_pages(PAGES);
        assert_int_equal(hv_perf_disable(leader), 0);
        assert_int_equal(hv_perf_read(leader, 2, after), 0);
        assert_true(after[0].value > 0);
        /* reset: the second batch does not hold the first one's faults */
        assert_in_range(after[1].value, PAGES, 2 * PAGES - 1);
        const struct hv_reading batch_alone = hv_reading_since(&after[1], &before[1]);
        assert_true(batch_alone.value == after[1].value);
        assert_true(batch_alone.enabled > 0 && batch_alone.enabled <= after[1].enabled);
        assert_int_equal(hv_reading_state(&batch_alone), HV_COUNTED);
    }
    touch_fresh_pages(PAGES); /* stopped: must not show */
    assert_int_equal(hv_perf_read(leader, 2, still), 0);
    assert_true(still[1].value == after[1].value);

    assert_int_equal(hv_perf_read(leader, 1, still), -EIO);
    assert_int_equal(hv_perf_read(leader, 3, still), -EIO);
    assert_int_equal(hv_perf_read(leader, 0, still), -EINVAL);
    assert_int_equal(hv_perf_read(leader, HV_GROUP_EVENTS + 1, still), -EINVAL);
    close(sibling);
    close(leader);
}

static void kernel_only_events_need_the_kernel(void **state)
{
    (void)state;
    struct hv_event event = make(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CONTEXT_SWITCHES);
    assert_int_equal(hv_perf_open(&event, 0, -1, -1), -EOPNOTSUPP);
    event.config = PERF_COUNT_SW_CPU_MIGRATIONS;
    assert_int_equal(hv_perf_open(&event, 0, -1, -1), -EOPNOTSUPP);
    event.include_kernel = true;
    const int fd = open_or_skip(&event, -1);
    if (fd == -1)
        skip();
    assert_true(fd >= 0);
    close(fd);
}

/* qemu-user knows none of perf's ioctls. */
static void assert_refused(int rc, int wanted)
{
    if (rc != -ENOSYS)
        assert_int_equal(rc, wanted);
}

/* A pinned group that lost the PMU reads 0 bytes: a file that is at its end does too.
 */
static void reads_that_are_no_counts(void **state)
{
    (void)state;
    struct hv_reading reading;
    const int empty = memfd_create("empty", MFD_CLOEXEC);
    assert_true(empty >= 0);
    assert_int_equal(hv_perf_read(empty, 1, &reading), -ENODATA);
    const uint64_t short_group[3] = {1, 10, 10};
    assert_int_equal(pwrite(empty, short_group, sizeof short_group, 0),
                     sizeof short_group);
    assert_int_equal(hv_perf_read(empty, 1, &reading), -EIO);
    const uint64_t of_two[4] = {2, 10, 10, 5}; /* says two events, holds one */
    assert_int_equal(pwrite(empty, of_two, sizeof of_two, 0), sizeof of_two);
    assert_int_equal(lseek(empty, 0, SEEK_SET), 0);
    assert_int_equal(hv_perf_read(empty, 1, &reading), -EIO);
    assert_int_equal(hv_perf_read(-1, 1, &reading), -EBADF);
    assert_refused(hv_perf_reset_enable(empty), -ENOTTY);
    assert_refused(hv_perf_disable(-1), -EBADF);
    close(empty);
}

static void states_are_told_from_the_times(void **state)
{
    (void)state;
    assert_int_equal(hv_reading_state(&(struct hv_reading){0, 0, 0}), HV_NOT_COUNTED);
    assert_int_equal(hv_reading_state(&(struct hv_reading){5, 9, 0}), HV_NOT_COUNTED);
    assert_int_equal(hv_reading_state(&(struct hv_reading){5, 9, 8}), HV_MULTIPLEXED);
    assert_int_equal(hv_reading_state(&(struct hv_reading){0, 9, 9}), HV_COUNTED);
}

static const struct {
    int err;
    const char *told;
} failures[] = {
    {ENOENT,    ""                          },
    {EACCES,    "not permitted"             },
    {EPERM,     "not permitted"             },
    {EINVAL,    "config 0x0"                },
    {EBUSY,     "another user holds the PMU"},
    {EMFILE,    "ulimit -n"                 },
    {ENOSPC,    "no hardware counter left"  },
    {ENOSYS,    "CONFIG_PERF_EVENTS"        },
    {ENODEV,    "is gone"                   },
    {E2BIG,     "too old"                   },
    {ECANCELED, "switched off"              },
    {EAGAIN,    "never got a counter"       },
    {ENODATA,   "lost its counter"          },
    {EIO,       "short read"                },
};

static void each_failure_has_its_own_words(void **state)
{
    (void)state;
    char words[HV_LEN(failures)][400];
    const struct hv_event event = make(PERF_TYPE_HARDWARE, 0);
    for (size_t i = 0; i < HV_LEN(failures); i++) {
        hv_perf_words(-failures[i].err, &event, words[i], sizeof words[i]);
        const char *class = hv_perf_class(-failures[i].err);
        assert_memory_equal(words[i], class, strlen(class));
        assert_non_null(strstr(words[i], "event"));
        assert_non_null(strstr(words[i], failures[i].told));
        char positive[400];
        assert_string_equal(words[i], hv_perf_words(failures[i].err, &event, positive,
                                                    sizeof positive));
        for (size_t j = 0; j < i; j++)
            if (failures[i].err != EPERM && failures[j].err != EPERM) /* as EACCES */
                assert_string_not_equal(words[i], words[j]);
    }
    assert_string_equal(hv_perf_class(-ENODATA), "<not counted>");
    assert_string_equal(hv_perf_class(-EAGAIN), "<not counted>");
    assert_string_equal(hv_perf_class(-EIO), "<not counted>");
    assert_string_equal(hv_perf_class(-ENOENT), "<not supported>");

    char text[400];
    const struct hv_event switches =
        make(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CONTEXT_SWITCHES);
    assert_non_null(strstr(hv_perf_words(-EOPNOTSUPP, &switches, text, sizeof text),
                           "happens in the kernel"));
    assert_non_null(
        strstr(hv_perf_words(-EOPNOTSUPP, &event, text, sizeof text), "feature"));
    assert_non_null(
        strstr(hv_perf_words(-EXDEV, &event, text, sizeof text), strerror(EXDEV)));
    assert_non_null(
        strstr(hv_perf_words(-ECANCELED, &event, text, sizeof text), "switched off"));
    char tiny[8];
    hv_perf_words(-ENOENT, &event, tiny, sizeof tiny);
    assert_int_equal(strlen(tiny), sizeof tiny - 1);
}

/* In a child whose perf_event_open fails with this errno; what hv_perf_open returns. */
static int open_under(int err)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_perf_event_open, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)err),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = {HV_LEN(code), code};
    const struct hv_event event = make(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (!child) {
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
            prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
            _exit(255);
        const int rc = hv_perf_open(&event, 0, -1, -1);
        _exit(rc < 0 ? -rc : 0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void errors_of_the_kernel_come_through(void **state)
{
    (void)state;
    static const int errors[] = {ENOENT, EACCES, EPERM,  EINVAL,
                                 EBUSY,  EMFILE, ENOSPC, ENOSYS};
    for (size_t i = 0; i < HV_LEN(errors); i++) {
        const int got = open_under(errors[i]);
        if (got == 255)
            skip(); /* no seccomp here */
        assert_int_equal(got, errors[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whitelist_is_narrow),
        cmocka_unit_test(dynamic_types_of_sysfs_are_not_core),
        cmocka_unit_test(unended_strings_and_odd_bools_are_refused),
        cmocka_unit_test(a_group_of_software_events_counts),
        cmocka_unit_test(kernel_only_events_need_the_kernel),
        cmocka_unit_test(reads_that_are_no_counts),
        cmocka_unit_test(states_are_told_from_the_times),
        cmocka_unit_test(each_failure_has_its_own_words),
        cmocka_unit_test(errors_of_the_kernel_come_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
