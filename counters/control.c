/* SPDX-License-Identifier: MIT */
/* The controls in a row, and the memory they walk over. */
#include "counters/control.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "counters/probe.h"

static void run_loop(uint64_t n, void *memory)
{
    (void)memory;
    hv_known_loop(n);
}

static void run_chain(uint64_t n, void *memory)
{
    (void)memory;
    hv_chain(n);
}

/* Each takes 5 to 60 us at its first size: counts in the thousands, so that what a
 * batch costs besides is less than any tolerance, and all of them together a few ms. */
static const struct row {
    struct hv_control_info told;
    void (*run)(uint64_t n, void *memory);
} rows[HV_CONTROLS] = {
    [HV_CONTROL_LOOP] = {{"a loop of known length", 50000},                         run_loop      },
    [HV_CONTROL_CHAIN] = {{"a chain of dependent adds, one cycle each", 512},
                         run_chain                                                                },
    [HV_CONTROL_LOADS] = {{"loads of one line, again and again", 2048},              hv_known_loads},
    [HV_CONTROL_STORES] = {{"stores to one line, again and again", 2048},
                         hv_known_stores                                                          },
    [HV_CONTROL_REFILL] = {{"a walk over lines that L1 cannot hold", HV_WALK_STEPS},
                         hv_known_refill                                                          },
    [HV_CONTROL_TAKEN] = {{"a round of taken branches", 4096},                       hv_known_taken},
    [HV_CONTROL_RANDOM] = {{"branches by a shift register that never repeats", 4096},
                         hv_known_random                                                          },
    [HV_CONTROL_SPLITS] = {{"loads that cross into the next line", 1024},
                         hv_known_splits                                                          },
    [HV_CONTROL_ALIASES] = {{"loads 4 KiB beyond the store before them", 1024},
                         hv_known_aliases                                                         },
    [HV_CONTROL_NARROW] = {{"loads wider than the store before them", 2048},
                         hv_known_narrow                                                          },
    [HV_CONTROL_PAGES] = {{"a walk over pages that no TLB can hold", HV_WALK_PAGES},
                         hv_known_pages                                                           },
};

static struct hv_control_batch last;

const struct hv_control_info *hv_control_info(enum hv_control_id id)
{
    return &rows[id].told;
}

static unsigned char *map(size_t bytes, int protection)
{
    void *at = mmap(NULL, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return at == MAP_FAILED ? NULL : at;
}

/* Only read, every page is the same page of zeros: 8192 entries of the page table and
 * one line of the cache, so a walk costs what its translations cost. A huge page would
 * leave nothing to translate. */
static void touch_pages(unsigned char *pages)
{
    const size_t bytes = (size_t)HV_WALK_PAGES * HV_PAGE_BYTES;
    (void)madvise(pages, bytes, MADV_NOHUGEPAGE); /* a kernel without them: fine */
#ifdef MADV_POPULATE_READ
    if (!madvise(pages, bytes, MADV_POPULATE_READ))
        return;
#endif
    for (size_t at = 0; at < bytes; at += HV_PAGE_BYTES)
        (void)*(volatile unsigned char *)(pages + at);
}

int hv_control_map(struct hv_control_memory *memory, bool pages)
{
    memory->walk = map(HV_WALK_BYTES, PROT_READ | PROT_WRITE);
    memory->pages =
        pages ? map((size_t)HV_WALK_PAGES * HV_PAGE_BYTES, PROT_READ) : NULL;
    if (!memory->walk || (pages && !memory->pages)) {
        hv_control_unmap(memory);
        return -ENOMEM;
    }
    memset(memory->walk, 1, HV_WALK_BYTES); /* pages of their own: no line is shared */
    if (pages)
        touch_pages(memory->pages);
    return 0;
}

void hv_control_unmap(struct hv_control_memory *memory)
{
    if (memory->walk)
        munmap(memory->walk, HV_WALK_BYTES);
    if (memory->pages)
        munmap(memory->pages, (size_t)HV_WALK_PAGES * HV_PAGE_BYTES);
    *memory = (struct hv_control_memory){NULL, NULL};
}

void hv_control_run(enum hv_control_id id, uint64_t n,
                    const struct hv_control_memory *memory)
{
    last = (struct hv_control_batch){true, id, n};
    if (n && id < HV_CONTROLS)
        rows[id].run(n, id == HV_CONTROL_PAGES ? memory->pages : memory->walk);
}

struct hv_control_batch hv_control_last(void)
{
    return last;
}
