/* SPDX-License-Identifier: MIT */
/* The stepper and signals: a kernel's own handlers run and are not counted, and no
 * kernel gets away or stays behind, whatever it does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/skip_all.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "tests/unit/trace_bench.h"

#if defined(__x86_64__)
/* setitimer(ITIMER_REAL, {interval, first}), us in r8 and r9; then a loop */
#define TIMER                                                                          \
    "mov %r8, 8(%rdi)\nmov %r9, 24(%rdi)\nmov %rdi, %r10\nmov %rdi, %rsi\n"            \
    "xor %edi, %edi\nxor %edx, %edx\nmov $38, %eax\nmov %r10, %r15\nxor %r10, %r10\n"  \
    "syscall\n"
/* tgkill(getpid(), gettid(), esi): of one thread both are one */
#define RAISE                                                                          \
    "mov $39, %eax\nsyscall\nmov %eax, %edi\nmov %esi, %edx\nmov %eax, %esi\n"         \
    "mov $234, %eax\nsyscall\n"

KERNEL(k_storm, "mov %rsi, %r14\nmov $2000, %r8d\nmov $2000, %r9d\n" TIMER
                "1: dec %r14\njnz 1b\n"
                "mov %r15, %rdi\nxor %r8d, %r8d\nxor %r9d, %r9d\n" TIMER);
KERNEL(k_pause, "xor %r8d, %r8d\nmov $200000, %r9d\n" TIMER
                "mov $34, %eax\nsyscall\nmov %rax, (%r15)");
KERNEL(k_pause_for_ever, "mov $34, %eax\nsyscall");
/* read(7, page + 64, 1): nothing is there before the timer's handler writes */
KERNEL(k_read, "xor %r8d, %r8d\nmov $200000, %r9d\n" TIMER
               "mov $7, %edi\nlea 64(%r15), %rsi\nmov $1, %edx\nxor %eax, %eax\n"
               "syscall\nmov %rax, (%r15)");
KERNEL(k_count, "1: incq (%rdi)\ndec %rsi\njnz 1b");
KERNEL(k_raise, RAISE "nop\nnop");
KERNEL(k_divide_by_zero, "xor %ecx, %ecx\nmov $1, %eax\nxor %edx, %edx\ndiv %rcx\nnop");
KERNEL(k_read_nowhere, "mov $0x1230, %eax\nmov (%rax), %rcx\nnop");

enum { PIPE = 7, TIMER_LENGTH = 10, RAISE_LENGTH = 7 };

/* What the handlers need: there is no other way into one. */
static struct {
    volatile uint64_t *count; /* in the shared page */
    sigjmp_buf away;
    int pipe;
} handlers;

static void count(int signal)
{
    (void)signal;
    handlers.count[0]++;
    if (handlers.pipe > 0)
        (void)!write(handlers.pipe, "x", 1);
}

static void start_process(int signal)
{
    (void)signal;
    if (fork() == 0)
        for (;;)
            pause();
}

static void never_return(int signal)
{
    (void)signal;
    for (;;)
        handlers.count[0]++;
}

static void jump_away(int signal)
{
    (void)signal;
    siglongjmp(handlers.away, 1);
}

/* Skips the three bytes of the instruction that faulted. */
static void skip_fault(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)info;
    ucontext_t *user = context;
    user->uc_mcontext.gregs[REG_RIP] += 3;
}

static void handle(struct bench *b, int signal, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigemptyset(&action.sa_mask);
    assert_int_equal(sigaction(signal, &action, NULL), 0);
    handlers.count = (volatile uint64_t *)(void *)(b->page + 1024);
    handlers.pipe = 0;
}

static const struct hv_trace_outcome *step(struct bench *b, bench_kernel *kernel,
                                           uint64_t n)
{
    return bench_run(b, HV_TRACER_STEP, kernel, n);
}

static uint64_t steps(struct bench *b, bench_kernel *kernel, uint64_t n)
{
    return bench_done(b, HV_TRACER_STEP, kernel, n)[HV_T_INSTRUCTIONS];
}

/* ---- handlers that return
 * -------------------------------------------------------------- */

static void a_storm_changes_no_count(void **state)
{
    struct bench *b = *state;
    handle(b, SIGALRM, count, SA_RESTART);
    const uint64_t n = 1000;
    assert_int_equal(steps(b, k_storm, n),
                     3 + TIMER_LENGTH + 2 * n + 3 + TIMER_LENGTH + 1);
    assert_true(handlers.count[0] >= 3);
}

static void an_interrupted_call_is_one_instruction(void **state)
{
    struct bench *b = *state;
    int ends[2];
    handle(b, SIGALRM, count, 0);
    assert_int_equal(steps(b, k_pause, 0), 2 + TIMER_LENGTH + 4);
    assert_int_equal(bench_word(b, 0), (uint64_t)-EINTR);
    assert_int_equal(handlers.count[0], 1);

    handle(b, SIGALRM, count, SA_RESTART); /* and so is one that begins again */
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(dup2(ends[0], PIPE), PIPE);
    handlers.pipe = ends[1];
    assert_int_equal(steps(b, k_read, 0), 2 + TIMER_LENGTH + 7);
    assert_int_equal(bench_word(b, 0), 1);
    assert_int_equal(b->page[64], 'x');
    close(PIPE);
    close(ends[0]);
    close(ends[1]);
}

static void its_own_signals_reach_its_handlers(void **state)
{
    static const int signals[] = {SIGUSR1, SIGTRAP, SIGSEGV, SIGTSTP};
    struct bench *b = *state;
    for (size_t i = 0; i < HV_LEN(signals); i++) {
        handle(b, signals[i], count, 0);
        /* handlers of faults are the caller's own, and not for its kernels */
        const bool kept = signals[i] == SIGUSR1 || signals[i] == SIGTSTP;
        const struct hv_trace_outcome *out = step(b, k_raise, (uint64_t)signals[i]);
        assert_int_equal(out->end, kept ? HV_TRACE_DONE : HV_TRACE_CRASHED);
        assert_int_equal(handlers.count[0], kept);
        if (kept)
            assert_int_equal(out->totals.value[HV_T_INSTRUCTIONS], RAISE_LENGTH + 3);
        else
            assert_int_equal(out->signal, signals[i]);
        signal(signals[i], SIG_DFL);
    }
}

static void harmless_signals_do_nothing(void **state)
{
    struct bench *b = *state;
    signal(SIGUSR2, SIG_IGN);
    signal(SIGALRM, SIG_IGN);
    assert_int_equal(steps(b, k_raise, SIGWINCH), RAISE_LENGTH + 3);
    assert_int_equal(steps(b, k_raise, SIGCONT), RAISE_LENGTH + 3);
    assert_int_equal(steps(b, k_raise, SIGUSR2), RAISE_LENGTH + 3);
    signal(SIGUSR2, SIG_DFL);
    signal(SIGALRM, SIG_DFL);
}

/* ---- and those that do not
 * ------------------------------------------------------------- */

static void other_signals_end_it(void **state)
{
    const int signals[] = {SIGTERM, SIGABRT, SIGKILL, SIGSTOP, SIGALRM, SIGRTMAX};
    struct bench *b = *state;
    for (size_t i = 0; i < HV_LEN(signals); i++) {
        const struct hv_trace_outcome *out = step(b, k_raise, (uint64_t)signals[i]);
        assert_int_equal(out->end, HV_TRACE_CRASHED);
        assert_int_equal(out->signal, signals[i]);
        assert_string_not_equal(out->why, "");
        bench_no_child();
    }
}

static void what_never_ends_is_ended(void **state)
{
    struct bench *b = *state;
    b->limits.seconds = 0.1;
    const struct hv_trace_outcome *out = step(b, k_pause_for_ever, 0);
    assert_int_equal(out->end, HV_TRACE_HUNG);
    assert_int_equal(out->pc, (uint64_t)(uintptr_t)k_pause_for_ever + 5);
    handle(b, SIGUSR1, never_return, 0);
    out = step(b, k_raise, SIGUSR1);
    assert_int_equal(out->end, HV_TRACE_HUNG);
    assert_true(out->pc - (uint64_t)(uintptr_t)k_raise < 64); /* not the handler's */
    signal(SIGUSR1, SIG_DFL);
    b->limits.seconds = 20;
    bench_no_child();
}

static void no_process_is_left(void **state)
{
    struct bench *b = *state;
    handle(b, SIGUSR1, start_process, 0);
    const struct hv_trace_outcome *out = step(b, k_raise, SIGUSR1);
    signal(SIGUSR1, SIG_DFL);
    assert_int_equal(out->end, HV_TRACE_REFUSED);
    bench_no_child();
}

static void jumps(void *ctx, uint64_t n)
{
    (void)ctx;
    if (!sigsetjmp(handlers.away, 1))
        raise((int)n);
}

static void a_handler_must_return(void **state)
{
    struct bench *b = *state;
    handle(b, SIGUSR1, jump_away, 0);
    const struct hv_trace_outcome *out = step(b, jumps, SIGUSR1);
    signal(SIGUSR1, SIG_DFL);
    assert_int_equal(out->end, HV_TRACE_REFUSED);
    assert_non_null(strstr(out->why, "handler"));
    bench_no_child();
}

/* ---- handlers that the kernel itself installs
 * ------------------------------------------ */

static void blocks_traps(void *ctx, uint64_t n)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    signal(SIGTRAP, SIG_IGN);
    k_count(ctx, n);
}

static void a_blocked_trap_is_no_escape(void **state)
{
    struct bench *b = *state;
    const uint64_t two = steps(b, blocks_traps, 2), many = steps(b, blocks_traps, 102);
    assert_int_equal(many - two, 100 * 3);
    assert_int_equal(bench_word(b, 0), 102);
}

static void survives_its_fault(void *ctx, uint64_t n)
{
    struct sigaction action = {.sa_sigaction = skip_fault, .sa_flags = SA_SIGINFO};
    sigemptyset(&action.sa_mask);
    sigaction((int)n, &action, NULL);
    if (n == SIGFPE)
        k_divide_by_zero(ctx, n);
    else
        k_read_nowhere(ctx, n);
    ((uint64_t *)ctx)[0] = 1;
}

static void a_fault_it_handles_is_its_own(void **state)
{
    struct bench *b = *state;
    const struct hv_trace_outcome *out = step(b, survives_its_fault, SIGFPE);
    assert_int_equal(out->end, HV_TRACE_DONE);
    assert_int_equal(bench_word(b, 0), 1);
    out = step(b, survives_its_fault, SIGSEGV);
    assert_int_equal(out->end, HV_TRACE_DONE);
}

static void closes_everything(void *ctx, uint64_t n)
{
    (void)n;
    close_range(0, ~0U, 0);
    ((uint64_t *)ctx)[0] = 1;
}

/* ASan's own handling of a jump writes a report about this stack: hours of steps. */
#if !SANITIZED
static void jumps_back(void *ctx, uint64_t n)
{
    jmp_buf back;
    volatile uint64_t *done = ctx;
    (void)setjmp(back);
    if (++done[0] < n)
        longjmp(back, 1);
}

static void a_jump_back_is_followed(void **state)
{
    struct bench *b = *state;
    const uint64_t two = steps(b, jumps_back, 2), three = steps(b, jumps_back, 3),
                   four = steps(b, jumps_back, 4);
    assert_int_equal(four - three, three - two);
    assert_true(three > two);
    assert_int_equal(bench_word(b, 0), 4);
}
#else
static void a_jump_back_is_followed(void **state)
{
    (void)state;
    skip();
}
#endif

static void it_needs_no_descriptors(void **state)
{
    struct bench *b = *state;
    steps(b, closes_everything, 0);
    assert_int_equal(bench_word(b, 0), 1);
    bench_no_child();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_storm_changes_no_count),
        cmocka_unit_test(an_interrupted_call_is_one_instruction),
        cmocka_unit_test(its_own_signals_reach_its_handlers),
        cmocka_unit_test(harmless_signals_do_nothing),
        cmocka_unit_test(other_signals_end_it),
        cmocka_unit_test(what_never_ends_is_ended),
        cmocka_unit_test(no_process_is_left),
        cmocka_unit_test(a_handler_must_return),
        cmocka_unit_test(a_blocked_trap_is_no_escape),
        cmocka_unit_test(a_fault_it_handles_is_its_own),
        cmocka_unit_test(a_jump_back_is_followed),
        cmocka_unit_test(it_needs_no_descriptors),
    };
    return cmocka_run_group_tests_name("trace_step_signals", tests, bench_open,
                                       bench_close);
}
#else
int main(void)
{
    return skip_all("not x86-64");
}
#endif
