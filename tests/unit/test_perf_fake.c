/* SPDX-License-Identifier: MIT */
/* The backends "none" and "fake": every failure path without a PMU. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "counters/backend.h"
#include "counters/perf.h"
#include "src/base/error.h"
#include "tests/unit/perf_errors.h"

static struct hv_event named(const char *figure)
{
    struct hv_event event = {.type = 0};
    snprintf(event.figure, sizeof event.figure, "%s", figure);
    snprintf(event.name, sizeof event.name, "native_%s", figure);
    return event;
}

static int open_named(const char *figure, int group)
{
    const struct hv_event event = named(figure);
    return hv_backend_find("fake")->open(&event, 0, -1, group);
}

static void three_backends(void **state)
{
    (void)state;
    size_t n;
    const struct hv_backend *all = hv_backends(&n);
    assert_int_equal(n, 3);
    for (size_t i = 0; i < n; i++)
        assert_ptr_equal(hv_backend_find(all[i].name), &all[i]);
    assert_null(hv_backend_find("papi"));
    assert_ptr_equal(hv_backend_find("perf")->open, hv_perf_open);
}

static void none_opens_nothing(void **state)
{
    (void)state;
    const struct hv_backend *none = hv_backend_find("none");
    const struct hv_event event = named("cycles");
    struct hv_reading reading;
    assert_int_equal(none->open(&event, 0, -1, -1), -ECANCELED);
    assert_true(none->reset_enable(0) < 0 && none->disable(0) < 0);
    assert_true(none->read(0, 1, &reading) < 0);
}

static void values_repeat_batch_after_batch(void **state)
{
    (void)state;
    const struct hv_backend *fake = hv_backend_find("fake");
    struct hv_reading before[2], after[2];
    setenv("HV_FAKE", "cycles=40000,native_instructions=100000", 1);
    const int leader = open_named("cycles", -1);
    const int sibling = open_named("instructions", leader);
    assert_true(leader >= 0 && sibling >= 0);
    assert_int_equal(fake->read(leader, 2, before), 0);
    assert_int_equal(hv_reading_state(before), HV_NOT_COUNTED);
    for (int batch = 0; batch < 3; batch++) {
        assert_int_equal(fake->reset_enable(leader), 0);
        assert_int_equal(fake->disable(leader), 0);
        assert_int_equal(fake->read(leader, 2, after), 0);
        assert_int_equal(after[0].value, 40000);
        assert_int_equal(after[1].value, 100000);
        const struct hv_reading alone = hv_reading_since(&after[1], &before[1]);
        assert_int_equal(alone.enabled, 1000000);
        assert_int_equal(hv_reading_state(&alone), HV_COUNTED);
        memcpy(before, after, sizeof before);
    }
    assert_int_equal(fake->read(leader, 1, after), -EIO);
    close(sibling);
    close(leader);
}

static const struct {
    const char *script;
    int open_rc, read_rc;
    enum hv_reading_state told;
    uint64_t value;
} behaviours[] = {
    {"foo=7",                 0,           0,        HV_COUNTED,     7 },
    {"foo=0",                 0,           0,        HV_COUNTED,     0 },
    {"bar=1,foo=7",           0,           0,        HV_COUNTED,     7 },
    {"foo=unscheduled",       0,           0,        HV_NOT_COUNTED, 0 },
    {"foo=multiplexed:50",    0,           0,        HV_MULTIPLEXED, 0 },
    {"foo=multiplexed:50:99", 0,           0,        HV_MULTIPLEXED, 99},
    {"foo=multiplexed:100:9", 0,           0,        HV_COUNTED,     9 },
    {"foo=right",             0,           0,        HV_COUNTED,     0 },
    {"foo=right:7",           0,           0,        HV_COUNTED,     7 },
    {"foo=biased:1.5:9",      0,           0,        HV_COUNTED,     9 },
    {"foo=dead",              0,           0,        HV_COUNTED,     0 },
    {"foo=right:7x",          -EINVAL,     0,        HV_COUNTED,     0 },
    {"foo=biased:",           -EINVAL,     0,        HV_COUNTED,     0 },
    {"foo=biased:-1",         -EINVAL,     0,        HV_COUNTED,     0 },
    {"foo=lost",              0,           -ENODATA, HV_COUNTED,     0 },
    {"foo=short",             0,           -EIO,     HV_COUNTED,     0 },
    {"foo=ENOENT",            -ENOENT,     0,        HV_COUNTED,     0 },
    {"foo=EACCES",            -EACCES,     0,        HV_COUNTED,     0 },
    {"foo=EINVAL",            -EINVAL,     0,        HV_COUNTED,     0 },
    {"foo=EBUSY",             -EBUSY,      0,        HV_COUNTED,     0 },
    {"foo=EMFILE",            -EMFILE,     0,        HV_COUNTED,     0 },
    {"foo=ENOSPC",            -ENOSPC,     0,        HV_COUNTED,     0 },
    {"foo=ENOSYS",            -ENOSYS,     0,        HV_COUNTED,     0 },
    {"foo=EOPNOTSUPP",        -EOPNOTSUPP, 0,        HV_COUNTED,     0 },
    {"bar=7",                 -ENOENT,     0,        HV_COUNTED,     0 },
    {"",                      -ENOENT,     0,        HV_COUNTED,     0 },
    {"foo",                   -ENOENT,     0,        HV_COUNTED,     0 },
    {"foo=",                  -EINVAL,     0,        HV_COUNTED,     0 },
    {"foo=7x",                -EINVAL,     0,        HV_COUNTED,     0 },
    {"foo=multiplexed:101",   -EINVAL,     0,        HV_COUNTED,     0 },
    {"foo=multiplexed:",      -EINVAL,     0,        HV_COUNTED,     0 },
    {"foo=multiplexed:9:9:9", -EINVAL,     0,        HV_COUNTED,     0 },
};

static void the_script_decides(void **state)
{
    (void)state;
    const struct hv_backend *fake = hv_backend_find("fake");
    for (size_t i = 0; i < HV_LEN(behaviours); i++) {
        struct hv_reading reading;
        setenv("HV_FAKE", behaviours[i].script, 1);
        const int fd = open_named("foo", -1);
        if (fd < 0) {
            assert_int_equal(fd, behaviours[i].open_rc);
            continue;
        }
        assert_int_equal(behaviours[i].open_rc, 0);
        assert_int_equal(fake->reset_enable(fd), 0);
        assert_int_equal(fake->read(fd, 1, &reading), behaviours[i].read_rc);
        if (!behaviours[i].read_rc) {
            assert_int_equal(hv_reading_state(&reading), behaviours[i].told);
            assert_int_equal(reading.value, behaviours[i].value);
        }
        close(fd);
    }
    unsetenv("HV_FAKE");
    assert_int_equal(open_named("foo", -1), -ENOENT);
}

/* A group of two, of which one fails at a step; where it does. */
static void fail_at(const char *step, int first_one, const struct perf_error *error)
{
    const struct hv_backend *fake = hv_backend_find("fake");
    struct hv_reading reading[2] = {
        {7, 7, 7},
        {7, 7, 7}
    };
    char script[100];
    snprintf(script, sizeof script, "%s=%s%s,%s=5", first_one ? "foo" : "bar", step,
             error->name, first_one ? "bar" : "foo");
    setenv("HV_FAKE", script, 1);
    const int leader = open_named("foo", -1);
    const bool opens = *step || !first_one;
    assert_int_equal(leader < 0 ? leader : 0, opens ? 0 : -error->number);
    const int sibling = open_named("bar", leader < 0 ? -1 : leader);
    assert_int_equal(sibling < 0 ? sibling : 0,
                     *step || first_one ? 0 : -error->number);
    if (*step) {
        const int start = fake->reset_enable(leader), stop = fake->disable(leader),
                  read = fake->read(leader, 2, reading);
        assert_int_equal(start, strcmp(step, "start:") ? 0 : -error->number);
        assert_int_equal(stop, strcmp(step, "stop:") ? 0 : -error->number);
        assert_int_equal(read, strcmp(step, "read:") ? 0 : -error->number);
        assert_true(!read || (reading[0].value == 7 && reading[1].value == 7));
    }
    if (leader >= 0)
        close(leader);
    if (sibling >= 0)
        close(sibling);
}

static void every_error_at_every_step_and_place(void **state)
{
    (void)state;
    static const char *const steps[] = {"", "start:", "stop:", "read:"};
    for (size_t s = 0; s < HV_LEN(steps); s++)
        for (size_t e = 0; e < PERF_ERRORS; e++)
            for (int first_one = 0; first_one < 2; first_one++)
                fail_at(steps[s], first_one, &perf_errors[e]);
    setenv("HV_FAKE", "foo=read:7", 1);
    assert_int_equal(open_named("foo", -1), -EINVAL);
    setenv("HV_FAKE", "foo=later:EIO", 1);
    assert_int_equal(open_named("foo", -1), -EINVAL);
}

static void a_group_has_an_end(void **state)
{
    (void)state;
    setenv("HV_FAKE", "foo=1", 1);
    const int leader = open_named("foo", -1);
    for (int i = 1; i < HV_GROUP_EVENTS; i++) {
        const int sibling = open_named("foo", leader);
        assert_true(sibling >= 0);
        close(sibling); /* its behaviour lives with the leader */
    }
    assert_int_equal(open_named("foo", leader), -EINVAL);
    struct hv_reading readings[HV_GROUP_EVENTS];
    assert_int_equal(hv_backend_find("fake")->read(leader, HV_GROUP_EVENTS, readings),
                     0);
    close(leader);
}

/* Opened here, counted in a child without the script, read here. */
static void it_works_across_processes(void **state)
{
    (void)state;
    const struct hv_backend *fake = hv_backend_find("fake");
    setenv("HV_FAKE", "foo=5", 1);
    const int fd = open_named("foo", -1);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (!child) {
        struct hv_reading reading;
        clearenv();
        _exit(fake->reset_enable(fd) || fake->disable(fd) ||
              fake->read(fd, 1, &reading) || reading.value != 5);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    struct hv_reading reading;
    assert_int_equal(fake->read(fd, 1, &reading), 0);
    assert_int_equal(reading.enabled, 1000000);
    close(fd);
}

static void strange_files_are_refused(void **state)
{
    (void)state;
    const struct hv_backend *fake = hv_backend_find("fake");
    struct hv_reading reading;
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fake->read(fileno(file), 1, &reading), -EBADF);
    for (int i = 0; i < 1000; i++)
        putc(0xff, file); /* a group of 2^32 - 1 events */
    fflush(file);
    assert_int_equal(fake->read(fileno(file), 1, &reading), -EBADF);
    fclose(file);
    assert_int_equal(fake->reset_enable(-1), -EBADF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_backends),
        cmocka_unit_test(none_opens_nothing),
        cmocka_unit_test(values_repeat_batch_after_batch),
        cmocka_unit_test(the_script_decides),
        cmocka_unit_test(every_error_at_every_step_and_place),
        cmocka_unit_test(a_group_has_an_end),
        cmocka_unit_test(it_works_across_processes),
        cmocka_unit_test(strange_files_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
