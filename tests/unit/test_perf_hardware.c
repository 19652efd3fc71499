/* SPDX-License-Identifier: MIT */
/* Real hardware that counts even where a virtual machine has no PMU: watchpoints, whose
 * counts are exact, and the time-stamp counter as the kernel's msr PMU reads it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <math.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "counters/clock.h"
#include "counters/perf.h"
#include "counters/tree.h"
#include "counters/user_page.h"

enum { SLOTS = 16 };

static volatile uint64_t watched, beside;

/* A watchpoint on writes: an event that struct hv_event cannot hold, with the format
 * that hv_perf_read expects. A descriptor or -errno. */
static int watch(volatile uint64_t *address, int group_fd)
{
    struct perf_event_attr attr = {
        .size = sizeof attr,
        .type = PERF_TYPE_BREAKPOINT,
        .bp_type = HW_BREAKPOINT_W,
        .bp_addr = (uintptr_t)address,
        .bp_len = HW_BREAKPOINT_LEN_8,
        .read_format = PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED |
                       PERF_FORMAT_TOTAL_TIME_RUNNING,
        .disabled = group_fd < 0,
        .exclude_kernel = 1,
        .exclude_hv = 1,
    };
    const long fd =
        syscall(SYS_perf_event_open, &attr, 0, -1, group_fd, PERF_FLAG_FD_CLOEXEC);
    return fd < 0 ? -errno : (int)fd;
}

static void write_times(volatile uint64_t *to, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        *to = i;
}

/* Some virtual machines open watchpoints that never fire. Asked without any function of
 * ours, which must not look like such a machine when they fail. */
static bool watchpoints_fire(int fd)
{
    uint64_t group[4] = {0};
    if (ioctl(fd, PERF_EVENT_IOC_ENABLE, 0))
        return false;
    write_times(&watched, 2);
    return read(fd, group, sizeof group) == sizeof group && group[3] > 0;
}

static int watch_or_skip(void)
{
    const int probe = watch(&watched, -1);
    const bool fire = probe >= 0 && watchpoints_fire(probe);
    if (probe >= 0)
        close(probe);
    if (!fire) {
        print_message("skipped: watchpoints here: %s\n",
                      probe < 0 ? strerror(-probe) : "open, and never fire");
        skip();
    }
    return watch(&watched, -1);
}

static void writes_are_counted_to_the_last(void **state)
{
    (void)state;
    static const unsigned written[] = {1000, 500, 1, 0, 1000};
    const int fd = watch_or_skip();
    struct hv_reading before, after, still;
    for (size_t i = 0; i < HV_LEN(written); i++) {
        write_times(&watched, 3); /* off: must not show */
        assert_int_equal(hv_perf_read(fd, 1, &before), 0);
        assert_int_equal(hv_perf_reset_enable(fd), 0);
        write_times(&watched, written[i]);
        write_times(&beside, 10); /* another address */
        assert_int_equal(hv_perf_disable(fd), 0);
        write_times(&watched, 7);
        assert_int_equal(hv_perf_read(fd, 1, &after), 0);
        assert_int_equal(after.value, written[i]);
        const struct hv_reading batch = hv_reading_since(&after, &before);
        assert_int_equal(hv_reading_state(&batch), HV_COUNTED);
        assert_int_equal(hv_perf_read(fd, 1, &still), 0);
        assert_int_equal(still.value, after.value);
    }
    close(fd);
}

/* Events of two PMUs, one hardware and one not, switched by their leader. */
static void a_mixed_group_counts_together(void **state)
{
    (void)state;
    const struct hv_event clock = {.name = "task-clock",
                                   .type = PERF_TYPE_SOFTWARE,
                                   .config = PERF_COUNT_SW_TASK_CLOCK};
    const int fd = watch_or_skip(), second = watch(&beside, fd),
              third = hv_perf_open(&clock, 0, -1, fd);
    struct hv_reading reading[3];
    assert_true(second >= 0 && third >= 0);
    for (unsigned n = 10; n <= 1000; n *= 10) {
        assert_int_equal(hv_perf_reset_enable(fd), 0);
        write_times(&watched, n);
        write_times(&beside, 2 * n);
        assert_int_equal(hv_perf_disable(fd), 0);
        assert_int_equal(hv_perf_read(fd, 3, reading), 0);
        assert_int_equal(reading[0].value, n);
        assert_int_equal(reading[1].value, 2 * n);
        assert_true(reading[2].value > 0);
        assert_true(reading[0].running > 0);
    }
    assert_int_equal(hv_perf_read(fd, 2, reading), -EIO);
    close(third);
    close(second);
    close(fd);
}

/* x86-64 has four debug registers. */
static void one_too_many_has_no_counter_left(void **state)
{
    (void)state;
    static volatile uint64_t many[SLOTS];
    int fds[SLOTS], rc = 0;
    unsigned n = 0;
    char words[300];
    const struct hv_event event = {.name = "watchpoint", .type = PERF_TYPE_BREAKPOINT};
    while (n < SLOTS && (rc = watch(&many[n], -1)) >= 0)
        fds[n++] = rc;
    if (!n) {
        print_message("skipped: no watchpoint opens here: %s\n", strerror(-rc));
        skip();
    }
    assert_int_equal(rc, -ENOSPC);
#ifdef __x86_64__
    assert_int_equal(n, 4);
#endif
    assert_non_null(strstr(hv_perf_words(rc, &event, words, sizeof words),
                           "no hardware counter left"));
    close(fds[--n]); /* one given back is one to be had */
    const int again = watch(&many[0], -1);
    assert_true(again >= 0);
    close(again);
    while (n)
        close(fds[--n]);
}

/* The opener never opens one, whoever asks. */
static void the_opener_opens_no_watchpoint(void **state)
{
    (void)state;
    const struct hv_event event = {.name = "watchpoint",
                                   .type = PERF_TYPE_BREAKPOINT,
                                   .config1 = (uintptr_t)&watched,
                                   .config2 = HW_BREAKPOINT_LEN_8};
    assert_false(hv_event_allowed(&event));
}

static bool find_tsc(struct hv_event *event)
{
    long type;
    char config[32];
    if (hv_tree_number("", &type, "/sys/bus/event_source/devices/msr/type") ||
        hv_tree_line("", config, sizeof config,
                     "/sys/bus/event_source/devices/msr/events/tsc"))
        return false;
    assert_string_equal(config, "event=0x00");
    *event = (struct hv_event){
        .name = "tsc", .type = (uint32_t)type, .include_kernel = true};
    return true;
}

/* It counts the kernel's ticks as well, so it asks for the right to. */
static int tsc_or_skip(struct hv_event *event)
{
    const bool found = find_tsc(event);
    const int fd = found ? hv_perf_open(event, 0, -1, -1) : -ENOENT;
    if (fd == -ENOENT || fd == -EACCES || fd == -EPERM || fd == -ENOSYS) {
        print_message("skipped: no msr/tsc/ to count with here: %s\n", strerror(-fd));
        skip();
    }
    assert_true(fd >= 0);
    return fd;
}

/* What a batch of so many ticks counts, and how many there were inside and outside of
 * what switches it. */
static uint64_t count_ticks(int fd, uint64_t ticks, uint64_t *inside, uint64_t *outside)
{
    struct hv_reading before, after, still;
    assert_int_equal(hv_perf_read(fd, 1, &before), 0);
    const uint64_t first = hv_ticks();
    assert_int_equal(hv_perf_reset_enable(fd), 0);
    const uint64_t start = hv_ticks();
    uint64_t now = start;
    while (now - start < ticks)
        now = hv_ticks();
    assert_int_equal(hv_perf_disable(fd), 0);
    *outside = hv_ticks() - first;
    *inside = now - start;
    assert_int_equal(hv_perf_read(fd, 1, &after), 0);
    assert_int_equal(hv_perf_read(fd, 1, &still), 0);
    assert_true(still.value == after.value);
    const struct hv_reading batch = hv_reading_since(&after, &before);
    assert_int_equal(hv_reading_state(&batch), HV_COUNTED);
    return batch.value;
}

/* A preempted task is off the counter, while rdtsc goes on: so the best of some. */
static void tsc_is_what_rdtsc_reads(void **state)
{
    (void)state;
    enum { TICKS = 4000000, TRIES = 300, FEW = 3 };
    struct hv_event event;
    const int fd = tsc_or_skip(&event);
    double apart = 1; /* the best try: a busy machine gets between the readings */
    for (int i = 0; i < FEW || (i < TRIES && apart > 0.002); i++) {
        uint64_t inside, outside;
        const uint64_t counted = count_ticks(fd, TICKS, &inside, &outside);
        assert_true(counted <= outside);
        apart = fmin(apart, fabs((double)counted / (double)inside - 1));
    }
    print_message("msr/tsc/ and rdtsc: %.5f apart\n", apart);
    assert_true(apart < 0.005);
    close(fd);
}

/* It cannot leave anything out: not the hypervisor, which hv_perf_open lets be, and not
 * the kernel, which it must not. */
static void tsc_cannot_count_user_space_alone(void **state)
{
    (void)state;
    struct hv_event event;
    const struct perf_event_mmap_page *page;
    struct hv_user_count count;
    const int fd = tsc_or_skip(&event);
    if (!hv_user_page_map(fd, &page)) {
        assert_int_equal(hv_user_page_read(page, &count), -EOPNOTSUPP);
        hv_user_page_unmap(page);
    }
    close(fd);
    event.include_kernel = false;
    assert_int_equal(hv_perf_open(&event, 0, -1, -1), -EINVAL);
    assert_false(hv_event_allowed(&event)); /* nor is it a core's */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_are_counted_to_the_last),
        cmocka_unit_test(a_mixed_group_counts_together),
        cmocka_unit_test(one_too_many_has_no_counter_left),
        cmocka_unit_test(the_opener_opens_no_watchpoint),
        cmocka_unit_test(tsc_is_what_rdtsc_reads),
        cmocka_unit_test(tsc_cannot_count_user_space_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
