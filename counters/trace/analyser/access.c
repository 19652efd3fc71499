/* SPDX-License-Identifier: MIT */
/* Accesses: which bytes, and what that means to counts, cache and hazards. */
#include "counters/trace/analyser/analyser_state.h"

enum { PAGE_SHIFT = 12 };

struct range {
    uint64_t address, bytes; /* from the first to the last byte accessed */
    uint64_t counted;        /* bytes accessed */
};

static struct range masked(const struct hv_access *access, const uint64_t *words)
{
    const uint64_t address = hv_access_address(access, words);
    const unsigned element = access->element ? access->element : 1;
    const unsigned n = access->bytes / element;
    uint64_t mask = words[access->mask_word];
    if (n < 64)
        mask &= (UINT64_C(1) << n) - 1;
    if (!mask)
        return (struct range){address, 0, 0};
    const uint64_t counted = (uint64_t)element * (unsigned)__builtin_popcountll(mask);
    if (access->flags & HV_ACCESS_COMPRESSED)
        return (struct range){address, counted, counted};
    const uint64_t first = (uint64_t)element * (unsigned)__builtin_ctzll(mask);
    const uint64_t end = (uint64_t)element * (64 - (unsigned)__builtin_clzll(mask));
    return (struct range){address + first, end - first, counted};
}

static void load(struct hv_analyser *a, const struct range *range, bool missed)
{
    a->value[HV_T_LOADS]++;
    a->value[HV_T_LOAD_BYTES] += range->counted;
    a->value[HV_T_L1_READ_MISSES] += missed;
    hv_hazards_load(&a->hazards, range->address, range->bytes, a->clock);
}

static void store(struct hv_analyser *a, const struct range *range, bool missed)
{
    a->value[HV_T_STORES]++;
    a->value[HV_T_STORE_BYTES] += range->counted;
    a->value[HV_T_L1_WRITE_MISSES] += missed;
    hv_hazards_store(&a->hazards, range->address, range->bytes, a->clock);
    hv_confirm_store(&a->runs.confirm, range->address, range->bytes, a->clock);
}

/* What reads and writes one place misses once: the write finds what the read brought.
 */
static void simulate(struct hv_analyser *a, const struct hv_access *access,
                     const struct range *range)
{
    const uint64_t crossed = range->address ^ (range->address + range->bytes - 1);
    if (crossed >> a->line_shift) {
        a->value[HV_T_LINE_SPLITS]++;
        a->value[HV_T_PAGE_SPLITS] += crossed >> PAGE_SHIFT != 0;
    }
    const bool missed = !hv_l1_same(&a->l1, range->address, range->bytes) &&
                        hv_l1_touch(&a->l1, range->address, range->bytes);
    if (access->flags & HV_ACCESS_WRITE)
        store(a, range, missed);
    else
        load(a, range, missed);
}

void hv_access_run(struct hv_analyser *a, const struct hv_block *block,
                   const struct hv_insn *insn, const uint64_t *words)
{
    const struct hv_access *access = block->access + insn->first_access;
    const struct hv_access *end = access + insn->n_accesses;
    for (; access < end; access++) {
        struct range range = {hv_access_address(access, words), access->bytes,
                              access->bytes};
        if (access->mask_word != HV_NO_WORD)
            range = masked(access, words);
        if (range.bytes)
            simulate(a, access, &range);
    }
}
