/* SPDX-License-Identifier: MIT */
/* Pairs with one cause built in each: what hvperf must name. Memory and checks that
 * they share, and the experiments that every one of them offers. */
#ifndef HV_TESTS_PLANTED_H
#define HV_TESTS_PLANTED_H

#include <stddef.h>
#include <stdint.h>

#include "kernels/hvperf_vary.h"

/* One page holds what is read, from its beginning; rooms for copies begin in the middle
 * of another: then no store has the low 12 bits of a load, unless a pair plants that.
 */
enum {
    PLANTED_PAGE = 4096,
    PLANTED_ROOM = 4 * PLANTED_PAGE + 2048,
    PLANTED_MEMORY = 8 * PLANTED_PAGE,
    PLANTED_WORDS = 8, /* of the result */
};

struct planted {
    unsigned char *memory; /* at a page boundary; every page is touched */
    size_t memory_bytes;
    uint64_t *out;  /* PLANTED_WORDS, at the end of a page; before them, this struct */
    size_t bytes;   /* of one copy, where only the run is to know it */
    size_t at, end; /* of a walk through memory */
};

/* Memory of so many bytes, filled from the seed; 0 or -ENOMEM with nothing left. */
int planted_make(struct hv_work *work, size_t bytes, uint64_t seed);
void planted_free(struct hv_work *work);

/* The copies that an iteration of the baseline asks for; the candidate asks for none.
 */
void planted_declare(struct hv_work *work, uint64_t copied);

/* 0, or -EBADMSG and why: the result begins with these words. */
int planted_compare(const struct hv_work *work, const uint64_t *want, size_t words,
                    char *why, size_t why_bytes);

/* What planted_sum leaves, worked out plainly. */
void planted_sum_expected(uint64_t want[2], const unsigned char *from, size_t bytes);

/* Reads all of it: the sums of its even and of its odd words. By 16 bytes, whatever the
 * ISA: as no compiler stores less when it copies, no load waits for several stores.
 * Four sums, so that loads and stores are what limits it. bytes: a multiple of 16. */
typedef uint64_t planted_lane __attribute__((vector_size(16)));

HV_VARY_INLINE planted_lane planted_load(const unsigned char *from)
{
    planted_lane lane;
    memcpy(&lane, from, sizeof lane);
    return lane;
}

HV_VARY_INLINE void planted_sum(uint64_t *out, const unsigned char *from, size_t bytes)
{
    planted_lane sum[4] = {{0}};
    size_t i = 0;
    for (; i + 64 <= bytes; i += 64)
        for (size_t k = 0; k < 4; k++)
            sum[k] += planted_load(from + i + 16 * k);
    for (; i < bytes; i += 16)
        sum[0] += planted_load(from + i);
    sum[0] += sum[1] + sum[2] + sum[3];
    memcpy(out, &sum[0], sizeof sum[0]);
}

/* Everything that can be tested of an arm with copies in temporaries; of one that
 * allocates. The same for all pairs: the right experiment is never the only one. */
#define PLANTED_COPY_CHANGES(X, arm)                                                   \
    X(arm, copy_away)                                                                  \
    X(arm, copy_twice)                                                                 \
    X(arm, copy_unread)                                                                \
    X(arm, copy_called)                                                                \
    X(arm, copy_inlined)                                                               \
    X(arm, copy_wide)                                                                  \
    X(arm, temp_64)                                                                    \
    X(arm, temp_4096)
#define PLANTED_ALLOC_CHANGES(X, arm) X(arm, alloc_hoisted) X(arm, alloc_touched)

/* The candidate: the same body without the plant. */
#define PLANTED_WITHOUT(name, arm, change)                                             \
    HV_ARM(name)                                                                       \
    {                                                                                  \
        arm##_body(ctx, n, hv_##change);                                               \
    }

/* The pair of a file: its arms, setup and check have these names. */
#define PLANTED_PAIR(pair, first, second, ...)                                         \
    HV_PAIR(pair, .baseline = {#first, first}, .candidate = {#second, second},         \
            .setup = setup, .check = check, .teardown = planted_free, __VA_ARGS__)

#endif
