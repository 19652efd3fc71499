/* SPDX-License-Identifier: MIT */
/* Where the bytes of the registers came from. A byte's tag is the address that it was
 * loaded from; no tag: it was computed.
 *
 * Kept by groups of 8 bytes. Nearly always the tagged bytes of a group come from one
 * place: then the address that byte 0 has, or would have, says it for all of them, and
 * a 64-byte load is 8 entries. */
#ifndef HV_COUNTERS_TRACE_TAGS_H
#define HV_COUNTERS_TRACE_TAGS_H

#include "counters/trace/block.h"

enum { HV_TAG_GROUPS = HV_REG_BYTES / 8, HV_TAG_SPAN = 64 /* widest register */ };

/* Zeroed memory: nothing is tagged. */
struct hv_tags {
    uint64_t key[HV_TAG_GROUPS];    /* address of byte 0 */
    uint64_t loaded[HV_TAG_GROUPS]; /* when: the earliest, if several loads made it */
    uint16_t state[HV_TAG_GROUPS];  /* a bit for each tagged byte; HV_TAG_MIXED */
    uint64_t byte[HV_REG_BYTES];    /* each byte's tag, where the group is mixed */
};
enum { HV_TAG_MIXED = 0x100 /* key does not say it: see byte */ };

/* Bytes with consecutive tags. */
struct hv_piece {
    uint64_t from, loaded;
    unsigned at, bytes; /* at: from the first byte looked at */
};

/* Anything but a whole group; see hv_tags_clear. */
void hv_tags_clear_any(struct hv_tags *tags, unsigned reg, unsigned bytes);

static inline void hv_tags_clear(struct hv_tags *tags, unsigned reg, unsigned bytes)
{
    if (bytes == 8 && reg % 8 == 0)
        tags->state[reg / 8] = 0;
    else
        hv_tags_clear_any(tags, reg, bytes);
}

/* At most HV_TAG_SPAN bytes; bit i of mask: byte i is loaded. */
void hv_tags_load(struct hv_tags *tags, unsigned reg, unsigned bytes, uint64_t mask,
                  uint64_t from, uint64_t now);
void hv_tags_move(struct hv_tags *tags, unsigned to, unsigned from, unsigned bytes,
                  uint64_t mask);

/* Clears the bytes whose bit is not set. */
void hv_tags_keep(struct hv_tags *tags, unsigned reg, unsigned bytes, uint64_t mask);

/* The usual cases of the next: 0, nothing is tagged; 1, all of it is, and consecutive;
 * -1, see there. */
int hv_tags_simple(const struct hv_tags *tags, unsigned reg, unsigned bytes,
                   struct hv_piece *piece);

/* The tagged ones of the bytes whose bit is set, in ascending order; returns how many
 * pieces. */
unsigned hv_tags_pieces(const struct hv_tags *tags, unsigned reg, unsigned bytes,
                        uint64_t mask, struct hv_piece out[HV_TAG_SPAN]);

#endif
