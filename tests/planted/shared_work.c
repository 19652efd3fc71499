/* SPDX-License-Identifier: MIT */
/* Planted: both arms spend nearly all their time in the same generator, which dilutes
 * the gap that a copy makes. Removed: what it makes is taken from a table. */
#include "tests/planted/planted.h"

enum { BYTES = 256, HALF = BYTES / 2, ROUNDS = 60, TABLE = 2 * PLANTED_PAGE };

/* As the generator, word by word. */
static uint64_t generated(uint64_t word)
{
    for (int i = 0; i < ROUNDS; i++) {
        word ^= word << 13;
        word ^= word >> 7;
        word ^= word << 17;
    }
    return word;
}

/* By the ISA's widest stores, so that whatever copies or reads this afterwards does not
 * wait for several of them. */
HV_PLACED static void generate(unsigned char *out, const unsigned char *from)
{
    for (size_t i = 0; i < BYTES; i += sizeof(hv_vary_lane)) {
        hv_vary_lane lane;
        memcpy(&lane, from + i, sizeof lane);
        for (int round = 0; round < ROUNDS; round++) {
            lane ^= lane << 13;
            lane ^= lane >> 7;
            lane ^= lane << 17;
        }
        memcpy(out + i, &lane, sizeof lane);
    }
}

HV_VARY_INLINE const unsigned char *made(struct planted *c, const enum hv_vary vary)
{
    unsigned char *fresh = c->memory + PLANTED_PAGE;
    if (vary == hv_isolated) {
        fresh = c->memory + TABLE;
        HV_BARRIER(fresh);
        return fresh;
    }
    generate(fresh, c->memory);
    return fresh;
}

HV_BODY(made_and_copied)
{
    struct planted *c = ctx;
    unsigned char *room = hv_temporary(c->memory + PLANTED_ROOM, vary);
    for (; n; n--) {
        const unsigned char *fresh = made(c, vary);
        const unsigned char *first = hv_copy(room, fresh, HALF, vary),
                            *second = hv_copy(room + HALF, fresh + HALF, HALF, vary);
        planted_sum(c->out, first, HALF);
        planted_sum(c->out + 2, second, HALF);
        HV_KEEP(c->out);
    }
}

HV_BODY(just_made)
{
    struct planted *c = ctx;
    for (; n; n--) {
        const unsigned char *fresh = made(c, vary);
        planted_sum(c->out, fresh, HALF);
        planted_sum(c->out + 2, fresh + HALF, HALF);
        HV_KEEP(c->out);
    }
}
#define CHANGES(X) PLANTED_COPY_CHANGES(X, made_and_copied)
HV_AS_IS(made_and_copied)
CHANGES(HV_CHANGED)
HV_CHANGED(made_and_copied, isolated)
HV_AS_IS(just_made)
HV_CHANGED(just_made, isolated)

static int setup(struct hv_work *work, const struct hv_size *size)
{
    *work = (struct hv_work){0};
    const int rc = planted_make(work, PLANTED_MEMORY, size->seed);
    if (rc)
        return rc;
    const struct planted *c = work->ctx;
    for (size_t i = 0; i < BYTES; i += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, c->memory + i, sizeof word);
        word = generated(word);
        memcpy(c->memory + TABLE + i, &word, sizeof word);
    }
    planted_declare(work, BYTES);
    return 0;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct planted *c = work->ctx;
    uint64_t want[4];
    planted_sum_expected(want, c->memory + TABLE, HALF);
    planted_sum_expected(want + 2, c->memory + TABLE + HALF, HALF);
    return planted_compare(work, want, 4, why, why_bytes);
}

static const struct hv_experiment experiments[] = {
    CHANGES(HV_CHANGE) HV_ISOLATE(made_and_copied, just_made)};

PLANTED_PAIR(shared_work, made_and_copied, just_made,
             .question = "planted: work that both arms share",
             .experiments = experiments, .n_experiments = HV_COUNT(experiments));
