/* SPDX-License-Identifier: MIT */
/* sysconf's cache sizes; it answers 0 or -1 for what it does not know. */
#include "counters/caches.h"

#include <unistd.h>

/* Hypervisors report the L3 of a whole socket, of which a core reaches its cluster's
 * slice only (96 MiB at most on the AMD parts there are). */
enum { REACHED_L3 = 128 << 20 };

static uint64_t ask(int name)
{
    const long value = sysconf(name);
    return value > 0 ? (uint64_t)value : 0;
}

struct hv_caches hv_caches_here(void)
{
    struct hv_caches found = {
        .line = ask(_SC_LEVEL1_DCACHE_LINESIZE),
        .l1d = ask(_SC_LEVEL1_DCACHE_SIZE),
        .l2 = ask(_SC_LEVEL2_CACHE_SIZE),
        .l3 = ask(_SC_LEVEL3_CACHE_SIZE),
    };
    if (found.l1d)
        found.source = "sysconf";
    if (found.l3 > REACHED_L3) {
        found.l3 = 0;
        found.source = "sysconf; its L3 is that of more cores than one, and left out";
    }
    return found;
}
