/* SPDX-License-Identifier: MIT */
/* Arms that can be changed in one respect: the body is written once, with its copies,
 * temporaries and allocations through the helpers below, and compiled once for each
 * change that tests a cause.
 *
 *     HV_BODY(with_copy)                      what the arm does; ctx, n, vary are there
 *     {
 *         ...  const unsigned char *from = hv_copy(room, source, bytes, vary); ...
 *     }
 *     #define CHANGES(X) X(with_copy, copy_away) X(with_copy, copy_wide)
 *     HV_AS_IS(with_copy)                     the arm itself
 *     CHANGES(HV_CHANGED)                     one more arm for each change
 *     static const struct hv_experiment experiments[] = {CHANGES(HV_CHANGE)};
 *
 * As vary is a constant wherever the body is inlined, the arm itself has no trace of
 * it. What each change tells: docs/methodology.md, "Experiments". */
#ifndef HVPERF_VARY_H
#define HVPERF_VARY_H

#include <stdlib.h>
#include <string.h>

#include "hvperf.h"

enum hv_vary {
    hv_as_is,
    hv_copy_away,     /* hv_copy copies nothing: what reads the copy reads the source */
    hv_copy_twice,    /* every copy is made once more, to a place of its own */
    hv_copy_unread,   /* copies are made, but what follows reads the source */
    hv_copy_called,   /* copies are made by a call of memcpy */
    hv_copy_inlined,  /* ... by moves of one lane each, in line */
    hv_copy_wide,     /* ... likewise, as wide as the loads that read the copy */
    hv_temp_64,       /* temporaries 64 bytes further on */
    hv_temp_4096,     /* ... 4096 bytes further on: the same place in another page */
    hv_alloc_hoisted, /* memory from a pool that setup made: no calls, no fresh pages */
    hv_alloc_touched, /* malloc is called, but the memory used is the pool's: the calls
                         stay, and fresh pages go */
    hv_isolated,      /* work that both arms share is taken from a table */
};

#define HV_VARY_INLINE static inline __attribute__((always_inline))

/* The widest vector that the object is compiled for. */
#if defined(__AVX512BW__)
#define HV_VARY_LANE 64
#elif defined(__AVX2__)
#define HV_VARY_LANE 32
#elif defined(__aarch64__) && !defined(__ARM_NEON)
#define HV_VARY_LANE 8 /* no vectors: a general register */
#else
#define HV_VARY_LANE 16
#endif
typedef uint64_t hv_vary_lane __attribute__((vector_size(HV_VARY_LANE)));

/* The compiler must assume that a lane is used, all of it, and changed. */
#if defined(__x86_64__)
#define HV_VARY_OPAQUE(lane) __asm__ volatile("" : "+v"(lane))
#elif defined(__aarch64__) && defined(__ARM_NEON)
#define HV_VARY_OPAQUE(lane) __asm__ volatile("" : "+w"(lane))
#elif defined(__aarch64__)
#define HV_VARY_OPAQUE(lane) __asm__ volatile("" : "+r"(lane))
#else
#define HV_VARY_OPAQUE(lane) HV_BARRIER(lane)
#endif

/* Lane by lane: the barrier keeps the compiler from making another copy of it. */
HV_VARY_INLINE void hv_vary_lanes(void *to, const void *from, size_t bytes)
{
    unsigned char *t = (unsigned char *)to;
    const unsigned char *f = (const unsigned char *)from;
    size_t at = 0;
    for (; at + sizeof(hv_vary_lane) <= bytes; at += sizeof(hv_vary_lane)) {
        hv_vary_lane lane;
        memcpy(&lane, f + at, sizeof lane);
        HV_VARY_OPAQUE(lane);
        memcpy(t + at, &lane, sizeof lane);
    }
    for (; at < bytes; at++)
        t[at] = f[at];
}

/* Where copy_twice puts its second copies: 64 KiB for each object, reused. */
enum { HV_VARY_ELSEWHERE = 65536 };

HV_VARY_INLINE void *hv_vary_elsewhere(void)
{
    static unsigned char elsewhere[HV_VARY_ELSEWHERE] __attribute__((aligned(64)));
    void *at = elsewhere;
    HV_BARRIER(at);
    return at;
}

HV_VARY_INLINE void hv_vary_copy(void *room, const void *source, size_t bytes,
                                 const enum hv_vary vary)
{
    if (vary == hv_copy_called) {
        void *(*call)(void *, const void *, size_t) = memcpy;
        HV_BARRIER(call);
        call(room, source, bytes);
    } else if (vary == hv_copy_inlined || vary == hv_copy_wide) {
        hv_vary_lanes(room, source, bytes);
    } else {
        memcpy(room, source, bytes);
    }
    if (vary == hv_copy_twice) {
        void *elsewhere = hv_vary_elsewhere();
        HV_KEEP(room); /* or one pass would make both */
        memcpy(elsewhere, source,
               bytes < HV_VARY_ELSEWHERE ? bytes : (size_t)HV_VARY_ELSEWHERE);
        HV_KEEP(elsewhere);
    }
}

/* The copy that an arm makes: to `room`, of at least `bytes`. Returns where what
 * follows must read: the copy, or the source where there is none. */
HV_VARY_INLINE void *hv_copy(void *room, const void *source, size_t bytes,
                             const enum hv_vary vary)
{
    if (vary == hv_copy_away)
        return (void *)(uintptr_t)source;
    hv_vary_copy(room, source, bytes, vary);
    HV_KEEP(room);
    return vary == hv_copy_unread ? (void *)(uintptr_t)source : room;
}

/* The same for `count` copies one after the other, kept alive when all are made. */
HV_VARY_INLINE void *hv_copy_all(void *room, const void *source, size_t count,
                                 size_t bytes, const enum hv_vary vary)
{
    unsigned char *to = (unsigned char *)room;
    const unsigned char *from = (const unsigned char *)source;
    if (vary == hv_copy_away)
        return (void *)(uintptr_t)source;
    for (size_t i = 0; i < count; i++)
        hv_vary_copy(to + i * bytes, from + i * bytes, bytes, vary);
    HV_KEEP(to);
    return vary == hv_copy_unread ? (void *)(uintptr_t)source : to;
}

/* Where a temporary lies in its room: the room needs HV_VARY_SLACK bytes more than the
 * temporary for the changes temp_64 and temp_4096, and none for the others. */
enum { HV_VARY_SLACK = 2 * 4096 };

HV_VARY_INLINE int hv_is_moved(const enum hv_vary vary)
{
    return vary == hv_temp_64 || vary == hv_temp_4096;
}

HV_VARY_INLINE void *hv_temporary(void *room, const enum hv_vary vary)
{
    return (unsigned char *)room + (vary == hv_temp_64     ? 64
                                    : vary == hv_temp_4096 ? 4096
                                                           : 0);
}

/* Memory for an iteration: malloc's, or the pool's. pool: as many bytes, touched. NULL:
 * out of memory. */
HV_VARY_INLINE void *hv_allocate(void *pool, size_t bytes, const enum hv_vary vary)
{
    if (vary == hv_alloc_hoisted)
        return pool;
    void *block = malloc(bytes);
    if (vary != hv_alloc_touched || !block)
        return block;
    HV_KEEP(block); /* the calls stay, on memory that nobody touches */
    free(block);
    return pool;
}

HV_VARY_INLINE void hv_release(void *block, const enum hv_vary vary)
{
    if (vary != hv_alloc_hoisted && vary != hv_alloc_touched)
        free(block);
}

/* The body of an arm; the arm as it is; the arm with one change; a row of the list. */
#define HV_BODY(arm)                                                                   \
    HV_VARY_INLINE void arm##_body(void *ctx, uint64_t n, const enum hv_vary vary)
#define HV_AS_IS(arm)                                                                  \
    HV_ARM(arm)                                                                        \
    {                                                                                  \
        arm##_body(ctx, n, hv_as_is);                                                  \
    }
#define HV_CHANGED(arm, change)                                                        \
    HV_ARM(arm##_##change)                                                             \
    {                                                                                  \
        arm##_body(ctx, n, hv_##change);                                               \
    }
#define HV_NAMED(arm)                                                                  \
    {                                                                                  \
#arm, arm                                                                      \
    }
#define HV_CHANGE(arm, change) {#change, HV_NAMED(arm), HV_NAMED(arm##_##change), 0},
/* Both arms without the work that they share. */
#define HV_ISOLATE(first, second)                                                      \
    {"isolated", HV_NAMED(first##_isolated), HV_NAMED(second##_isolated), 0},

#endif
