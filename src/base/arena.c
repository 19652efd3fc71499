/* SPDX-License-Identifier: MIT */
/* A chain of blocks; large requests get a block of their own. */
#include "src/base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 64 * 1024 };

struct block {
    struct block *next;
    size_t used, size;
    alignas(max_align_t) unsigned char bytes[];
};

struct hv_arena {
    struct block *head;
};

static _Noreturn void out_of_memory(size_t bytes)
{
    fprintf(stderr, "hvperf: out of memory (%zu bytes asked for)\n", bytes);
    exit(1);
}

static struct block *new_block(size_t size)
{
    struct block *block =
        size < SIZE_MAX - sizeof *block ? calloc(1, sizeof *block + size) : NULL;
    if (!block)
        out_of_memory(size);
    block->size = size;
    return block;
}

struct hv_arena *hv_arena_open(void)
{
    struct hv_arena *arena = calloc(1, sizeof *arena);
    if (!arena)
        out_of_memory(sizeof *arena);
    return arena;
}

void hv_arena_close(struct hv_arena *arena)
{
    if (!arena)
        return;
    for (struct block *block = arena->head, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    free(arena);
}

void *hv_arena_alloc(struct hv_arena *arena, size_t bytes)
{
    const size_t align = alignof(max_align_t);
    if (bytes > SIZE_MAX / 2)
        out_of_memory(bytes);
    bytes = (bytes + align - 1) / align * align;
    struct block *head = arena->head;
    if (!head || head->size - head->used < bytes) {
        struct block *block = new_block(bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES);
        /* A big block goes behind the head, so that the head's rest stays in use. */
        if (head && bytes > BLOCK_BYTES / 2) {
            block->next = head->next;
            head->next = block;
        } else {
            block->next = head;
            arena->head = block;
        }
        head = block;
    }
    void *memory = head->bytes + head->used;
    head->used += bytes;
    return memory;
}

void *hv_arena_array(struct hv_arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / 2 / size)
        out_of_memory(SIZE_MAX);
    return hv_arena_alloc(arena, count * size);
}

char *hv_arena_text(struct hv_arena *arena, const char *text)
{
    if (!text)
        return NULL;
    size_t bytes = strlen(text) + 1;
    return memcpy(hv_arena_alloc(arena, bytes), text, bytes);
}

char *hv_arena_printf(struct hv_arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = hv_arena_alloc(arena, length < 0 ? 1 : (size_t)length + 1);
    if (length > 0)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}
