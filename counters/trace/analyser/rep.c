/* SPDX-License-Identifier: MIT */
/* String instructions with rep: one instruction, many accesses. */
#include "counters/trace/analyser/analyser_state.h"

enum { SIDES = 2 /* at most: one read, one write; or two reads (cmps) */ };

struct side {
    uint64_t address, bytes;
    uint8_t misses; /* the value that counts them */
};

/* The last six words are rcx, rsi, rdi before and after; those of HV_INSN_ENTRY would
 * stand before them. */
static unsigned first_word(const struct hv_insn *insn)
{
    return insn->first_word + insn->n_words - 6u;
}

struct hv_rep hv_rep_of(const struct hv_insn *insn, const uint64_t *words)
{
    const uint64_t *w = words + first_word(insn);
    const uint64_t iterations = w[0] - w[3];
    const bool down = (int64_t)(w[4] - w[1]) < 0 || (int64_t)(w[5] - w[2]) < 0;
    return (struct hv_rep){iterations, down};
}

uint64_t hv_rep_low(const struct hv_rep *rep, const struct hv_access *access,
                    const uint64_t *words)
{
    const uint64_t first = hv_access_address(access, words);
    return rep->down ? first - (rep->iterations - 1) * access->bytes : first;
}

/* How many iterations after this one stay in its line. */
static uint64_t stays(const struct side *side, bool down, uint64_t line)
{
    const uint64_t at = side->address & (line - 1);
    if (at + side->bytes > line)
        return 0;
    return (down ? at : line - at - side->bytes) / side->bytes;
}

/* While no side leaves its line, all accesses but the first hit: two ways hold both. */
static uint64_t sure_hits(const struct hv_analyser *a, const struct side *side,
                          unsigned n, bool down)
{
    const struct hv_cache_shape *shape = &a->l1.shape;
    uint64_t hits = shape->ways < SIDES ? 0 : UINT64_MAX;
    for (unsigned i = 0; i < n; i++) {
        const uint64_t more = stays(&side[i], down, shape->line);
        hits = more < hits ? more : hits;
    }
    return hits;
}

static void simulate(struct hv_analyser *a, struct side *side, unsigned n,
                     const struct hv_rep *rep)
{
    for (uint64_t left = rep->iterations; left;) {
        uint64_t done = 1 + sure_hits(a, side, n, rep->down);
        done = done < left ? done : left;
        for (unsigned i = 0; i < n; i++) {
            a->value[side[i].misses] +=
                hv_l1_touch(&a->l1, side[i].address, side[i].bytes);
            const uint64_t moved = done * side[i].bytes;
            side[i].address += rep->down ? 0 - moved : moved;
        }
        left -= done;
    }
}

void hv_rep_run(struct hv_analyser *a, const struct hv_block *block,
                const struct hv_insn *insn, const uint64_t *words)
{
    const struct hv_rep rep = hv_rep_of(insn, words);
    struct side side[SIDES];
    unsigned n = 0;
    a->value[HV_T_REP_ITERATIONS] += rep.iterations;
    if (!rep.iterations)
        return;
    for (unsigned i = 0; i < insn->n_accesses && n < SIDES; i++) {
        const struct hv_access *access = &block->access[insn->first_access + i];
        const uint64_t bytes = rep.iterations * access->bytes;
        const bool writes = access->flags & HV_ACCESS_WRITE;
        if (!access->bytes)
            continue;
        a->value[writes ? HV_T_STORES : HV_T_LOADS] += rep.iterations;
        a->value[writes ? HV_T_STORE_BYTES : HV_T_LOAD_BYTES] += bytes;
        if (writes)
            hv_confirm_store(&a->runs.confirm, hv_rep_low(&rep, access, words), bytes,
                             a->clock);
        side[n++] = (struct side){hv_access_address(access, words), access->bytes,
                                  writes ? HV_T_L1_WRITE_MISSES : HV_T_L1_READ_MISSES};
    }
    hv_hazards_empty(&a->hazards);
    if (a->l1.shape.line && n)
        simulate(a, side, n, &rep);
}
