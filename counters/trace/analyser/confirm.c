/* SPDX-License-Identifier: MIT */
/* Stamps of stores by line, and the comparison at the end. */
#include "counters/trace/analyser/confirm.h"

#include <string.h>

enum { SHIFT = 6, STAMP_BITS = 17, CHUNK = 256 };
_Static_assert(HV_STAMPS == 1 << STAMP_BITS, "a stamp for every index");

/* Neighbours stay neighbours: the table is as local as the stores are. */
static size_t index_of(uint64_t line)
{
    return (size_t)(line ^ line >> STAMP_BITS) & (HV_STAMPS - 1);
}

void hv_confirm_store(struct hv_confirm *confirm, uint64_t address, uint64_t bytes,
                      uint64_t now)
{
    const uint64_t last = (address + bytes - 1) >> SHIFT;
    for (uint64_t line = address >> SHIFT;; line++) {
        confirm->stamp[index_of(line)] = now;
        if (line == last)
            return;
    }
}

void hv_confirm_keep(struct hv_confirm *confirm, const struct hv_kept_copy *copy)
{
    confirm->kept[confirm->n++ % HV_KEPT_COPIES] = *copy;
}

static uint64_t last_store(const struct hv_confirm *confirm, uint64_t address,
                           uint64_t bytes)
{
    const uint64_t end = (address + bytes - 1) >> SHIFT;
    uint64_t latest = confirm->unknown;
    for (uint64_t line = address >> SHIFT;; line++) {
        const uint64_t stamp = confirm->stamp[index_of(line)];
        if (stamp > latest)
            latest = stamp;
        if (line == end)
            return latest;
    }
}

/* 1 equal, 0 different, -1 unreadable */
static int compare(const struct hv_kept_copy *copy, hv_peek_fn *peek, void *user)
{
    unsigned char source[CHUNK], target[CHUNK];
    for (uint64_t at = 0, n; at < copy->bytes; at += n) {
        n = copy->bytes - at < CHUNK ? copy->bytes - at : CHUNK;
        if (!peek(user, copy->from + at, source, n) ||
            !peek(user, copy->to + at, target, n))
            return -1;
        if (memcmp(source, target, n))
            return 0;
    }
    return 1;
}

/* A store at the very time of the load may have been before or after it: a string
 * instruction does many. So the source must be older than that. */
void hv_confirm_copy(struct hv_confirm *confirm, const struct hv_kept_copy *copy,
                     hv_peek_fn *peek, void *user)
{
    if (last_store(confirm, copy->from, copy->bytes) >= copy->loaded ||
        last_store(confirm, copy->to, copy->bytes) > copy->stored)
        return;
    const int equal = compare(copy, peek, user);
    if (equal > 0)
        confirm->confirmed += copy->bytes;
    else if (equal == 0)
        confirm->contradicted += copy->bytes;
}

void hv_confirm_kept(struct hv_confirm *confirm, hv_peek_fn *peek, void *user)
{
    const uint64_t n = confirm->n < HV_KEPT_COPIES ? confirm->n : HV_KEPT_COPIES;
    for (uint64_t i = 0; i < n; i++)
        hv_confirm_copy(confirm, &confirm->kept[i], peek, user);
}
