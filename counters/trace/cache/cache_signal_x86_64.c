/* SPDX-License-Identifier: MIT */
/* Signals of a kernel in the code cache: where it crashed, in its own addresses. */
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/ucontext.h>
#include <time.h>
#include <unistd.h>

#include "counters/trace/cache/cache_emit.h"
#include "counters/trace/session.h"

/* A handler gets no argument that could lead it to its cache, so this one file has a
 * variable: the cache that is being followed. */
static struct hv_cache *active;

static const int crashes[] = {HV_CACHE_SIGNALS};

static bool is_within(uint64_t address, const void *begin, size_t bytes)
{
    return address - (uintptr_t)begin < bytes;
}

/* ---- from the cache's address to the kernel's ---------------------------------------
 */

static bool is_in_cache(const struct hv_cache *cache, uint64_t ip)
{
    return is_within(ip, cache->code, HV_CACHE_CODE);
}

/* The last block whose code begins at or before the offset; 0: shared code. */
static uint32_t block_of(const struct hv_cache *cache, uint64_t offset)
{
    uint32_t low = 0, high = cache->n_blocks;
    while (low < high) {
        const uint32_t middle = high - (high - low) / 2;
        if (cache->block[middle].code_at <= offset)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

static unsigned insn_of(const struct hv_cache_block *block, uint64_t offset)
{
    unsigned i = block->view.n_insns - 1U;
    while (i && block->code_at + block->insn_at[i] > offset)
        i--;
    return i;
}

/* Feeds the instructions before the one that faulted: their words are in the log, but
 * the record is not closed. */
static void feed_begun(struct hv_cache *cache, const struct hv_cache_block *block,
                       unsigned done)
{
    const uint64_t *words = (const uint64_t *)(const void *)cache->log;
    struct hv_block part = block->view;
    if (!done)
        return;
    const struct hv_insn *insn = &part.insn[done];
    part.n_insns = (uint16_t)done;
    part.n_words = insn->first_word;
    part.n_accesses = insn->first_access;
    part.n_flow = insn->first_flow;
    hv_analyser_feed(cache->child->analyser, &part, words + 1);
}

/* The kernel's address for one in the cache, having fed what came before it. */
static uint64_t settle(struct hv_cache *cache, uint64_t ip, bool crashed)
{
    const uint64_t offset = ip - (uintptr_t)cache->code;
    const struct hv_cache_block *block = &cache->block[block_of(cache, offset)];
    const uint64_t begun = cache->log_end;
    if (block == cache->block)
        return cache->target;
    const unsigned i = insn_of(block, offset);
    const uint64_t number = (uint64_t)(block - cache->block);
    uint64_t record[1 + HV_BLOCK_WORDS];
    memcpy(record, (const void *)(uintptr_t)begun, sizeof record);
    hv_cache_drain(cache);
    memcpy(cache->log, record, sizeof record);
    if (crashed && record[0] == number)
        feed_begun(cache, block, i);
    return block->view.insn[i].pc;
}

/* ---- the handlers --------------------------------------------------------------- */

static _Noreturn void leave(struct hv_cache *cache)
{
    hv_cache_finish(cache);
    _exit(0);
}

/* Code that is not in the cache: the tracer's own, a handler of the kernel's, or where
 * such a handler jumped to. */
static void tell_outside(struct hv_cache *cache, int number, uint64_t ip, uint64_t sp)
{
    char name[32];
    hv_trace_signal_name(number, name, sizeof name);
    if (is_within(sp, cache->dispatcher_stack, sizeof cache->dispatcher_stack))
        hv_cache_end(cache, HV_TRACE_FAILED, ip, "%s in the tracer itself, at %#lx",
                     name, ip);
    else if (ip == (uintptr_t)hv_trace_end)
        hv_cache_end(cache, HV_TRACE_REFUSED, ip,
                     "a signal handler jumped out of the code that is followed");
    else
        hv_cache_end(cache, HV_TRACE_CRASHED, ip, "%s at %#lx, in a signal handler",
                     name, ip);
}

static void tell_crash(struct hv_cache *cache, const siginfo_t *info, uint64_t ip)
{
    struct hv_trace_outcome *out = cache->child->out;
    char name[32];
    const int number = info->si_signo;
    const bool faulted = info->si_code > 0 && info->si_code != SI_KERNEL;
    const uint64_t address = faulted ? (uintptr_t)info->si_addr : 0;
    /* of a breakpoint it is told afterwards; but that ends its block, so it is found */
    const uint64_t pc = settle(cache, ip, true);
    const bool at_ip = number == SIGILL || number == SIGFPE || number == SIGTRAP;
    out->signal = number;
    out->address = faulted && at_ip ? pc : address;
    hv_trace_signal_name(number, name, sizeof name);
    if (faulted && is_within(address, cache->log, HV_CACHE_ALIGN))
        hv_cache_end(cache, HV_TRACE_FAILED, pc, "%s of the log, at %#lx", name, pc);
    else
        hv_cache_end(cache, HV_TRACE_CRASHED, pc, "%s at %#lx", name, pc);
}

static void on_crash(int number, siginfo_t *info, void *context)
{
    const greg_t *reg = ((const ucontext_t *)context)->uc_mcontext.gregs;
    const uint64_t ip = (uint64_t)reg[REG_RIP], sp = (uint64_t)reg[REG_RSP];
    struct hv_cache *cache = active;
    active = NULL; /* a crash in here is nobody's but the tracer's */
    if (!cache) {
        (void)signal(number, SIG_DFL);
        return;
    }
    cache->child->out->signal = number;
    if (is_in_cache(cache, ip))
        tell_crash(cache, info, ip);
    else
        tell_outside(cache, number, ip, sp);
    leave(cache);
}

/* The dispatcher sees a deadline by itself: this is for a kernel that waits in a
 * syscall, or repeats a string instruction. */
static void on_deadline(int number, siginfo_t *info, void *context)
{
    const greg_t *reg = ((const ucontext_t *)context)->uc_mcontext.gregs;
    const uint64_t ip = (uint64_t)reg[REG_RIP];
    struct hv_cache *cache = active;
    (void)number;
    if (!cache || info->si_code != SI_TIMER || !is_in_cache(cache, ip))
        return;
    const uint64_t pc = settle(cache, ip, false);
    hv_cache_end(cache, HV_TRACE_HUNG, pc, "it did not end within %.3g s",
                 cache->child->limits->seconds);
    leave(cache);
}

/* ---- before and after ----------------------------------------------------------- */

void hv_cache_unblock(void)
{
    uint64_t set = 1ULL << (SIGRTMAX - 1);
    for (size_t i = 0; i < HV_LEN(crashes); i++)
        set |= 1ULL << (crashes[i] - 1);
    (void)syscall(SYS_rt_sigprocmask, SIG_UNBLOCK, &set, NULL, sizeof set);
}

/* Repeatedly: the first time may meet the dispatcher. */
static void set_timer(struct hv_cache *cache)
{
    const double seconds = cache->child->limits->seconds;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMAX};
    struct itimerspec when = {
        .it_interval = {0, 10000000}
    };
    when.it_value.tv_sec = (time_t)seconds;
    when.it_value.tv_nsec = (long)((seconds - (double)(time_t)seconds) * 1e9) + 1;
    cache->has_timer = !timer_create(CLOCK_MONOTONIC, &event, &cache->timer);
    if (cache->has_timer)
        (void)timer_settime(cache->timer, 0, &when, NULL);
}

int hv_cache_watch(struct hv_cache *cache)
{
    const stack_t stack = {.ss_sp = cache->signal_stack,
                           .ss_size = sizeof cache->signal_stack};
    struct sigaction action = {.sa_sigaction = on_crash,
                               .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    if (sigaltstack(&stack, NULL))
        return -errno;
    for (size_t i = 0; i < HV_LEN(crashes); i++)
        if (sigaction(crashes[i], &action, NULL))
            return -errno;
    action.sa_sigaction = on_deadline;
    action.sa_flags |= SA_RESTART;
    if (sigaction(SIGRTMAX, &action, NULL))
        return -errno;
    hv_cache_unblock();
    active = cache;
    set_timer(cache);
    return 0;
}

void hv_cache_unwatch(struct hv_cache *cache)
{
    active = NULL;
    if (cache->has_timer)
        (void)timer_delete(cache->timer);
}
