/* SPDX-License-Identifier: MIT */
/* One lifetime for a whole result: everything allocated here is freed at once. */
#ifndef HV_BASE_ARENA_H
#define HV_BASE_ARENA_H

#include <stddef.h>

struct hv_arena;

struct hv_arena *hv_arena_open(void);
void hv_arena_close(struct hv_arena *arena);

/* Zeroed memory, aligned for any type; zeroed evidence therefore means "absent".
 * Never NULL: without memory the process ends with exit code 1 and a message. Files
 * are only ever renamed into place whole, so nothing is left half-written. */
void *hv_arena_alloc(struct hv_arena *arena, size_t bytes);

/* As above for count elements; an overflowing product counts as out of memory. */
void *hv_arena_array(struct hv_arena *arena, size_t count, size_t size);

/* Copies; text may be NULL (gives NULL). */
char *hv_arena_text(struct hv_arena *arena, const char *text);
char *hv_arena_printf(struct hv_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
