/* SPDX-License-Identifier: MIT */
/* Runs against a second opinion: every store is kept in a list, bytes are counted one
 * by one, and nothing is fast. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/hand_fed.h"

enum { FROM = 0x100000, SPACE = 2048, STORES = 3000 };

/* One store; group: the run it belongs to now, 0: a run that has ended. */
struct stored {
    uint64_t pc, to, bytes, origin;
    int64_t distance;
    unsigned group;
    bool wide;
};
struct opinion {
    struct stored stored[STORES];
    unsigned n, groups;
    uint64_t runs; /* that have ended */
    uint64_t called, inlined, small;
};

static bool touching(const struct stored *a, const struct stored *b)
{
    return a->origin == b->origin && a->distance == b->distance &&
           a->to <= b->to + b->bytes && b->to <= a->to + a->bytes;
}

static void finish_group(struct opinion *o, unsigned group)
{
    unsigned char byte[SPACE * 16] = {0};
    bool wide = false, called = false;
    uint64_t n = 0;
    for (unsigned i = 0; i < o->n; i++) {
        struct stored *s = &o->stored[i];
        if (s->group != group)
            continue;
        for (uint64_t k = 0; k < s->bytes; k++)
            byte[s->to % sizeof byte + k] = 1;
        wide |= s->wide;
        called |= s->origin != 0;
        s->group = 0;
    }
    for (size_t i = 0; i < sizeof byte; i++)
        n += byte[i];
    o->runs++;
    if (called)
        o->called += n;
    else if (n < (wide ? 16u : 64u))
        o->small += n;
    else
        o->inlined += n;
}

/* Where this instruction stored in the group: false if nowhere. */
static bool hull_of(const struct opinion *o, unsigned group, uint64_t pc, uint64_t *lo,
                    uint64_t *hi)
{
    *lo = UINT64_MAX;
    *hi = 0;
    for (unsigned i = 0; i < o->n; i++) {
        const struct stored *s = &o->stored[i];
        if (s->group != group || s->pc != pc)
            continue;
        *lo = s->to < *lo ? s->to : *lo;
        *hi = s->to + s->bytes > *hi ? s->to + s->bytes : *hi;
    }
    return *hi;
}

static void think(struct opinion *o, const struct stored *next)
{
    const unsigned group = ++o->groups;
    unsigned found[STORES], n_found = 0;
    for (unsigned i = 0; i < o->n; i++) {
        const struct stored *s = &o->stored[i];
        bool known = !s->group || !touching(s, next);
        for (unsigned k = 0; k < n_found && !known; k++)
            known = found[k] == s->group;
        if (!known)
            found[n_found++] = s->group;
    }
    for (unsigned k = 0; k < n_found; k++) {
        uint64_t lo, hi;
        const bool has = hull_of(o, found[k], next->pc, &lo, &hi);
        const bool inside = next->to >= lo && next->to + next->bytes <= hi;
        const bool around = next->to <= lo && next->to + next->bytes >= hi;
        if (has && (inside || around)) {
            finish_group(o, found[k]);
            continue;
        }
        for (unsigned i = 0; i < o->n; i++)
            if (o->stored[i].group == found[k])
                o->stored[i].group = group;
    }
    o->stored[o->n] = *next;
    o->stored[o->n++].group = group;
}

static void finish_all(struct opinion *o, uint64_t origin)
{
    for (unsigned i = 0; i < o->n; i++)
        if (o->stored[i].group && (!origin || o->stored[i].origin == origin))
            finish_group(o, o->stored[i].group);
}

/* ---- sequences of stores -----------------------------------------------------------
 */

struct play {
    struct fed *b;
    struct opinion *o;
    uint64_t seed, calls, origin;
    unsigned distances, sizes, pcs;
    uint64_t room; /* small: stores meet more often */
};

static void store(struct play *p, uint64_t pc, uint64_t at, uint64_t distance,
                  unsigned bytes)
{
    const bool vector = pc % 16;
    const unsigned reg = vector ? HV_REG_VECTOR : HV_REG_GPR;
    if (!vector && bytes > 8)
        bytes = 8;
    fed_load(p->b, 0x900, reg, at, bytes);
    fed_store(p->b, pc, reg, at + distance, bytes);
    think(p->o, &(struct stored){.pc = pc,
                                 .to = at + distance,
                                 .bytes = bytes,
                                 .origin = p->origin,
                                 .distance = (int64_t)distance,
                                 .wide = vector});
}

static void random_store(struct play *p)
{
    static const unsigned sizes[] = {8, 1, 2, 4, 16, 32, 64, 37};
    const uint64_t distance = 8192 + 4096 * fed_below(&p->seed, p->distances);
    const unsigned bytes = sizes[fed_below(&p->seed, p->sizes)];
    const uint64_t at = FROM + fed_below(&p->seed, p->room) * 8;
    store(p, 0x100 + 8 * fed_below(&p->seed, p->pcs), at, distance, bytes);
}

static void random_loop(struct play *p)
{
    static const unsigned widths[] = {1, 4, 8, 16, 32, 64};
    const unsigned bytes = widths[fed_below(&p->seed, 6)];
    const uint64_t n = fed_below(&p->seed, 12), down = fed_below(&p->seed, 2);
    const uint64_t at = FROM + fed_below(&p->seed, p->room) * 8;
    const uint64_t distance = 8192 + 4096 * fed_below(&p->seed, p->distances);
    const uint64_t pc = 0x100 + 8 * fed_below(&p->seed, p->pcs);
    for (uint64_t i = 0; i < n; i++)
        store(p, pc, at + (down ? n - 1 - i : i) * bytes, distance, bytes);
}

/* memcpy, from its call to its return. */
static void random_call(struct play *p)
{
    const uint64_t slot = 0x9000 - 8;
    fed_call(p->b, 0x40, slot);
    fed_entry(p->b, FED_MEMCPY, slot, 0, 0, 0);
    p->origin = ++p->calls;
    for (uint64_t n = fed_below(&p->seed, 6); n; n--)
        random_store(p);
    random_loop(p);
    fed_ret(p->b, FED_MEMCPY + 64, slot);
    finish_all(p->o, p->origin);
    p->origin = 0;
}

static void play(struct fed *b, uint64_t seed)
{
    static struct opinion opinion;
    memset(&opinion, 0, sizeof opinion);
    struct play p = {.b = b, .o = &opinion, .seed = seed};
    p.distances = 1 + (unsigned)fed_below(&p.seed, 4);
    p.sizes = 1 + (unsigned)fed_below(&p.seed, 8);
    p.pcs = 1 + (unsigned)fed_below(&p.seed, 40);
    p.room = 1 + fed_below(&p.seed, UINT64_C(8) << fed_below(&p.seed, 5));
    const uint64_t n = fed_below(&p.seed, 120);
    for (uint64_t i = 0; i < n && opinion.n < STORES - 64; i++) {
        const uint64_t kind = fed_below(&p.seed, 10);
        if (kind == 0)
            random_call(&p);
        else if (kind == 1)
            random_loop(&p);
        else
            random_store(&p);
    }
    finish_all(&opinion, 0);
    fed_finish(b);
    assert_int_equal(fed_value(b, HV_T_COPIED_CALLED), opinion.called);
    assert_int_equal(fed_value(b, HV_T_COPIED_INLINED), opinion.inlined);
    assert_int_equal(fed_value(b, HV_T_COPIED_SMALL), opinion.small);
    uint64_t runs = 0;
    for (unsigned i = 0; i < b->totals.n_sites; i++)
        runs += b->totals.site[i].copies;
    assert_int_equal(runs, opinion.runs);
}

static void as_one_would_count_by_hand(void **state)
{
    (void)state;
    static struct fed fed;
    fed_open(&fed, NULL);
    for (uint64_t seed = 1; seed <= 1000; seed++) {
        fed_reset(&fed);
        play(&fed, seed);
    }
    fed_close(&fed);
}

/* Sites and functions tell the same bytes as the totals. */
static void the_parts_make_the_whole(void **state)
{
    (void)state;
    static struct fed fed;
    fed_open(&fed, NULL);
    for (uint64_t seed = 5000; seed < 5100; seed++) {
        fed_reset(&fed);
        play(&fed, seed);
        const uint64_t all = fed_value(&fed, HV_T_COPIED_CALLED) +
                             fed_value(&fed, HV_T_COPIED_INLINED) +
                             fed_value(&fed, HV_T_COPIED_SMALL);
        uint64_t sites = 0, functions = 0;
        for (unsigned i = 0; i < fed.totals.n_sites; i++)
            sites += fed.totals.site[i].bytes;
        for (unsigned i = 0; i < fed.totals.n_functions; i++)
            functions += fed.totals.function[i].copied;
        assert_int_equal(sites, all);
        assert_int_equal(functions, all);
    }
    fed_close(&fed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_one_would_count_by_hand),
        cmocka_unit_test(the_parts_make_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
