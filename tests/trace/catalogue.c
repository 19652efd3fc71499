/* SPDX-License-Identifier: MIT */
/* The copy catalogue: the kernels, the truth about each, and what each must leave. */
#include "tests/trace/catalogue.h"

#include "tests/trace/kernels.h"

enum { OTHER = 7777 }; /* where the pattern of the second source begins */

static uint8_t pattern(size_t i)
{
    return (uint8_t)((i * 167 + (i >> 8) * 59 + 13) ^ (i >> 3));
}

static void setup(void *ctx)
{
    struct buffers *b = ctx;
    for (size_t i = 0; i < sizeof b->source.byte; i++) {
        b->source.byte[i] = pattern(i);
        b->other.byte[i] = pattern(i + OTHER);
        b->target.byte[i] = UNTOUCHED;
    }
}

/* One check for each kernel that copies: so many bytes, and not one more. */
static bool copied(const struct buffers *b, size_t bytes)
{
    return memcmp(b->target.byte, b->source.byte, bytes) == 0 &&
           b->target.byte[bytes] == UNTOUCHED;
}
#define CHECK_COPY(kernel, bytes, relation)                                            \
    static bool check_##kernel(const void *ctx)                                        \
    {                                                                                  \
        return copied(ctx, bytes);                                                     \
    }
COPYING_KERNELS(CHECK_COPY)

/* memmove shifts what is in `other`. */
static bool shifted(const void *ctx, size_t to, size_t from)
{
    const struct buffers *b = ctx;
    for (size_t i = 0; i < 1000; i++)
        if (b->other.byte[to + i] != pattern(from + i + OTHER))
            return false;
    return b->other.byte[to + 1000] == pattern(to + 1000 + OTHER);
}

static bool shifted_up(const void *ctx)
{
    return shifted(ctx, SHIFT, 0);
}

static bool shifted_down(const void *ctx)
{
    return shifted(ctx, 0, SHIFT);
}

static bool xored(const void *ctx)
{
    const struct buffers *b = ctx;
    for (unsigned i = 0; i < BLOCK; i++)
        if (b->target.byte[i] != (b->source.byte[i] ^ b->other.byte[i]))
            return false;
    return b->target.byte[BLOCK] == UNTOUCHED;
}

static bool inverted(const void *ctx)
{
    const struct buffers *b = ctx;
    for (unsigned i = 0; i < BLOCK; i++)
        if ((b->target.byte[i] ^ b->source.byte[i]) != 0xff)
            return false;
    return b->target.byte[BLOCK] == UNTOUCHED;
}

static bool reversed(const void *ctx)
{
    const struct buffers *b = ctx;
    for (unsigned i = 0; i < BLOCK; i++)
        if (b->target.byte[i] != b->source.byte[BLOCK - 1 - i])
            return false;
    return b->target.byte[BLOCK] == UNTOUCHED;
}

static bool filled(const struct buffers *b, uint8_t value)
{
    for (unsigned i = 0; i < BLOCK; i++)
        if (b->target.byte[i] != value)
            return false;
    return b->target.byte[BLOCK] == UNTOUCHED;
}

static bool zeroed(const void *ctx)
{
    return filled(ctx, 0);
}

static bool filled_5a(const void *ctx)
{
    return filled(ctx, 0x5a);
}

static bool took_word(const void *ctx)
{
    const struct buffers *b = ctx;
    return b->context.sum == b->source.word[3] + 1;
}

static bool took_two(const void *ctx)
{
    const struct buffers *b = ctx;
    return b->context.sum == b->source.word[1] + b->source.word[30];
}

static bool counted(const void *ctx)
{
    const struct buffers *b = ctx;
    uint64_t sum = 1;
    for (unsigned i = 0; i < BLOCK; i++)
        for (unsigned bit = 0; bit < 8; bit++)
            sum += b->source.byte[i] >> bit & 1;
    return b->context.sum == sum;
}

static bool walked(const void *ctx)
{
    const struct buffers *b = ctx;
    const uint8_t *first = (const uint8_t *)b + 64;
    uint64_t sum = 1;
    uint32_t x = 1;
    for (unsigned i = 0; i < VISITS; i++) {
        x = NEXT_RANDOM(x);
        sum += first[(size_t)(x >> 27) * PAGE];
    }
    return b->context.sum == sum;
}

static bool moved(const void *ctx)
{
    const struct buffers *b = ctx;
    return b->context.moved != 0;
}

static bool untouched(const void *ctx)
{
    return filled(ctx, UNTOUCHED);
}

static bool copied_block(const void *ctx)
{
    return copied(ctx, BLOCK);
}

static bool copied_37(const void *ctx)
{
    return copied(ctx, 37);
}

#define COPYING_ROW(kernel, bytes, relation)                                           \
    {#kernel, k_##kernel, check_##kernel, bytes, relation, false, false},
#define OTHER_ROW(kernel, check, bytes, relation, avx512, aside)                       \
    {#kernel, k_##kernel, check, bytes, relation, avx512, aside},

static const struct trace_row rows[] = {COPYING_KERNELS(COPYING_ROW)
                                            OTHER_KERNELS(OTHER_ROW)};

const struct trace_catalogue hv_trace_catalogue = {
    .context_bytes = sizeof(struct buffers),
    .setup = setup,
    .row = rows,
    .n_rows = sizeof rows / sizeof *rows,
};
