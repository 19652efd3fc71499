/* SPDX-License-Identifier: MIT */
/* bind: clone both operands and XOR the clones, against XOR of the operands. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/hv16.h"
#include "kernels/hv16_reference.h"
#include "kernels/hvperf_vary.h"
#include "kernels/pair_support.h"

struct bind {
    size_t bytes;
    uint8_t *a, *b, *out;
};

HV16_INLINE void bind_clones(struct bind *c, uint64_t n, size_t bytes, uint8_t *room_a,
                             uint8_t *room_b, const enum hv_vary vary)
{
    for (; n; n--) {
        const uint8_t *a = c->a, *b = c->b;
        HV_BARRIER(a);
        HV_BARRIER(b);
        const uint8_t *clone_a = hv_copy(room_a, a, bytes, vary),
                      *clone_b = hv_copy(room_b, b, bytes, vary);
        hv16_bind(c->out, clone_a, clone_b, bytes);
        HV_KEEP(c->out);
    }
}

HV16_INLINE void bind_references(struct bind *c, uint64_t n, size_t bytes)
{
    for (; n; n--) {
        const uint8_t *a = c->a, *b = c->b;
        HV_BARRIER(a);
        HV_BARRIER(b);
        hv16_bind(c->out, a, b, bytes);
        HV_KEEP(c->out);
    }
}

/* What tests why the clones cost what they do. */
#define CHANGES(X)                                                                     \
    X(bind_with_copy, copy_away)                                                       \
    X(bind_with_copy, copy_twice)                                                      \
    X(bind_with_copy, copy_unread)                                                     \
    X(bind_with_copy, copy_called)                                                     \
    X(bind_with_copy, copy_inlined)                                                    \
    X(bind_with_copy, copy_wide)                                                       \
    X(bind_with_copy, temp_64)                                                         \
    X(bind_with_copy, temp_4096)

/* Functions of their own, because the room of the largest size, or of temporaries that
 * move, would spread the arm's frame. */
#define ELSEWHERE(arm, change)                                                         \
    HV_PLACED static void any_##change(struct bind *c, uint64_t n)                     \
    {                                                                                  \
        struct hv16_room room_a, room_b;                                               \
        uint8_t *a = hv_temporary(room_a.byte, hv_##change),                           \
                *b = hv_temporary(room_b.byte, hv_##change);                           \
        if (hv_is_moved(hv_##change) && c->bytes == HV16_BYTES)                        \
            bind_clones(c, n, HV16_BYTES, a, b, hv_##change);                          \
        else                                                                           \
            bind_clones(c, n, c->bytes, a, b, hv_##change);                            \
    }
ELSEWHERE(bind_with_copy, as_is)
CHANGES(ELSEWHERE)

#define ANY(arm, change) [hv_##change] = any_##change,
static void (*const any[])(struct bind *, uint64_t) = {ANY(, as_is) CHANGES(ANY)};

HV_BODY(bind_with_copy)
{
    struct bind *c = ctx;
    if (c->bytes != HV16_BYTES || hv_is_moved(vary)) {
        any[vary](c, n);
        return;
    }
    struct hv16 a, b;
    bind_clones(c, n, HV16_BYTES, a.byte, b.byte, vary);
}
HV_AS_IS(bind_with_copy)
CHANGES(HV_CHANGED)

HV_ARM(bind_zero_copy)
{
    struct bind *c = ctx;
    if (c->bytes == HV16_BYTES)
        bind_references(c, n, HV16_BYTES);
    else
        bind_references(c, n, c->bytes);
}

static void teardown(struct hv_work *work)
{
    struct bind *c = work->ctx;
    if (!c)
        return;
    free(c->a);
    free(c->b);
    free(c->out);
    free(c);
    work->ctx = NULL;
}

static int setup(struct hv_work *work, const struct hv_size *size)
{
    const size_t bytes = hv_pair_vector_bytes(size);
    if (!bytes)
        return -EINVAL;
    struct bind *c = calloc(1, sizeof *c);
    if (!c)
        return -ENOMEM;
    c->bytes = bytes;
    c->a = hv_pair_vectors(1, bytes, size->seed);
    c->b = hv_pair_vectors(1, bytes, size->seed + 1);
    c->out = hv_pair_buffer(bytes);
    *work = (struct hv_work){
        .ctx = c,
        .result = c->out,
        .result_bytes = bytes,
        .items = 1,
        .bytes = 3 * bytes,
        .declares_copies = 1,
        .copied_baseline = 2 * bytes,
    };
    if (c->a && c->b && c->out)
        return 0;
    teardown(work);
    return -ENOMEM;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct bind *c = work->ctx;
    uint8_t want[HV16_MAX_BYTES];
    hv_reference_bind(want, c->a, c->b, c->bytes);
    return hv_pair_compare("the bound vector", c->out, want, c->bytes, why, why_bytes);
}

static const struct hv_experiment experiments[] = {CHANGES(HV_CHANGE)};

HV_PAIR(bind,
        .question = "Does cloning both operands make the XOR of two vectors slower?",
        .predicted = 200, .baseline = {"bind_with_copy", bind_with_copy},
        .candidate = {"bind_zero_copy", bind_zero_copy}, .setup = setup, .check = check,
        .teardown = teardown, .experiments = experiments,
        .n_experiments = HV_COUNT(experiments));
