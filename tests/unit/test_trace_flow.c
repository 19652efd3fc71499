/* SPDX-License-Identifier: MIT */
/* Data through registers: moves, masks, parts; and a second register file, byte by
 * byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/hand_fed.h"

enum {
    FROM = 0x10000,
    TO = 0x28000,
    RAX = HV_REG_GPR,
    RCX = HV_REG_GPR + 8,
    ZMM0 = HV_REG_VECTOR,
    ZMM1 = HV_REG_VECTOR + 64,
};

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

static void expect(uint64_t stored, uint64_t unique)
{
    fed_finish(&fed);
    assert_int_equal(fed_value(&fed, HV_T_COPY_STORED_INLINED), stored);
    assert_int_equal(fed_value(&fed, HV_T_COPIED_INLINED) +
                         fed_value(&fed, HV_T_COPIED_SMALL),
                     unique);
}

/* A masked load or store of so many bytes. */
static void masked(enum hv_flow_kind kind, unsigned flags, unsigned reg,
                   uint64_t address, unsigned bytes, unsigned element, uint64_t mask)
{
    fed_insn(&fed, 0, 64);
    const unsigned access = fed_masked(&fed, flags, address, bytes, element, mask);
    struct hv_flow *flow = fed_flow(&fed, kind, reg, reg, bytes, access);
    flow->mask_word = fed.access[access].mask_word;
    flow->element = (uint8_t)element;
    fed_feed(&fed);
}

static void what_is_computed_is_no_copy(void **state)
{
    (void)state;
    fed_load(&fed, 0x100, ZMM0, FROM, 64);
    fed_clear(&fed, 0x104, ZMM0, 64); /* xor */
    fed_store(&fed, 0x108, ZMM0, TO, 64);
    expect(0, 0);
}

static void through_other_registers(void **state)
{
    (void)state;
    fed_load(&fed, 0x100, ZMM0, FROM, 64);
    fed_move(&fed, 0x104, ZMM1, ZMM0, 64);
    fed_clear(&fed, 0x108, ZMM0, 64);
    fed_move(&fed, 0x10c, RAX, ZMM1 + 8, 8); /* vpextrq */
    fed_store(&fed, 0x110, ZMM1, TO, 64);
    fed_store(&fed, 0x114, RAX, TO + 0x1008, 8);
    expect(72, 72);
}

/* Halves that were swapped: two pieces, each with a distance of its own. */
static void swapped_halves(void **state)
{
    (void)state;
    fed_load(&fed, 0x100, ZMM0, FROM, 32);
    fed_move(&fed, 0x104, ZMM1, ZMM0 + 16, 16);
    fed_move(&fed, 0x108, ZMM1 + 16, ZMM0, 16);
    fed_store(&fed, 0x10c, ZMM1, TO, 32);
    expect(32, 32);
    assert_int_equal(fed.totals.site[0].copies, 2);
    assert_int_equal(fed.totals.site[0].largest, 16);
}

static void parts_of_a_register(void **state)
{
    (void)state;
    fed_load(&fed, 0x100, RAX, FROM, 4);
    fed_clear(&fed, 0x100, RAX + 4, 4);            /* mov eax, [] */
    fed_load(&fed, 0x104, RAX + 1, FROM + 100, 1); /* mov ah, [] */
    fed_store(&fed, 0x108, RAX, TO, 8);
    expect(4, 4); /* 1 + 1 + 2 */
    assert_int_equal(fed.totals.site[0].copies, 3);
}

static void bytes_that_cross_groups(void **state)
{
    (void)state;
    fed_load(&fed, 0x100, ZMM0, FROM, 64);
    fed_move(&fed, 0x104, ZMM1, ZMM0 + 3, 60); /* valignd and the like */
    fed_store(&fed, 0x108, ZMM1, TO, 60);
    fed_move(&fed, 0x104, ZMM0 + 5, ZMM0, 32); /* over itself */
    fed_store(&fed, 0x108, ZMM0 + 5, TO + 0x1000, 32);
    expect(92, 92);
    assert_int_equal(fed.totals.site[0].copies, 2);
}

static void masked_tails(void **state)
{
    (void)state;
    const uint64_t tail = (UINT64_C(1) << 37) - 1;
    masked(HV_FLOW_LOAD, 0, ZMM0, FROM, 64, 1, tail);
    masked(HV_FLOW_STORE, HV_ACCESS_WRITE, ZMM0, TO, 64, 1, tail);
    masked(HV_FLOW_STORE, HV_ACCESS_WRITE, ZMM0, TO, 64, 1, 0); /* no access */
    expect(37, 37);
    assert_int_equal(fed_value(&fed, HV_T_LOADS), 1);
    assert_int_equal(fed_value(&fed, HV_T_LOAD_BYTES), 37);
    assert_int_equal(fed_value(&fed, HV_T_STORES), 1);
    assert_int_equal(fed_value(&fed, HV_T_STORE_BYTES), 37);
}

/* Bits above the elements mean nothing; holes are not stored. */
static void masked_with_holes(void **state)
{
    (void)state;
    fed_load(&fed, 0x100, ZMM0, FROM, 64);
    masked(HV_FLOW_STORE, HV_ACCESS_WRITE, ZMM0, TO + 56, 64, 8, 0xff06);
    expect(16, 16);
    assert_int_equal(fed_value(&fed, HV_T_STORE_BYTES), 16);
    assert_int_equal(fed_value(&fed, HV_T_LINE_SPLITS), 0); /* TO + 64 .. TO + 80 */
    assert_int_equal(fed_value(&fed, HV_T_L1_WRITE_MISSES), 1);
}

static void unmasked_elements_stay_or_go(void **state)
{
    (void)state;
    for (unsigned zeroing = 0; zeroing < 2; zeroing++) {
        fed_load(&fed, 0x100, ZMM0, FROM, 64);
        fed_load(&fed, 0x104, ZMM1, FROM + 0x1000, 64);
        fed.pc = 0x108;
        fed_insn(&fed, 0, 64);
        struct hv_flow *flow = fed_flow(&fed, HV_FLOW_MOVE, ZMM0, ZMM1, 64, 0);
        flow->mask_word = fed_word(&fed, 0x0f);
        flow->element = 8;
        flow->flags = zeroing ? HV_FLOW_ZEROING : 0;
        fed_feed(&fed);
        fed_store(&fed, 0x10c + zeroing * 4, ZMM0, TO + zeroing * 0x1000, 64);
    }
    expect(64 + 32, 64 + 32);
}

/* vpcompressd to memory: 4 elements from two places, 16 bytes. */
static void compressed_stores_are_dense(void **state)
{
    (void)state;
    fed_load(&fed, 0x100, ZMM0, FROM, 64);
    fed.pc = 0x200;
    masked(HV_FLOW_STORE, HV_ACCESS_WRITE | HV_ACCESS_COMPRESSED, ZMM0, TO + 40, 64, 4,
           0x8181);
    expect(16, 16);
    assert_int_equal(fed_value(&fed, HV_T_STORE_BYTES), 16);
    assert_int_equal(fed_value(&fed, HV_T_LINE_SPLITS), 0);
    /* 0: 4 bytes; 7 and 8: 8 bytes together; 15: 4 bytes */
    assert_int_equal(fed.totals.site[0].copies, 3);
    assert_int_equal(fed.totals.site[0].largest, 8);
}

static void expanding_loads_read_dense(void **state)
{
    (void)state;
    fed.pc = 0x200;
    masked(HV_FLOW_LOAD, HV_ACCESS_COMPRESSED, ZMM0, FROM, 64, 8, 0xaa);
    fed_store(&fed, 0x300, ZMM0 + 8, TO, 8);       /* element 1 is FROM */
    fed_store(&fed, 0x304, ZMM0 + 24, TO + 8, 8);  /* element 3 is FROM + 8 */
    fed_store(&fed, 0x308, ZMM0 + 16, TO + 16, 8); /* element 2 was not loaded */
    expect(16, 16);
    assert_int_equal(fed.totals.site[0].copies, 1);
    assert_int_equal(fed_value(&fed, HV_T_LOAD_BYTES), 32 + 0);
}

/* ---- a second opinion --------------------------------------------------------------
 */

/* A small part of the register file, where groups of all kinds meet. */
enum { FIRST = HV_REG_VECTOR, REGS = 256 };
struct opinion {
    uint64_t tag[REGS]; /* 0: computed */
};

static void check(const struct opinion *o)
{
    for (unsigned reg = 0; reg < REGS; reg += 64) {
        struct hv_piece piece[HV_TAG_SPAN];
        uint64_t tag[64] = {0};
        const unsigned n =
            hv_tags_pieces(&fed.a->tags, FIRST + reg, 64, UINT64_MAX, piece);
        for (unsigned i = 0; i < n; i++) {
            assert_true(!i || piece[i].at >= piece[i - 1].at + piece[i - 1].bytes);
            for (unsigned k = 0; k < piece[i].bytes; k++)
                tag[piece[i].at + k] = piece[i].from + k;
        }
        assert_memory_equal(tag, &o->tag[reg], sizeof tag);
    }
}

struct step {
    enum hv_flow_kind kind;
    unsigned to, from, bytes, element;
    uint64_t address, mask;
    bool masked, zeroing, dense;
};

static struct step random_step(uint64_t *seed)
{
    static const enum hv_flow_kind kinds[] = {HV_FLOW_LOAD, HV_FLOW_LOAD, HV_FLOW_MOVE,
                                              HV_FLOW_MOVE, HV_FLOW_CLEAR};
    static const unsigned sizes[] = {8, 64, 4, 16, 32, 1, 2, 8};
    struct step s = {.kind = kinds[fed_below(seed, 5)]};
    s.bytes = fed_below(seed, 8) ? sizes[fed_below(seed, 8)]
                                 : 1 + (unsigned)fed_below(seed, 64);
    const unsigned grain = fed_below(seed, 3) ? 8 : 1;
    s.to = (unsigned)fed_below(seed, (REGS - 64) / grain) * grain;
    s.from = (unsigned)fed_below(seed, (REGS - 64) / grain) * grain;
    s.element = 1u << fed_below(seed, 4);
    s.masked = s.kind != HV_FLOW_CLEAR && s.bytes >= 8 && !fed_below(seed, 3);
    if (s.masked)
        s.bytes &= ~7u;
    s.zeroing = fed_below(seed, 2);
    s.dense = s.masked && s.kind == HV_FLOW_LOAD && fed_below(seed, 2);
    s.mask = fed_random(seed);
    s.address = FROM + 8 * fed_below(seed, 64);
    return s;
}

static void think(struct opinion *o, const struct step *s)
{
    const struct opinion old = *o;
    unsigned done = 0;
    for (unsigned i = 0; i < s->bytes; i++) {
        const bool on = !s->masked || s->mask >> i / s->element & 1;
        if (!on) {
            if (s->zeroing)
                o->tag[s->to + i] = 0;
            continue;
        }
        if (s->kind == HV_FLOW_CLEAR)
            o->tag[s->to + i] = 0;
        else if (s->kind == HV_FLOW_MOVE)
            o->tag[s->to + i] = old.tag[s->from + i];
        else
            o->tag[s->to + i] = s->address + (s->dense ? done : i);
        done++;
    }
}

static void feed_step(const struct step *s)
{
    fed.pc = 0x100;
    fed_insn(&fed, 0, 0);
    unsigned access = 0;
    uint8_t mask = HV_NO_WORD;
    if (s->kind == HV_FLOW_LOAD && !s->masked)
        access = fed_access(&fed, 0, s->address, s->bytes);
    if (s->kind == HV_FLOW_LOAD && s->masked)
        access = fed_masked(&fed, s->dense ? HV_ACCESS_COMPRESSED : 0, s->address,
                            s->bytes, s->element, s->mask);
    if (s->kind == HV_FLOW_LOAD && s->masked)
        mask = fed.access[access].mask_word;
    else if (s->masked)
        mask = fed_word(&fed, s->mask);
    struct hv_flow *flow =
        fed_flow(&fed, s->kind, FIRST + s->to, FIRST + s->from, s->bytes, access);
    flow->mask_word = mask;
    flow->element = s->masked ? (uint8_t)s->element : 0;
    flow->flags = s->masked && s->zeroing ? HV_FLOW_ZEROING : 0;
    fed_feed(&fed);
}

static void as_bytes_say(void **state)
{
    (void)state;
    struct opinion o = {{0}};
    uint64_t seed = 1;
    for (unsigned i = 0; i < 60000; i++) {
        const struct step s = random_step(&seed);
        think(&o, &s);
        feed_step(&s);
        check(&o);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_is_computed_is_no_copy),
        TEST(through_other_registers),
        TEST(swapped_halves),
        TEST(parts_of_a_register),
        TEST(bytes_that_cross_groups),
        TEST(masked_tails),
        TEST(masked_with_holes),
        TEST(unmasked_elements_stay_or_go),
        TEST(compressed_stores_are_dense),
        TEST(expanding_loads_read_dense),
        TEST(as_bytes_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
