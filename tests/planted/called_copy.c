/* SPDX-License-Identifier: MIT */
/* Planted: a copy whose size only the run knows, so memcpy is called. Removed: the
 * source is read. */
#include "tests/planted/planted.h"

enum { BYTES = 2000 };

HV_BODY(called_copy_of_2000)
{
    struct planted *c = ctx;
    unsigned char *room = hv_temporary(c->memory + PLANTED_ROOM, vary);
    for (; n; n--) {
        const unsigned char *source = c->memory;
        HV_BARRIER(source);
        planted_sum(c->out, hv_copy(room, source, c->bytes, vary), c->bytes);
        HV_KEEP(c->out);
    }
}
#define CHANGES(X) PLANTED_COPY_CHANGES(X, called_copy_of_2000)
HV_AS_IS(called_copy_of_2000)
CHANGES(HV_CHANGED)
PLANTED_WITHOUT(no_copy, called_copy_of_2000, copy_away)

static int setup(struct hv_work *work, const struct hv_size *size)
{
    *work = (struct hv_work){0};
    const int rc = planted_make(work, PLANTED_MEMORY, size->seed);
    if (rc)
        return rc;
    ((struct planted *)work->ctx)->bytes = BYTES;
    planted_declare(work, BYTES);
    return 0;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct planted *c = work->ctx;
    uint64_t want[2];
    planted_sum_expected(want, c->memory, BYTES);
    return planted_compare(work, want, 2, why, why_bytes);
}

static const struct hv_experiment experiments[] = {CHANGES(HV_CHANGE)};

PLANTED_PAIR(called_copy, called_copy_of_2000, no_copy,
             .question = "planted: a copy that is called", .experiments = experiments,
             .n_experiments = HV_COUNT(experiments));
