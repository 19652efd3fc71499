/* SPDX-License-Identifier: MIT */
/* Copies of known size: what counts once, what counts again, what is small. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/hand_fed.h"

enum { FROM = 0x10000, TO = 0x28000, RAX = HV_REG_GPR, RCX = HV_REG_GPR + 8 };

static int setup(void **state)
{
    static struct fed fed;
    fed_open(&fed, NULL);
    *state = &fed;
    return 0;
}
static int teardown(void **state)
{
    fed_close(*state);
    return 0;
}

/* One by one, through a general register of so many bytes. */
static void copy_words(struct fed *b, uint64_t pc, uint64_t to, uint64_t from,
                       unsigned bytes)
{
    fed_load(b, pc, RAX, from, bytes);
    fed_store(b, pc + 4, RAX, to, bytes);
}

static void expect(struct fed *b, uint64_t stored, uint64_t inlined, uint64_t small)
{
    fed_finish(b);
    assert_int_equal(fed_value(b, HV_T_COPY_STORED_INLINED), stored);
    assert_int_equal(fed_value(b, HV_T_COPIED_INLINED), inlined);
    assert_int_equal(fed_value(b, HV_T_COPIED_SMALL), small);
    assert_int_equal(fed_value(b, HV_T_COPY_STORED_CALLED), 0);
    assert_int_equal(fed_value(b, HV_T_COPIED_CALLED), 0);
    assert_int_equal(fed_value(b, HV_T_OVERFLOW), 0);
}

/* memcpy(100) by two overlapping stores: 100, not 128. */
static void an_overlapping_tail_counts_once(void **state)
{
    struct fed *b = *state;
    fed_copy(b, 0x100, TO, FROM, 64);
    fed_copy(b, 0x200, TO + 36, FROM + 36, 64);
    expect(b, 128, 100, 0);
}

static void unrolled(struct fed *b, uint64_t pc, uint64_t to, uint64_t from)
{
    for (uint64_t i = 0; i < 4; i++)
        fed_copy(b, pc + i * 8, to + i * 64, from + i * 64, 64);
}

static void the_same_copy_again_counts_again(void **state)
{
    struct fed *b = *state;
    unrolled(b, 0x100, TO, FROM);
    unrolled(b, 0x100, TO, FROM);
    expect(b, 512, 512, 0);
    assert_int_equal(b->totals.n_sites, 1);
    assert_int_equal(b->totals.site[0].copies, 2);
    assert_int_equal(b->totals.site[0].smallest, 256);
}

/* What one store writes anew begins a new run, wherever in the copy that is. */
static void a_part_of_the_copy_again_counts_again(void **state)
{
    struct fed *b = *state;
    unrolled(b, 0x100, TO, FROM);
    fed_copy(b, 0x110, TO + 128, FROM + 128, 64);
    expect(b, 320, 320, 0);
}

static void loops_of_one_store_are_one_run(void **state)
{
    struct fed *b = *state;
    for (unsigned i = 0; i < 300; i++)
        copy_words(b, 0x100, TO + i, FROM + i, 1);
    for (unsigned i = 0; i < 50; i++) /* downwards */
        copy_words(b, 0x200, TO + 0x1000 - 8 * i, FROM + 0x1800 - 8 * i, 8);
    expect(b, 700, 700, 0);
    assert_int_equal(b->totals.n_sites, 2);
    assert_int_equal(b->totals.site[0].bytes, 400);
    assert_int_equal(b->totals.site[1].bytes, 300);
}

/* The last vector of a loop is moved back to fit: 8 bytes are stored twice. */
static void a_vector_moved_back_to_fit_goes_on(void **state)
{
    struct fed *b = *state;
    fed_copy(b, 0x100, TO, FROM, 32);
    fed_copy(b, 0x100, TO + 32, FROM + 32, 32);
    fed_copy(b, 0x100, TO + 56, FROM + 56, 32);
    expect(b, 96, 88, 0);
}

/* The same store, first of 37 bytes, then of 60: two copies. */
static void a_longer_one_from_the_same_start_is_another(void **state)
{
    struct fed *b = *state;
    fed_copy(b, 0x100, TO, FROM, 37);
    fed_copy(b, 0x100, TO, FROM, 60);
    expect(b, 97, 97, 0);
}

static void strided_stores_join_when_the_gaps_fill(void **state)
{
    struct fed *b = *state;
    for (unsigned i = 0; i < 8; i++)
        copy_words(b, 0x100, TO + 16 * i, FROM + 16 * i, 8);
    for (unsigned i = 0; i < 8; i++)
        copy_words(b, 0x200, TO + 16 * i + 8, FROM + 16 * i + 8, 8);
    expect(b, 128, 128, 0);
    assert_int_equal(b->totals.n_sites, 1);
    assert_int_equal(b->totals.site[0].copies, 1);
}

/* A run that two became counts for the place of the first store, whichever end. */
static void a_joined_run_began_with_its_first_store(void **state)
{
    struct fed *b = *state;
    const uint64_t pc = FED_OBJECT;
    fed_copy(b, pc + 0x10, TO + 64, FROM + 64, 32); /* the upper end is first */
    fed_copy(b, pc + 0x20, TO, FROM, 32);
    fed_copy(b, pc + 0x30, TO + 32, FROM + 32, 32);
    fed_copy(b, pc + 0x40, TO + 0x1000, FROM + 0x2000, 32); /* the lower one */
    fed_copy(b, pc + 0x50, TO + 0x1040, FROM + 0x2040, 32);
    fed_copy(b, pc + 0x60, TO + 0x1020, FROM + 0x2020, 34);
    expect(b, 194, 192, 0);
    assert_int_equal(b->totals.n_sites, 2);
    for (unsigned i = 0; i < 2; i++)
        assert_true(b->totals.site[i].offset == 0x14 ||
                    b->totals.site[i].offset == 0x44);
    assert_int_not_equal(b->totals.site[0].offset, b->totals.site[1].offset);
}

static void a_thousand_clones_and_again(void **state)
{
    struct fed *b = *state;
    for (unsigned round = 0; round < 2; round++)
        for (unsigned part = 0; part < 4; part++) /* interleaved */
            for (unsigned i = 0; i < 1000; i++)
                fed_copy(b, 0x100 + part * 8, 0x1000000 + i * 1040 + part * 64,
                         0x4000000 + i * 656 + part * 64, 64);
    expect(b, 512000, 512000, 0);
    assert_int_equal(b->totals.site[0].copies, 2000);
    assert_int_equal(b->totals.site[0].largest, 256);
}

static void small_runs_stand_apart(void **state)
{
    struct fed *b = *state;
    copy_words(b, 0x100, TO, FROM, 8);                   /* 8: small */
    copy_words(b, 0x200, TO + 0x1008, FROM + 0x1000, 8); /* 16, but general: small */
    copy_words(b, 0x208, TO + 0x1010, FROM + 0x1008, 8); /* ... */
    fed_copy(b, 0x300, TO + 0x2010, FROM + 0x2000, 15);  /* vector, but 15: small */
    fed_copy(b, 0x400, TO + 0x3020, FROM + 0x3000, 16);  /* not small */
    copy_words(b, 0x500, TO + 0x4040, FROM + 0x4000, 8); /* 24 with a vector */
    fed_copy(b, 0x508, TO + 0x4048, FROM + 0x4008, 16);  /* ... */
    for (unsigned i = 0; i < 8; i++)                     /* 64 of general ones */
        copy_words(b, 0x600 + i * 8, TO + 0x5080 + i * 8, FROM + 0x5000 + i * 8, 8);
    for (unsigned i = 0; i < 7; i++) /* 56: small */
        copy_words(b, 0x700 + i * 8, TO + 0x6090 + i * 8, FROM + 0x6000 + i * 8, 8);
    expect(b, 8 + 16 + 15 + 16 + 24 + 64 + 56, 16 + 24 + 64, 8 + 16 + 15 + 56);
}

static void in_place_is_no_copy(void **state)
{
    struct fed *b = *state;
    fed_copy(b, 0x100, FROM, FROM, 64);
    fed_rep_movs(b, 0x200, FROM, FROM, 100, 1, false);
    expect(b, 0, 0, 0);
}

static void a_chain_counts_each_link(void **state)
{
    struct fed *b = *state;
    fed_copy(b, 0x100, TO, FROM, 64);
    fed_copy(b, 0x200, TO + 0x1000, TO, 64);
    expect(b, 128, 128, 0);
}

static void strings_up_and_down(void **state)
{
    struct fed *b = *state;
    fed_rep_movs(b, 0x100, TO, FROM, 256, 1, false);
    fed_rep_movs(b, 0x200, TO + 0x1100 - 8, FROM + 0x1000 - 8, 32, 8, true);
    fed_rep_movs(b, 0x300, TO, FROM + 0x2000, 0, 8, false);
    fed_rep_movs(b, 0x100, TO, FROM, 256, 1, false); /* again */
    expect(b, 768, 768, 0);
    assert_int_equal(fed_value(b, HV_T_REP_ITERATIONS), 256 + 32 + 256);
    assert_int_equal(fed_value(b, HV_T_LOADS), 256 + 32 + 256);
    assert_int_equal(fed_value(b, HV_T_STORE_BYTES), 768);
    assert_int_equal(fed_value(b, HV_T_INSTRUCTIONS), 4);
}

/* memmove by 8 bytes, both ways: all is loaded before it is overwritten. */
static void a_move_over_itself(void **state)
{
    struct fed *b = *state;
    for (unsigned i = 0; i < 16; i++)
        copy_words(b, 0x100, FROM - 8 + 8 * i, FROM + 8 * i, 8);
    for (unsigned i = 0; i < 16; i++)
        copy_words(b, 0x200, TO + 128 - 8 * i, TO + 120 - 8 * i, 8);
    expect(b, 256, 256, 0);
}

static void the_function_has_its_copies(void **state)
{
    struct fed *b = *state;
    unrolled(b, 0x100, TO, FROM);
    copy_words(b, 0x700, TO + 0x1000, FROM, 8);
    b->function = hv_analyser_function(b->a, 0x800, "clone", HV_GROUP_OPERATION);
    unrolled(b, 0x800, TO + 0x2000, FROM);
    expect(b, 520, 512, 8);
    for (unsigned i = 0; i < 2; i++) {
        const bool arm = !strcmp(b->totals.function[i].name, "arm");
        assert_int_equal(b->totals.function[i].copied, arm ? 264 : 256);
        assert_int_equal(b->totals.function[i].load_bytes, arm ? 264 : 256);
        assert_int_equal(b->totals.function[i].instructions, arm ? 10 : 8);
    }
    for (unsigned i = 0; i < 2; i++)
        if (!strcmp(b->totals.site[i].function, "clone"))
            assert_int_equal(b->totals.site[i].offset, 4); /* the store */
    assert_int_equal(b->totals.n_sites, 3);
}

static void too_many_runs_are_told(void **state)
{
    struct fed *b = *state;
    const uint64_t n = HV_OPEN_RUNS + 1000;
    for (uint64_t i = 0; i < n; i++)
        copy_words(b, 0x100, 0x10000000 + i * 48, 0x90000000 + i * 56, 8);
    fed_finish(b);
    assert_int_equal(fed_value(b, HV_T_COPIED_SMALL), n * 8); /* none is lost */
    assert_int_equal(fed_value(b, HV_T_OVERFLOW), 1001);
}

/* memset by one constant that the compiler keeps in read-only data, and a table that is
 * copied out of there. */
static void a_constant_is_no_copy(void **state)
{
    struct fed *b = *state;
    b->a->runs.constants[0] = FROM;
    b->a->runs.constants[1] = FROM + 0x1000;
    for (unsigned i = 0; i < 16; i++)
        fed_copy(b, 0x100 + 8 * i, TO + 16 * i, FROM, 16);
    unrolled(b, 0x300, TO + 0x1000, FROM + 0x100);
    fed_copy(b, 0x400, TO + 0x2000, FROM + 0x1000, 16); /* just outside */
    expect(b, 256 + 256 + 16, 256 + 16, 0);
    assert_int_equal(b->totals.n_sites, 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_constant_is_no_copy),
        TEST(an_overlapping_tail_counts_once),
        TEST(the_same_copy_again_counts_again),
        TEST(a_part_of_the_copy_again_counts_again),
        TEST(loops_of_one_store_are_one_run),
        TEST(a_vector_moved_back_to_fit_goes_on),
        TEST(a_longer_one_from_the_same_start_is_another),
        TEST(strided_stores_join_when_the_gaps_fill),
        TEST(a_joined_run_began_with_its_first_store),
        TEST(a_thousand_clones_and_again),
        TEST(small_runs_stand_apart),
        TEST(in_place_is_no_copy),
        TEST(a_chain_counts_each_link),
        TEST(strings_up_and_down),
        TEST(a_move_over_itself),
        TEST(the_function_has_its_copies),
        TEST(too_many_runs_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
