/* SPDX-License-Identifier: MIT */
/* How traces in the code cache end: crashes at the kernel's own address, refusals by
 * name, limits, endless loops. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/skip_all.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "counters/trace/cache/cache_state.h"
#include "counters/trace/session.h"
#include "tests/unit/trace_bench.h"
#include "tests/unit/trace_cache_kernels.h"

#if defined(__x86_64__)

static const struct hv_trace_outcome *run(void **state, cache_kernel *kernel,
                                          uint64_t n)
{
    const struct hv_trace_outcome *out = bench_run(*state, HV_TRACER_CACHE, kernel, n);
    if (out->end == HV_TRACE_FAILED) {
        print_message("# %s\n", out->why);
        skip();
    }
    return out;
}

/* ---- crashes -------------------------------------------------------------------- */

static void crashes_are_located(void **state)
{
    static const struct {
        const char *name;
        cache_kernel *kernel;
        const char *at;
        int signal;
        uint64_t address; /* 0: none, or the instruction's own */
    } rows[] = {
        {"store",      kernel_store,      kernel_store_at,      SIGSEGV, 0x1234},
        {"divide",     kernel_divide,     kernel_divide_at,     SIGFPE,  0     },
        {"ud2",        kernel_undefined,  kernel_undefined_at,  SIGILL,  0     },
        {"int3",       kernel_breakpoint, kernel_breakpoint_at, SIGTRAP, 0     },
        {"movaps",     kernel_unaligned,  kernel_unaligned_at,  SIGSEGV, 0     },
        {"push",       kernel_push,       kernel_push_at,       SIGSEGV, 56    },
        {"null",       kernel_null,       NULL,                 SIGSEGV, 0     },
        {"an address", kernel_nowhere,    (const char *)16,     SIGSEGV, 16    },
    };
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        const struct hv_trace_outcome *out = run(state, rows[i].kernel, 1);
        print_message("# %s: %s\n", rows[i].name, out->why);
        assert_int_equal(out->end, HV_TRACE_CRASHED);
        assert_int_equal(out->signal, rows[i].signal);
        assert_ptr_equal((void *)out->pc, rows[i].at);
        assert_null(strstr(out->why, "handler"));
        if (rows[i].address)
            assert_int_equal(out->address, rows[i].address);
        /* what was executed before it is counted, and what it stored is there */
        if (rows[i].kernel == kernel_nowhere || rows[i].kernel == kernel_null)
            continue;
        assert_int_equal(out->totals.value[HV_T_INSTRUCTIONS], 3);
        assert_int_equal(out->totals.value[HV_T_STORES], 1);
        assert_int_equal(bench_word(*state, 0), 1);
    }
}

static void aborting(void *ctx, uint64_t n)
{
    (void)ctx;
    (void)n;
    raise(SIGABRT);
}

static void blocking(void *ctx, uint64_t n)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    kernel_store(ctx, n);
}

static uint64_t deep(volatile uint64_t *at, uint64_t n)
{
    volatile char frame[512];
    frame[n % sizeof frame] = (char)n;
    return n ? deep(at, n - 1) + (uint64_t)frame[0] + *at : 0;
}

static void overflowing(void *ctx, uint64_t n)
{
    *(volatile uint64_t *)ctx = deep(ctx, n);
}

static void killed_in_handler(int number)
{
    *(volatile int *)((uintptr_t)number * 64) = 1;
}

static void raising(void *ctx, uint64_t n)
{
    const struct sigaction action = {.sa_handler = killed_in_handler};
    (void)ctx;
    (void)n;
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
}

static void crashes_come_from_anywhere(void **state)
{
    static const struct {
        const char *name;
        cache_kernel *kernel;
        uint64_t n;
        int signal;
        const void *at;
    } rows[] = {
        {"raise",           aborting,    0,       SIGABRT, NULL           },
        {"signals blocked", blocking,    0,       SIGSEGV, kernel_store_at},
        {"stack overflow",  overflowing, 1 << 20, SIGSEGV, NULL           },
        {"signal handler",  raising,     0,       SIGSEGV, NULL           },
    };
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        const struct hv_trace_outcome *out = run(state, rows[i].kernel, rows[i].n);
        print_message("# %s: %s\n", rows[i].name, out->why);
        assert_int_equal(out->end, HV_TRACE_CRASHED);
        assert_int_equal(out->signal, rows[i].signal);
        assert_true(out->pc != 0);
        if (rows[i].at)
            assert_ptr_equal((void *)out->pc, rows[i].at);
    }
}

/* ---- refusals ------------------------------------------------------------------- */

static void forking(void *ctx, uint64_t n)
{
    (void)ctx;
    (void)n;
    if (!fork())
        _exit(0);
}

static void threading(void *ctx, uint64_t n)
{
    syscall(SYS_clone3, ctx, n); /* no thread comes of no arguments */
}

static void exiting(void *ctx, uint64_t n)
{
    (void)ctx;
    syscall(SYS_exit_group, n);
}

static void handling(void *ctx, uint64_t n)
{
    (void)ctx;
    (void)n;
    signal(SIGSEGV, SIG_IGN);
}

/* Code that the kernel has just written: "ret" */
static cache_kernel *write_code(int protection)
{
    cache_kernel *kernel;
    unsigned char *page =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    page[0] = 0xc3;
    mprotect(page, 4096, protection);
    memcpy(&kernel, &page, sizeof kernel);
    return kernel;
}

static void writable(void *ctx, uint64_t n)
{
    write_code(PROT_READ | PROT_WRITE | PROT_EXEC)(ctx, n);
}

static void rewriting(void *ctx, uint64_t n)
{
    cache_kernel *code = write_code(PROT_READ | PROT_EXEC);
    void *page;
    memcpy(&page, &code, sizeof page);
    code(ctx, n);
    mprotect(page, 4096, PROT_READ | PROT_WRITE);
}

static sigjmp_buf away; /* a handler gets no argument */

static void jump_away(int number)
{
    siglongjmp(away, number);
}

static void escaping(void *ctx, uint64_t n)
{
    const struct sigaction action = {.sa_handler = jump_away};
    (void)n;
    sigaction(SIGUSR1, &action, NULL);
    if (!sigsetjmp(away, 1))
        raise(SIGUSR1);
    *(volatile uint64_t *)ctx = 1;
}

static void refusals_are_named(void **state)
{
    static const struct {
        cache_kernel *kernel;
        const char *says[2];
    } rows[] = {
        {kernel_gather,        {"vpgatherdd ymm0", "gathers"}          },
        {kernel_xlat,          {"xlat", "depends on al"}               },
        {kernel_bit_string,    {"bts [rdi], rsi", "bit's index"}       },
        {kernel_maskmov,       {"vmaskmovps xmm0, xmm1, [rdi]", "mask"}},
        {kernel_gs,            {"mov rax, gs:[rdi]", "gs"}             },
        {kernel_short_address, {"mov eax, [edi]", "32 bits"}           },
        {kernel_enter,         {"enter 0x10, 0x01", "immediate"}       },
        {kernel_xsave,         {"xsavec", "processor's state"}         },
        {kernel_interrupt,     {"int 0x80", "leaves"}                  },
        {kernel_fs_base,       {"wrfsbase rdi", "segment"}             },
        {kernel_transaction,   {"xbegin", "leaves"}                    },
        {kernel_far,           {"ret", "leaves"}                       },
        {kernel_short_jump,    {"jmp", "differ"}                       },
        {kernel_segment,       {"mov ds, ax", "segment"}               },
        {forking,              {"syscall", "clone begins"}             },
        {threading,            {"syscall", "clone3 begins"}            },
        {exiting,              {"syscall", "exit_group ends"}          },
        {handling,             {"syscall", "rt_sigaction"}             },
        {writable,             {"memory that can be written", ""}      },
        {rewriting,            {"syscall", "mprotect"}                 },
        {escaping,             {"a signal handler jumped out", ""}     },
    };
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        const struct hv_trace_outcome *out = run(state, rows[i].kernel, 0);
        print_message("# %s\n", out->why);
        assert_int_equal(out->end, HV_TRACE_REFUSED);
        assert_true(out->pc != 0);
        for (size_t k = 0; k < 2; k++)
            if (!strstr(out->why, rows[i].says[k]))
                fail_msg("row %zu does not say \"%s\": %s", i, rows[i].says[k],
                         out->why);
    }
}

/* Straight code that is longer than the room that is left. */
static void full_caches_are_refused(void **state)
{
    struct bench *bench = *state;
    run(state, kernel_loop, 1);
    struct hv_cache *cache = bench->session->cache;
    cache->code_room = HV_CACHE_MARGIN + 200;
    const struct hv_trace_outcome *out = run(state, kernel_loop, 10);
    print_message("# %s\n", out->why);
    assert_int_equal(out->end, HV_TRACE_REFUSED);
    assert_non_null(strstr(out->why, "full"));
    cache->code_room = HV_CACHE_CODE;
    cache->arena_room = HV_CACHE_MARGIN + 20;
    out = run(state, kernel_loop, 10);
    assert_int_equal(out->end, HV_TRACE_REFUSED);
    assert_non_null(strstr(out->why, "full"));
}

/* ---- limits --------------------------------------------------------------------- */

static void limits_are_kept(void **state)
{
    struct bench *bench = *state;
    for (int fine = 0; fine < 2; fine++) {
        bench->limits.instructions = 5000;
        bench->limits.limit_is_fine = fine;
        const struct hv_trace_outcome *out = run(state, kernel_endless, 0);
        assert_int_equal(out->end, fine ? HV_TRACE_DONE : HV_TRACE_LIMIT);
        assert_true(out->totals.value[HV_T_INSTRUCTIONS] >= 5000);
        assert_true(out->totals.value[HV_T_INSTRUCTIONS] < 5000 + HV_BLOCK_INSNS);
    }
}

/* In a syscall that begins again after every signal: only the handler can end it. */
static void waiting(void *ctx, uint64_t n)
{
    int fds[2];
    (void)n;
    if (!pipe(fds))
        *(ssize_t *)ctx = read(fds[0], ctx, 1);
}

/* The timer does not reach it; the dispatcher does. */
static void deaf(void *ctx, uint64_t n)
{
    signal(SIGRTMAX, SIG_IGN);
    kernel_endless(ctx, n);
}

static void endless_kernels_are_ended(void **state)
{
    struct bench *bench = *state;
    bench->limits.seconds = 0.2;
    const struct hv_trace_outcome *out = run(state, kernel_endless, 0);
    print_message("# %s\n", out->why);
    assert_int_equal(out->end, HV_TRACE_HUNG);
    assert_ptr_equal((void *)out->pc, kernel_endless_at);
    out = run(state, deaf, 0);
    assert_int_equal(out->end, HV_TRACE_HUNG);
    assert_ptr_equal((void *)out->pc, kernel_endless_at);
    out = run(state, waiting, 0);
    print_message("# %s\n", out->why);
    assert_int_equal(out->end, HV_TRACE_HUNG);
    assert_true(out->pc != 0);
    assert_int_equal(out->totals.value[HV_T_SYSCALLS], 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(crashes_are_located, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(crashes_come_from_anywhere, bench_open,
                                        bench_close),
        cmocka_unit_test_setup_teardown(refusals_are_named, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(full_caches_are_refused, bench_open,
                                        bench_close),
        cmocka_unit_test_setup_teardown(limits_are_kept, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(endless_kernels_are_ended, bench_open,
                                        bench_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else
int main(void)
{
    return skip_all("not x86-64");
}
#endif
