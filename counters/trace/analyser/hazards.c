/* SPDX-License-Identifier: MIT */
/* The window of young stores. Two tables by page offset turn nearly every load away;
 * what is left looks at the stores themselves, youngest first. */
#include "counters/trace/analyser/hazards.h"

#include <string.h>

enum { SIMPLE = 64 /* widest access that is looked at: one bit a byte */ };

static const struct hv_hazard_store *store_of(const struct hv_hazards *h, uint32_t n)
{
    return &h->store[n % HV_HAZARD_STORES];
}

static bool fresh(const struct hv_hazards *h, uint32_t n, uint64_t now)
{
    return n > h->before && now - store_of(h, n)->now <= HV_HAZARD_AGE;
}

void hv_hazards_empty(struct hv_hazards *h)
{
    h->before = h->n;
}

static uint32_t next_number(struct hv_hazards *h)
{
    if (h->n == UINT32_MAX) { /* they are used up: forget the window */
        memset(h->granule, 0, sizeof h->granule);
        memset(h->line, 0, sizeof h->line);
        h->n = h->before = 0;
    }
    const uint32_t n = ++h->n;
    if (n > HV_HAZARD_STORES && n - HV_HAZARD_STORES > h->before)
        h->before = n - HV_HAZARD_STORES;
    return n;
}

void hv_hazards_store(struct hv_hazards *h, uint64_t address, uint64_t bytes,
                      uint64_t now)
{
    const uint32_t n = next_number(h);
    const uint64_t last = address + bytes - 1;
    h->store[n % HV_HAZARD_STORES] =
        (struct hv_hazard_store){address, address + bytes, now};
    for (uint64_t at = address >> 3; at <= last >> 3; at++)
        h->granule[at % HV_HAZARD_GRANULES] = n;
    for (uint64_t at = address >> 6; at <= last >> 6; at++) {
        struct hv_hazard_line *line = &h->line[at % HV_HAZARD_LINES];
        if (line->line != at) {
            line->line = at;
            line->other = line->last;
        }
        line->last = n;
    }
}

/* The load's bytes, a bit each, that the store overlaps. */
static uint64_t covered(const struct hv_hazard_store *store, uint64_t lo, uint64_t hi)
{
    if (store->lo >= hi || store->hi <= lo)
        return 0;
    const uint64_t from = store->lo > lo ? store->lo - lo : 0;
    const uint64_t to = store->hi < hi ? store->hi - lo : hi - lo;
    return UINT64_MAX >> (64 - (to - from)) << from;
}

static bool same_low_bits(const struct hv_hazard_store *store, uint64_t lo, uint64_t hi)
{
    return ((store->lo - lo) & 4095) < hi - lo ||
           ((lo - store->lo) & 4095) < store->hi - store->lo;
}

/* Stores from number `last` down: younger ones do not matter. overlaps: some of them
 * may have bytes of the load. */
static void look(struct hv_hazards *h, uint64_t lo, uint64_t hi, uint32_t last,
                 bool overlaps, uint64_t now)
{
    uint64_t missing = overlaps ? UINT64_MAX >> (64 - (hi - lo)) : 0, width = 0;
    unsigned writers = 0;
    bool alias = false;
    for (uint32_t n = last; fresh(h, n, now) && !(alias && !missing); n--) {
        const struct hv_hazard_store *store = store_of(h, n);
        const uint64_t bytes = covered(store, lo, hi);
        if (!bytes) {
            alias = alias || same_low_bits(store, lo, hi);
        } else if (bytes & missing) {
            missing &= ~bytes;
            width = store->hi - store->lo;
            writers++;
        }
    }
    const bool spans = writers > 1 || (writers == 1 && missing);
    h->spans += spans;
    h->wider += spans && writers == 1 && hi - lo > width;
    h->alias += alias;
}

static uint32_t later(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* Youngest stores, by number, that may lie in the load's own lines, and in others with
 * the same low bits. */
struct met {
    uint32_t here, elsewhere;
};

static struct met meets(const struct hv_hazards *h, uint64_t lo, uint64_t hi)
{
    struct met met = {0, 0};
    for (uint64_t at = lo >> 6; at <= (hi - 1) >> 6; at++) {
        const struct hv_hazard_line *line = &h->line[at % HV_HAZARD_LINES];
        const bool same = line->line == at;
        met.here = later(met.here, same ? line->last : line->other);
        met.elsewhere = later(met.elsewhere, same ? line->other : line->last);
    }
    return met;
}

void hv_hazards_load(struct hv_hazards *h, uint64_t address, uint64_t bytes,
                     uint64_t now)
{
    const uint64_t lo = address, hi = address + bytes;
    const struct met met = meets(h, lo, hi);
    if (later(met.here, met.elsewhere) <= h->before || bytes > SIMPLE)
        return;
    uint32_t last = 0;
    for (uint64_t at = lo >> 3; at <= (hi - 1) >> 3; at++)
        last = later(last, h->granule[at % HV_HAZARD_GRANULES]);
    if (!fresh(h, last, now))
        return;
    const struct hv_hazard_store *store = store_of(h, last);
    const bool overlaps = fresh(h, met.here, now);
    /* the usual: the youngest store there has all of its bytes, and no other is near */
    if (store->lo > lo || hi > store->hi || fresh(h, met.elsewhere, now))
        look(h, lo, hi, last, overlaps, now);
}
