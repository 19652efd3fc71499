/* SPDX-License-Identifier: MIT */
/* The stepper on A64 kernels whose counts are known, and on kernels that misbehave. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/skip_all.h"

#if defined(__aarch64__)

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/trace_bench.h"
#include "tests/unit/trace_steps.h"

/* ctx in x0, n in x1; the page has 64 KiB */
KERNEL(k_empty, "");
KERNEL(k_loop, "1: subs x1, x1, #1\nb.ne 1b");
KERNEL(k_registers,
       "stp x0, x1, [x0]\nstp x2, x29, [x0, #16]\nmov x3, sp\nstr x3, [x0, #32]\n"
       "mrs x3, nzcv\nstr x3, [x0, #40]\numov x3, v5.d[0]\nstr x3, [x0, #48]\n"
       "mrs x3, fpcr\nstr x3, [x0, #56]\nadr x3, hv_trace_end\nsub x3, x3, x30\n"
       "str x3, [x0, #64]");
KERNEL(k_getppid, "1: mov x8, #173\nsvc #0\nsubs x1, x1, #1\nb.ne 1b");
/* ways to add: to a counter, on condition, two words, and after a wait */
KERNEL(k_add, "1: ldxr x3, [x0]\nadd x3, x3, #1\nstxr w4, x3, [x0]\ncbnz w4, 1b\n"
              "subs x1, x1, #1\nb.ne 1b");
KERNEL(k_compare, "1: ldaxr w3, [x0]\ncmp w3, w1\nb.ne 2f\nstlxr w4, wzr, [x0]\n"
                  "cbnz w4, 1b\n2: cset w5, eq\nstr w5, [x0, #8]");
KERNEL(k_pair, "1: ldaxp x3, x4, [x0]\nadd x3, x3, #1\nadd x4, x4, #2\n"
               "stlxp w5, x3, x4, [x0]\ncbnz w5, 1b");
KERNEL(k_wait, "mov w5, #1\n1: ldaxr w3, [x0]\ncbnz w3, 1b\nstxr w4, w5, [x0]\n"
               "cbnz w4, 1b\nstlr wzr, [x0]");
KERNEL(k_lonely, "ldxr x3, [x0]\nclrex\nstr x3, [x0, #8]");
KERNEL(k_swap, ".arch_extension lse\nmov x3, #5\nswp x3, x4, [x0]\nldadd x3, x4, [x0]\n"
               "mov x3, #10\nmov x5, #7\ncas x3, x5, [x0]");
KERNEL(k_zero, "add x2, x0, #4096\nadd x2, x2, #5\ndc zva, x2");
KERNEL(k_indexed, "mov x2, #-8\nadd x3, x0, #64\nldr x4, [x3, w2, sxtw]\n"
                  "str x4, [x3], #8\nldr x4, [x3, #-16]!\nstr x4, [x0, #8]");
KERNEL(k_calls, "stp x29, x30, [sp, #-16]!\nbl 2f\nbl 2f\nadr x2, 2f\nblr x2\n"
                "ldp x29, x30, [sp], #16\nret\n2: nop");
KERNEL(k_crash, "nop\nmov x2, #0x1230\nldr x3, [x2]");
KERNEL(k_udf, "nop\nudf #0");
KERNEL(k_brk, "nop\nbrk #0");
KERNEL(k_jump_away, "mov x2, #0x1230\nbr x2");
KERNEL(k_endless, "1: b 1b");
KERNEL(k_exit, "mov x8, #94\nmov x0, #0\nsvc #0");
KERNEL(k_clone, "mov x8, #220\nsvc #0");

/* ---- counts
 * ---------------------------------------------------------------------------- */

static void lengths_are_exact(void **state)
{
    struct bench *b = *state;
    assert_int_equal(steps(b, k_empty, 0), 1);
    assert_int_equal(steps(b, k_loop, 1), 3);
    assert_int_equal(steps(b, k_loop, 1000), 2001);
    assert_int_equal(steps(b, k_loop, 1000), 2001); /* and again */
    bench_no_child();
}

static void a_call_begins_as_agreed(void **state)
{
    struct bench *b = *state;
    steps(b, k_registers, 77);
    assert_ptr_equal(bench_word(b, 0), b->page);
    assert_int_equal(bench_word(b, 8), 77);
    assert_int_equal(bench_word(b, 16), 0);
    assert_int_equal(bench_word(b, 24), 0);
    assert_int_equal(bench_word(b, 32) % 64, 0);
    for (size_t offset = 40; offset <= 64; offset += 8)
        assert_int_equal(bench_word(b, offset), 0);
}

static void system_calls_are_counted(void **state)
{
    struct bench *b = *state;
    const uint64_t *value = bench_done(b, HV_TRACER_STEP, k_getppid, 5);
    assert_int_equal(value[HV_T_INSTRUCTIONS], 5 * 4 + 1);
    assert_int_equal(value[HV_T_SYSCALLS], 5);
    assert_int_equal(value[HV_T_UNSUPPORTED], 0);
}

/* Stepped they would never end. */
static void exclusive_stores_succeed(void **state)
{
    struct bench *b = *state;
    const uint64_t *value = bench_done(b, HV_TRACER_STEP, k_add, 9);
    assert_int_equal(value[HV_T_INSTRUCTIONS], 9 * 6 + 1);
    assert_int_equal(value[HV_T_LOAD_BYTES], 9 * 8);
    assert_int_equal(value[HV_T_STORE_BYTES], 9 * 8);
    assert_int_equal(value[HV_T_BRANCHES], 9 * 2);
    assert_int_equal(bench_word(b, 0), 9);
    assert_int_equal(steps(b, k_pair, 0), 6);
    assert_int_equal(bench_word(b, 0), 1);
    assert_int_equal(bench_word(b, 8), 2);
    assert_int_equal(steps(b, k_wait, 0), 7);
    assert_int_equal(steps(b, k_lonely, 0), 4);
}

static void a_sequence_may_be_left(void **state)
{
    struct bench *b = *state;
    assert_int_equal(steps(b, k_compare, 0), 8); /* equal: 0 is replaced */
    assert_int_equal(bench_word(b, 8), 1);
    assert_int_equal(steps(b, k_compare, 1), 6); /* not equal: out by the branch */
    assert_int_equal(bench_word(b, 8), 0);
}

/* ---- accesses
 * -------------------------------------------------------------------------- */

static void atomic_operations_read_and_write(void **state)
{
    struct bench *b = *state;
    const uint64_t *value = bench_done(b, HV_TRACER_STEP, k_swap, 0);
    assert_int_equal(value[HV_T_LOADS], 3);
    assert_int_equal(value[HV_T_STORES], 3);
    assert_int_equal(value[HV_T_UNSUPPORTED], 0);
    assert_int_equal(bench_word(b, 0), 7);
}

static void a_block_is_zeroed(void **state)
{
    uint64_t block;
    __asm__("mrs %0, dczid_el0" : "=r"(block));
    const uint64_t *value = bench_done(*state, HV_TRACER_STEP, k_zero, 0);
    assert_int_equal(value[HV_T_STORE_BYTES], 4u << (block & 15));
    assert_int_equal(value[HV_T_LINE_SPLITS], 0);
}

/* 8 bytes of a place go to two others. */
static void addresses_are_exact(void **state)
{
    const uint64_t *value = bench_done(*state, HV_TRACER_STEP, k_indexed, 0);
    assert_int_equal(value[HV_T_LOADS], 2);
    assert_int_equal(value[HV_T_STORES], 2);
    assert_int_equal(value[HV_T_COPIED_SMALL], 16);
    assert_int_equal(value[HV_T_CONTRADICTED], 0);
}

static void calls_and_returns(void **state)
{
    const uint64_t *value = bench_done(*state, HV_TRACER_STEP, k_calls, 0);
    assert_int_equal(value[HV_T_CALLS], 3);
    assert_int_equal(value[HV_T_INSTRUCTIONS], 7 + 3 * 2);
}

/* Each call of a function with a role is one, however it was reached. */
static void allocates_and_copies(void *ctx, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        unsigned char *volatile block = malloc(100 + i);
        memcpy(block, (unsigned char *)ctx + 4096, 100 + i);
        memcpy((unsigned char *)ctx + 8192, block, 100 + i);
        free(block);
    }
}

static void roles_are_counted(void **state)
{
    const uint64_t *value = bench_done(*state, HV_TRACER_STEP, allocates_and_copies, 3);
    assert_int_equal(value[HV_T_ALLOC_CALLS], 3);
    assert_int_equal(value[HV_T_ALLOC_CALL_BYTES], 303);
    assert_int_equal(value[HV_T_FREE_CALLS], 3);
    assert_int_equal(value[HV_T_COPY_CALLS], 6);
    assert_int_equal(value[HV_T_COPY_CALL_BYTES], 606);
    assert_int_equal(value[HV_T_COPIED_CALLED], 606);
    assert_int_equal(value[HV_T_UNSUPPORTED], 0);
}

/* ---- ends
 * ------------------------------------------------------------------------------ */

static void the_limit_is_exact(void **state)
{
    struct bench *b = *state;
    b->limits.instructions = 500;
    const struct hv_trace_outcome *out = step(b, k_loop, 1000);
    assert_int_equal(out->end, HV_TRACE_LIMIT);
    assert_int_equal(out->totals.value[HV_T_INSTRUCTIONS], 500);
    b->limits.instructions = 0;
}

static void crashes_tell_where(void **state)
{
    static const struct {
        bench_kernel *kernel;
        int signal;
        uint64_t offset; /* of the instruction in the kernel */
        uint64_t before; /* instructions done */
    } rows[] = {
        {k_crash, SIGSEGV, 8, 2},
        {k_udf,   SIGILL,  4, 1},
        {k_brk,   SIGTRAP, 4, 1},
    };
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        const struct hv_trace_outcome *out = step(*state, rows[i].kernel, 0);
        assert_int_equal(out->end, HV_TRACE_CRASHED);
        assert_int_equal(out->signal, rows[i].signal);
        assert_int_equal(out->pc, address(rows[i].kernel) + rows[i].offset);
        assert_int_equal(out->totals.value[HV_T_INSTRUCTIONS], rows[i].before);
    }
    const struct hv_trace_outcome *out = step(*state, k_jump_away, 0);
    assert_int_equal(out->end, HV_TRACE_CRASHED);
    assert_int_equal(out->pc, 0x1230);
    bench_no_child();
}

static void an_endless_loop_ends(void **state)
{
    struct bench *b = *state;
    b->limits.seconds = 0.1;
    const struct hv_trace_outcome *out = step(b, k_endless, 0);
    assert_int_equal(out->end, HV_TRACE_HUNG);
    assert_int_equal(out->pc, address(k_endless));
    b->limits.seconds = 20;
    bench_no_child();
}

static void new_processes_are_refused(void **state)
{
    static bench_kernel *const kernels[] = {k_exit, k_clone};
    for (size_t i = 0; i < HV_LEN(kernels); i++) {
        assert_int_equal(step(*state, kernels[i], 0)->end, HV_TRACE_REFUSED);
        bench_no_child();
    }
}

/* An emulator of processes has no ptrace. */
static bool can_trace(void)
{
    int status = 0;
    const pid_t pid = fork();
    if (!pid)
        _exit(ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0);
    return waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_are_exact),
        cmocka_unit_test(a_call_begins_as_agreed),
        cmocka_unit_test(system_calls_are_counted),
        cmocka_unit_test(exclusive_stores_succeed),
        cmocka_unit_test(a_sequence_may_be_left),
        cmocka_unit_test(atomic_operations_read_and_write),
        cmocka_unit_test(a_block_is_zeroed),
        cmocka_unit_test(addresses_are_exact),
        cmocka_unit_test(calls_and_returns),
        cmocka_unit_test(roles_are_counted),
        cmocka_unit_test(the_limit_is_exact),
        cmocka_unit_test(crashes_tell_where),
        cmocka_unit_test(an_endless_loop_ends),
        cmocka_unit_test(new_processes_are_refused),
    };
    if (!can_trace())
        return skip_all("ptrace does not work here");
    return cmocka_run_group_tests_name("trace_step_aarch64", tests, bench_open,
                                       bench_close);
}
#else
int main(void)
{
    return skip_all("not AArch64");
}
#endif
