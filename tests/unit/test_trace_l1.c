/* SPDX-License-Identifier: MIT */
/* The modelled cache: known sequences, and a second one that works by dates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "tests/unit/hand_fed.h"

static struct fed fed;

static void touch(unsigned flags, uint64_t address, unsigned bytes)
{
    fed.pc = FED_OBJECT;
    fed_insn(&fed, 0, 0);
    fed_access(&fed, flags, address, bytes);
    fed_feed(&fed);
}

static void expect(uint64_t read, uint64_t write, uint64_t lines)
{
    fed_finish(&fed);
    assert_int_equal(fed_value(&fed, HV_T_L1_READ_MISSES), read);
    assert_int_equal(fed_value(&fed, HV_T_L1_WRITE_MISSES), write);
    assert_int_equal(fed_value(&fed, HV_T_LINES), lines);
    fed_close(&fed);
}

static void each_line_misses_once(void **state)
{
    (void)state;
    fed_open(&fed, NULL); /* 512 lines */
    for (unsigned round = 0; round < 3; round++)
        for (unsigned i = 0; i < 32768; i += 8)
            touch(0, 0x100000 + i, 8);
    expect(512, 0, 512);
}

static void one_line_too_many_misses_always(void **state)
{
    (void)state;
    fed_open(&fed, NULL);
    for (unsigned round = 0; round < 3; round++)
        for (unsigned way = 0; way < 9; way++)
            touch(HV_ACCESS_WRITE, 0x100000 + way * 4096, 8);
    expect(0, 27, 9);
}

static void the_least_recently_used_goes(void **state)
{
    (void)state;
    fed_open(&fed, &(struct hv_cache_shape){64, 1, 2});
    touch(0, 0x1000, 8);
    touch(0, 0x1040, 8);
    touch(0, 0x1000, 8); /* hit, and younger now */
    touch(0, 0x1080, 8); /* 0x1040 goes */
    touch(0, 0x1000, 8); /* hit */
    touch(0, 0x1040, 8);
    expect(4, 0, 3);
}

static void two_lines_are_one_miss(void **state)
{
    (void)state;
    fed_open(&fed, NULL);
    touch(0, 0x103c, 8); /* both new: one miss */
    touch(0, 0x107c, 8); /* one new: one miss */
    touch(HV_ACCESS_WRITE, 0x107c, 8);
    expect(2, 0, 3);
}

static void reading_and_writing_misses_once(void **state)
{
    (void)state;
    fed_open(&fed, NULL);
    fed_insn(&fed, 0, 0);
    fed_access(&fed, 0, 0x2000, 8);
    fed_access(&fed, HV_ACCESS_WRITE, 0x2000, 8);
    fed_feed(&fed);
    expect(1, 0, 1);
}

static void no_shape_no_cache(void **state)
{
    (void)state;
    fed_open(&fed, &(struct hv_cache_shape){0, 0, 0});
    touch(0, 0x2000, 8);
    fed_rep_movs(&fed, 0x100, 0x3000, 0x4000, 100, 8, false);
    expect(0, 0, 0);
}

static void strange_shapes_are_refused(void **state)
{
    (void)state;
    static const struct hv_cache_shape shapes[] = {
        {48, 64,      8 },
        {64, 48,      8 },
        {64, 64,      0 },
        {64, 64,      33},
        {64, 1 << 20, 8 }
    };
    struct hv_analyser_config config = {.roles = &fed.roles};
    for (unsigned i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct hv_analyser *a;
        config.l1 = shapes[i];
        assert_int_equal(hv_analyser_open(&a, &config), -EINVAL);
        assert_null(a);
    }
}

/* More pages than are told apart: the misses stay right, and it is told. */
static void too_many_lines_are_told(void **state)
{
    (void)state;
    const uint64_t n = HV_L1_PAGES + 100;
    fed_open(&fed, NULL);
    for (uint64_t i = 0; i < n; i++)
        touch(0, 0x100000000 + i * 4096, 8);
    fed_finish(&fed);
    assert_int_equal(fed_value(&fed, HV_T_L1_READ_MISSES), n);
    assert_int_equal(fed_value(&fed, HV_T_LINES), HV_L1_PAGES);
    assert_int_equal(fed_value(&fed, HV_T_OVERFLOW), 100);
    fed_close(&fed);
}

/* ---- a second opinion --------------------------------------------------------------
 */

enum { LINES = 4096 };

/* A line is in while fewer than `ways` others of its set were used since. */
struct dates {
    struct hv_cache_shape shape;
    uint64_t used[LINES], now;
    uint64_t read, write;
};

static bool is_in(const struct dates *d, unsigned line)
{
    unsigned since = 0;
    if (!d->used[line])
        return false;
    for (unsigned i = line % d->shape.sets; i < LINES; i += d->shape.sets)
        since += d->used[i] > d->used[line];
    return since < d->shape.ways;
}

static void dated(struct dates *d, bool write, uint64_t address, uint64_t bytes)
{
    bool missed = false;
    for (uint64_t line = address / d->shape.line;
         line <= (address + bytes - 1) / d->shape.line; line++) {
        missed |= !is_in(d, (unsigned)line);
        d->used[line] = ++d->now;
    }
    *(write ? &d->write : &d->read) += missed;
}

static void random_string(struct dates *d, uint64_t *seed)
{
    const unsigned element = 1u << fed_below(seed, 4);
    const bool down = fed_below(seed, 2);
    const uint64_t n = fed_below(seed, 300);
    const uint64_t from = 4096 + fed_below(seed, 20000);
    const uint64_t to = 4096 + fed_below(seed, 20000);
    fed_rep_movs(&fed, 0x100, to, from, n, element, down);
    for (uint64_t i = 0; i < n; i++) {
        const uint64_t at = down ? 0 - i * element : i * element;
        dated(d, false, from + at, element);
        dated(d, true, to + at, element);
    }
}

static void play(uint64_t seed)
{
    struct dates *d = calloc(1, sizeof *d);
    assert_non_null(d);
    d->shape = (struct hv_cache_shape){.line = 32u << fed_below(&seed, 3),
                                       .sets = 1u << fed_below(&seed, 7),
                                       .ways = 1 + (uint32_t)fed_below(&seed, 32)};
    fed_open(&fed, &d->shape);
    for (unsigned i = 0; i < 300; i++) {
        const bool write = fed_below(&seed, 2);
        const unsigned bytes = 1u << fed_below(&seed, 8);
        const uint64_t address =
            fed_below(&seed, 2) ? fed_below(&seed, 30000) : fed_below(&seed, 2000);
        touch(write ? HV_ACCESS_WRITE : 0, address, bytes);
        dated(d, write, address, bytes);
        if (!fed_below(&seed, 30))
            random_string(d, &seed);
    }
    uint64_t lines = 0;
    for (unsigned i = 0; i < LINES; i++)
        lines += d->used[i] != 0;
    expect(d->read, d->write, lines);
    free(d);
}

static void as_dates_say(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 600; seed++)
        play(seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_misses_once),
        cmocka_unit_test(one_line_too_many_misses_always),
        cmocka_unit_test(the_least_recently_used_goes),
        cmocka_unit_test(two_lines_are_one_miss),
        cmocka_unit_test(reading_and_writing_misses_once),
        cmocka_unit_test(no_shape_no_cache),
        cmocka_unit_test(strange_shapes_are_refused),
        cmocka_unit_test(too_many_lines_are_told),
        cmocka_unit_test(as_dates_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
