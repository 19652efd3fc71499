/* SPDX-License-Identifier: MIT */
/* Copies that are confirmed in memory at the end, and those of which nothing is said.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/hand_fed.h"

enum { FROM = 0x10000, TO = 0x28000, STACK = 0x7ff000 };

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

/* Memory as it stands at the end: every byte is its address' own, but for copies. */
struct memory {
    uint64_t to, from, bytes; /* the copy that holds */
};
static bool peek(void *user, uint64_t address, void *out, size_t bytes)
{
    const struct memory *m = user;
    unsigned char *byte = out;
    for (size_t i = 0; i < bytes; i++) {
        uint64_t at = address + i;
        if (at >= m->to && at < m->to + m->bytes)
            at = at - m->to + m->from;
        byte[i] = (unsigned char)(at * 167 + (at >> 8) * 13);
    }
    return true;
}
static bool blind(void *user, uint64_t address, void *out, size_t bytes)
{
    (void)user;
    (void)address;
    (void)out;
    (void)bytes;
    return false;
}

static void expect(hv_peek_fn *how, uint64_t confirmed, uint64_t contradicted)
{
    struct memory memory = {TO, FROM, 1000};
    hv_analyser_finish(fed.a, how, &memory, &fed.totals);
    assert_int_equal(fed_value(&fed, HV_T_CONFIRMED), confirmed);
    assert_int_equal(fed_value(&fed, HV_T_CONTRADICTED), contradicted);
}

static void a_copy_is_confirmed(void **state)
{
    (void)state;
    fed_call(&fed, FED_OBJECT + 0x20, STACK);
    fed_entry(&fed, FED_MEMCPY, STACK, TO, FROM, 100);
    fed_copy(&fed, FED_MEMCPY + 4, TO, FROM, 64);
    fed_copy(&fed, FED_MEMCPY + 16, TO + 36, FROM + 36, 64);
    fed_ret(&fed, FED_MEMCPY + 32, STACK); /* it has ended, but is kept */
    fed_rep_movs(&fed, 0x100, TO + 128, FROM + 128, 700, 1, false);
    fed_rep_movs(&fed, 0x180, TO + 999 - 3, FROM + 999 - 3, 20, 4, true);
    fed_store(&fed, 0x200, HV_REG_GPR, TO + 0x2000, 8); /* elsewhere */
    expect(peek, 880, 0);
}

static void a_false_copy_is_contradicted(void **state)
{
    (void)state;
    fed_copy(&fed, 0x100, TO, FROM, 64);
    fed_copy(&fed, 0x200, TO + 0x1000, FROM + 0x1000, 64); /* memory says no */
    expect(peek, 64, 64);
}

static void what_was_written_since_says_nothing(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++)
        fed_copy(&fed, 0x100 + i * 16, TO + i * 0x1000, FROM + 64 + i * 0x1100, 64);
    fed_store(&fed, 0x200, HV_REG_GPR, TO + 32, 4);            /* a target */
    fed_store(&fed, 0x204, HV_REG_GPR, FROM + 64 + 0x1100, 8); /* a source */
    expect(peek, 0, 128);
}

/* The same of a run: one of its parts was loaded before its source was stored to. */
static void the_earliest_load_of_a_run_decides(void **state)
{
    (void)state;
    fed_load(&fed, 0x100, HV_REG_VECTOR, FROM + 64, 32);
    fed_load(&fed, 0x104, HV_REG_VECTOR + 64, FROM + 0x200 + 64, 32);
    fed_store(&fed, 0x108, HV_REG_MASK, FROM + 64, 4);
    fed_store(&fed, 0x10c, HV_REG_MASK, FROM + 0x200 + 64, 4);
    fed_copy(&fed, 0x200, TO + 32, FROM + 32, 32);
    fed_store(&fed, 0x208, HV_REG_VECTOR, TO + 64, 32); /* it grows */
    fed_store(&fed, 0x300, HV_REG_VECTOR + 64, TO + 0x200 + 64, 32);
    fed_copy(&fed, 0x304, TO + 0x200, FROM + 0x200, 32);
    fed_copy(&fed, 0x30c, TO + 0x220, FROM + 0x220, 32); /* two are joined */
    fed_load(&fed, 0x104, HV_REG_VECTOR + 64, FROM + 0x300, 32);
    fed_store(&fed, 0x108, HV_REG_MASK, FROM + 0x300, 4);
    fed_store(&fed, 0x300, HV_REG_VECTOR + 64, TO + 0x300, 32);
    fed_copy(&fed, 0x304, TO + 0x340, FROM + 0x340, 32);
    fed_copy(&fed, 0x30c, TO + 0x320, FROM + 0x320, 32); /* the other way round */
    expect(peek, 0, 0);
}

static void a_string_that_goes_down(void **state)
{
    (void)state;
    fed_rep_movs(&fed, 0x180, TO + 76, FROM + 76, 20, 4, true); /* down to TO */
    expect(peek, 80, 0);
}

/* Stores over two lines touch both; copies over two lines need both. */
static void every_line_matters(void **state)
{
    (void)state;
    fed_copy(&fed, 0x100, TO + 64, FROM + 64, 64);
    fed_store(&fed, 0x200, HV_REG_MASK, TO + 60, 8);
    fed_rep_movs(&fed, 0x300, TO + 0x100, FROM + 0x100, 128, 1, false);
    fed_store(&fed, 0x400, HV_REG_MASK, TO + 0x150, 4);
    fed_rep_movs(&fed, 0x300, TO + 0x200, FROM + 0x200, 128, 1, false);
    fed_store(&fed, 0x400, HV_REG_MASK, FROM + 0x250, 4);
    expect(peek, 0, 0);
}

static void a_syscall_may_have_written(void **state)
{
    (void)state;
    fed_copy(&fed, 0x100, TO, FROM, 64);
    fed_insn(&fed, HV_INSN_SYSCALL, 0);
    fed_feed(&fed);
    fed_copy(&fed, 0x200, TO + 128, FROM + 128, 64);
    expect(peek, 64, 0);
}

static void what_cannot_be_read_says_nothing(void **state)
{
    (void)state;
    fed_copy(&fed, 0x100, TO, FROM, 64);
    expect(blind, 0, 0);
}

/* memmove over itself: its source is gone. */
static void a_source_that_the_copy_overwrote(void **state)
{
    (void)state;
    fed_rep_movs(&fed, 0x100, FROM + 8, FROM + 16, 64, 1, false);
    expect(peek, 0, 0);
}

/* Half a register is older than a store to where it came from. */
static void the_earliest_load_decides(void **state)
{
    (void)state;
    for (unsigned first = 0; first < 8; first += 4) {
        const unsigned second = 4 - first;
        const uint64_t from = FROM + 0x1000 + UINT64_C(0x400) * first;
        fed_load(&fed, 0x100, HV_REG_GPR + first, from + first, 4);
        fed_store(&fed, 0x104, HV_REG_GPR + 8, from + 16, 8);
        fed_load(&fed, 0x108, HV_REG_GPR + second, from + second, 4);
        fed_store(&fed, 0x10c + UINT64_C(16) * first, HV_REG_GPR,
                  TO + 0x2000 + UINT64_C(0x800) * first, 8);
    }
    for (uint64_t half = 0; half < 16; half += 8) {
        const uint64_t from = FROM + 0x4000 + 0x800 * half;
        fed_load(&fed, 0x200, HV_REG_VECTOR + (unsigned)half, from + half, 8);
        fed_store(&fed, 0x204, HV_REG_GPR + 8, from + 32, 8);
        fed_load(&fed, 0x208, HV_REG_VECTOR + 8 - (unsigned)half, from + 8 - half, 8);
        fed_store(&fed, 0x20c + 16 * half, HV_REG_VECTOR, TO + 0xc000 + half * 0x400,
                  16);
    }
    expect(peek, 0, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_copy_is_confirmed),
        TEST(a_false_copy_is_contradicted),
        TEST(what_was_written_since_says_nothing),
        TEST(the_earliest_load_of_a_run_decides),
        TEST(a_string_that_goes_down),
        TEST(every_line_matters),
        TEST(a_syscall_may_have_written),
        TEST(what_cannot_be_read_says_nothing),
        TEST(a_source_that_the_copy_overwrote),
        TEST(the_earliest_load_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
