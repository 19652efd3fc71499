/* SPDX-License-Identifier: MIT */
/* The user page: a page of our own that behaves as the kernel's does, and the kernel's
 * where it offers one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <unistd.h>

#include "counters/event.h"
#include "counters/perf.h"
#include "counters/probe.h"
#include "counters/user_page.h"
#include "src/base/error.h"

/* The page, and what its counter does when it is read. */
static struct perf_event_mmap_page page;
static uint64_t raw;
static uint32_t asked;
static unsigned reads, changes;

static void reset_page(uint16_t width)
{
    memset(&page, 0, sizeof page);
    page.cap_bit0_is_deprecated = 1;
    page.cap_user_rdpmc = 1;
    page.pmc_width = width;
    page.index = 1;
    page.lock = 2;
    raw = 0;
    reads = changes = 0;
}

static uint64_t plain(uint32_t number)
{
    reads++;
    asked = number;
    return raw;
}

/* While it is being read, the kernel moves the count from the counter to the offset,
 * `changes` times: the offset seen before and the counter seen after do not belong
 * together. */
static uint64_t moving(uint32_t number)
{
    if (changes) {
        changes--;
        page.lock += 2;
        page.offset += 1000;
        raw -= 1000;
    }
    return plain(number);
}

/* ... and moves the event to another counter. */
static uint64_t leaving(uint32_t number)
{
    if (changes) {
        changes--;
        page.lock += 2;
        page.index = 0;
    }
    return plain(number);
}

static uint64_t never_ends(uint32_t number)
{
    page.lock += 2;
    return plain(number);
}

static uint64_t read_by(hv_counter_fn *counter)
{
    struct hv_user_count count;
    assert_int_equal(hv_user_page_read_by(&page, counter, &count), 0);
    return count.value;
}

/* A counter starts below zero, at -(its half), and the offset makes up for it. */
static const struct {
    unsigned width;
    uint64_t raw;
    int64_t offset;
    uint64_t count;
} widths[] = {
    {40, 5,                             0,                5                         },
    {40, (UINT64_C(1) << 40) - 7,       7,                0                         },
    {40, (UINT64_C(1) << 40) - 7,       1000,             993                       },
    {40, UINT64_C(1) << 39,             INT64_C(1) << 39, 0                         },
    {48, (UINT64_C(1) << 48) - 1,       INT64_C(1) << 47, (UINT64_C(1) << 47) - 1   },
    {48, (UINT64_C(1) << 47) - 1,       1,                UINT64_C(1) << 47         },
    {48, (UINT64_C(0xffff) << 48) | 12, 30,               42                        },
    {32, UINT64_C(0xffffffff),          100,              99                        },
    {32, UINT64_C(0x7fffffff),          100,              UINT64_C(0x7fffffff) + 100},
    {64, UINT64_MAX,                    10,               9                         },
    {64, UINT64_C(1) << 63,             INT64_MIN,        0                         },
    {64, 17,                            -10,              7                         },
    {1,  1,                             1,                0                         },
};

static void a_counter_is_signed_at_every_width(void **state)
{
    (void)state;
    for (size_t i = 0; i < HV_LEN(widths); i++) {
        reset_page((uint16_t)widths[i].width);
        raw = widths[i].raw;
        page.offset = widths[i].offset;
        const uint64_t got = read_by(plain);
        if (got != widths[i].count)
            fail_msg("row %zu: %llu", i, (unsigned long long)got);
    }
}

/* What it counted stays right when the counter wraps between two readings. */
static void a_counter_that_wraps_goes_on(void **state)
{
    (void)state;
    static const uint16_t bits[] = {32, 40, 48};
    for (size_t i = 0; i < HV_LEN(bits); i++) {
        const uint64_t all = UINT64_C(1) << bits[i], half = all / 2;
        reset_page(bits[i]);
        raw = all - half; /* -(half): where the kernel starts it */
        page.offset = (int64_t)half;
        assert_true(read_by(plain) == 0);
        raw = all - 1;
        const uint64_t before = read_by(plain);
        raw = 0; /* across zero: no carry may show */
        assert_true(read_by(plain) == before + 1);
        raw = half - 1;
        assert_true(read_by(plain) == all - 1);
        /* the interrupt at its half: the kernel adds what there was and starts anew */
        raw = all - half + 3;
        page.offset += (int64_t)all;
        page.lock += 2;
        assert_true(read_by(plain) == all + 3);
    }
}

static void the_number_is_one_less_than_the_index(void **state)
{
    (void)state;
    static const uint32_t indices[] = {1, 3, 32, (UINT32_C(1) << 30) + 2};
    for (size_t i = 0; i < HV_LEN(indices); i++) {
        reset_page(48);
        page.index = indices[i];
        (void)read_by(plain);
        assert_int_equal(asked, indices[i] - 1);
    }
}

static void a_page_that_changes_is_read_again(void **state)
{
    (void)state;
    struct hv_user_count count;
    for (unsigned times = 1; times <= 3; times++) {
        reset_page(48);
        raw = 5000;
        changes = times;
        assert_true(read_by(moving) == 5000);
        assert_int_equal(reads, times + 1);
    }
    reset_page(48);
    changes = 1;
    assert_int_equal(hv_user_page_read_by(&page, leaving, &count), -EAGAIN);
    reset_page(48);
    assert_int_equal(hv_user_page_read_by(&page, never_ends, &count), -EBUSY);
    assert_in_range(reads, 2, 10000); /* it gives up */
    reset_page(48);
    page.lock = 3; /* the kernel is in the middle of writing it */
    assert_int_equal(hv_user_page_read_by(&page, plain, &count), -EBUSY);
}

/* Without an index or the right to it, the counter must not be touched: that would be
 * a signal. */
static void what_is_not_offered_is_not_read(void **state)
{
    (void)state;
    struct hv_user_count count;
    reset_page(48);
    page.index = 0;
    page.offset = 77;
    assert_int_equal(hv_user_page_read_by(&page, plain, &count), -EAGAIN);
    reset_page(48);
    page.cap_user_rdpmc = 0;
    assert_int_equal(hv_user_page_read_by(&page, plain, &count), -EOPNOTSUPP);
    reset_page(48);
    page.cap_bit0_is_deprecated = 0; /* Linux 3.4 to 3.11 */
    assert_int_equal(hv_user_page_read_by(&page, plain, &count), -EOPNOTSUPP);
    reset_page(0);
    assert_int_equal(hv_user_page_read_by(&page, plain, &count), -ERANGE);
    reset_page(65);
    assert_int_equal(hv_user_page_read_by(&page, plain, &count), -ERANGE);
    assert_int_equal(reads, 0);
}

static void a_schedule_is_lock_and_index(void **state)
{
    (void)state;
    struct hv_user_count before, after;
    reset_page(48);
    page.time_enabled = 100;
    page.time_running = 60;
    assert_int_equal(hv_user_page_read_by(&page, plain, &before), 0);
    assert_int_equal(before.enabled, 100);
    assert_int_equal(before.running, 60);
    raw = 9;
    assert_int_equal(hv_user_page_read_by(&page, plain, &after), 0);
    assert_true(hv_user_page_steady(&before, &after));
    page.index = 2;
    assert_int_equal(hv_user_page_read_by(&page, plain, &after), 0);
    assert_false(hv_user_page_steady(&before, &after));
    page.index = 1;
    page.lock += 2; /* went away and came back */
    assert_int_equal(hv_user_page_read_by(&page, plain, &after), 0);
    assert_false(hv_user_page_steady(&before, &after));
}

static void each_failure_has_its_own_words(void **state)
{
    (void)state;
    static const int errors[] = {EOPNOTSUPP, EAGAIN, EBUSY,  ERANGE, EPERM, EACCES,
                                 ENOMEM,     ENODEV, EINVAL, EXDEV,  EFAULT};
    for (size_t i = 0; i < HV_LEN(errors); i++) {
        const char *words = hv_user_page_words(errors[i]);
        assert_string_equal(words, hv_user_page_words(-errors[i]));
        assert_true(strlen(words) > 15);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(words, hv_user_page_words(errors[j]));
    }
}

/* Software events have a page, and it says that there is nothing to read. */
static void a_software_event_offers_none(void **state)
{
    (void)state;
    const struct hv_event event = {.name = "task-clock",
                                   .type = PERF_TYPE_SOFTWARE,
                                   .config = PERF_COUNT_SW_TASK_CLOCK,
                                   .user_read = true};
    const struct perf_event_mmap_page *mapped;
    struct hv_user_count count;
    const int fd = hv_perf_open(&event, 0, -1, -1);
    if (fd < 0)
        skip(); /* no perf_event here */
    assert_int_equal(hv_user_page_map(fd, &mapped), 0);
    assert_int_equal(hv_perf_reset_enable(fd), 0);
    assert_int_equal(hv_user_page_read(mapped, &count), -EOPNOTSUPP);
    hv_user_page_unmap(mapped);
    close(fd);
    assert_int_equal(hv_user_page_map(fd, &mapped), -EBADF);
    assert_null(mapped);
    hv_user_page_unmap(mapped);
    const int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_int_equal(hv_user_page_map(file, &mapped), -ENODEV);
    close(file);
}

/* Both ways around the same loops: page inside read(2). What they differ by is what
 * lies between them, the same for every length of the loop. */
static uint64_t differ_by(int fd, const struct perf_event_mmap_page *mapped,
                          uint64_t loop)
{
    struct hv_reading call[2];
    struct hv_user_count user[2];
    assert_int_equal(hv_perf_read(fd, 1, &call[0]), 0);
    assert_int_equal(hv_user_page_read(mapped, &user[0]), 0);
    hv_known_loop(loop);
    assert_int_equal(hv_user_page_read(mapped, &user[1]), 0);
    assert_int_equal(hv_perf_read(fd, 1, &call[1]), 0);
    const uint64_t inner = user[1].value - user[0].value,
                   outer = call[1].value - call[0].value;
    assert_true(inner >= loop * HV_LOOP_INSTRUCTIONS);
    assert_true(outer >= inner);
    return outer - inner;
}

static void the_page_counts_what_read_counts(void **state)
{
    (void)state;
    const struct hv_event event = {.name = "instructions",
                                   .type = PERF_TYPE_HARDWARE,
                                   .config = PERF_COUNT_HW_INSTRUCTIONS,
                                   .user_read = true};
    const struct perf_event_mmap_page *mapped;
    struct hv_user_count count;
    const int fd = hv_perf_open(&event, 0, -1, -1);
    if (fd < 0) {
        print_message("skipped: no PMU counts instructions here\n");
        skip();
    }
    assert_int_equal(hv_user_page_map(fd, &mapped), 0);
    assert_int_equal(hv_perf_reset_enable(fd), 0);
    const int rc = hv_user_page_read(mapped, &count);
    if (rc) {
        print_message("skipped: %s\n", hv_user_page_words(rc));
        skip();
    }
    const uint64_t least = differ_by(fd, mapped, 1);
    for (uint64_t loop = 1; loop <= 1000000; loop *= 10) {
        uint64_t best = UINT64_MAX; /* an interrupt may add a few to the outer one */
        for (int i = 0; i < 5; i++) {
            const uint64_t gap = differ_by(fd, mapped, loop);
            best = gap < best ? gap : best;
        }
        assert_in_range(best, least > 20 ? least - 20 : 0, least + 20);
    }
    hv_user_page_unmap(mapped);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_counter_is_signed_at_every_width),
        cmocka_unit_test(a_counter_that_wraps_goes_on),
        cmocka_unit_test(the_number_is_one_less_than_the_index),
        cmocka_unit_test(a_page_that_changes_is_read_again),
        cmocka_unit_test(what_is_not_offered_is_not_read),
        cmocka_unit_test(a_schedule_is_lock_and_index),
        cmocka_unit_test(each_failure_has_its_own_words),
        cmocka_unit_test(a_software_event_offers_none),
        cmocka_unit_test(the_page_counts_what_read_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
