/* SPDX-License-Identifier: MIT */
/* Planted: a record is saved to a place a multiple of 4096 bytes away, then read
 * itself: the low 12 bits of the load are those of the store before it. What is read
 * says where the next record is: the wait cannot be hidden. Removed: the save lies 64
 * bytes further on, in the gap after each record. */
#include "tests/planted/planted.h"

enum { RECORD = 64, STRIDE = 128, RECORDS = 8, NEXT = 32, SAVED = 4 * PLANTED_PAGE };

HV_BODY(saved_at_4k)
{
    struct planted *c = ctx;
    unsigned char *room = hv_temporary(c->memory + SAVED, vary);
    const unsigned char *saved = c->memory;
    uint64_t at = 0;
    for (; n; n--) {
        HV_BARRIER(at);
        const unsigned char *record = c->memory + at;
        saved = hv_copy(room + at, record, RECORD, vary);
        memcpy(&at, record + NEXT, sizeof at);
    }
    planted_sum(c->out, saved, RECORD);
    c->out[2] = at;
}
#define CHANGES(X) PLANTED_COPY_CHANGES(X, saved_at_4k)
HV_AS_IS(saved_at_4k)
CHANGES(HV_CHANGED)
PLANTED_WITHOUT(not_saved, saved_at_4k, copy_away)

static uint64_t next_of(uint64_t record)
{
    return (record + 3) % RECORDS * STRIDE;
}

static int setup(struct hv_work *work, const struct hv_size *size)
{
    *work = (struct hv_work){0};
    const int rc = planted_make(work, PLANTED_MEMORY, size->seed);
    if (rc)
        return rc;
    struct planted *c = work->ctx;
    for (uint64_t i = 0; i < RECORDS; i++) {
        const uint64_t next = next_of(i);
        memcpy(c->memory + STRIDE * i + NEXT, &next, sizeof next);
    }
    planted_declare(work, RECORD);
    return 0;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct planted *c = work->ctx;
    uint64_t want[3];
    planted_sum_expected(want, c->memory, RECORD);
    want[2] = next_of(0);
    return planted_compare(work, want, 3, why, why_bytes);
}

static const struct hv_experiment experiments[] = {CHANGES(HV_CHANGE)};

PLANTED_PAIR(alias_4k, saved_at_4k, not_saved,
             .question = "planted: loads a multiple of 4096 bytes after stores",
             .experiments = experiments, .n_experiments = HV_COUNT(experiments));
