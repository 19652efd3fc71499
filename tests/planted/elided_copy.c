/* SPDX-License-Identifier: MIT */
/* Planted: the source copies a struct, and nothing keeps the compiler from doing
 * without. Removed: the copy is made indeed. */
#include "tests/planted/planted.h"

struct record {
    uint64_t word[8];
};

HV_VARY_INLINE void sum_record(uint64_t *out, const struct record *r)
{
    out[0] = r->word[0] + r->word[1] + r->word[2] + r->word[3];
    out[1] = r->word[4] + r->word[5] + r->word[6] + r->word[7];
}

HV_BODY(copy_asked_for)
{
    struct planted *c = ctx;
    for (; n; n--) {
        const struct record *source = (const void *)c->memory;
        HV_BARRIER(source);
        if (vary == hv_copy_away) {
            sum_record(c->out, source);
        } else {
            const struct record copy = *source;
            sum_record(c->out, &copy);
        }
        if (vary == hv_copy_twice) {
            struct record *elsewhere = hv_vary_elsewhere();
            *elsewhere = *source;
            HV_KEEP(elsewhere);
        }
        HV_KEEP(c->out);
    }
}
#define CHANGES(X) X(copy_asked_for, copy_away) X(copy_asked_for, copy_twice)
HV_AS_IS(copy_asked_for)
CHANGES(HV_CHANGED)
PLANTED_WITHOUT(no_copy_asked_for, copy_asked_for, copy_away)

static int setup(struct hv_work *work, const struct hv_size *size)
{
    *work = (struct hv_work){0};
    const int rc = planted_make(work, PLANTED_MEMORY, size->seed);
    if (!rc)
        planted_declare(work, sizeof(struct record));
    return rc;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct planted *c = work->ctx;
    struct record r;
    uint64_t want[2];
    memcpy(&r, c->memory, sizeof r);
    sum_record(want, &r);
    return planted_compare(work, want, 2, why, why_bytes);
}

static const struct hv_experiment experiments[] = {CHANGES(HV_CHANGE)};

PLANTED_PAIR(elided_copy, copy_asked_for, no_copy_asked_for,
             .question = "planted: a copy that the compiler does without",
             .experiments = experiments, .n_experiments = HV_COUNT(experiments));
