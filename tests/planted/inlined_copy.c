/* SPDX-License-Identifier: MIT */
/* Planted: two structs of a constant size are copied in line, then read. Removed: they
 * are read where they are. 128 bytes each, the most that every compiler here inlines.
 */
#include "tests/planted/planted.h"

enum { HALF = 128 };

HV_BODY(inlined_copies)
{
    struct planted *c = ctx;
    unsigned char *room = hv_temporary(c->memory + PLANTED_ROOM, vary);
    for (; n; n--) {
        const unsigned char *source = c->memory;
        HV_BARRIER(source);
        const unsigned char *first = hv_copy(room, source, HALF, vary),
                            *second = hv_copy(room + HALF, source + HALF, HALF, vary);
        planted_sum(c->out, first, HALF);
        planted_sum(c->out + 2, second, HALF);
        HV_KEEP(c->out);
    }
}
#define CHANGES(X) PLANTED_COPY_CHANGES(X, inlined_copies)
HV_AS_IS(inlined_copies)
CHANGES(HV_CHANGED)
PLANTED_WITHOUT(no_copies, inlined_copies, copy_away)

static int setup(struct hv_work *work, const struct hv_size *size)
{
    *work = (struct hv_work){0};
    const int rc = planted_make(work, PLANTED_MEMORY, size->seed);
    if (!rc)
        planted_declare(work, 2 * HALF);
    return rc;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct planted *c = work->ctx;
    uint64_t want[4];
    planted_sum_expected(want, c->memory, HALF);
    planted_sum_expected(want + 2, c->memory + HALF, HALF);
    return planted_compare(work, want, 4, why, why_bytes);
}

static const struct hv_experiment experiments[] = {CHANGES(HV_CHANGE)};

PLANTED_PAIR(inlined_copy, inlined_copies, no_copies,
             .question = "planted: a copy that is inlined", .experiments = experiments,
             .n_experiments = HV_COUNT(experiments));
