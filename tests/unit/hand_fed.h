/* SPDX-License-Identifier: MIT */
/* Blocks made by hand and fed to an analyser, for its tests. */
#ifndef HV_TESTS_HAND_FED_H
#define HV_TESTS_HAND_FED_H

#include "counters/trace/analyser/analyser_state.h"

enum {
    FED_OBJECT = 0x400000, /* [begin, end) of the arm's object */
    FED_OBJECT_END = 0x500000,
    FED_MEMCPY = 0x7001000, /* entries of the roles */
    FED_MEMSET = 0x7002000,
    FED_MALLOC = 0x7003000,
    FED_CALLOC = 0x7004000,
    FED_REALLOC = 0x7005000,
    FED_FREE = 0x7006000,
};

struct fed {
    struct hv_analyser *a;
    struct hv_roles roles;
    struct hv_trace_totals totals;
    uint64_t pc; /* of the next instruction; fed_insn() moves it on by 4 */
    uint16_t function;
    struct hv_insn insn[HV_BLOCK_INSNS];
    struct hv_access access[HV_BLOCK_ACCESSES];
    struct hv_flow flow[HV_BLOCK_FLOW];
    uint64_t words[HV_BLOCK_WORDS];
    unsigned n_insns, n_accesses, n_flow, n_words;
};

/* With a 32 KiB cache of 8 ways, or the given one. The function is "arm", at
 * FED_OBJECT, in the group "operation". */
void fed_open(struct fed *b, const struct hv_cache_shape *l1);
void fed_close(struct fed *b);
void fed_reset(struct fed *b);

/* ---- a block, piece by piece ----------------------------------------------------- */

void fed_insn(struct fed *b, unsigned flags, unsigned vector_bytes);
uint8_t fed_word(struct fed *b, uint64_t word);

/* Of the last instruction. Return their indices. */
uint8_t fed_access(struct fed *b, unsigned flags, uint64_t address, unsigned bytes);
uint8_t fed_masked(struct fed *b, unsigned flags, uint64_t address, unsigned bytes,
                   unsigned element, uint64_t mask);
struct hv_flow *fed_flow(struct fed *b, enum hv_flow_kind kind, unsigned dst,
                         unsigned src, unsigned bytes, unsigned access);
void fed_feed(struct fed *b);

/* ---- whole instructions, each a block of its own, at this pc --------------------- */

void fed_load(struct fed *b, uint64_t pc, unsigned reg, uint64_t from, unsigned bytes);
void fed_store(struct fed *b, uint64_t pc, unsigned reg, uint64_t to, unsigned bytes);
void fed_clear(struct fed *b, uint64_t pc, unsigned reg, unsigned bytes);
void fed_move(struct fed *b, uint64_t pc, unsigned to, unsigned from, unsigned bytes);

/* Loads and stores through zmm9, at pc and pc + 4. */
void fed_copy(struct fed *b, uint64_t pc, uint64_t to, uint64_t from, unsigned bytes);

/* rep movs of n elements; down: the direction flag is set. */
void fed_rep_movs(struct fed *b, uint64_t pc, uint64_t to, uint64_t from, uint64_t n,
                  unsigned element, bool down);

/* A call that pushes at slot, a return that pops there, and the first instruction of a
 * role. */
void fed_call(struct fed *b, uint64_t pc, uint64_t slot);
void fed_ret(struct fed *b, uint64_t pc, uint64_t slot);
void fed_jump(struct fed *b, uint64_t pc);
void fed_entry(struct fed *b, uint64_t pc, uint64_t rsp, uint64_t rdi, uint64_t rsi,
               uint64_t rdx);

/* Ends the trace: totals and the value asked for. */
void fed_finish(struct fed *b);
uint64_t fed_value(const struct fed *b, enum hv_trace_value value);

/* The same from the same seed. */
uint64_t fed_random(uint64_t *seed);
uint64_t fed_below(uint64_t *seed, uint64_t n);

#endif
