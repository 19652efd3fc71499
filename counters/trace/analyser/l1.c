/* SPDX-License-Identifier: MIT */
/* An L1 data cache: sets of lines, most recently used first. */
#include "counters/trace/analyser/l1.h"

#include <errno.h>

static bool power_of_two(uint64_t n)
{
    return n && !(n & (n - 1));
}

int hv_l1_open(struct hv_l1 *l1, const struct hv_cache_shape *shape)
{
    if (!shape->line)
        return 0;
    if (!power_of_two(shape->line) || !power_of_two(shape->sets) || !shape->ways ||
        shape->ways > HV_L1_WAYS || (uint64_t)shape->sets * shape->ways > HV_L1_ENTRIES)
        return -EINVAL;
    l1->shape = *shape;
    l1->shift = (unsigned)__builtin_ctz(shape->line);
    return 0;
}

/* A line that is touched for the first time misses, so only misses come here. */
static void see(struct hv_l1 *l1, uint64_t line)
{
    const uint64_t name = line / 64 + 1, bit = UINT64_C(1) << line % 64;
    size_t at = (size_t)(name * 0x9e3779b97f4a7c15u >> 45);
    while (l1->seen[at].name && l1->seen[at].name != name)
        at = (at + 1) % HV_L1_SLOTS;
    struct hv_l1_page *page = &l1->seen[at];
    if (!page->name && l1->pages == HV_L1_PAGES) {
        l1->overflow++;
        return;
    }
    l1->pages += !page->name;
    page->name = name;
    l1->lines += !(page->lines & bit);
    page->lines |= bit;
}

static bool line_misses(struct hv_l1 *l1, uint64_t line)
{
    const uint64_t name = line + 1;
    if (l1->last == name)
        return false;
    l1->last = name;
    uint64_t *set = &l1->entry[(line & (l1->shape.sets - 1)) * l1->shape.ways];
    uint64_t carried = name;
    for (uint32_t way = 0; way < l1->shape.ways; way++) {
        const uint64_t here = set[way];
        set[way] = carried;
        if (here == name)
            return false;
        carried = here;
    }
    see(l1, line);
    return true;
}

bool hv_l1_touch(struct hv_l1 *l1, uint64_t address, uint64_t bytes)
{
    if (!l1->shape.line || !bytes)
        return false;
    const uint64_t first = address >> l1->shift;
    const uint64_t last = (address + bytes - 1) >> l1->shift;
    bool missed = line_misses(l1, first);
    for (uint64_t line = first; line != last;)
        missed |= line_misses(l1, ++line);
    return missed;
}
