/* SPDX-License-Identifier: MIT */
/* Planted: a copy made by stores of 8 bytes is read by loads as wide as the ISA has, so
 * that no store can be forwarded and the loads wait until the stores have left. What is
 * read says where the next record is: the wait cannot be hidden. Removed: the copy
 * stays, its stores as wide as the loads. */
#include "tests/planted/planted.h"

enum { RECORD = 64, RECORDS = 8, WORD = 8 };

HV_VARY_INLINE int is_narrow(const enum hv_vary vary)
{
    return vary != hv_copy_away && vary != hv_copy_called && vary != hv_copy_inlined &&
           vary != hv_copy_wide;
}

HV_VARY_INLINE const unsigned char *
copy_record(unsigned char *room, const unsigned char *source, const enum hv_vary vary)
{
    if (!is_narrow(vary))
        return hv_copy(room, source, RECORD, vary);
    const unsigned char *from = source;
    for (size_t i = 0; i < RECORD; i += WORD)
        from = hv_copy(room + i, source + i, WORD, vary);
    return from - (RECORD - WORD);
}

/* All lanes, one upon the other; their first word. */
HV_VARY_INLINE uint64_t fold(const unsigned char *record)
{
    hv_vary_lane folded = {0};
    for (size_t i = 0; i < RECORD; i += sizeof folded) {
        hv_vary_lane lane;
        memcpy(&lane, record + i, sizeof lane);
        /* or clang loads but the word that is used, which fits one store */
        HV_VARY_OPAQUE(lane);
        folded ^= lane;
    }
    return folded[0];
}

HV_BODY(narrow_stores)
{
    struct planted *c = ctx;
    unsigned char *room = hv_temporary(c->memory + PLANTED_ROOM, vary);
    uint64_t at = 0;
    for (; n; n--) {
        HV_BARRIER(at);
        at = fold(copy_record(room, c->memory + RECORD * at, vary));
        c->out[0] = at;
        HV_KEEP(c->out);
    }
}
#define CHANGES(X) PLANTED_COPY_CHANGES(X, narrow_stores)
HV_AS_IS(narrow_stores)
CHANGES(HV_CHANGED)
PLANTED_WITHOUT(wide_stores, narrow_stores, copy_wide)
PLANTED_WITHOUT(read_in_place, narrow_stores, copy_away)

/* Record i leads to record i + 3: only its first word is not 0. */
static uint64_t next_of(uint64_t record)
{
    return (record + 3) % RECORDS;
}

static int setup(struct hv_work *work, const struct hv_size *size)
{
    *work = (struct hv_work){0};
    const int rc = planted_make(work, PLANTED_MEMORY, size->seed);
    if (rc)
        return rc;
    struct planted *c = work->ctx;
    memset(c->memory, 0, RECORD * RECORDS);
    for (uint64_t i = 0; i < RECORDS; i++) {
        const uint64_t next = next_of(i);
        memcpy(c->memory + RECORD * i, &next, sizeof next);
    }
    planted_declare(work, RECORD);
    work->copied_candidate = RECORD;
    return 0;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const uint64_t want = next_of(0);
    return planted_compare(work, &want, 1, why, why_bytes);
}

/* The candidate copies as well: what that costs is to be tested there, too. */
static const struct hv_experiment experiments[] = {
    CHANGES(HV_CHANGE){"copy_away",
                       {"wide_stores", wide_stores},
                       {"read_in_place", read_in_place},
                       0}
};

PLANTED_PAIR(forward_block, narrow_stores, wide_stores,
             .question = "planted: loads wider than the stores before them",
             .experiments = experiments, .n_experiments = HV_COUNT(experiments));
