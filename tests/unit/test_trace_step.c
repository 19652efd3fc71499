/* SPDX-License-Identifier: MIT */
/* The stepper on kernels whose counts are known, and on kernels that misbehave. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/skip_all.h"

#include <signal.h>

#include "tests/unit/trace_bench.h"
#include "tests/unit/trace_steps.h"

#if defined(__x86_64__)
KERNEL(k_empty, "");
KERNEL(k_loop, "1: dec %rsi\njnz 1b");
KERNEL(k_rep, "mov %rsi, %rcx\nlea 4096(%rdi), %rsi\nrep movsb");
KERNEL(k_rep_down, "mov %rsi, %rcx\nadd $4095, %rdi\nlea 4096(%rdi), %rsi\n"
                   "std\nrep movsb\ncld");
KERNEL(k_scan, "movb $1, (%rdi,%rsi)\nmov %rdi, %rdx\nmov $1, %eax\n"
               "mov $60000, %ecx\nrepne scasb\nmov %rcx, 8(%rdx)");
/* flags pushed, and popped again: no trap flag in them */
KERNEL(k_pushf, "pushfq\npop %rax\nmov %rax, (%rdi)\npushfq\npopfq");
/* getppid n times; r11 is what the kernel saved of the flags */
KERNEL(k_getppid, "mov %rsi, %r8\n1: mov $110, %eax\nsyscall\nmov %r11, (%rdi)\n"
                  "dec %r8\njnz 1b");
KERNEL(
    k_registers,
    "mov %rax, (%rdi)\nmov %rbx, 8(%rdi)\nmov %rcx, 16(%rdi)\nmov %rdx, 24(%rdi)\n"
    "mov %rsi, 32(%rdi)\nmov %rdi, 40(%rdi)\nmov %rbp, 48(%rdi)\nmov %rsp, 56(%rdi)\n"
    "mov %r8, 64(%rdi)\nmov %r15, 72(%rdi)\npushfq\npop %rax\nmov %rax, 80(%rdi)\n"
    "stmxcsr 88(%rdi)\nmovq %xmm5, %rax\nmov %rax, 96(%rdi)\nfnstcw 104(%rdi)");
KERNEL(k_crash, "nop\nmov $0x1230, %eax\nmov (%rax), %rcx");
KERNEL(k_noncanonical, "movabs $0x8000000000000000, %rax\nmov (%rax), %rcx");
KERNEL(k_ud2, "nop\nud2");
KERNEL(k_int3, "nop\nint3");
KERNEL(k_divide, "xor %ecx, %ecx\nmov $1, %eax\nxor %edx, %edx\ndiv %rcx");
KERNEL(k_jump_away, "mov $0x1230, %eax\njmp *%rax");
KERNEL(k_endless, "1: jmp 1b");
KERNEL(k_exit, "mov $231, %eax\nxor %edi, %edi\nsyscall");
KERNEL(k_vfork, "mov $58, %eax\nsyscall");

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

static void a_rep_string_is_one_instruction(void **state)
{
    static const uint64_t counts[] = {0, 1, 2, 3, 100, 4096};
    struct bench *b = *state;
    for (size_t i = 0; i < HV_LEN(counts); i++) {
        const uint64_t n = counts[i];
        const uint64_t *value = bench_done(b, HV_TRACER_STEP, k_rep, n);
        assert_int_equal(value[HV_T_INSTRUCTIONS], 4);
        assert_int_equal(value[HV_T_REP_ITERATIONS], n);
        assert_int_equal(value[HV_T_LOAD_BYTES], n + 8);
        assert_int_equal(value[HV_T_STORE_BYTES], n);
        assert_int_equal(steps(b, k_rep_down, n), 7);
    }
}

static void a_rep_string_may_end_early(void **state)
{
    struct bench *b = *state;
    const uint64_t *value = bench_done(b, HV_TRACER_STEP, k_scan, 1000);
    assert_int_equal(value[HV_T_INSTRUCTIONS], 7);
    assert_int_equal(value[HV_T_REP_ITERATIONS], 1001);
    assert_int_equal(bench_word(b, 8), 60000 - 1001);
}

static void the_trap_flag_is_not_seen(void **state)
{
    struct bench *b = *state;
    assert_int_equal(steps(b, k_pushf, 0), 6);
    assert_int_equal(bench_word(b, 0) & 0x100, 0);
    const uint64_t *value = bench_done(b, HV_TRACER_STEP, k_getppid, 5);
    assert_int_equal(value[HV_T_INSTRUCTIONS], 2 + 5 * 5);
    assert_int_equal(value[HV_T_SYSCALLS], 5);
    assert_int_equal(bench_word(b, 0) & 0x100, 0);
}

static void a_call_begins_as_agreed(void **state)
{
    struct bench *b = *state;
    steps(b, k_registers, 77);
    for (size_t offset = 0; offset <= 24; offset += 8)
        assert_int_equal(bench_word(b, offset), 0);
    assert_int_equal(bench_word(b, 32), 77);
    assert_ptr_equal(bench_word(b, 40), b->page);
    assert_int_equal(bench_word(b, 56) % 64, 56); /* as after a call */
    assert_int_equal(bench_word(b, 64), 0);
    assert_int_equal(bench_word(b, 72), 0);
    assert_int_equal(bench_word(b, 80), 0x202);
    assert_int_equal(bench_word(b, 88) & UINT32_MAX, 0x1f80);
    assert_int_equal(bench_word(b, 96), 0);
    assert_int_equal(bench_word(b, 104) & UINT16_MAX, 0x37f);
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
    assert_string_not_equal(out->why, "");
    b->limits.limit_is_fine = true;
    out = step(b, k_loop, 1000);
    assert_int_equal(out->end, HV_TRACE_DONE);
    assert_int_equal(out->totals.value[HV_T_INSTRUCTIONS], 500);
    assert_string_equal(out->why, "");
    b->limits.instructions = 2001; /* just enough is enough */
    b->limits.limit_is_fine = false;
    assert_int_equal(step(b, k_loop, 1000)->end, HV_TRACE_DONE);
    b->limits.instructions = 0;
}

static void crashes_tell_where(void **state)
{
    enum { THERE = 1 };
    static const struct {
        bench_kernel *kernel;
        int signal;
        uint64_t offset;  /* of the instruction in the kernel */
        uint64_t address; /* THERE: of the instruction */
        uint64_t before;  /* instructions done */
    } rows[] = {
        {k_crash,        SIGSEGV, 6,  0x1230, 2},
        {k_noncanonical, SIGSEGV, 10, 0,      1},
        {k_ud2,          SIGILL,  1,  THERE,  1},
        {k_int3,         SIGTRAP, 1,  0,      1},
        {k_divide,       SIGFPE,  9,  THERE,  3},
    };
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        const struct hv_trace_outcome *out = step(*state, rows[i].kernel, 0);
        const uint64_t pc = address(rows[i].kernel) + rows[i].offset;
        assert_int_equal(out->end, HV_TRACE_CRASHED);
        assert_int_equal(out->signal, rows[i].signal);
        assert_int_equal(out->pc, pc);
        assert_int_equal(out->address, rows[i].address == THERE ? pc : rows[i].address);
        assert_int_equal(out->totals.value[HV_T_INSTRUCTIONS], rows[i].before);
    }
    const struct hv_trace_outcome *out = step(*state, k_jump_away, 0);
    assert_int_equal(out->end, HV_TRACE_CRASHED);
    assert_int_equal(out->pc, 0x1230);
    assert_int_equal(out->address, 0x1230);
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
    b->limits.instructions = 100;
    out = step(b, k_endless, 0);
    assert_int_equal(out->end, HV_TRACE_LIMIT);
    assert_int_equal(out->pc, address(k_endless));
    b->limits.instructions = 0;
    bench_no_child();
}

static void new_processes_are_refused(void **state)
{
    static const struct {
        bench_kernel *kernel;
        const char *word; /* before it is done, the number tells what it would be */
        uint64_t offset;
    } rows[] = {
        {k_exit,  "(exit)",  7},
        {k_vfork, "(vfork)", 5},
    };
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        const struct hv_trace_outcome *out = step(*state, rows[i].kernel, 0);
        assert_int_equal(out->end, HV_TRACE_REFUSED);
        assert_non_null(strstr(out->why, rows[i].word));
        assert_int_equal(out->pc, address(rows[i].kernel) + rows[i].offset);
        bench_no_child();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_are_exact),
        cmocka_unit_test(a_rep_string_is_one_instruction),
        cmocka_unit_test(a_rep_string_may_end_early),
        cmocka_unit_test(the_trap_flag_is_not_seen),
        cmocka_unit_test(a_call_begins_as_agreed),
        cmocka_unit_test(the_limit_is_exact),
        cmocka_unit_test(crashes_tell_where),
        cmocka_unit_test(an_endless_loop_ends),
        cmocka_unit_test(new_processes_are_refused),
    };
    return cmocka_run_group_tests_name("trace_step", tests, bench_open, bench_close);
}
#else
int main(void)
{
    return skip_all("not x86-64");
}
#endif
