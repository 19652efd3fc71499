/* SPDX-License-Identifier: MIT */
/* Planted: messages are copied while an iteration walks on through more memory than a
 * cache holds; only their first words are then read. Each page holds a message in its
 * first half and the place of its copy in the second, so that they have no low 12 bits
 * in common. Removed: the same copies, in a walk that stays inside 8 KiB (.sweeps). */
#ifndef HV_TESTS_PLANTED_WALK_H
#define HV_TESTS_PLANTED_WALK_H

#include "tests/planted/planted.h"

/* Less than half a page by the 64 bytes that a place may be moved. */
enum { MESSAGE = 1984, PLACE = 2048, MESSAGES = 32 };

HV_BODY(messages_copied)
{
    struct planted *c = ctx;
    for (; n; n--) {
        uint64_t sum = 0;
        for (size_t i = 0; i < MESSAGES; i++) {
            unsigned char *page = c->memory + c->at;
            HV_BARRIER(page);
            uint64_t first;
            memcpy(&first,
                   hv_copy(hv_temporary(page + PLACE, vary), page, c->bytes, vary),
                   sizeof first);
            sum += first;
            c->at = c->at + PLANTED_PAGE < c->end ? c->at + PLANTED_PAGE : 0;
        }
        c->out[0] = sum;
        HV_KEEP(c->out);
    }
}
#define CHANGES(X) PLANTED_COPY_CHANGES(X, messages_copied)
HV_AS_IS(messages_copied)
CHANGES(HV_CHANGED)
PLANTED_WITHOUT(messages_read, messages_copied, copy_away)

static int walk_setup(struct hv_work *work, const struct hv_size *size, size_t all)
{
    *work = (struct hv_work){0};
    const size_t asked = size->footprint ? size->footprint : all;
    const size_t pages = asked > PLANTED_PAGE ? asked / PLANTED_PAGE : 1;
    const int rc = planted_make(work, pages * PLANTED_PAGE, size->seed);
    if (rc)
        return rc;
    struct planted *c = work->ctx;
    c->bytes = MESSAGE;
    c->end = c->memory_bytes;
    /* The same word begins every message: the result does not depend on where a walk
     * has come to. */
    for (size_t at = 0; at < c->end; at += PLANTED_PAGE)
        memcpy(c->memory + at, c->memory, sizeof(uint64_t));
    planted_declare(work, (uint64_t)MESSAGES * MESSAGE);
    work->items = MESSAGES;
    work->footprint = c->end;
    return 0;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct planted *c = work->ctx;
    uint64_t want;
    memcpy(&want, c->memory, sizeof want);
    want *= MESSAGES;
    return planted_compare(work, &want, 1, why, why_bytes);
}

static const struct hv_experiment experiments[] = {CHANGES(HV_CHANGE)};

#endif
