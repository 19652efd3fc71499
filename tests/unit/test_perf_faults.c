/* SPDX-License-Identifier: MIT */
/* Every error of the kernel's, made by a seccomp filter in a child: it comes through as
 * it is, from every call and at every place in a group. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <linux/filter.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "counters/perf.h"
#include "counters/user_page.h"
#include "src/base/error.h"
#include "tests/unit/perf_errors.h"

enum { NO_SECCOMP = 254, NO_PERF = 253, WRONG = 252 };

static const struct hv_event clock_event = {.name = "task-clock",
                                            .type = PERF_TYPE_SOFTWARE,
                                            .config = PERF_COUNT_SW_TASK_CLOCK},
                             faults_event = {.name = "page-faults",
                                             .type = PERF_TYPE_SOFTWARE,
                                             .config = PERF_COUNT_SW_PAGE_FAULTS};

/* From now on in this process: call number `call` fails with err where the lower half
 * of its argument arg is value. */
static void fail_calls(unsigned call, unsigned arg, uint32_t value, int err)
{
    const unsigned at = offsetof(struct seccomp_data, args) + arg * sizeof(uint64_t);
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, at),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)err),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = {HV_LEN(code), code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
        _exit(NO_SECCOMP);
}

/* A group of two in a child that is to have a filter. */
struct group {
    int leader, sibling;
};

static struct group open_group(void)
{
    struct group group = {.leader = hv_perf_open(&clock_event, 0, -1, -1)};
    group.sibling =
        group.leader < 0 ? -1 : hv_perf_open(&faults_event, 0, -1, group.leader);
    if (group.sibling < 0)
        _exit(NO_PERF);
    return group;
}

/* Each gives the errno that came through. */
typedef int fault_fn(int err);

static int first_open(int err)
{
    fail_calls(SYS_perf_event_open, 3, UINT32_MAX, err);
    return -hv_perf_open(&clock_event, 0, -1, -1);
}

/* The first one is still good, and counts alone. */
static int later_open(int err)
{
    struct hv_reading reading;
    const int leader = hv_perf_open(&clock_event, 0, -1, -1);
    if (leader < 0)
        return NO_PERF;
    fail_calls(SYS_perf_event_open, 3, (uint32_t)leader, err);
    const int rc = hv_perf_open(&faults_event, 0, -1, leader);
    if (hv_perf_reset_enable(leader) || hv_perf_disable(leader) ||
        hv_perf_read(leader, 1, &reading) || !reading.value)
        return WRONG;
    return -rc;
}

static int reset(int err)
{
    const struct group group = open_group();
    fail_calls(SYS_ioctl, 1, PERF_EVENT_IOC_RESET, err);
    return -hv_perf_reset_enable(group.leader);
}

static int enable(int err)
{
    const struct group group = open_group();
    fail_calls(SYS_ioctl, 1, PERF_EVENT_IOC_ENABLE, err);
    return -hv_perf_reset_enable(group.leader);
}

static int disable(int err)
{
    const struct group group = open_group();
    fail_calls(SYS_ioctl, 1, PERF_EVENT_IOC_DISABLE, err);
    return hv_perf_reset_enable(group.leader) ? WRONG : -hv_perf_disable(group.leader);
}

/* What is not read stays as it was: no value comes of a failure. */
static int read_group(int err)
{
    const struct group group = open_group();
    struct hv_reading reading[2] = {
        {7, 8, 9},
        {7, 8, 9}
    };
    fail_calls(SYS_read, 0, (uint32_t)group.leader, err);
    const int rc = hv_perf_read(group.leader, 2, reading);
    return reading[0].value == 7 && reading[1].value == 7 ? -rc : WRONG;
}

static int map_page(int err)
{
    const struct group group = open_group();
    const struct perf_event_mmap_page *page = (const void *)&group;
    fail_calls(SYS_mmap, 4, (uint32_t)group.sibling, err);
    const int rc = hv_user_page_map(group.sibling, &page);
    return page ? WRONG : -rc;
}

static const struct {
    const char *name;
    fault_fn *make;
} faults[] = {
    {"the first open", first_open},
    {"a later open",   later_open},
    {"reset",          reset     },
    {"enable",         enable    },
    {"disable",        disable   },
    {"read",           read_group},
    {"mmap",           map_page  },
};

static int in_a_child(fault_fn *make, int err)
{
    const pid_t child = fork();
    assert_true(child >= 0);
    if (!child)
        _exit(make(err));
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void every_error_comes_through_every_call(void **state)
{
    (void)state;
    for (size_t f = 0; f < HV_LEN(faults); f++)
        for (size_t e = 0; e < PERF_ERRORS; e++) {
            const int got = in_a_child(faults[f].make, perf_errors[e].number);
            if (got == NO_SECCOMP || got == NO_PERF) {
                print_message("skipped: no %s here\n",
                              got == NO_PERF ? "perf_event" : "seccomp filter");
                skip();
            }
            if (got != perf_errors[e].number)
                fail_msg("%s, %s: %d", faults[f].name, perf_errors[e].name, got);
        }
}

static void every_error_has_words_and_a_way_out(void **state)
{
    (void)state;
    static const char opened[] = "<not counted>: ", unopened[] = "<not supported>: ";
    const struct hv_event event = {.name = "cycles", .type = PERF_TYPE_HARDWARE};
    char words[500], later[500];
    for (size_t i = 0; i < PERF_ERRORS; i++) {
        const int err = perf_errors[i].number;
        hv_perf_words(-err, &event, words, sizeof words);
        const bool counted = err == EAGAIN || err == EIO;
        const char *class = counted ? opened : unopened;
        assert_memory_equal(words, class, strlen(class));
        if (!strstr(words, perf_errors[i].advice) || !strstr(words, "cycles"))
            fail_msg("%s: %s", perf_errors[i].name, words);
        hv_perf_words_opened(err, &event, later, sizeof later);
        assert_memory_equal(later, opened, sizeof opened - 1);
        assert_non_null(strstr(later, "cycles"));
        assert_true(counted || strstr(later, strerror(err)));
        assert_true(counted || strstr(later, "run again"));
    }
    hv_perf_words_opened(-ENODATA, &event, later, sizeof later);
    assert_non_null(strstr(later, "lost its counter"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_error_comes_through_every_call),
        cmocka_unit_test(every_error_has_words_and_a_way_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
