/* SPDX-License-Identifier: MIT */
/* Planted: nothing. Two functions with the same body. */
#include "tests/planted/planted.h"

enum { BYTES = 256 };

#define BODY                                                                           \
    struct planted *c = ctx;                                                           \
    for (; n; n--) {                                                                   \
        const unsigned char *source = c->memory;                                       \
        HV_BARRIER(source);                                                            \
        planted_sum(c->out, source, BYTES);                                            \
        HV_KEEP(c->out);                                                               \
    }

HV_ARM(one){BODY}

HV_ARM(the_other)
{
    BODY
}

static int setup(struct hv_work *work, const struct hv_size *size)
{
    *work = (struct hv_work){0};
    const int rc = planted_make(work, PLANTED_MEMORY, size->seed);
    if (!rc)
        planted_declare(work, 0);
    return rc;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct planted *c = work->ctx;
    uint64_t want[2];
    planted_sum_expected(want, c->memory, BYTES);
    return planted_compare(work, want, 2, why, why_bytes);
}

PLANTED_PAIR(nothing_at_all, one, the_other, .question = "planted: nothing at all");
