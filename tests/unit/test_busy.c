/* SPDX-License-Identifier: MIT */
/* Processes that keep other CPUs busy: they run, elsewhere, and leave nothing behind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "src/measure/busy.h"

static int allowed_cpus(void)
{
    cpu_set_t set;
    assert_int_equal(sched_getaffinity(0, sizeof set, &set), 0);
    return CPU_COUNT(&set);
}

static int first_cpu(void)
{
    cpu_set_t set;
    assert_int_equal(sched_getaffinity(0, sizeof set, &set), 0);
    int cpu = 0;
    while (!CPU_ISSET(cpu, &set))
        cpu++;
    return cpu;
}

/* ns that the process has run. */
static uint64_t used(pid_t pid)
{
    clockid_t clock;
    struct timespec now;
    if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &now))
        return 0;
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void wait_until_run(pid_t pid)
{
    for (int i = 0; i < 500 && used(pid) < 20000000; i++)
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    assert_true(used(pid) >= 20000000);
}

static void they_spin_elsewhere_until_stopped(void **state)
{
    (void)state;
    struct hv_busy busy;
    struct hv_error error = {""};
    const int cpu = first_cpu(), rc = hv_busy_start(&busy, cpu, &error);
    if (allowed_cpus() == 1) {
        assert_int_equal(rc, -ENODEV);
        return;
    }
    assert_int_equal(rc, 0);
    assert_true(busy.n > 0 && busy.n < allowed_cpus());
    const struct hv_busy before = busy;
    for (int i = 0; i < busy.n; i++) {
        wait_until_run(busy.pid[i]);
        cpu_set_t set;
        assert_int_equal(sched_getaffinity(busy.pid[i], sizeof set, &set), 0);
        assert_int_equal(CPU_COUNT(&set), 1);
        assert_false(CPU_ISSET(cpu, &set));
    }
    hv_busy_stop(&busy);
    assert_int_equal(busy.n, 0);
    for (int i = 0; i < before.n; i++)
        assert_true(kill(before.pid[i], 0) && errno == ESRCH);
}

static void one_cpu_has_no_others(void **state)
{
    (void)state;
    cpu_set_t all, one;
    assert_int_equal(sched_getaffinity(0, sizeof all, &all), 0);
    CPU_ZERO(&one);
    CPU_SET(first_cpu(), &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    struct hv_busy busy;
    struct hv_error error = {""};
    assert_int_equal(hv_busy_start(&busy, first_cpu(), &error), -ENODEV);
    assert_int_equal(busy.n, 0);
    assert_int_equal(sched_setaffinity(0, sizeof all, &all), 0);
}

/* The one that asked is killed: its helpers are orphans, and go too. */
static void they_die_with_their_parent(void **state)
{
    (void)state;
    if (allowed_cpus() == 1)
        return;
    if (prctl(PR_SET_CHILD_SUBREAPER, 1))
        skip(); /* qemu-user has no such thing */
    const pid_t parent = fork();
    assert_true(parent >= 0);
    if (!parent) {
        struct hv_busy busy;
        struct hv_error error;
        if (hv_busy_start(&busy, first_cpu(), &error))
            _exit(1);
        wait_until_run(busy.pid[0]);
        raise(SIGKILL);
    }
    int status;
    assert_int_equal(waitpid(parent, &status, 0), parent);
    assert_true(WIFSIGNALED(status));
    while (waitpid(-1, &status, 0) > 0) /* hangs if one goes on */
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    assert_int_equal(errno, ECHILD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_spin_elsewhere_until_stopped),
        cmocka_unit_test(one_cpu_has_no_others),
        cmocka_unit_test(they_die_with_their_parent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
