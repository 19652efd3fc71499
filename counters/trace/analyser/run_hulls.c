/* SPDX-License-Identifier: MIT */
/* Hulls by (instruction, run) in a hash table, and by run in lists. */
#include "counters/trace/analyser/run_hulls.h"

static uint32_t *slot_of(struct hv_hulls *hulls, uint64_t pc, uint32_t run)
{
    const uint64_t mixed = (pc ^ (uint64_t)run << 40) * 0x9e3779b97f4a7c15u;
    return &hulls->slot[(mixed ^ mixed >> 20) >> 24 & (HV_HULL_SLOTS - 1)];
}

uint32_t hv_hulls_find(const struct hv_hulls *hulls, uint64_t pc, uint32_t run)
{
    uint32_t i = *slot_of((struct hv_hulls *)(uintptr_t)hulls, pc, run);
    while (i && (hulls->hull[i].pc != pc || hulls->hull[i].run != run))
        i = hulls->hull[i].chain;
    return i;
}

static void link_in(struct hv_hulls *hulls, uint32_t index, uint32_t run,
                    uint32_t *list)
{
    struct hv_hull *hull = &hulls->hull[index];
    uint32_t *slot = slot_of(hulls, hull->pc, run);
    hull->run = run;
    hull->chain = *slot;
    hull->next = *list;
    *slot = *list = index;
}

static void unchain(struct hv_hulls *hulls, uint32_t index)
{
    const struct hv_hull *hull = &hulls->hull[index];
    uint32_t *link = slot_of(hulls, hull->pc, hull->run);
    while (*link != index)
        link = &hulls->hull[*link].chain;
    *link = hull->chain;
}

static void release(struct hv_hulls *hulls, uint32_t index)
{
    hulls->hull[index].run = 0;
    hulls->hull[index].next = hulls->free;
    hulls->free = index;
}

uint32_t hv_hulls_add(struct hv_hulls *hulls, uint64_t pc, uint32_t run, uint32_t *list)
{
    uint32_t index = hulls->free;
    if (index)
        hulls->free = hulls->hull[index].next;
    else if (hulls->used + 1 < HV_HULLS)
        index = ++hulls->used;
    else
        return 0;
    hulls->hull[index].pc = pc;
    link_in(hulls, index, run, list);
    return index;
}

static void unite(struct hv_hull *hull, const struct hv_hull *other)
{
    if (other->lo < hull->lo)
        hull->lo = other->lo;
    if (other->hi > hull->hi)
        hull->hi = other->hi;
}

uint32_t hv_hulls_move(struct hv_hulls *hulls, uint32_t from, uint32_t run,
                       uint32_t *list)
{
    uint32_t added = 0;
    for (uint32_t i = from, next; i; i = next) {
        next = hulls->hull[i].next;
        const uint32_t same = hv_hulls_find(hulls, hulls->hull[i].pc, run);
        unchain(hulls, i);
        if (same) {
            unite(&hulls->hull[same], &hulls->hull[i]);
            release(hulls, i);
        } else {
            link_in(hulls, i, run, list);
            added++;
        }
    }
    return added;
}

void hv_hulls_free(struct hv_hulls *hulls, uint32_t list)
{
    for (uint32_t i = list, next; i; i = next) {
        next = hulls->hull[i].next;
        unchain(hulls, i);
        release(hulls, i);
    }
}
