/* SPDX-License-Identifier: MIT */
/* What an A64 instruction is by itself, and which copies it completes. */
#include "counters/census_pieces_aarch64.h"
#include "counters/census_walk.h"
#include "counters/trace/decode.h"

bool hv_census_is_call(const struct hv_census_decoded *decoded)
{
    return decoded->insn.flags & HV_INSN_CALL;
}

bool hv_census_is_branch(const struct hv_census_decoded *decoded)
{
    return decoded->decoded.kind == HV_A64_JUMP &&
           !(decoded->insn.flags & (HV_INSN_CALL | HV_INSN_RET));
}

bool hv_census_is_end(const struct hv_census_decoded *decoded)
{
    return decoded->decoded.kind == HV_A64_TRAP ||
           (decoded->decoded.kind == HV_A64_JUMP &&
            !(decoded->insn.flags & (HV_INSN_CALL | HV_INSN_BRANCH)));
}

bool hv_census_goes_to(const struct hv_census_decoded *decoded, uint64_t *address)
{
    struct hv_decoded jump = decoded->decoded;
    bool always;
    if ((jump.word & 0xfc000000) == 0x94000000) /* bl goes where b does */
        jump.word &= 0x7fffffff;
    return hv_a64_target(&jump, address, &always);
}

unsigned hv_census_vector_bytes(const struct hv_census_decoded *decoded)
{
    const bool is_sve = (decoded->decoded.word >> 25 & 15) == 2;
    return is_sve ? 16 : decoded->insn.vector_bytes; /* the least that it has */
}

/* cpyfm, cpym, setm: of the three that make a copy, the one in the middle. */
static unsigned mark_of_strings(uint32_t word)
{
    if ((word & 0x3be00c00) == 0x19400400)
        return HV_MARK_REP_MOVS;
    return (word & 0x3be0cc00) == 0x19c04400 ? HV_MARK_REP_STOS : 0;
}

unsigned hv_census_marks(const struct hv_census_decoded *decoded)
{
    enum { STREAMS = HV_ACCESS_WRITE | HV_ACCESS_NON_TEMPORAL };
    struct hv_block_builder insn;
    unsigned marks = mark_of_strings(decoded->decoded.word);
    hv_census_describe(decoded, &insn);
    for (unsigned i = 0; i < insn.n_accesses; i++)
        if ((insn.access[i].flags & STREAMS) == STREAMS)
            marks |= HV_MARK_NON_TEMPORAL;
    return marks;
}

/* ---- copies ---------------------------------------------------------------------- */

/* Whether the bytes stored are still those that were loaded, in the same order. */
static bool is_copied(const struct hv_census_piece *stored,
                      const struct hv_census_origin *loaded)
{
    const struct hv_census_origin *o = &stored->origin;
    return loaded->load && o->element == loaded->element &&
           o->stride == loaded->stride && stored->from + o->bytes <= loaded->bytes;
}

/* The registers of an address; what is read at a constant one has none. */
static void put_address(const struct hv_block_builder *insn, unsigned access,
                        uint32_t *base, uint32_t *index)
{
    const uint8_t at = insn->access[access].word;
    *base = *index = HV_NO_REG;
    if (at == HV_NO_WORD)
        return;
    const struct hv_word *word = &insn->word[at];
    *base = word->base;
    *index = word->index | (uint32_t)word->kind << 8 | (uint32_t)word->scale << 16;
}

static bool pair_of(const unsigned char *code, uint32_t size,
                    const struct hv_block_builder *store,
                    const struct hv_census_piece *stored,
                    const struct hv_census_origin *loaded, struct hv_census_pair *out)
{
    struct hv_census_decoded decoded;
    struct hv_block_builder load;
    if (!is_copied(stored, loaded) ||
        !hv_census_decode(code, size, loaded->load - 1, &decoded))
        return false;
    hv_census_describe(&decoded, &load);
    *out = (struct hv_census_pair){
        .load = loaded->load - 1,
        .bytes = stored->origin.bytes,
        .width = stored->origin.bytes,
        .delta = store->access[stored->access].disp + stored->origin.at -
                 (load.access[0].disp + loaded->at + (int64_t)stored->from),
    };
    put_address(&load, 0, &out->base[0], &out->index[0]);
    put_address(store, stored->access, &out->base[1], &out->index[1]);
    return true;
}

unsigned hv_census_pairs(const unsigned char *code, uint32_t size,
                         const struct hv_census_decoded *decoded,
                         const struct hv_census_regs *regs,
                         struct hv_census_pair pairs[HV_CENSUS_PAIRS])
{
    struct hv_block_builder store;
    struct hv_census_piece pieces[HV_CENSUS_PIECES];
    unsigned n = 0;
    hv_census_describe(decoded, &store);
    const unsigned n_pieces = hv_census_pieces(&store, HV_FLOW_STORE, pieces);
    for (unsigned i = 0; i < n_pieces; i++) {
        struct hv_census_pair *last = n ? &pairs[n - 1] : NULL, *pair = &pairs[n];
        if (!pair_of(code, size, &store, &pieces[i], &regs->origin[pieces[i].reg],
                     pair))
            continue;
        /* ldp and stp of the same two registers are one pair */
        if (last && last->load == pair->load && last->delta == pair->delta)
            last->bytes += pair->bytes;
        else
            n++;
    }
    return n;
}
