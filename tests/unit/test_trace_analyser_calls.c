/* SPDX-License-Identifier: MIT */
/* Calls of the C library's functions, and what counts for them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/hand_fed.h"

enum { FROM = 0x10000, TO = 0x28000, STACK = 0x7ff000, LIBC = 0x7000000 };

static struct fed fed;
static uint16_t arm, memcpy_, libc, plt;

static int setup(void **state)
{
    (void)state;
    fed_open(&fed, NULL);
    arm = fed.function;
    memcpy_ = hv_analyser_function(fed.a, FED_MEMCPY, "memcpy", HV_GROUP_REST);
    libc = hv_analyser_function(fed.a, LIBC, "libc", HV_GROUP_REST);
    plt = hv_analyser_function(fed.a, 0, "?", HV_GROUP_OPERATION);
    return 0;
}
static int teardown(void **state)
{
    (void)state;
    fed_close(&fed);
    return 0;
}

static void in(uint16_t function)
{
    fed.function = function;
}

/* Inside memcpy: two overlapping stores of 64 make 100. */
static void body(uint64_t to, uint64_t from)
{
    fed_copy(&fed, FED_MEMCPY + 4, to, from, 64);
    fed_copy(&fed, FED_MEMCPY + 16, to + 36, from + 36, 64);
}

static void call_memcpy(uint64_t pc, uint64_t slot)
{
    fed_call(&fed, pc, slot);
    in(memcpy_);
    fed_entry(&fed, FED_MEMCPY, slot, TO, FROM, 100);
    body(TO, FROM);
    fed_ret(&fed, FED_MEMCPY + 32, slot);
}

static void a_call_copies(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        in(arm);
        call_memcpy(FED_OBJECT + 0x20, STACK);
    }
    in(arm);
    fed_copy(&fed, FED_OBJECT + 0x40, TO + 0x1000, FROM, 64);
    fed_finish(&fed);
    assert_int_equal(fed_value(&fed, HV_T_COPY_CALLS), 2);
    assert_int_equal(fed_value(&fed, HV_T_COPY_CALL_BYTES), 200);
    assert_int_equal(fed_value(&fed, HV_T_DIRECT_COPY_CALLS), 2);
    assert_int_equal(fed_value(&fed, HV_T_DIRECT_COPY_BYTES), 200);
    assert_int_equal(fed_value(&fed, HV_T_COPY_STORED_CALLED), 256);
    assert_int_equal(fed_value(&fed, HV_T_COPIED_CALLED), 200);
    assert_int_equal(fed_value(&fed, HV_T_COPIED_INLINED), 64);
    assert_int_equal(fed.totals.group[HV_GROUP_COPY], 12);
    assert_int_equal(fed.totals.group[HV_GROUP_OPERATION], 4);
    assert_int_equal(fed.totals.n_sites, 2);
    assert_int_equal(fed.totals.site[0].called, 1);
    assert_int_equal(fed.totals.site[0].copies, 2);
    assert_int_equal(fed.totals.site[0].offset, 0x20);
    assert_string_equal(fed.totals.site[0].function, "arm");
}

/* __memcpy_chk falls into memcpy; a PLT stub jumps there: one call each. */
static void one_call_however_it_gets_there(void **state)
{
    (void)state;
    in(arm);
    fed_call(&fed, FED_OBJECT + 0x20, STACK);
    in(memcpy_);
    fed_entry(&fed, FED_MEMCPY, STACK, TO, FROM, 100);
    fed_entry(&fed, FED_MEMCPY, STACK, TO, FROM, 100);
    fed_ret(&fed, FED_MEMCPY + 32, STACK);
    in(arm);
    fed_call(&fed, FED_OBJECT + 0x30, STACK);
    in(plt);
    fed_jump(&fed, FED_OBJECT + 0x8000);
    in(memcpy_);
    fed_entry(&fed, FED_MEMCPY, STACK, TO, FROM, 100);
    body(TO, FROM);
    fed_ret(&fed, FED_MEMCPY + 32, STACK);
    fed_finish(&fed);
    assert_int_equal(fed_value(&fed, HV_T_COPY_CALLS), 2);
    assert_int_equal(fed_value(&fed, HV_T_DIRECT_COPY_BYTES), 200);
    assert_string_equal(fed.totals.site[0].function, "arm");
    assert_int_equal(fed.totals.site[0].offset, 0x30);
}

/* return memcpy(...): the jump is the place, and the frame is the caller's. */
static void a_tail_call_copies(void **state)
{
    (void)state;
    in(arm);
    fed_jump(&fed, FED_OBJECT + 0x50);
    in(memcpy_);
    fed_entry(&fed, FED_MEMCPY, STACK, TO, FROM, 100);
    body(TO, FROM);
    fed_ret(&fed, FED_MEMCPY + 32, STACK);
    in(arm);
    fed_clear(&fed, FED_OBJECT + 0x60, 0, 8);
    fed_finish(&fed);
    assert_int_equal(fed_value(&fed, HV_T_DIRECT_COPY_CALLS), 1);
    assert_int_equal(fed_value(&fed, HV_T_COPIED_CALLED), 100);
    assert_int_equal(fed.totals.site[0].offset, 0x50);
    assert_int_equal(fed.totals.group[HV_GROUP_OPERATION], 2);
}

/* A function with a name that only jumps on is where the copy was written. */
static void a_wrapper_is_the_place(void **state)
{
    (void)state;
    const uint16_t clone =
        hv_analyser_function(fed.a, 0x430000, "clone", HV_GROUP_OPERATION);
    in(arm);
    fed_call(&fed, FED_OBJECT + 0x50, STACK);
    in(clone);
    fed_jump(&fed, 0x430000 + 8);
    in(memcpy_);
    fed_entry(&fed, FED_MEMCPY, STACK, TO, FROM, 100);
    body(TO, FROM);
    fed_ret(&fed, FED_MEMCPY + 32, STACK);
    fed_finish(&fed);
    assert_string_equal(fed.totals.site[0].function, "clone");
    assert_int_equal(fed.totals.site[0].offset, 8);
    assert_int_equal(fed_value(&fed, HV_T_DIRECT_COPY_CALLS), 1);
}

/* realloc of libc calls memcpy: its bytes are called copies, but nobody's direct ones;
 * its time is the allocator's. */
static void a_copy_inside_realloc(void **state)
{
    (void)state;
    in(arm);
    fed_call(&fed, FED_OBJECT + 0x20, STACK);
    in(libc);
    fed_entry(&fed, FED_REALLOC, STACK, TO, 200, 0);
    call_memcpy(FED_REALLOC + 8, STACK - 64);
    in(libc);
    fed_ret(&fed, FED_REALLOC + 16, STACK);
    in(arm);
    fed_clear(&fed, FED_OBJECT + 0x60, 0, 8);
    fed_finish(&fed);
    assert_int_equal(fed_value(&fed, HV_T_ALLOC_CALLS), 1);
    assert_int_equal(fed_value(&fed, HV_T_ALLOC_CALL_BYTES), 200);
    assert_int_equal(fed_value(&fed, HV_T_DIRECT_ALLOC_BYTES), 200);
    assert_int_equal(fed_value(&fed, HV_T_COPY_CALLS), 1);
    assert_int_equal(fed_value(&fed, HV_T_DIRECT_COPY_CALLS), 0);
    assert_int_equal(fed_value(&fed, HV_T_COPIED_CALLED), 100);
    assert_int_equal(fed.totals.group[HV_GROUP_ALLOC], 9);
    assert_int_equal(fed.totals.group[HV_GROUP_COPY], 0);
    assert_int_equal(fed.totals.group[HV_GROUP_OPERATION], 2);
}

static void every_family(void **state)
{
    (void)state;
    static const struct {
        uint64_t entry, rdi, rsi, rdx;
        enum hv_trace_value calls, bytes, direct;
        uint64_t expected;
        enum hv_trace_group group;
    } rows[] = {
        {FED_MALLOC,  10, 20, 30, HV_T_ALLOC_CALLS, HV_T_ALLOC_CALL_BYTES,
         HV_T_DIRECT_ALLOC_BYTES,                                                         10,  HV_GROUP_ALLOC},
        {FED_CALLOC,  10, 20, 30, HV_T_ALLOC_CALLS, HV_T_ALLOC_CALL_BYTES,
         HV_T_DIRECT_ALLOC_BYTES,                                                         200, HV_GROUP_ALLOC},
        {FED_REALLOC, 10, 20, 30, HV_T_ALLOC_CALLS, HV_T_ALLOC_CALL_BYTES,
         HV_T_DIRECT_ALLOC_BYTES,                                                         20,  HV_GROUP_ALLOC},
        {FED_MEMSET,  10, 20, 30, HV_T_SET_CALLS,   HV_T_SET_CALL_BYTES,
         HV_T_DIRECT_SET_BYTES,                                                           30,  HV_GROUP_REST },
        {FED_FREE,    10, 20, 30, HV_T_FREE_CALLS,  HV_T_SYSCALLS,         HV_T_SYSCALLS, 0,
         HV_GROUP_ALLOC                                                                                      },
    };
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        in(arm);
        fed_call(&fed, FED_OBJECT + 0x20, STACK);
        in(libc);
        fed_entry(&fed, rows[i].entry, STACK, rows[i].rdi, rows[i].rsi, rows[i].rdx);
        fed_ret(&fed, rows[i].entry + 4, STACK);
        fed_finish(&fed);
        assert_int_equal(fed_value(&fed, rows[i].calls), 1);
        assert_int_equal(fed_value(&fed, rows[i].bytes), rows[i].expected);
        assert_int_equal(fed_value(&fed, rows[i].direct), rows[i].expected);
        assert_int_equal(fed_value(&fed, HV_T_DIRECT_FREE_CALLS),
                         rows[i].entry == FED_FREE);
        assert_int_equal(fed.totals.group[rows[i].group], 2);
        teardown(NULL);
        setup(NULL);
    }
}

/* longjmp out of memcpy: no return, but the stack pointer is above it. */
static void a_call_that_never_returns(void **state)
{
    (void)state;
    in(arm);
    fed_call(&fed, FED_OBJECT + 0x20, STACK - 64);
    in(memcpy_);
    fed_entry(&fed, FED_MEMCPY, STACK - 64, TO, FROM, 100);
    in(arm);
    fed_call(&fed, FED_OBJECT + 0x60, STACK - 8); /* somebody above */
    fed_copy(&fed, FED_OBJECT + 0x70, TO, FROM, 64);
    fed_ret(&fed, FED_OBJECT + 0x80, STACK - 8);
    fed_finish(&fed);
    assert_int_equal(fed_value(&fed, HV_T_COPIED_CALLED), 0);
    assert_int_equal(fed_value(&fed, HV_T_COPIED_INLINED), 64);
}

/* What a role calls is its own, at whatever depth. */
static void calls_inside_a_call(void **state)
{
    (void)state;
    in(arm);
    fed_call(&fed, FED_OBJECT + 0x20, STACK);
    in(memcpy_);
    fed_entry(&fed, FED_MEMCPY, STACK, TO, FROM, 100);
    fed_call(&fed, FED_MEMCPY + 8, STACK - 16);
    in(libc);
    fed_copy(&fed, LIBC + 8, TO, FROM, 64);
    fed_ret(&fed, LIBC + 16, STACK - 16);
    in(memcpy_);
    fed_ret(&fed, FED_MEMCPY + 12, STACK);
    fed_finish(&fed);
    assert_int_equal(fed_value(&fed, HV_T_COPIED_CALLED), 64);
    assert_int_equal(fed.totals.group[HV_GROUP_COPY], 6);
    assert_int_equal(fed.totals.group[HV_GROUP_OPERATION], 1);
}

/* The runs of a call end with it: any number of calls needs no more room than one. */
static void calls_leave_nothing_behind(void **state)
{
    (void)state;
    for (unsigned i = 0; i < HV_OPEN_RUNS + 10; i++) {
        fed_call(&fed, FED_OBJECT + 0x20, STACK);
        fed_entry(&fed, FED_MEMCPY, STACK, TO, FROM, 8);
        fed_copy(&fed, FED_MEMCPY + 4, TO, FROM, 8);
        fed_ret(&fed, FED_MEMCPY + 32, STACK);
    }
    fed_finish(&fed);
    assert_int_equal(fed_value(&fed, HV_T_COPIED_CALLED), (HV_OPEN_RUNS + 10) * 8);
    assert_int_equal(fed_value(&fed, HV_T_OVERFLOW), 0);
}

static void more_sites_than_are_told(void **state)
{
    (void)state;
    uint64_t sum = 0, copies = 0;
    for (unsigned i = 0; i < 5000; i++)
        fed_copy(&fed, FED_OBJECT + i * 16, TO + i * 0x10000, FROM + i * 0x20000,
                 i % 60 + 1);
    fed_finish(&fed);
    assert_int_equal(fed.totals.n_sites, HV_TRACE_SITES);
    for (unsigned i = 0; i < HV_TRACE_SITES; i++) {
        sum += fed.totals.site[i].bytes;
        copies += fed.totals.site[i].copies;
    }
    assert_int_equal(copies, 5000);
    assert_int_equal(sum, fed_value(&fed, HV_T_COPY_STORED_INLINED));
    assert_string_equal(fed.totals.site[HV_TRACE_SITES - 1].function, "(others)");
    assert_int_equal(fed.totals.site[HV_TRACE_SITES - 1].smallest, 1);
    assert_int_equal(fed.totals.site[1].bytes, 60);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_call_copies),
        TEST(one_call_however_it_gets_there),
        TEST(a_tail_call_copies),
        TEST(a_wrapper_is_the_place),
        TEST(a_copy_inside_realloc),
        TEST(every_family),
        TEST(a_call_that_never_returns),
        TEST(calls_inside_a_call),
        TEST(calls_leave_nothing_behind),
        TEST(more_sites_than_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
