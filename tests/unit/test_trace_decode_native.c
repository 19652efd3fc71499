/* SPDX-License-Identifier: MIT */
/* The described dataflow against what the processor does with random registers: what
 * is said to be moved has the moved value, what is not said to be written has kept its
 * own, and memory changes only where a write is described. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/skip_all.h"

#if defined(__x86_64__)

#include "tests/unit/decode_world.h"

enum { TRIALS = 24 };

/* Register bytes and memory as the description lets one expect them. */
enum expected { KEPT, KNOWN, ANYTHING };
static uint8_t file[HV_REG_BYTES], old_memory[NATIVE_MEMORY], new_memory[NATIVE_MEMORY];
static bool known[HV_REG_BYTES];
static uint8_t expected[NATIVE_MEMORY];

struct run {
    struct decode_world world;
    struct native_state before, after;
};

static void to_file(const struct native_state *state, uint8_t out[HV_REG_BYTES])
{
    memset(out, 0, HV_REG_BYTES);
    memcpy(out + HV_REG_GPR, state->gpr, sizeof state->gpr);
    memcpy(out + HV_REG_MASK, state->mask, sizeof state->mask);
    memcpy(out + HV_REG_MMX, state->mmx, sizeof state->mmx);
    memcpy(out + HV_REG_VECTOR, state->vector, sizeof state->vector);
}

static uint64_t word(const struct run *run, unsigned i)
{
    return decode_world_word(&run->world, i, &run->before, &run->after);
}

/* ---- one step of the flow -------------------------------------------------------- */

/* Where in native_memory byte `at` of the access is. Elements that the mask lets
 * through stand side by side where they are compressed. */
static size_t place(const struct run *run, const struct hv_access *access, unsigned at)
{
    uint64_t first = decode_world_address(&run->world, access, &run->before);
    if (access->flags & HV_ACCESS_COMPRESSED) {
        uint64_t mask = word(run, access->mask_word);
        unsigned element = at / access->element, rank = 0;
        for (unsigned i = 0; i < element; i++)
            rank += mask >> i & 1;
        at = rank * access->element + at % access->element;
    }
    size_t where = (size_t)(first - (uint64_t)(uintptr_t)native_memory) + at;
    assert_in_range(where, 0, NATIVE_MEMORY - 1);
    return where;
}

static bool is_let_through(const struct run *run, unsigned mask_word, unsigned element,
                           unsigned at)
{
    return mask_word == HV_NO_WORD || word(run, mask_word) >> at / element & 1;
}

static void expect_write(const struct run *run, const struct hv_access *access)
{
    for (unsigned at = 0; at < access->bytes; at++)
        if (is_let_through(run, access->mask_word, access->element, at))
            expected[place(run, access, at)] = ANYTHING;
}

static void step_byte(const struct run *run, const struct hv_flow *flow, unsigned at,
                      const uint8_t *from, const bool *from_known)
{
    const struct hv_access *access = &run->world.block.access[flow->access];
    unsigned dst = flow->dst + at, src = flow->src + at;
    bool through = is_let_through(run, flow->mask_word, flow->element, at);
    if (!through) {
        if (flow->flags & HV_FLOW_ZEROING)
            known[dst] = false;
        return;
    }
    if (flow->kind == HV_FLOW_LOAD) {
        file[dst] = old_memory[place(run, access, at)];
        known[dst] = true;
    } else if (flow->kind == HV_FLOW_MOVE) {
        file[dst] = from[src];
        known[dst] = from_known[src];
    } else if (flow->kind == HV_FLOW_CLEAR) {
        known[dst] = false;
    } else if (flow->kind == HV_FLOW_STORE && from_known[src]) {
        new_memory[place(run, access, at)] = from[src];
        expected[place(run, access, at)] = KNOWN;
    }
}

static void step(const struct run *run, const struct hv_flow *flow)
{
    static uint8_t from[HV_REG_BYTES];
    static bool from_known[HV_REG_BYTES];
    memcpy(from, file, sizeof from);
    memcpy(from_known, known, sizeof from_known);
    for (unsigned at = 0; at < flow->bytes; at++)
        step_byte(run, flow, at, from, from_known);
}

/* ---- rep ------------------------------------------------------------------------- */

/* Words of a rep: rcx rsi rdi before, then after. */
static void expect_rep(const struct run *run)
{
    const struct hv_block *block = &run->world.block;
    uint64_t n = word(run, 0) - word(run, 3);
    assert_in_range(n, 0, run->before.gpr[1]);
    bool moves = block->n_flow && block->flow[0].kind == HV_FLOW_REP;
    for (uint64_t i = 0; i < n; i++)
        for (unsigned a = 0; a < block->n_accesses; a++) {
            const struct hv_access *access = &block->access[a];
            unsigned pointer = access->word; /* 1: rsi, 2: rdi */
            assert_in_range(pointer, 1, 2);
            int64_t size = access->bytes;
            int64_t way = (int64_t)(word(run, pointer + 3) - word(run, pointer));
            assert_int_equal(way, (way < 0 ? -size : size) * (int64_t)n);
            if (!(access->flags & HV_ACCESS_WRITE))
                continue;
            int64_t shift = (way < 0 ? -size : size) * (int64_t)i;
            for (unsigned at = 0; at < access->bytes; at++) {
                size_t to = place(run, access, at) + (size_t)shift;
                expected[to] = ANYTHING;
                if (!moves)
                    continue;
                size_t source = place(run, &block->access[0], at) + (size_t)shift;
                new_memory[to] = old_memory[source];
                expected[to] = KNOWN;
            }
        }
}

/* ---- a whole instruction --------------------------------------------------------- */

static void expect_all(const struct run *run)
{
    const struct hv_block *block = &run->world.block;
    to_file(&run->before, file);
    memset(known, 1, sizeof known);
    memset(expected, KEPT, sizeof expected);
    if (run->world.insn->flags & HV_INSN_REP) {
        expect_rep(run);
    } else {
        for (unsigned i = 0; i < block->n_accesses; i++)
            if (block->access[i].flags & HV_ACCESS_WRITE)
                expect_write(run, &block->access[i]);
    }
    for (unsigned i = 0; i < block->n_flow; i++)
        if (block->flow[i].kind != HV_FLOW_REP)
            step(run, &block->flow[i]);
}

static void fail_at(const struct run *run, const char *what, size_t at)
{
    fail_msg("%s: %s, byte %zu", run->world.form.text, what, at);
}

static void compare_registers(const struct run *run)
{
    static uint8_t got[HV_REG_BYTES];
    to_file(&run->after, got);
    for (size_t i = 0; i < HV_REG_BYTES; i++)
        if (known[i] && got[i] != file[i] && !(i >= HV_REG_TEMP && i < HV_REG_VECTOR))
            fail_at(run, "register file", i);
}

static void compare_memory(const struct run *run)
{
    if (!memcmp(native_memory, new_memory, sizeof new_memory))
        return;
    for (size_t i = 0; i < NATIVE_MEMORY; i++) {
        if (expected[i] == KEPT && native_memory[i] != old_memory[i])
            fail_at(run, "memory is written", i);
        if (expected[i] == KNOWN && native_memory[i] != new_memory[i])
            fail_at(run, "memory is stored otherwise", i);
    }
}

/* What it writes it names; and what it does not name makes no difference. */
static void compare_gprs(const struct run *run)
{
    uint16_t named = hv_decoded_gprs(&run->world.decoded);
    struct native_state other = run->before, after;
    struct native_fault fault;
    for (unsigned i = 0; i < 16; i++) {
        if (named >> i & 1)
            continue;
        if (run->after.gpr[i] != run->before.gpr[i])
            fail_at(run, "an unnamed register is written", i);
        other.gpr[i] = ~other.gpr[i];
    }
    memcpy(native_memory, old_memory, sizeof old_memory);
    native_run(run->world.form.code, run->world.form.length, &other, &after, &fault);
    assert_int_equal(fault.signal, 0);
    for (unsigned i = 0; i < 16; i++) {
        if (!(named >> i & 1))
            after.gpr[i] = run->after.gpr[i];
        if (after.gpr[i] != run->after.gpr[i] &&
            run->world.decoded.insn.mnemonic != ZYDIS_MNEMONIC_RDTSC)
            fail_at(run, "an unnamed register makes a difference in", i);
    }
    assert_memory_equal(after.vector, run->after.vector, sizeof after.vector);
    assert_memory_equal(after.mask, run->after.mask, sizeof after.mask);
}

/* False if the processor refused: it lacks the instruction, or random data are wrong
 * for it. */
static bool try(struct run *run)
{
    struct decode_world *world = &run->world;
    struct native_fault fault;
    decode_world_fill(world, &run->before);
    memcpy(old_memory, native_memory, sizeof old_memory);
    memcpy(new_memory, native_memory, sizeof new_memory);
    enum native_end end = native_run(world->form.code, world->form.length, &run->before,
                                     &run->after, &fault);
    bool understood = !(world->insn->flags & HV_INSN_UNSUPPORTED);
    if (end == NATIVE_FAULT && understood && fault.address)
        fail_at(run, "faults", fault.address);
    if (end != NATIVE_RAN)
        return false;
    expect_all(run);
    compare_registers(run);
    if (understood)
        compare_memory(run);
    compare_gprs(run);
    return true;
}

/* ---- tests ----------------------------------------------------------------------- */

static void try_list(enum decode_list list, unsigned least)
{
    static struct run run;
    struct decode_form form;
    unsigned ran = 0;
    const char *here = native_open();
    if (here) {
        native_close();
        print_message("%s\n", here);
        skip();
    }
    for (size_t i = 0; !decode_form(list, i, &form); i++) {
        bool did = false;
        decode_world_begin(&run.world, &form, i);
        const char *why = decode_world_refuses(&run.world);
        for (unsigned n = 0; !why && n < TRIALS; n++)
            did |= try(&run);
        if (!why && !did)
            print_message("not run: %s\n", form.text);
        ran += did;
    }
    native_close();
    print_message("%u forms\n", ran);
    assert_in_range(ran, least, 1000);
}

static void general_registers(void **state)
{
    (void)state;
    try_list(DECODE_GENERAL, 90);
}

static void stack_and_strings(void **state)
{
    (void)state;
    try_list(DECODE_STACK, 50);
}

static void vectors(void **state)
{
    (void)state;
    try_list(DECODE_VECTOR, 110);
}

static void masked_vectors(void **state)
{
    (void)state;
    try_list(DECODE_EVEX, 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(general_registers),
        cmocka_unit_test(stack_and_strings),
        cmocka_unit_test(vectors),
        cmocka_unit_test(masked_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else
int main(void)
{
    return skip_all("not x86-64");
}
#endif
