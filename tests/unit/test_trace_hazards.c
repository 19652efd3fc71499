/* SPDX-License-Identifier: MIT */
/* Loads that meet young stores: known cases, and a second opinion byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/hand_fed.h"

enum { A = 0x10100 };

static struct fed fed;

static void store(uint64_t address, unsigned bytes)
{
    fed.pc = FED_OBJECT;
    fed_insn(&fed, 0, 0);
    fed_access(&fed, HV_ACCESS_WRITE, address, bytes);
    fed_feed(&fed);
}
static void load(uint64_t address, unsigned bytes)
{
    fed.pc = FED_OBJECT;
    fed_insn(&fed, 0, 0);
    fed_access(&fed, 0, address, bytes);
    fed_feed(&fed);
}
static void idle(unsigned instructions)
{
    while (instructions--) {
        fed.pc = FED_OBJECT;
        fed_insn(&fed, 0, 0);
        fed_feed(&fed);
    }
}

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

static void expect(uint64_t spans, uint64_t wider, uint64_t alias)
{
    fed_finish(&fed);
    assert_int_equal(fed_value(&fed, HV_T_FORWARD_SPANS), spans);
    assert_int_equal(fed_value(&fed, HV_T_FORWARD_WIDER), wider);
    assert_int_equal(fed_value(&fed, HV_T_ALIAS_4K), alias);
}

static void what_one_store_holds_is_forwarded(void **state)
{
    (void)state;
    store(A, 64);
    load(A, 64);
    load(A + 5, 8);
    load(A + 64, 8); /* next to it */
    load(A - 8, 8);
    expect(0, 0, 0);
}

static void two_stores_for_one_load(void **state)
{
    (void)state;
    store(A, 8);
    store(A + 8, 8);
    load(A, 16);
    expect(1, 0, 0);
}

static void wider_than_its_store(void **state)
{
    (void)state;
    store(A, 8);
    load(A, 16);
    expect(1, 1, 0);
}

/* As wide as the store, but not at its place. */
static void partly_from_memory(void **state)
{
    (void)state;
    store(A, 8);
    load(A + 4, 8);
    expect(1, 0, 0);
}

static void an_older_store_does_not_matter_below_a_younger(void **state)
{
    (void)state;
    store(A, 8);
    store(A, 64);
    load(A, 32);
    expect(0, 0, 0);
}

static void a_younger_store_inside_does(void **state)
{
    (void)state;
    store(A, 64);
    store(A + 8, 1);
    load(A, 32);
    expect(1, 0, 0);
}

static void the_same_low_bits_elsewhere(void **state)
{
    (void)state;
    store(A, 8);
    load(A + 4096, 8);
    load(A + 8192 + 7, 4);
    load(A + 4096 + 8, 8); /* next to it */
    load(A + 3 * 4096 - 1, 1);
    expect(0, 0, 2);
}

static void low_bits_that_wrap(void **state)
{
    (void)state;
    store(0x10ffc, 8); /* over a page's end */
    load(0x20000, 4);
    load(0x20ff8, 4);
    expect(0, 0, 1);
}

static void stores_leave_the_window_by_number(void **state)
{
    (void)state;
    store(A, 8);
    for (unsigned i = 1; i < 64; i++)
        store(0x40000 + 0x200 + i * 8, 8);
    load(A, 16); /* the last moment */
    store(0x50400, 8);
    load(A, 16);
    expect(1, 1, 0);
}

static void and_by_age(void **state)
{
    (void)state;
    store(A, 8);
    idle(255);
    load(A, 16); /* 256 instructions later */
    load(A, 16);
    expect(1, 1, 0);
}

static void a_string_empties_the_window(void **state)
{
    (void)state;
    store(A, 8);
    fed_rep_movs(&fed, 0x100, 0x90000, 0x80000, 4, 8, false);
    load(A, 16);
    load(0x90000, 64);
    expect(0, 0, 0);
}

static void splits(void **state)
{
    (void)state;
    load(0x1000, 64);
    load(0x1001, 64); /* line */
    store(0x1ffc, 8); /* line and page */
    store(0x1ff8, 8);
    load(0x103f, 2); /* line */
    expect(0, 0, 0);
    assert_int_equal(fed_value(&fed, HV_T_LINE_SPLITS), 3);
    assert_int_equal(fed_value(&fed, HV_T_PAGE_SPLITS), 1);
}

/* ---- a second opinion --------------------------------------------------------------
 */

struct event {
    bool write;
    uint64_t address, bytes, now;
};
enum { EVENTS = 600 };
struct opinion {
    struct event event[EVENTS];
    unsigned n;
    uint64_t now, spans, wider, alias, lines, pages;
};

static bool holds(const struct event *e, uint64_t byte)
{
    return byte >= e->address && byte < e->address + e->bytes;
}

/* Whether the low 12 bits of any two bytes are equal. */
static bool meets_low(const struct event *store, const struct event *load)
{
    for (uint64_t i = 0; i < store->bytes; i++)
        for (uint64_t k = 0; k < load->bytes; k++)
            if ((store->address + i) % 4096 == (load->address + k) % 4096)
                return true;
    return false;
}
static bool meets(const struct event *store, const struct event *load)
{
    for (uint64_t k = 0; k < load->bytes; k++)
        if (holds(store, load->address + k))
            return true;
    return false;
}

static void think(struct opinion *o, const struct event *load)
{
    const struct event *window[64], *only = NULL;
    unsigned n = 0, writers = 0;
    uint64_t from_memory = 0;
    bool alias = false;
    for (unsigned i = o->n; i-- && n < 64;)
        if (o->event[i].write && load->now - o->event[i].now <= 256)
            window[n++] = &o->event[i];
        else if (o->event[i].write)
            break;
    for (unsigned i = 0; i < n; i++)
        alias |= meets_low(window[i], load) && !meets(window[i], load);
    bool seen[64] = {false};
    for (uint64_t k = 0; k < load->bytes; k++) {
        unsigned i = 0;
        while (i < n && !holds(window[i], load->address + k))
            i++;
        if (i == n) {
            from_memory++;
        } else if (!seen[i]) {
            seen[i] = true;
            writers++;
            only = window[i];
        }
    }
    const bool spans = writers > 1 || (writers && from_memory);
    o->spans += spans;
    o->wider += spans && writers == 1 && load->bytes > only->bytes;
    o->alias += alias;
}

static void play(uint64_t seed)
{
    static struct opinion o;
    const uint64_t room = 16u << fed_below(&seed, 8);
    const uint64_t pages = 1 + fed_below(&seed, 3);
    const uint64_t sizes = 1 + fed_below(&seed, 7);
    const uint64_t gap = fed_below(&seed, 12);
    memset(&o, 0, sizeof o);
    while (o.n < EVENTS) {
        struct event *e = &o.event[o.n];
        const unsigned pause = (unsigned)fed_below(&seed, gap + 1);
        idle(pause);
        o.now += pause + 1;
        *e = (struct event){.write = fed_below(&seed, 2),
                            .address = 0x10000 - 64 + fed_below(&seed, room) +
                                       4096 * fed_below(&seed, pages),
                            .bytes = 1u << fed_below(&seed, sizes),
                            .now = o.now};
        if (e->write)
            store(e->address, (unsigned)e->bytes);
        else
            load(e->address, (unsigned)e->bytes);
        if (!e->write)
            think(&o, e);
        o.lines += e->address / 64 != (e->address + e->bytes - 1) / 64;
        o.pages += e->address / 4096 != (e->address + e->bytes - 1) / 4096;
        o.n++;
    }
    expect(o.spans, o.wider, o.alias);
    assert_int_equal(fed_value(&fed, HV_T_LINE_SPLITS), o.lines);
    assert_int_equal(fed_value(&fed, HV_T_PAGE_SPLITS), o.pages);
}

static void as_one_would_count_by_hand(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        fed_reset(&fed);
        play(seed);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_one_store_holds_is_forwarded),
        TEST(two_stores_for_one_load),
        TEST(wider_than_its_store),
        TEST(partly_from_memory),
        TEST(an_older_store_does_not_matter_below_a_younger),
        TEST(a_younger_store_inside_does),
        TEST(the_same_low_bits_elsewhere),
        TEST(low_bits_that_wrap),
        TEST(stores_leave_the_window_by_number),
        TEST(and_by_age),
        TEST(a_string_empties_the_window),
        TEST(splits),
        TEST(as_one_would_count_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
