/* SPDX-License-Identifier: MIT */
/* step_arena: 100 temporary vectors from malloc, or from an arena that is reset. */
#include "kernels/insight.h"

enum { TEMPORARIES = 100 };

struct temporaries {
    size_t bytes;
    uint8_t *a, *stored, *arena, *out;
};

/* Each temporary is a bound vector, and one word of it is kept. */
HV16_INLINE void use(struct temporaries *c, uint8_t *temporary, const uint8_t *a,
                     size_t i, size_t bytes)
{
    hv16_bind(temporary, a, c->stored + i * bytes, bytes);
    HV_KEEP(temporary);
    memcpy(c->out + i * sizeof(uint64_t), temporary, sizeof(uint64_t));
}

HV16_INLINE void from_malloc(struct temporaries *c, uint64_t n, size_t bytes)
{
    for (; n; n--) {
        const uint8_t *a = c->a;
        HV_BARRIER(a);
        for (size_t i = 0; i < TEMPORARIES; i++) {
            uint8_t *temporary = malloc(bytes);
            if (!temporary)
                return; /* the result stays as it was, and check refuses it */
            use(c, temporary, a, i, bytes);
            free(temporary);
        }
    }
}

/* All temporaries of an iteration lie one after the other, and the reset is free. */
HV16_INLINE void from_arena(struct temporaries *c, uint64_t n, size_t bytes)
{
    for (; n; n--) {
        const uint8_t *a = c->a;
        uint8_t *at = c->arena;
        HV_BARRIER(a);
        HV_BARRIER(at);
        for (size_t i = 0; i < TEMPORARIES; i++, at += bytes)
            use(c, at, a, i, bytes);
    }
}

HV_ARM(temporaries_from_malloc)
{
    struct temporaries *c = ctx;
    if (c->bytes == HV16_BYTES)
        from_malloc(c, n, HV16_BYTES);
    else
        from_malloc(c, n, c->bytes);
}

HV_ARM(temporaries_from_arena)
{
    struct temporaries *c = ctx;
    if (c->bytes == HV16_BYTES)
        from_arena(c, n, HV16_BYTES);
    else
        from_arena(c, n, c->bytes);
}

static void teardown(struct hv_work *work)
{
    struct temporaries *c = work->ctx;
    if (!c)
        return;
    free(c->a);
    free(c->stored);
    free(c->arena);
    free(c->out);
    free(c);
    work->ctx = NULL;
}

static int setup(struct hv_work *work, const struct hv_size *size)
{
    const size_t bytes = hv_pair_vector_bytes(size);
    if (!bytes)
        return -EINVAL;
    struct temporaries *c = calloc(1, sizeof *c);
    if (!c)
        return -ENOMEM;
    c->bytes = bytes;
    c->a = hv_pair_vectors(1, bytes, size->seed);
    c->stored = hv_pair_vectors(TEMPORARIES, bytes, size->seed + 1);
    c->arena = hv_pair_buffer(TEMPORARIES * bytes);
    c->out = hv_pair_buffer(TEMPORARIES * sizeof(uint64_t));
    *work = (struct hv_work){
        .ctx = c,
        .result = c->out,
        .result_bytes = TEMPORARIES * sizeof(uint64_t),
        .items = TEMPORARIES,
        .bytes = (1 + 2 * TEMPORARIES) * bytes,
        .declares_copies = 1, /* none */
    };
    if (c->a && c->stored && c->arena && c->out)
        return 0;
    teardown(work);
    return -ENOMEM;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct temporaries *c = work->ctx;
    uint8_t want[TEMPORARIES * sizeof(uint64_t)];
    for (size_t i = 0; i < TEMPORARIES; i++)
        hv_reference_bind(want + i * sizeof(uint64_t), c->a, c->stored + i * c->bytes,
                          sizeof(uint64_t));
    return hv_pair_compare("the temporaries' words", c->out, want, sizeof want, why,
                           why_bytes);
}

HV_PAIR(step_arena, .question = "Would an arena make 100 temporary vectors faster?",
        .purpose = HV_FOR_STEP,
        .baseline = {"temporaries_from_malloc", temporaries_from_malloc},
        .candidate = {"temporaries_from_arena", temporaries_from_arena}, .setup = setup,
        .check = check, .teardown = teardown);
