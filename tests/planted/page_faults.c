/* SPDX-License-Identifier: MIT */
/* Planted: every iteration touches 4 pages of memory that malloc has fresh from the
 * kernel, as it always has blocks above 32 MiB. Removed: malloc is called as before,
 * but the pages are those of a block that stays.
 *
 * The pages lie 4 MiB behind the block's beginning, where malloc itself writes: else a
 * kernel that hands out large pages would have given them with that one. */
#include "tests/planted/planted.h"

enum { BLOCK = 33 << 20, FIRST = 4 << 20, PAGES = 4, STEP = PLANTED_PAGE + 64 };

HV_BODY(fresh_pages)
{
    struct planted *c = ctx;
    for (; n; n--) {
        uint64_t sum = 0;
        unsigned char *block = hv_allocate(c->memory, BLOCK, vary);
        HV_BARRIER(block);
        if (!block)
            return; /* the result stays as it was, and check refuses it */
        for (uint64_t i = 0; i < PAGES; i++)
            memcpy(block + FIRST + STEP * i, &i, sizeof i);
        HV_KEEP(block);
        for (size_t i = 0; i < PAGES; i++) {
            uint64_t word;
            memcpy(&word, block + FIRST + STEP * i, sizeof word);
            sum += word;
        }
        hv_release(block, vary);
        c->out[0] = sum;
        HV_KEEP(c->out);
    }
}
#define CHANGES(X) PLANTED_ALLOC_CHANGES(X, fresh_pages)
HV_AS_IS(fresh_pages)
CHANGES(HV_CHANGED)
PLANTED_WITHOUT(pages_touched_before, fresh_pages, alloc_touched)

static int setup(struct hv_work *work, const struct hv_size *size)
{
    *work = (struct hv_work){0};
    return planted_make(work, BLOCK, size->seed);
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const uint64_t want = (uint64_t)PAGES * (PAGES - 1) / 2;
    return planted_compare(work, &want, 1, why, why_bytes);
}

static const struct hv_experiment experiments[] = {CHANGES(HV_CHANGE)};

PLANTED_PAIR(page_faults, fresh_pages, pages_touched_before,
             .question = "planted: the first touch of fresh pages",
             .experiments = experiments, .n_experiments = HV_COUNT(experiments));
