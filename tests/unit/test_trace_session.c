/* SPDX-License-Identifier: MIT */
/* A session: both tracers begin from one state, nothing is left behind, and where the
 * system forbids tracing that is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/trace_bench.h"

#if defined(__x86_64__)
KERNEL(k_loop, "1: dec %rsi\njnz 1b");
KERNEL(k_stops, "mov $39, %eax\nsyscall\nmov %eax, %edi\nmov $19, %esi\n"
                "mov $62, %eax\nsyscall");
KERNEL(k_endless, "1: jmp 1b");
KERNEL(k_sleeps, "mov $34, %eax\nsyscall");
/* reads the time stamp: hardly two runs agree */
KERNEL(k_time, "rdtsc\nand $1023, %eax\nmov (%rdi, %rax), %cl\nrdtsc\nand $1023, %eax\n"
               "mov (%rdi, %rax), %cl");

/* n 0: its first `ret` is the last; else the same words, and then one `ret` more */
KERNEL(k_longer, "mov (%rsp), %rax\nlea 1f(%rip), %rdx\ntest %rsi, %rsi\n"
                 "cmovz %rax, %rdx\npush %rdx\nret\n1:");

static const enum hv_tracer tracers[] = {HV_TRACER_CACHE, HV_TRACER_STEP};

static void allocates(void *ctx, uint64_t n)
{
    void *block[8] = {NULL};
    for (uint64_t i = 0; i < n; i++)
        block[i % 8] = realloc(block[i % 8], 100 + 50 * (size_t)i);
    *(uint64_t *)ctx = (uint64_t)(uintptr_t)block[0];
    for (size_t i = 0; i < 8; i++)
        free(block[i]);
}

/* ---- one state
 * ------------------------------------------------------------------------- */

static void both_tracers_see_the_same(void **state)
{
    struct bench *b = *state;
    char why[256];
    uint64_t at[2][2], compared = 0;
    if (SANITIZED)
        skip(); /* its allocator looks at the clock: no two runs are the same */
    for (int i = 0; i < 4; i++) { /* turn about: no run may change the next one's */
        const uint64_t *value = bench_done(b, tracers[i % 2], allocates, 20);
        at[i % 2][i / 2] = bench_word(b, 0);
        assert_true(value[HV_T_ALLOC_CALLS] >= 20);
    }
    assert_int_equal(at[0][0], at[0][1]);
    assert_int_equal(at[0][0], at[1][0]);
    assert_int_equal(at[0][0], at[1][1]);
    if (hv_trace_compare(b->session, &compared, why, sizeof why))
        fail_msg("%s", why);
    const uint64_t all = b->out.totals.value[HV_T_INSTRUCTIONS];
    assert_int_equal(compared, all < BENCH_PREFIX ? all : BENCH_PREFIX);
}

static void a_prefix_ends_where_it_should(void **state)
{
    struct bench *b = *state;
    char why[256];
    uint64_t compared = 0;
    bench_done(b, HV_TRACER_CACHE, k_loop, BENCH_PREFIX);
    b->limits.instructions = 1000;
    b->limits.limit_is_fine = true;
    bench_done(b, HV_TRACER_STEP, k_loop, BENCH_PREFIX);
    b->limits.instructions = 0;
    assert_int_equal(hv_trace_compare(b->session, &compared, why, sizeof why), 0);
    assert_int_equal(compared, 1000);
}

static void differences_are_told(void **state)
{
    struct bench *b = *state;
    char why[256];
    uint64_t compared = 77;
    bench_done(b, HV_TRACER_CACHE, k_time, 0);
    int rc = 0; /* one run in 1024 x 1024 does agree */
    for (int i = 0; !rc && i < 3; i++) {
        bench_done(b, HV_TRACER_STEP, k_time, 0);
        rc = hv_trace_compare(b->session, &compared, why, sizeof why);
    }
    assert_int_equal(rc, -EBADMSG);
    assert_true(compared == 2 || compared == 5); /* equal before the difference */
    assert_non_null(strstr(why, "k_time+0x"));
    assert_non_null(strstr(why, "word 1 "));

    bench_done(b, HV_TRACER_CACHE, k_loop, 3);
    bench_done(b, HV_TRACER_STEP, k_loop, 4);
    assert_int_equal(hv_trace_compare(b->session, &compared, why, sizeof why),
                     -EBADMSG);
    assert_int_equal(compared, 6);
    assert_non_null(strstr(why, "its address"));
}

static void a_limit_is_no_difference(void **state)
{
    struct bench *b = *state;
    char why[256];
    for (size_t i = 0; i < HV_LEN(tracers); i++) {
        uint64_t compared = 0;
        bench_done(b, tracers[i], k_loop, 4);
        b->limits.instructions = 8;
        b->limits.limit_is_fine = true;
        bench_done(b, tracers[!i], k_loop, 4);
        b->limits.instructions = 0;
        b->limits.limit_is_fine = false;
        assert_int_equal(hv_trace_compare(b->session, &compared, why, sizeof why), 0);
        assert_int_equal(compared, 8);
    }
}

static void a_shorter_trace_differs(void **state)
{
    struct bench *b = *state;
    char why[256];
    for (size_t i = 0; i < HV_LEN(tracers); i++) {
        uint64_t compared = 0;
        assert_int_equal(bench_done(b, tracers[i], k_longer, 0)[HV_T_INSTRUCTIONS], 6);
        assert_int_equal(bench_done(b, tracers[!i], k_longer, 1)[HV_T_INSTRUCTIONS], 7);
        assert_int_equal(hv_trace_compare(b->session, &compared, why, sizeof why),
                         -EBADMSG);
        assert_int_equal(compared, 6);
        assert_non_null(strstr(why, "goes on"));
    }
}

/* ---- what is left
 * ---------------------------------------------------------------------- */

static void nothing_is_left(void **state)
{
    struct bench *b = *state;
    b->limits.seconds = 0.2;
    for (size_t i = 0; i < HV_LEN(tracers); i++) {
        assert_int_equal(bench_run(b, tracers[i], k_endless, 0)->end, HV_TRACE_HUNG);
        assert_int_equal(b->out.pc, (uint64_t)(uintptr_t)k_endless);
        bench_no_child();
        assert_int_equal(bench_run(b, tracers[i], k_sleeps, 0)->end, HV_TRACE_HUNG);
        bench_no_child();
    }
    b->limits.seconds = 20;
    for (size_t i = 0; i < HV_LEN(tracers); i++) {
        assert_int_equal(bench_run(b, tracers[i], k_stops, 0)->end, HV_TRACE_CRASHED);
        assert_int_equal(b->out.signal, SIGSTOP);
        bench_no_child();
    }
}

static void the_caller_is_not_changed(void **state)
{
    struct bench *b = *state;
    struct sigaction before = {.sa_handler = SIG_IGN}, after;
    cpu_set_t cpus, cpus_after;
    sigset_t mask, mask_after;
    memset(&mask, 0, sizeof mask); /* the kernel fills eight bytes of it */
    memset(&mask_after, 0, sizeof mask_after);
    sigemptyset(&before.sa_mask);
    assert_int_equal(sigaction(SIGCHLD, &before, NULL), 0);
    assert_int_equal(sched_getaffinity(0, sizeof cpus, &cpus), 0);
    assert_int_equal(sigprocmask(SIG_SETMASK, NULL, &mask), 0);
    for (size_t i = 0; i < HV_LEN(tracers); i++)
        assert_int_equal(bench_done(b, tracers[i], k_loop, 5)[HV_T_INSTRUCTIONS], 11);
    assert_int_equal(sigaction(SIGCHLD, NULL, &after), 0);
    assert_ptr_equal(after.sa_handler, SIG_IGN);
    assert_int_equal(sched_getaffinity(0, sizeof cpus_after, &cpus_after), 0);
    assert_true(CPU_EQUAL(&cpus, &cpus_after));
    assert_int_equal(sigprocmask(SIG_SETMASK, NULL, &mask_after), 0);
    assert_memory_equal(&mask, &mask_after, sizeof mask);
    signal(SIGCHLD, SIG_DFL);
}

static void an_unknown_address_is_an_error(void **state)
{
    struct hv_error error = {""};
    struct hv_trace_session *session = (void *)&error;
    const struct hv_trace_config config = {.object = (const void *)8};
    (void)state;
    assert_int_equal(hv_trace_open(&session, &config, &error), -ENOENT);
    assert_null(session);
    assert_string_not_equal(error.text, "");
    hv_trace_close(NULL);
}

/* ---- where it is forbidden
 * ------------------------------------------------------------- */

/* Whatever is asked of this number is refused with EPERM; with an argument that has one
 * of the bits, if bits are given. */
static int forbid(uint32_t number, uint32_t argument, uint32_t bits)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                 offsetof(struct seccomp_data, args) + sizeof(uint64_t) * argument),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    if (!bits)
        code[3] =
            (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    const struct sock_fprog program = {HV_LEN(code), code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        return -errno;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) ? -errno : 0;
}

/* Runs a test's other half in a process of its own, which cannot use cmocka: 0 is
 * success. */
static void in_a_process(int (*half)(void))
{
    int status = 0;
    fflush(NULL);
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (!pid)
        _exit(half());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* Opens a session and runs a loop; -1: no session. */
static int try_loop(enum hv_tracer tracer, struct hv_trace_outcome *out)
{
    struct hv_trace_session *session;
    struct hv_error error = {""};
    const struct hv_trace_config config = {.object =
                                               (const void *)(uintptr_t)bench_open};
    const struct hv_trace_call call = {k_loop, NULL, 50};
    const struct hv_trace_limits limits = {.seconds = 20};
    if (hv_trace_open(&session, &config, &error))
        return -1;
    const int rc = hv_trace_run(session, tracer, &call, &limits, out);
    hv_trace_close(session);
    return rc;
}

/* 0: FAILED, and the reason has these words; the other tracer works all the same. */
static int fails_with(enum hv_tracer tracer, const char *words)
{
    static struct hv_trace_outcome out;
    if (try_loop(tracer, &out))
        return 10;
    if (out.end != HV_TRACE_FAILED)
        return 11;
    if (!strstr(out.why, words) || !strstr(out.why, strerror(EPERM)))
        return 12;
    if (waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD)
        return 13;
    return 0;
}

static int works(enum hv_tracer tracer)
{
    static struct hv_trace_outcome out;
    if (try_loop(tracer, &out))
        return 20;
    if (out.end != HV_TRACE_DONE)
        return 21;
    return out.totals.value[HV_T_INSTRUCTIONS] == 101 ? 0 : 22;
}

static int without_ptrace(void)
{
    if (forbid(SYS_ptrace, 0, 0))
        return 1;
    const int rc = fails_with(HV_TRACER_STEP, "seccomp");
    return rc ? rc : works(HV_TRACER_CACHE);
}

static int without_memfd(void)
{
    if (forbid(SYS_memfd_create, 0, 0))
        return 1;
    const int rc = fails_with(HV_TRACER_CACHE, "executable memory");
    return rc ? rc : works(HV_TRACER_STEP);
}

static int without_executable_memory(void)
{
    if (forbid(SYS_mmap, 2, PROT_EXEC))
        return 1;
    const int rc = fails_with(HV_TRACER_CACHE, "executable memory");
    return rc ? rc : works(HV_TRACER_STEP);
}

static int as_nobody(void)
{
    enum { NOBODY = 65534 };
    if (!geteuid() &&
        (setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, NOBODY, NOBODY)))
        return 1;
    const int rc = works(HV_TRACER_STEP);
    return rc ? rc : works(HV_TRACER_CACHE);
}

static void what_is_forbidden_is_told(void **state)
{
    (void)state;
    in_a_process(without_ptrace);
    in_a_process(without_memfd);
    in_a_process(without_executable_memory);
}

static void an_ordinary_user_may_trace(void **state)
{
    (void)state;
    in_a_process(as_nobody);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_caller_is_not_changed), /* first: nothing was yet */
        cmocka_unit_test(both_tracers_see_the_same),
        cmocka_unit_test(a_prefix_ends_where_it_should),
        cmocka_unit_test(differences_are_told),
        cmocka_unit_test(a_limit_is_no_difference),
        cmocka_unit_test(a_shorter_trace_differs),
        cmocka_unit_test(nothing_is_left),
        cmocka_unit_test(an_unknown_address_is_an_error),
        cmocka_unit_test(what_is_forbidden_is_told),
        cmocka_unit_test(an_ordinary_user_may_trace),
    };
    return cmocka_run_group_tests_name("trace_session", tests, bench_open, bench_close);
}
#else
static void there_is_no_code_cache(void **state)
{
    struct bench *b = *state;
    const struct hv_trace_outcome *out = bench_run(b, HV_TRACER_CACHE, NULL, 0);
    assert_int_equal(out->end, HV_TRACE_FAILED);
    assert_non_null(strstr(out->why, "x86-64 only"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(there_is_no_code_cache)};
    return cmocka_run_group_tests_name("trace_session", tests, bench_open, bench_close);
}
#endif
