/* SPDX-License-Identifier: MIT */
/* Which registers hold what an A64 instruction before loaded, untouched, and which hold
 * addresses that the code itself tells. */
#include "counters/census_regs_aarch64.h"

#include <string.h>

#include "counters/census_pieces_aarch64.h"
#include "counters/census_regs.h"
#include "counters/trace/decode.h"

enum { SP = 31, LENGTH = 4 };

bool hv_census_decode(const unsigned char *code, uint32_t size, uint32_t offset,
                      struct hv_census_decoded *out)
{
    struct hv_block_builder described;
    out->offset = offset;
    out->length = LENGTH;
    out->pc = (uintptr_t)code + offset;
    if (offset >= size ||
        hv_decode(code + offset, size - offset, out->pc, &out->decoded))
        return false;
    hv_census_describe(out, &described);
    out->insn = described.insn[0];
    return true;
}

void hv_census_regs_forget(struct hv_census_regs *regs)
{
    memset(regs->origin, 0, sizeof regs->origin);
    memset(regs->known, 0, sizeof regs->known);
}

/* ---- addresses ------------------------------------------------------------------- */

static uint64_t field(uint32_t word, unsigned high, unsigned low)
{
    return word >> low & ((UINT32_C(2) << (high - low)) - 1);
}

static uint64_t signed_field(uint64_t value, unsigned width)
{
    const uint64_t sign = UINT64_C(1) << (width - 1);
    return (value ^ sign) - sign;
}

/* From the place of the instruction: adr, adrp, ldr of a literal. */
static bool learn_here(const struct hv_census_decoded *decoded,
                       struct hv_census_fact *fact)
{
    const uint32_t word = decoded->decoded.word;
    const uint64_t pages =
        signed_field(field(word, 23, 5) << 2 | field(word, 30, 29), 21);
    fact->known = HV_KNOWN_ADDRESS;
    if ((word & 0x9f000000) == 0x10000000) {
        fact->address = decoded->pc + pages;
    } else if ((word & 0x9f000000) == 0x90000000) {
        fact->address = (decoded->pc & ~UINT64_C(0xfff)) + (pages << 12);
    } else if ((word & 0xff000000) == 0x58000000) {
        fact->known = HV_KNOWN_SLOT;
        fact->address = decoded->pc + 4 * signed_field(field(word, 23, 5), 19);
    } else {
        return false;
    }
    return true;
}

/* From a register: add with an immediate, ldr at one, mov. */
static bool learn_more(uint32_t word, const struct hv_census_regs *regs,
                       struct hv_census_fact *fact)
{
    const bool is_add = (word & 0xff800000) == 0x91000000;
    const bool is_load = (word & 0xffc00000) == 0xf9400000;
    const bool is_move = (word & 0xffe0ffe0) == 0xaa0003e0;
    const unsigned from = (unsigned)(is_move ? field(word, 20, 16) : field(word, 9, 5));
    const uint64_t number = field(word, 21, 10);
    if ((!is_add && !is_load && !is_move) || from == SP ||
        regs->known[from] == HV_KNOWN_NOT ||
        (!is_move && regs->known[from] != HV_KNOWN_ADDRESS))
        return false;
    fact->known = is_load ? HV_KNOWN_SLOT : (enum hv_census_known)regs->known[from];
    fact->address = regs->address[from];
    if (is_add)
        fact->address += number << (field(word, 22, 22) ? 12 : 0);
    if (is_load)
        fact->address += number * 8;
    return true;
}

/* mov of a number, and movk of more of it. */
static bool learn_number(uint32_t word, const struct hv_census_regs *regs,
                         struct hv_census_fact *fact)
{
    const unsigned shift = 16 * (unsigned)field(word, 22, 21);
    const uint64_t number = field(word, 20, 5) << shift;
    const bool is_more = (word & 0xff800000) == 0xf2800000;
    if (!is_more && (word & 0x7f800000) != 0x52800000)
        return false;
    if (is_more && regs->known[fact->reg] != HV_KNOWN_NUMBER)
        return false;
    fact->known = HV_KNOWN_NUMBER;
    fact->address = number;
    if (is_more)
        fact->address |= regs->address[fact->reg] & ~(UINT64_C(0xffff) << shift);
    return true;
}

/* autia1716 and its like: the address in x17 stays if it is the right one. */
static bool learn_checked(uint32_t word, const struct hv_census_regs *regs,
                          struct hv_census_fact *fact)
{
    enum { CHECKED = 17 };
    if ((word & 0xffffffbf) != 0xd503219f)
        return false;
    fact->reg = CHECKED;
    fact->known = (enum hv_census_known)regs->known[CHECKED];
    fact->address = regs->address[CHECKED];
    return fact->known != HV_KNOWN_NOT;
}

bool hv_census_learn(const struct hv_census_decoded *decoded,
                     const struct hv_census_regs *regs, struct hv_census_fact *fact)
{
    const uint32_t word = decoded->decoded.word;
    fact->reg = word & 31;
    if (learn_checked(word, regs, fact))
        return true;
    return fact->reg != SP &&
           (learn_here(decoded, fact) || learn_more(word, regs, fact) ||
            learn_number(word, regs, fact));
}

/* ---- the state after an instruction --------------------------------------------- */

/* From this byte on it holds something else. */
static void truncate_origin(struct hv_census_origin *origin, unsigned bytes)
{
    if (bytes >= origin->bytes)
        return;
    origin->bytes = (uint8_t)bytes;
    if (!bytes || origin->element)
        memset(origin, 0, sizeof *origin);
}

static struct hv_census_origin moved(const struct hv_census_regs *regs,
                                     const struct hv_flow *flow)
{
    unsigned from;
    const int reg = hv_census_reg_of(flow->src, &from);
    struct hv_census_origin origin = {.load = 0};
    if (reg >= 0)
        origin = regs->origin[reg];
    if (from >= origin.bytes || (from && origin.element))
        return (struct hv_census_origin){.load = 0};
    origin.at = (uint8_t)(origin.at + from);
    origin.bytes = (uint8_t)(origin.bytes - from);
    truncate_origin(&origin, flow->bytes);
    return origin;
}

/* A load: its piece with the first byte, and no more of the same piece. */
static void put(struct hv_census_origin *origin, unsigned reg, unsigned from,
                const struct hv_census_piece *pieces, unsigned n, uint32_t offset)
{
    for (unsigned i = 0; i < n; i++) {
        const struct hv_census_piece *piece = &pieces[i];
        if (piece->reg != reg || piece->from ||
            from >= piece->from + piece->origin.bytes)
            continue;
        if (!from) {
            *origin = piece->origin;
            origin->load = offset + 1;
        }
        return;
    }
    truncate_origin(origin, from);
}

static void apply(struct hv_census_regs *regs, const struct hv_block_builder *insn,
                  uint32_t offset)
{
    struct hv_census_piece pieces[HV_CENSUS_PIECES];
    const unsigned n = hv_census_pieces(insn, HV_FLOW_LOAD, pieces);
    if (insn->insn[0].flags & HV_INSN_UNSUPPORTED)
        hv_census_regs_forget(regs);
    for (unsigned i = 0; i < insn->n_flow; i++) {
        const struct hv_flow *flow = &insn->flow[i];
        unsigned from;
        const int reg = hv_census_reg_of(flow->dst, &from);
        if (flow->kind == HV_FLOW_STORE || reg < 0)
            continue;
        if (reg < HV_CENSUS_A64_GPRS)
            regs->known[reg] = HV_KNOWN_NOT;
        if (flow->kind == HV_FLOW_LOAD)
            put(&regs->origin[reg], (unsigned)reg, from, pieces, n, offset);
        else if (flow->kind == HV_FLOW_MOVE && !from)
            regs->origin[reg] = moved(regs, flow);
        else
            truncate_origin(&regs->origin[reg], from);
    }
}

/* What the procedure call standard lets a function change: of v8 to v15 the upper half.
 */
static void forget_called(struct hv_census_regs *regs)
{
    enum { SAVED = 19, LR = 30, VECTOR_SAVED = 8, VECTOR_OTHERS = 16 };
    for (unsigned i = 0; i < HV_CENSUS_A64_REGS; i++) {
        const unsigned vector = i - HV_CENSUS_A64_GPRS;
        if (i >= SAVED && i < LR)
            continue;
        const bool is_saved =
            i >= HV_CENSUS_A64_GPRS && vector >= VECTOR_SAVED && vector < VECTOR_OTHERS;
        truncate_origin(&regs->origin[i], is_saved ? 8 : 0);
        if (i < HV_CENSUS_A64_GPRS)
            regs->known[i] = HV_KNOWN_NOT;
    }
}

/* sub sp, sp, x12, where x12 holds a number. */
static int64_t taken_by_number(uint32_t word, const struct hv_census_regs *regs)
{
    const unsigned reg = (unsigned)field(word, 20, 16);
    const bool is_sub = (word & 0xffe0ffff) == 0xcb2063ff;
    if ((!is_sub && (word & 0xffe0ffff) != 0x8b2063ff) || reg == SP ||
        regs->known[reg] != HV_KNOWN_NUMBER || regs->address[reg] > INT32_MAX)
        return 0;
    return is_sub ? (int64_t)regs->address[reg] : -(int64_t)regs->address[reg];
}

/* Bytes of stack that the instruction takes; constant steps only. */
static int64_t taken(uint32_t word, const struct hv_census_regs *regs)
{
    const int64_t number = (int64_t)field(word, 21, 10)
                           << (field(word, 22, 22) ? 12 : 0);
    if ((word & 0xff8003ff) == 0xd10003ff) /* sub sp, sp, # */
        return number;
    if ((word & 0xff8003ff) == 0x910003ff)
        return -number;
    if (field(word, 9, 5) != SP)
        return 0;
    if ((word & 0x3b200400) == 0x38000400) /* str x0, [sp, #-16]! */
        return -(int64_t)signed_field(field(word, 20, 12), 9);
    if ((word & 0x3a800000) == 0x28800000) { /* stp x29, x30, [sp, #-16]! */
        const unsigned opc = (unsigned)field(word, 31, 30);
        const int64_t bytes = field(word, 26, 26) ? 4 << opc : opc == 2 ? 8 : 4;
        return -(int64_t)signed_field(field(word, 21, 15), 7) * bytes;
    }
    return taken_by_number(word, regs);
}

void hv_census_regs_step(struct hv_census_regs *regs, const unsigned char *code,
                         uint32_t size, const struct hv_census_decoded *decoded)
{
    struct hv_block_builder insn;
    struct hv_census_fact fact;
    const bool is_known = hv_census_learn(decoded, regs, &fact);
    (void)code, (void)size;
    hv_census_describe(decoded, &insn);
    apply(regs, &insn, decoded->offset);
    if (is_known) {
        regs->known[fact.reg] = (uint8_t)fact.known;
        regs->address[fact.reg] = fact.address;
    }
    if (hv_census_is_call(decoded))
        forget_called(regs);
    const int64_t depth = regs->depth + taken(decoded->decoded.word, regs);
    if (depth >= 0 && depth <= INT32_MAX)
        regs->depth = (int32_t)depth;
}

static bool is_same_origin(const struct hv_census_origin *a,
                           const struct hv_census_origin *b)
{
    return a->load == b->load && a->at == b->at && a->bytes == b->bytes &&
           a->element == b->element && a->stride == b->stride;
}

bool hv_census_regs_merge(struct hv_census_regs *regs,
                          const struct hv_census_regs *more, const unsigned char *code,
                          uint32_t size)
{
    bool changed = false;
    (void)code, (void)size;
    if (!regs->reached) {
        *regs = *more;
        regs->reached = true;
        return true;
    }
    for (size_t i = 0; i < HV_CENSUS_A64_REGS; i++) {
        if (!regs->origin[i].load || is_same_origin(&regs->origin[i], &more->origin[i]))
            continue;
        memset(&regs->origin[i], 0, sizeof regs->origin[i]);
        changed = true;
    }
    for (size_t i = 0; i < HV_CENSUS_A64_GPRS; i++) {
        if (!regs->known[i] ||
            (regs->known[i] == more->known[i] && regs->address[i] == more->address[i]))
            continue;
        regs->known[i] = HV_KNOWN_NOT;
        changed = true;
    }
    return changed; /* the depth is that of the first way, or it would grow in loops */
}
