/* SPDX-License-Identifier: MIT */
/* The memory of the code cache. */
#include "counters/trace/cache.h"

#include <cpuid.h>
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "counters/trace/cache/cache_state.h"

/* One reservation, so that emitted code reaches everything relative to rip. State and
 * code are pages apart: a write near code that runs makes a CPU throw it away. */
enum {
    LOG_AT = 0, /* with one block's words of slack, then nothing up to STATE_AT */
    LOG_BYTES = HV_CACHE_LOG + 4096,
    STATE_AT = 1 << 20,
    CODE_AT = 1 << 26,
    ARENA_AT = CODE_AT + HV_CACHE_CODE,
    TOTAL = ARENA_AT + HV_CACHE_ARENA
};
_Static_assert(STATE_AT + sizeof(struct hv_cache) < CODE_AT, "the state has room");
_Static_assert((1 + HV_BLOCK_WORDS) * sizeof(uint64_t) < 4096, "so has a block");

static void *map(void *at, size_t bytes, int flags)
{
    return mmap(at, bytes, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | flags, -1, 0);
}

/* An aligned range of addresses with nothing in it. */
static unsigned char *reserve(void)
{
    const size_t bytes = (size_t)TOTAL + HV_CACHE_ALIGN;
    unsigned char *all = mmap(NULL, bytes, PROT_NONE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (all == MAP_FAILED)
        return NULL;
    const size_t before = -(uintptr_t)all % HV_CACHE_ALIGN;
    if (before)
        munmap(all, before);
    munmap(all + before + TOTAL, HV_CACHE_ALIGN - before);
    return all + before;
}

/* The code twice: hardened systems refuse memory that can be written and run. */
static int map_code(unsigned char *base, unsigned char **writable)
{
    const int fd = memfd_create("hvperf-code", MFD_CLOEXEC);
    if (fd < 0)
        return -errno;
    int rc = 0;
    *writable = MAP_FAILED;
    if (ftruncate(fd, HV_CACHE_CODE) ||
        mmap(base + CODE_AT, HV_CACHE_CODE, PROT_READ | PROT_EXEC,
             MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED ||
        (*writable = mmap(NULL, HV_CACHE_CODE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
                          0)) == MAP_FAILED)
        rc = -errno;
    close(fd);
    return rc;
}

/* Bytes that xsave stores with what this system has enabled; 0: no xsave. */
static unsigned vector_bytes(void)
{
    enum { OSXSAVE = 1 << 27 };
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & OSXSAVE) ||
        !__get_cpuid_count(0xd, 0, &a, &b, &c, &d))
        return 0;
    return c;
}

static int fill(unsigned char *base, struct hv_cache **out)
{
    if (map(base + LOG_AT, LOG_BYTES, MAP_FIXED) == MAP_FAILED ||
        map(base + STATE_AT, sizeof **out, MAP_FIXED) == MAP_FAILED ||
        map(base + ARENA_AT, HV_CACHE_ARENA, MAP_FIXED) == MAP_FAILED)
        return -ENOMEM;
    struct hv_cache *cache = (void *)(base + STATE_AT);
    cache->log = base + LOG_AT;
    cache->code = base + CODE_AT;
    cache->arena = base + ARENA_AT;
    cache->code_room = HV_CACHE_CODE;
    cache->arena_room = HV_CACHE_ARENA;
    cache->xsave = cache->vectors;
    cache->stack = cache->dispatcher_stack + sizeof cache->dispatcher_stack;
    *out = cache;
    return map_code(base, &cache->writable);
}

int hv_cache_open(struct hv_cache **out)
{
    *out = NULL;
    const unsigned vectors = vector_bytes();
    if (!vectors || vectors > HV_CACHE_VECTORS)
        return -ENOTSUP;
    unsigned char *base = reserve();
    if (!base)
        return -ENOMEM;
    const int rc = fill(base, out);
    if (rc) {
        munmap(base, TOTAL);
        *out = NULL;
    }
    return rc;
}

void hv_cache_close(struct hv_cache *cache)
{
    if (!cache)
        return;
    munmap(cache->writable, HV_CACHE_CODE);
    munmap(cache->log - LOG_AT, TOTAL);
}
