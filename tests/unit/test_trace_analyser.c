/* SPDX-License-Identifier: MIT */
/* What an analyser counts, keeps and tells, but for copies, cache and hazards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/hand_fed.h"

enum { FROM = 0x10000, TO = 0x28000, ZMM0 = HV_REG_VECTOR };

static struct fed fed;

static int setup(void **state)
{
    (void)state;
    fed_open(&fed, NULL);
    return 0;
}
static int teardown(void **state)
{
    (void)state;
    fed_close(&fed);
    return 0;
}

/* One block of every kind of instruction. */
static void mixed_block(void)
{
    fed.pc = FED_OBJECT;
    fed_insn(&fed, 0, 0);
    fed_insn(&fed, HV_INSN_UNSUPPORTED, 8);
    fed_insn(&fed, 0, 16);
    fed_access(&fed, 0, FROM, 16);
    fed_insn(&fed, 0, 32);
    fed_access(&fed, HV_ACCESS_WRITE, TO, 32);
    fed_insn(&fed, 0, 32);
    fed_insn(&fed, 0, 64);
    fed_access(&fed, 0, FROM, 64);
    fed_access(&fed, HV_ACCESS_WRITE | HV_ACCESS_NON_TEMPORAL, TO + 64, 64);
    fed_insn(&fed, HV_INSN_SYSCALL, 0);
    fed_insn(&fed, HV_INSN_BRANCH, 0);
    fed_feed(&fed);
}

static void everything_is_counted(void **state)
{
    (void)state;
    static const struct {
        enum hv_trace_value value;
        uint64_t times;
    } rows[] = {
        {HV_T_INSTRUCTIONS, 8 },
        {HV_T_LOADS,        2 },
        {HV_T_STORES,       2 },
        {HV_T_LOAD_BYTES,   80},
        {HV_T_STORE_BYTES,  96},
        {HV_T_BRANCHES,     1 },
        {HV_T_CALLS,        0 },
        {HV_T_SYSCALLS,     1 },
        {HV_T_UNSUPPORTED,  1 },
        {HV_T_VECTOR_128,   1 },
        {HV_T_VECTOR_256,   2 },
        {HV_T_VECTOR_512,   1 },
    };
    for (unsigned i = 0; i < 7; i++)
        mixed_block();
    assert_int_equal(hv_analyser_instructions(fed.a), 56);
    fed_finish(&fed);
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(fed_value(&fed, rows[i].value), 7 * rows[i].times);
    assert_int_equal(fed.totals.group[HV_GROUP_OPERATION], 56);
    assert_int_equal(fed.totals.n_functions, 1);
    assert_string_equal(fed.totals.function[0].name, "arm");
    assert_int_equal(fed.totals.function[0].calls, 1);
    assert_int_equal(fed.totals.function[0].store_bytes, 7 * 96);
}

/* memcpy that begins with a rep: the words of its arguments stand before. */
static void a_string_at_a_functions_entry(void **state)
{
    (void)state;
    const uint64_t words[] = {0x9000, TO, FROM, 40, 5, FROM, TO, 0, FROM + 40, TO + 40};
    fed.pc = FED_MEMCPY;
    fed_insn(&fed, HV_INSN_ENTRY | HV_INSN_REP, 0);
    for (unsigned i = 0; i < 10; i++)
        fed_word(&fed, words[i]);
    fed_access(&fed, HV_ACCESS_REP, 0, 8);
    fed_access(&fed, HV_ACCESS_REP | HV_ACCESS_WRITE, 0, 8);
    fed.n_words = fed.insn[0].n_words = 10; /* addresses are words already */
    for (unsigned i = 0; i < 2; i++)
        fed.access[i] = (struct hv_access){.bytes = 8,
                                           .word = (uint8_t)(5 + i),
                                           .mask_word = HV_NO_WORD,
                                           .flags = fed.access[i].flags};
    fed_flow(&fed, HV_FLOW_REP, 0, 0, 8, 0);
    fed_feed(&fed);
    fed_finish(&fed);
    assert_int_equal(fed_value(&fed, HV_T_REP_ITERATIONS), 5);
    assert_int_equal(fed_value(&fed, HV_T_COPY_CALL_BYTES), 40);
    assert_int_equal(fed_value(&fed, HV_T_COPIED_CALLED), 40);
    assert_int_equal(fed_value(&fed, HV_T_STORE_BYTES), 40);
}

static void a_new_trace_knows_nothing_of_the_old(void **state)
{
    (void)state;
    mixed_block();
    fed_load(&fed, 0x100, ZMM0, FROM, 64);
    fed_reset(&fed);
    fed_store(&fed, 0x104, ZMM0, TO, 64); /* nobody loaded it */
    fed_finish(&fed);
    assert_int_equal(fed_value(&fed, HV_T_INSTRUCTIONS), 1);
    assert_int_equal(fed_value(&fed, HV_T_L1_WRITE_MISSES), 1);
    assert_int_equal(fed_value(&fed, HV_T_COPY_STORED_INLINED), 0);
    assert_int_equal(fed.totals.n_functions, 1);
}

/* A forked child traces for itself: what it does is not seen here. */
static void a_child_has_its_own(void **state)
{
    (void)state;
    mixed_block();
    fflush(stdout);
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (!pid) {
        fed_reset(&fed);
        mixed_block();
        _exit(hv_analyser_instructions(fed.a) == 8 ? 0 : 1);
    }
    int status = 1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(hv_analyser_instructions(fed.a), 8);
}

static void the_prefix_is_whole_instructions(void **state)
{
    (void)state;
    uint64_t words[16], n;
    memset(words, 0xee, sizeof words);
    hv_analyser_reset(fed.a, words, 9, 100);
    fed.function = hv_analyser_function(fed.a, FED_OBJECT, "arm", HV_GROUP_OPERATION);
    mixed_block(); /* pc, pc, pc w, pc w, pc: 7; the next needs 3 */
    mixed_block();
    assert_int_equal(hv_analyser_prefix(fed.a, &n), 7);
    assert_int_equal(n, 5);
    const uint64_t kept[] = {FED_OBJECT,      FED_OBJECT + 4, FED_OBJECT + 8, FROM - 24,
                             FED_OBJECT + 12, TO - 24,        FED_OBJECT + 16};
    assert_memory_equal(words, kept, sizeof kept);
    assert_int_equal(words[7], 0xeeeeeeeeeeeeeeee);
    hv_analyser_reset(fed.a, words, 16, 3); /* by instructions */
    fed.function = hv_analyser_function(fed.a, FED_OBJECT, "arm", HV_GROUP_OPERATION);
    mixed_block();
    assert_int_equal(hv_analyser_prefix(fed.a, &n), 4);
    assert_int_equal(n, 3);
}

/* One block or eight: the same. */
static void blocks_may_be_cut_anywhere(void **state)
{
    (void)state;
    static struct hv_trace_totals whole;
    for (unsigned i = 0; i < 3; i++)
        mixed_block();
    fed_finish(&fed);
    whole = fed.totals;
    fed_reset(&fed);
    for (unsigned i = 0; i < 3; i++) {
        fed.pc = FED_OBJECT;
        fed_insn(&fed, 0, 0);
        fed_feed(&fed);
        fed_insn(&fed, HV_INSN_UNSUPPORTED, 8);
        fed_insn(&fed, 0, 16);
        fed_access(&fed, 0, FROM, 16);
        fed_feed(&fed);
        fed_insn(&fed, 0, 32);
        fed_access(&fed, HV_ACCESS_WRITE, TO, 32);
        fed_insn(&fed, 0, 32);
        fed_feed(&fed);
        fed_insn(&fed, 0, 64);
        fed_access(&fed, 0, FROM, 64);
        fed_access(&fed, HV_ACCESS_WRITE | HV_ACCESS_NON_TEMPORAL, TO + 64, 64);
        fed_feed(&fed);
        fed_insn(&fed, HV_INSN_SYSCALL, 0);
        fed_insn(&fed, HV_INSN_BRANCH, 0);
        fed_feed(&fed);
    }
    fed_finish(&fed);
    assert_memory_equal(&whole, &fed.totals, sizeof whole);
}

/* ---- functions ---------------------------------------------------------------------
 */

static void one_function_one_index(void **state)
{
    (void)state;
    struct hv_analyser *a = fed.a;
    const uint16_t f = hv_analyser_function(a, 0x1234, "f", HV_GROUP_REST);
    assert_int_equal(hv_analyser_function(a, 0x1234, "f", HV_GROUP_REST), f);
    assert_int_not_equal(hv_analyser_function(a, 0x1235, "g", HV_GROUP_REST), f);
    /* without a symbol: one for each group */
    const uint16_t u = hv_analyser_function(a, 0, "?", HV_GROUP_REST);
    assert_int_equal(hv_analyser_function(a, 0, "?", HV_GROUP_REST), u);
    assert_int_not_equal(hv_analyser_function(a, 0, "?", HV_GROUP_OPERATION), u);
}

static void the_largest_functions_are_told(void **state)
{
    (void)state;
    char name[200];
    memset(name, 'x', sizeof name); /* longer than there is room */
    name[sizeof name - 1] = 0;
    for (unsigned i = 0; i < 700; i++) {
        if (i)
            snprintf(name, sizeof name, "f%u", i);
        fed.function = hv_analyser_function(fed.a, 0x1000 + i, name, HV_GROUP_REST);
        assert_int_equal(fed.function, i + 1 < HV_FUNCTIONS ? i + 1 : HV_FUNCTIONS - 1);
        for (unsigned k = 0; k < (i ? i % 97 + 1 : 200); k++)
            fed_clear(&fed, 0x9000, HV_REG_GPR, 8);
    }
    fed_finish(&fed);
    uint64_t sum = 0;
    assert_int_equal(fed.totals.n_functions, HV_TRACE_FUNCTIONS);
    for (unsigned i = 0; i < HV_TRACE_FUNCTIONS; i++) {
        sum += fed.totals.function[i].instructions;
        if (i > 1 && i + 1 < HV_TRACE_FUNCTIONS)
            assert_true(fed.totals.function[i].instructions <=
                        fed.totals.function[i - 1].instructions);
    }
    assert_int_equal(sum, fed_value(&fed, HV_T_INSTRUCTIONS));
    assert_string_equal(fed.totals.function[0].name, "(others)"); /* beyond the table */
    assert_int_equal(strlen(fed.totals.function[1].name), HV_TRACE_NAME - 1);
    assert_string_equal(fed.totals.function[HV_TRACE_FUNCTIONS - 1].name, "(others)");
}

static void functions_are_entered(void **state)
{
    (void)state;
    const uint16_t arm = fed.function;
    const uint16_t f = hv_analyser_function(fed.a, 0x410000, "f", HV_GROUP_OPERATION);
    const uint16_t g = hv_analyser_function(fed.a, 0x420000, "g", HV_GROUP_OPERATION);
    for (unsigned i = 0; i < 3; i++) {
        fed.function = arm;
        fed_call(&fed, FED_OBJECT, 0x9000);
        fed.function = f;
        fed_jump(&fed, 0x410000); /* its first block ... */
        fed_jump(&fed, 0x410000); /* ... a loop back to it ... */
        fed_jump(&fed, 0x410010);
        fed.function = g;
        fed_jump(&fed, 0x420000);         /* ... a tail call ... */
        fed_call(&fed, 0x420004, 0x8000); /* ... that calls itself */
        fed_ret(&fed, 0x420000, 0x8000);
        fed_ret(&fed, 0x420008, 0x9000);
        fed.function = arm;
        fed_jump(&fed, FED_OBJECT + 8);
        fed.function = g;
        fed_jump(&fed, 0x420010); /* into the middle of it: no call */
        fed_ret(&fed, 0x420014, 0x9100);
    }
    fed_finish(&fed);
    for (unsigned i = 0; i < 3; i++) {
        const struct hv_trace_function *share = &fed.totals.function[i];
        const uint64_t calls = !strcmp(share->name, "arm") ? 1
                               : !strcmp(share->name, "f") ? 3
                                                           : 6;
        assert_int_equal(share->calls, calls);
    }
    assert_int_equal(fed_value(&fed, HV_T_CALLS), 6);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(everything_is_counted),
        TEST(a_string_at_a_functions_entry),
        TEST(a_new_trace_knows_nothing_of_the_old),
        TEST(a_child_has_its_own),
        TEST(the_prefix_is_whole_instructions),
        TEST(blocks_may_be_cut_anywhere),
        TEST(one_function_one_index),
        TEST(the_largest_functions_are_told),
        TEST(functions_are_entered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
