/* SPDX-License-Identifier: MIT */
/* insight_malloc: a block from malloc, beside one from an arena that is reset. */
#include "kernels/insight.h"

/* Each block is touched once: its first word is written, and read back. */
HV16_INLINE void touch(struct insight *c, uint8_t *block)
{
    memcpy(block, c->a, sizeof(uint64_t));
    HV_KEEP(block);
    memcpy(c->left, block, sizeof(uint64_t));
}

HV_ARM(from_malloc)
{
    struct insight *c = ctx;
    for (; n; n--) {
        uint8_t *block = malloc(c->bytes);
        if (!block)
            return; /* the result stays as it was, and check refuses it */
        touch(c, block);
        free(block);
    }
}

struct arena {
    uint8_t *begin, *end, *at;
};

HV16_INLINE uint8_t *take(struct arena *arena, size_t bytes)
{
    uint8_t *block = arena->at;
    if ((size_t)(arena->end - block) < bytes)
        return NULL;
    arena->at = block + bytes;
    return block;
}

HV_ARM(from_arena)
{
    struct insight *c = ctx;
    struct arena arena = {c->sink, c->sink + c->bytes, c->sink}, *held = &arena;
    for (; n; n--) {
        HV_BARRIER(held); /* the arena is in memory, as one that many use would be */
        uint8_t *block = take(held, c->bytes);
        if (!block)
            return;
        touch(c, block);
        held->at = held->begin;
    }
}

static int setup(struct hv_work *work, const struct hv_size *size)
{
    const int rc =
        insight_setup(work, &(struct hv_size){size->dim_bits, size->seed, 0});
    if (!rc) {
        work->result_bytes = sizeof(uint64_t);
        work->bytes = sizeof(uint64_t);
        work->footprint = 0;
    }
    return rc;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct insight *c = work->ctx;
    return hv_pair_compare("the block's first word", c->left, c->a, sizeof(uint64_t),
                           why, why_bytes);
}

HV_PAIR(insight_malloc, .question = "What does a block cost beside one of an arena?",
        .purpose = HV_FOR_INSIGHT, .baseline = {"malloc_and_free", from_malloc},
        .candidate = {"arena_and_reset", from_arena}, .setup = setup, .check = check,
        .teardown = insight_teardown);
