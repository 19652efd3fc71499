/* SPDX-License-Identifier: MIT */
/* Tags of register bytes: all ways to write and to read them. */
#include "counters/trace/analyser/tags.h"

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* n ones, n <= 8 */
static unsigned ones(unsigned n)
{
    return (1u << n) - 1;
}

/* What is inside one group of a stretch that begins anywhere. */
struct part {
    unsigned group, first, bytes;
};
static struct part part_at(unsigned reg, unsigned bytes, unsigned at)
{
    const unsigned first = (reg + at) % 8;
    const unsigned left = bytes - at;
    return (struct part){(reg + at) / 8, first, left < 8 - first ? left : 8 - first};
}

static void mix(struct hv_tags *tags, unsigned group)
{
    if (tags->state[group] & HV_TAG_MIXED)
        return;
    for (unsigned i = 0; i < 8; i++)
        tags->byte[group * 8 + i] = tags->key[group] + i;
    tags->state[group] |= HV_TAG_MIXED;
}

/* Of one group, the bytes of `change` are written: those of `tagged` from key + their
 * number, the others computed. */
static void put(struct hv_tags *tags, unsigned group, unsigned change, unsigned tagged,
                uint64_t key, uint64_t loaded)
{
    const unsigned state = tags->state[group];
    const unsigned kept = state & ~change & 0xff;
    if (!kept) {
        tags->key[group] = key;
        tags->loaded[group] = loaded;
        tags->state[group] = (uint16_t)tagged;
        return;
    }
    tags->state[group] = (uint16_t)((state & HV_TAG_MIXED) | kept);
    if (!tagged)
        return;
    tags->loaded[group] = least(tags->loaded[group], loaded);
    if (state & HV_TAG_MIXED || tags->key[group] != key) {
        mix(tags, group);
        for (unsigned i = 0; i < 8; i++)
            if (tagged >> i & 1)
                tags->byte[group * 8 + i] = key + i;
    }
    tags->state[group] |= (uint16_t)tagged;
}

void hv_tags_clear_any(struct hv_tags *tags, unsigned reg, unsigned bytes)
{
    unsigned at = 0;
    if (reg % 8 == 0)
        for (; at + 8 <= bytes; at += 8)
            tags->state[(reg + at) / 8] = 0;
    while (at < bytes) {
        const struct part part = part_at(reg, bytes, at);
        put(tags, part.group, ones(part.bytes) << part.first, 0, 0, 0);
        at += part.bytes;
    }
}

void hv_tags_load(struct hv_tags *tags, unsigned reg, unsigned bytes, uint64_t mask,
                  uint64_t from, uint64_t now)
{
    unsigned at = 0;
    if (reg % 8 == 0 && mask == UINT64_MAX) {
        for (unsigned group = reg / 8; at + 8 <= bytes; at += 8, group++) {
            tags->key[group] = from + at;
            tags->loaded[group] = now;
            tags->state[group] = 0xff;
        }
    }
    while (at < bytes) {
        const struct part part = part_at(reg, bytes, at);
        const unsigned bits = (unsigned)(mask >> at & ones(part.bytes)) << part.first;
        put(tags, part.group, bits, bits, from + at - part.first, now);
        at += part.bytes;
    }
}

static uint64_t tag_of(const struct hv_tags *tags, unsigned reg)
{
    const unsigned group = reg / 8;
    return tags->state[group] & HV_TAG_MIXED ? tags->byte[reg]
                                             : tags->key[group] + reg % 8;
}

static bool is_tagged(const struct hv_tags *tags, unsigned reg)
{
    return tags->state[reg / 8] >> reg % 8 & 1;
}

/* Byte by byte through a copy, because the two may overlap. */
static void move_bytes(struct hv_tags *tags, unsigned to, unsigned from, unsigned bytes,
                       uint64_t mask)
{
    uint64_t tag[HV_TAG_SPAN], loaded[HV_TAG_SPAN], tagged = 0;
    for (unsigned i = 0; i < bytes; i++) {
        tag[i] = tag_of(tags, from + i);
        loaded[i] = tags->loaded[(from + i) / 8];
        tagged |= (uint64_t)is_tagged(tags, from + i) << i;
    }
    for (unsigned i = 0; i < bytes; i++) {
        const unsigned bit = 1u << (to + i) % 8;
        if (mask >> i & 1)
            put(tags, (to + i) / 8, bit, tagged >> i & 1 ? bit : 0,
                tag[i] - (to + i) % 8, loaded[i]);
    }
}

void hv_tags_move(struct hv_tags *tags, unsigned to, unsigned from, unsigned bytes,
                  uint64_t mask)
{
    const bool apart = to + bytes <= from || from + bytes <= to;
    unsigned at = 0;
    if (apart && mask == UINT64_MAX && to % 8 == 0 && from % 8 == 0) {
        for (; at < bytes; at += 8) {
            const unsigned source = (from + at) / 8;
            const unsigned state = tags->state[source];
            const unsigned written = bytes - at < 8 ? ones(bytes - at) : 0xff;
            if (state & HV_TAG_MIXED)
                break;
            put(tags, (to + at) / 8, written, state & written, tags->key[source],
                tags->loaded[source]);
        }
    }
    if (at < bytes)
        move_bytes(tags, to + at, from + at, bytes - at, mask >> at);
}

void hv_tags_keep(struct hv_tags *tags, unsigned reg, unsigned bytes, uint64_t mask)
{
    for (unsigned at = 0; at < bytes;) {
        const struct part part = part_at(reg, bytes, at);
        const unsigned lost = (unsigned)(~mask >> at & ones(part.bytes)) << part.first;
        put(tags, part.group, lost, 0, 0, 0);
        at += part.bytes;
    }
}

int hv_tags_simple(const struct hv_tags *tags, unsigned reg, unsigned bytes,
                   struct hv_piece *piece)
{
    const unsigned group = reg / 8, n = bytes / 8;
    unsigned any = 0, all = HV_TAG_MIXED | 0xff;
    if (reg % 8)
        return -1;
    for (unsigned i = 0; i < n; i++) {
        any |= tags->state[group + i];
        all &= tags->state[group + i] ^ HV_TAG_MIXED;
    }
    if (bytes % 8) {
        const unsigned rest = ones(bytes % 8);
        any |= tags->state[group + n] & rest;
        all &= (tags->state[group + n] ^ HV_TAG_MIXED) | (0xff & ~rest);
    }
    if (!(any & 0xff))
        return 0;
    if (all != (HV_TAG_MIXED | 0xff))
        return -1;
    uint64_t key = tags->key[group], loaded = tags->loaded[group];
    *piece = (struct hv_piece){.from = key, .bytes = bytes};
    for (unsigned i = 1; i < (bytes + 7) / 8; i++) {
        key += 8;
        if (tags->key[group + i] != key)
            return -1;
        loaded = least(loaded, tags->loaded[group + i]);
    }
    piece->loaded = loaded;
    return 1;
}

static unsigned add(struct hv_piece *out, unsigned n, const struct hv_piece *next)
{
    struct hv_piece *last = n ? &out[n - 1] : NULL;
    if (!last || last->at + last->bytes != next->at ||
        last->from + last->bytes != next->from) {
        out[n] = *next;
        return n + 1;
    }
    last->bytes += next->bytes;
    last->loaded = least(last->loaded, next->loaded);
    return n;
}

unsigned hv_tags_pieces(const struct hv_tags *tags, unsigned reg, unsigned bytes,
                        uint64_t mask, struct hv_piece out[HV_TAG_SPAN])
{
    unsigned n = 0;
    for (unsigned at = 0; at < bytes;) {
        const struct part part = part_at(reg, bytes, at);
        const unsigned state = tags->state[part.group];
        const unsigned all = ones(part.bytes) << part.first;
        const unsigned bits =
            state & all & ((unsigned)(mask >> at & ones(part.bytes)) << part.first);
        struct hv_piece piece = {.loaded = tags->loaded[part.group], .at = at};
        if (bits == all && !(state & HV_TAG_MIXED)) {
            piece.from = tags->key[part.group] + part.first;
            piece.bytes = part.bytes;
            n = add(out, n, &piece);
        } else if (bits) {
            for (unsigned i = 0; i < part.bytes; i++) {
                piece.at = at + i;
                piece.bytes = 1;
                piece.from = tag_of(tags, reg + at + i);
                if (bits >> (part.first + i) & 1)
                    n = add(out, n, &piece);
            }
        }
        at += part.bytes;
    }
    return n;
}
