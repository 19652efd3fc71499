/* SPDX-License-Identifier: MIT */
/* Kernels that move data without copying it, and copies that a compiler may drop,
 * repeat or hide in a library. */
#include <malloc.h>
#include <stdlib.h>

#include "tests/trace/kernels.h"

KERNEL(memmove_up)
{
    for (struct buffers *b = ctx; n; n--) {
        HV_BARRIER(b);
        memmove(b->other.byte + SHIFT, b->other.byte, 1000);
    }
}

KERNEL(memmove_down)
{
    for (struct buffers *b = ctx; n; n--) {
        HV_BARRIER(b);
        memmove(b->other.byte, b->other.byte + SHIFT, 1000);
    }
}

KERNEL_ALONE static uint64_t take(struct block block)
{
    HV_KEEP(&block);
    return block.word[3] + 1; /* + 1: else the word itself is copied to the result */
}

KERNEL(arg_by_value)
{
    for (struct buffers *b = ctx; n; n--) {
        HV_BARRIER(b);
        b->context.sum = take(b->source.block);
    }
}

/* Source to a temporary to target: copied twice, and both must be counted. */
KERNEL(chained)
{
    for (struct buffers *b = ctx; n; n--) {
        HV_BARRIER(b);
        struct block between = b->source.block;
        HV_KEEP(&between);
        b->target.block = between;
    }
}

KERNEL(xor)
{
    for (struct buffers *b = ctx; n; n--) {
        HV_BARRIER(b);
        for (unsigned i = 0; i < BLOCK / 8; i++)
            b->target.word[i] = b->source.word[i] ^ b->other.word[i];
    }
}

KERNEL(xor_of_copies)
{
    for (struct buffers *b = ctx; n; n--) {
        HV_BARRIER(b);
        struct block x = b->source.block, y = b->other.block;
        HV_KEEP(&x);
        HV_KEEP(&y);
        for (unsigned i = 0; i < BLOCK / 8; i++)
            b->target.word[i] = x.word[i] ^ y.word[i];
    }
}

KERNEL(invert)
{
    for (struct buffers *b = ctx; n; n--) {
        HV_BARRIER(b);
        for (unsigned i = 0; i < BLOCK / 8; i++)
            b->target.word[i] = ~b->source.word[i];
    }
}

KERNEL(reverse)
{
    for (struct buffers *b = ctx; n; n--) {
        HV_BARRIER(b);
        for (unsigned i = 0; i < BLOCK; i++)
            b->target.byte[i] = b->source.byte[BLOCK - 1 - i];
    }
}

KERNEL(popcount)
{
    for (struct buffers *b = ctx; n; n--) {
        uint64_t sum = 0;
        HV_BARRIER(b);
        for (unsigned i = 0; i < BLOCK / 8; i++)
            sum += (uint64_t)__builtin_popcountll(b->source.word[i]);
        b->context.sum = sum + 1; /* + 1: as in take() */
    }
}

/* For the cache model: hits and misses depend on the number of ways and on what was
 * used last. */
KERNEL(walk_set)
{
    for (struct buffers *b = ctx; n; n--) {
        uint64_t sum = 0;
        uint32_t x = 1;
        HV_BARRIER(b);
        for (unsigned i = 0; i < VISITS; i++) {
            x = NEXT_RANDOM(x);
            uint8_t *line = (uint8_t *)b + 64 + (size_t)(x >> 27) * PAGE;
            sum += *line;
            if (i % 4 == 0)
                line[8] = (uint8_t)(sum + 1);
        }
        b->context.sum = sum + 1;
    }
}

#define MEMSET(name, value_of_byte)                                                    \
    KERNEL(name)                                                                       \
    {                                                                                  \
        for (struct buffers *b = ctx; n; n--) {                                        \
            HV_BARRIER(b);                                                             \
            value_of_byte;                                                             \
            memset(b->target.byte, value, BLOCK);                                      \
        }                                                                              \
    }
MEMSET(memset_zero, enum {value = 0})
MEMSET(memset_const, enum {value = 0x5a})
MEMSET(memset_run, int value = 0x5a; HV_BARRIER(value))

KERNEL(elidable_clone)
{
    for (struct buffers *b = ctx; n; n--) {
        HV_BARRIER(b);
        struct block clone = b->source.block;
        b->context.sum = clone.word[1] + clone.word[30];
    }
}

KERNEL(elidable_xor)
{
    for (struct buffers *b = ctx; n; n--) {
        HV_BARRIER(b);
        struct block x = b->source.block, y = b->other.block;
        for (unsigned i = 0; i < BLOCK / 8; i++)
            b->target.word[i] = x.word[i] ^ y.word[i];
    }
}

KERNEL(heap_clone)
{
    for (struct buffers *b = ctx; n; n--) {
        HV_BARRIER(b);
        void *clone = malloc(BLOCK);
        if (!clone)
            abort();
        memcpy(clone, b->source.byte, BLOCK);
        HV_KEEP(clone);
        free(clone);
    }
}

/* 128 computed words pushed to a vector that starts with room for 16 and doubles.
 * Behind it lies another block each time, so that it can hardly grow where it is; what
 * realloc copies is all that the old block could hold. */
KERNEL(vector_growth)
{
    for (struct buffers *b = ctx; n; n--) {
        HV_BARRIER(b);
        size_t room = 16, behind = 0;
        uint64_t *vector = malloc(room * sizeof *vector);
        void *other[3];
        if (!vector)
            abort();
        for (unsigned i = 0; i < 128; i++) {
            if (i == room) {
                size_t held = malloc_usable_size(vector);
                uintptr_t before = (uintptr_t)vector;
                other[behind++] = malloc(1100);
                room *= 2;
                vector = realloc(vector, room * sizeof *vector);
                if (!vector)
                    abort();
                if ((uintptr_t)vector != before)
                    b->context.moved += held;
            }
            vector[i] = i * UINT64_C(0x9e3779b97f4a7c15);
        }
        HV_KEEP(vector);
        free(vector);
        while (behind)
            free(other[--behind]);
    }
}
