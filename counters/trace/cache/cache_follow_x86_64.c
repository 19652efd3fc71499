/* SPDX-License-Identifier: MIT */
/* The dispatcher of the code cache, its beginning and its end. It runs between two
 * instructions of a kernel that may be inside malloc or printf: it calls no allocator,
 * takes no lock and leaves errno alone. */
#include <asm/prctl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "counters/trace/cache/cache_emit.h"
#include "counters/trace/session.h"

int hv_cache_end(struct hv_cache *cache, enum hv_trace_end end, uint64_t pc,
                 const char *format, ...)
{
    struct hv_trace_outcome *out = cache->child->out;
    va_list args;
    if (cache->ended)
        return 0;
    cache->ended = true;
    out->end = end;
    out->pc = pc;
    va_start(args, format);
    vsnprintf(out->why, sizeof out->why, format, args);
    va_end(args);
    return 0;
}

void hv_cache_finish(struct hv_cache *cache)
{
    cache->child->out->seconds = hv_trace_now() - cache->begun;
    hv_trace_finish(cache->child);
}

/* ---- the log -------------------------------------------------------------------- */

/* The record at `words`, and where the next one begins. */
static const uint64_t *feed(struct hv_cache *cache, const uint64_t *words)
{
    const struct hv_block *view = &cache->block[*words].view;
    hv_analyser_feed(cache->child->analyser, view, words + 1);
    return words + 1 + view->n_words;
}

/* The end is exact to a block; what ran beyond it is forgotten. */
static bool is_enough(struct hv_cache *cache, uint64_t pc)
{
    const struct hv_trace_limits *limits = cache->child->limits;
    const uint64_t done = hv_analyser_instructions(cache->child->analyser);
    if (!limits->instructions || done < limits->instructions)
        return false;
    hv_cache_end(cache, limits->limit_is_fine ? HV_TRACE_DONE : HV_TRACE_LIMIT, pc,
                 "it took more than %lu instructions", limits->instructions);
    return true;
}

void hv_cache_drain(struct hv_cache *cache)
{
    const uint64_t *words = (const uint64_t *)(const void *)cache->log;
    const uint64_t *end = (const uint64_t *)(uintptr_t)cache->log_end;
    while (words < end && !cache->ended) {
        words = feed(cache, words);
        is_enough(cache, cache->target);
    }
    cache->log_end = (uintptr_t)cache->log;
}

/* ---- what is next --------------------------------------------------------------- */

static int enter_block(struct hv_cache *cache)
{
    const uint64_t pc = cache->target;
    if (pc == (uintptr_t)hv_trace_end)
        return hv_cache_end(cache, HV_TRACE_DONE, pc, "%s", "");
    const struct hv_cache_block *block = hv_cache_block_at(cache, pc);
    if (!block)
        return 0;
    cache->go = (uintptr_t)cache->code + block->code_at;
    cache->table[pc % HV_CACHE_TABLE] = (struct hv_cache_entry){-pc, cache->go};
    return 1;
}

/* The kernel stands before a syscall. */
static int enter_system(struct hv_cache *cache)
{
    const uint64_t pc = cache->asking;
    const char *why = hv_cache_refuses_syscall(cache);
    const struct hv_cache_block *block = hv_cache_block_at(cache, pc);
    cache->asking = 0;
    cache->target = pc;
    cache->number = cache->gpr[RAX];
    if (!block)
        return 0;
    if (why)
        return hv_cache_end(cache, HV_TRACE_REFUSED, pc, "syscall at %#lx: %s", pc,
                            why);
    cache->go = (uintptr_t)cache->code + block->system_at;
    return 1;
}

static int next(struct hv_cache *cache)
{
    hv_cache_drain(cache);
    if (cache->ended)
        return 0;
    if (hv_trace_now() > cache->deadline)
        return hv_cache_end(cache, HV_TRACE_HUNG, cache->target,
                            "it did not end within %.3g s",
                            cache->child->limits->seconds);
    if (cache->number == SYS_rt_sigprocmask)
        hv_cache_unblock();
    cache->number = UINT64_MAX;
    return cache->asking ? enter_system(cache) : enter_block(cache);
}

int hv_cache_next(struct hv_cache *cache)
{
    const int kept = errno;
    const int go = next(cache);
    errno = kept;
    return go;
}

/* ---- a trace -------------------------------------------------------------------- */

/* Nothing of an earlier trace is left; pages that were never touched stay so. */
static void reset(struct hv_cache *cache, struct hv_trace_child *child)
{
    for (uint32_t i = 1; i <= cache->n_blocks; i++) {
        const uint64_t slot = cache->block[i].pc % HV_CACHE_TABLE;
        cache->table[slot] = (struct hv_cache_entry){0, 0};
        cache->bucket[slot] = 0;
    }
    cache->table[0].minus_pc = 1; /* an empty entry must not match a jump to 0 */
    cache->n_blocks = cache->n_ranges = 0;
    cache->code_used = cache->arena_used = 0;
    cache->asking = 0;
    cache->number = UINT64_MAX;
    cache->ended = false;
    cache->child = child;
    cache->log_end = (uintptr_t)cache->log;
    cache->dispatch = (uintptr_t)hv_cache_dispatch;
    hv_emit_shared(cache);
}

/* The state in which both tracers begin: see hv_trace_end. */
static void begin_state(struct hv_cache *cache)
{
    enum { FLAGS = 0x202, MXCSR_AT = 24, HEADER_AT = 512, HEADER = 64 };
    const uint32_t mxcsr = 0x1f80;
    const struct hv_trace_child *child = cache->child;
    const uint64_t end = (uintptr_t)hv_trace_end;
    memset(cache->gpr, 0, sizeof cache->gpr);
    cache->gpr[RDI] = (uintptr_t)child->call->ctx;
    cache->gpr[RSI] = child->call->n;
    cache->gpr[RSP] = (uintptr_t)child->stack_top - sizeof end;
    memcpy(child->stack_top - sizeof end, &end, sizeof end);
    cache->flags = FLAGS;
    memset(cache->vectors + HEADER_AT, 0, HEADER);
    memcpy(cache->vectors + MXCSR_AT, &mxcsr, sizeof mxcsr);
    cache->target = (uintptr_t)child->call->run;
    (void)syscall(SYS_arch_prctl, ARCH_GET_FS, &cache->builder.fs_base);
}

static void follow(struct hv_cache *cache)
{
    const int rc = hv_cache_watch(cache);
    if (rc) {
        hv_cache_end(cache, HV_TRACE_FAILED, 0, "cannot watch for signals: %s",
                     strerrordesc_np(-rc));
        return;
    }
    begin_state(cache);
    if (next(cache))
        hv_cache_enter(cache);
    hv_cache_unwatch(cache);
}

void hv_cache_follow(struct hv_trace_child *child)
{
    struct hv_cache *cache = child->cache;
    if (!cache) {
        child->out->end = HV_TRACE_FAILED;
        snprintf(child->out->why, sizeof child->out->why, "%s",
                 "there is no executable memory for the code cache");
        return;
    }
    reset(cache, child);
    cache->begun = hv_trace_now();
    cache->deadline = cache->begun + child->limits->seconds;
    cache->maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (cache->maps >= 0)
        follow(cache);
    else
        hv_cache_end(cache, HV_TRACE_FAILED, 0, "cannot read /proc/self/maps: %s",
                     strerrordesc_np(errno));
    hv_cache_finish(cache);
    close(cache->maps);
}
