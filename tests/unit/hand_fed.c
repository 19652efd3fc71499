/* SPDX-License-Identifier: MIT */
/* Blocks made by hand: no decoder, no tracer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/hand_fed.h"

static const struct hv_role roles[] = {
    {FED_MEMCPY,  HV_CALL_COPY,  HV_BYTES_THIRD,   "memcpy" },
    {FED_MEMSET,  HV_CALL_SET,   HV_BYTES_THIRD,   "memset" },
    {FED_MALLOC,  HV_CALL_ALLOC, HV_BYTES_FIRST,   "malloc" },
    {FED_CALLOC,  HV_CALL_ALLOC, HV_BYTES_PRODUCT, "calloc" },
    {FED_REALLOC, HV_CALL_ALLOC, HV_BYTES_SECOND,  "realloc"},
    {FED_FREE,    HV_CALL_FREE,  HV_BYTES_NONE,    "free"   },
};

static void begin(struct fed *b)
{
    b->pc = FED_OBJECT;
    b->function = hv_analyser_function(b->a, FED_OBJECT, "arm", HV_GROUP_OPERATION);
}

void fed_open(struct fed *b, const struct hv_cache_shape *l1)
{
    memset(b, 0, sizeof *b);
    memcpy(b->roles.role, roles, sizeof roles);
    b->roles.n = sizeof roles / sizeof *roles;
    const struct hv_analyser_config config = {
        .roles = &b->roles,
        .l1 = l1 ? *l1 : (struct hv_cache_shape){64, 64,       8},
        .object = {FED_OBJECT,  FED_OBJECT_END},
    };
    assert_int_equal(hv_analyser_open(&b->a, &config), 0);
    begin(b);
}

void fed_close(struct fed *b)
{
    hv_analyser_close(b->a);
}

void fed_reset(struct fed *b)
{
    hv_analyser_reset(b->a, NULL, 0, 0);
    begin(b);
}

void fed_insn(struct fed *b, unsigned flags, unsigned vector_bytes)
{
    assert_true(b->n_insns < HV_BLOCK_INSNS);
    b->insn[b->n_insns++] = (struct hv_insn){.pc = b->pc,
                                             .length = 4,
                                             .vector_bytes = (uint8_t)vector_bytes,
                                             .flags = (uint16_t)flags,
                                             .first_word = (uint8_t)b->n_words,
                                             .first_access = (uint8_t)b->n_accesses,
                                             .first_flow = (uint8_t)b->n_flow};
    b->pc += 4;
}

static struct hv_insn *last(struct fed *b)
{
    assert_true(b->n_insns);
    return &b->insn[b->n_insns - 1];
}

uint8_t fed_word(struct fed *b, uint64_t word)
{
    assert_true(b->n_words < HV_BLOCK_WORDS);
    b->words[b->n_words] = word;
    last(b)->n_words++;
    return (uint8_t)b->n_words++;
}

static uint8_t append(struct fed *b, const struct hv_access *access)
{
    assert_true(b->n_accesses < HV_BLOCK_ACCESSES);
    b->access[b->n_accesses] = *access;
    last(b)->n_accesses++;
    return (uint8_t)b->n_accesses++;
}

/* A displacement, so that nobody gets away with forgetting it. */
enum { DISP = 24 };

uint8_t fed_access(struct fed *b, unsigned flags, uint64_t address, unsigned bytes)
{
    const struct hv_access access = {.disp = DISP,
                                     .bytes = (uint16_t)bytes,
                                     .word = fed_word(b, address - DISP),
                                     .mask_word = HV_NO_WORD,
                                     .flags = (uint8_t)flags};
    return append(b, &access);
}

uint8_t fed_masked(struct fed *b, unsigned flags, uint64_t address, unsigned bytes,
                   unsigned element, uint64_t mask)
{
    struct hv_access access = {.disp = -DISP,
                               .bytes = (uint16_t)bytes,
                               .element = (uint8_t)element,
                               .flags = (uint8_t)flags};
    access.word = fed_word(b, address + DISP);
    access.mask_word = fed_word(b, mask);
    return append(b, &access);
}

struct hv_flow *fed_flow(struct fed *b, enum hv_flow_kind kind, unsigned dst,
                         unsigned src, unsigned bytes, unsigned access)
{
    assert_true(b->n_flow < HV_BLOCK_FLOW);
    struct hv_flow *flow = &b->flow[b->n_flow++];
    *flow = (struct hv_flow){.kind = (uint8_t)kind,
                             .access = (uint8_t)access,
                             .mask_word = HV_NO_WORD,
                             .dst = (uint16_t)dst,
                             .src = (uint16_t)src,
                             .bytes = (uint16_t)bytes,
                             .insn = (uint8_t)(b->n_insns - 1)};
    last(b)->n_flow++;
    return flow;
}

void fed_feed(struct fed *b)
{
    const struct hv_block block = {.insn = b->insn,
                                   .access = b->access,
                                   .flow = b->flow,
                                   .n_insns = (uint16_t)b->n_insns,
                                   .n_words = (uint16_t)b->n_words,
                                   .n_accesses = (uint16_t)b->n_accesses,
                                   .n_flow = (uint16_t)b->n_flow,
                                   .function = b->function};
    hv_analyser_feed(b->a, &block, b->words);
    b->n_insns = b->n_accesses = b->n_flow = b->n_words = 0;
}

void fed_load(struct fed *b, uint64_t pc, unsigned reg, uint64_t from, unsigned bytes)
{
    b->pc = pc;
    fed_insn(b, 0, 0);
    fed_flow(b, HV_FLOW_LOAD, reg, 0, bytes, fed_access(b, 0, from, bytes));
    fed_feed(b);
}

void fed_store(struct fed *b, uint64_t pc, unsigned reg, uint64_t to, unsigned bytes)
{
    b->pc = pc;
    fed_insn(b, 0, 0);
    fed_flow(b, HV_FLOW_STORE, 0, reg, bytes,
             fed_access(b, HV_ACCESS_WRITE, to, bytes));
    fed_feed(b);
}

void fed_clear(struct fed *b, uint64_t pc, unsigned reg, unsigned bytes)
{
    b->pc = pc;
    fed_insn(b, 0, 0);
    fed_flow(b, HV_FLOW_CLEAR, reg, 0, bytes, 0);
    fed_feed(b);
}

void fed_move(struct fed *b, uint64_t pc, unsigned to, unsigned from, unsigned bytes)
{
    b->pc = pc;
    fed_insn(b, 0, 0);
    fed_flow(b, HV_FLOW_MOVE, to, from, bytes, 0);
    fed_feed(b);
}

void fed_copy(struct fed *b, uint64_t pc, uint64_t to, uint64_t from, unsigned bytes)
{
    fed_load(b, pc, HV_REG_VECTOR + 9 * 64, from, bytes);
    fed_store(b, pc + 4, HV_REG_VECTOR + 9 * 64, to, bytes);
}

void fed_rep_movs(struct fed *b, uint64_t pc, uint64_t to, uint64_t from, uint64_t n,
                  unsigned element, bool down)
{
    const uint64_t moved = down ? 0 - n * element : n * element;
    const uint64_t words[] = {n + 5, from, to, 5, from + moved, to + moved};
    b->pc = pc;
    fed_insn(b, HV_INSN_REP, 0);
    const uint8_t first = fed_word(b, words[0]);
    for (unsigned i = 1; i < 6; i++)
        fed_word(b, words[i]);
    struct hv_access access = {.bytes = (uint16_t)element,
                               .word = first + 1,
                               .mask_word = HV_NO_WORD,
                               .flags = HV_ACCESS_REP};
    const uint8_t read = append(b, &access);
    access.word = first + 2;
    access.flags |= HV_ACCESS_WRITE;
    append(b, &access);
    fed_flow(b, HV_FLOW_REP, 0, 0, element, read);
    fed_feed(b);
}

void fed_call(struct fed *b, uint64_t pc, uint64_t slot)
{
    b->pc = pc;
    fed_insn(b, HV_INSN_CALL | HV_INSN_BRANCH, 0);
    fed_access(b, HV_ACCESS_WRITE, slot, 8);
    fed_feed(b);
}

void fed_ret(struct fed *b, uint64_t pc, uint64_t slot)
{
    b->pc = pc;
    fed_insn(b, HV_INSN_RET | HV_INSN_BRANCH, 0);
    fed_access(b, 0, slot, 8);
    fed_feed(b);
}

void fed_jump(struct fed *b, uint64_t pc)
{
    b->pc = pc;
    fed_insn(b, HV_INSN_BRANCH, 0);
    fed_feed(b);
}

void fed_entry(struct fed *b, uint64_t pc, uint64_t rsp, uint64_t rdi, uint64_t rsi,
               uint64_t rdx)
{
    const uint64_t words[] = {rsp, rdi, rsi, rdx};
    b->pc = pc;
    fed_insn(b, HV_INSN_ENTRY, 0);
    for (unsigned i = 0; i < 4; i++)
        fed_word(b, words[i]);
    fed_feed(b);
}

void fed_finish(struct fed *b)
{
    hv_analyser_finish(b->a, NULL, NULL, &b->totals);
}

uint64_t fed_value(const struct fed *b, enum hv_trace_value value)
{
    return b->totals.value[value];
}

uint64_t fed_random(uint64_t *seed)
{
    *seed += 0x9e3779b97f4a7c15u;
    uint64_t z = *seed;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

uint64_t fed_below(uint64_t *seed, uint64_t n)
{
    return fed_random(seed) % n;
}
