/* SPDX-License-Identifier: MIT */
/* What the parts of the code cache share. Private to counters/trace/cache_*.
 *
 * How it works. A block of the kernel is translated when it is first reached: the same
 * instructions, in other memory, each after a few that log what its description wants
 * (block.h). A kernel's stack, flags and return addresses stay as they are: only mov,
 * lea, movzx, not, bswap and jrcxz stand between its instructions, and two registers
 * that a block does not use hold the log and an address. Every block ends in one lookup
 * of the next; that goes to the dispatcher (C, on a stack of its own, all registers
 * saved) when the next block is new or the log is full. No code changes once it has
 * been written. */
#ifndef HV_COUNTERS_TRACE_CACHE_STATE_H
#define HV_COUNTERS_TRACE_CACHE_STATE_H

/* Offsets in struct hv_cache that assembly knows. */
#define HV_CACHE_GPR    0
#define HV_CACHE_FLAGS  128
#define HV_CACHE_RESUME 136
#define HV_CACHE_STACK  144
#define HV_CACHE_HOST   152
#define HV_CACHE_XSAVE  160

#ifndef __ASSEMBLER__

#include <signal.h>
#include <time.h>

#include "counters/trace/decode.h"
#include "counters/trace/trace.h"

enum {
    HV_CACHE_LOG = 1 << 16,     /* bytes; full once bit 16 of the end is set: so */
    HV_CACHE_ALIGN = 1 << 24,   /* ... it begins where bits 16 to 23 are clear */
    HV_CACHE_TABLE = 1 << 16,   /* by the low 16 bits of the address */
    HV_CACHE_BLOCKS = 1 << 17,  /* blocks at most */
    HV_CACHE_CODE = 1 << 25,    /* bytes of code */
    HV_CACHE_ARENA = 1 << 25,   /* bytes of descriptions */
    HV_CACHE_MARGIN = 1 << 14,  /* more than a block's code or its description */
    HV_CACHE_VECTORS = 1 << 14, /* AMX, the largest today, makes it 11 KiB */
    HV_CACHE_PAGES = 256        /* ranges of code remembered */
};

/* Looked up by emitted code: without flags, equality is a sum that is zero. */
struct hv_cache_entry {
    uint64_t minus_pc, code;
};

struct hv_cache_block {
    struct hv_block view;
    uint64_t pc;
    uint32_t code_at;        /* offset in the code */
    uint32_t system_at;      /* of the syscall instruction, if it is one */
    uint32_t next;           /* block with the same low bits; 0: none */
    const uint16_t *insn_at; /* of each instruction, from code_at */
};

/* [begin, end): executable, readable, not writable. */
struct hv_cache_range {
    uint64_t begin, end;
};

struct hv_cache {
    /* The kernel's registers: of a block's two scratch registers while the block runs,
     * all while the dispatcher does. */
    uint64_t gpr[16], flags;
    uint64_t resume; /* code: loads rcx, the last register, and goes to `go` */
    unsigned char *stack;
    uint64_t host; /* stack pointer of hv_cache_enter's caller */
    unsigned char *xsave;

    uint64_t log_end, target, go, dispatch;
    uint64_t asking; /* where a syscall waits to be made; 0: nowhere */
    uint64_t number; /* the last syscall that was asked for */

    struct hv_trace_child *child;
    double begun, deadline; /* as hv_trace_now() */
    timer_t timer;          /* tells of the deadline */
    bool has_timer, ended;
    int maps;        /* descriptor of /proc/self/maps */
    uint32_t lookup; /* offset of the code that is shared by all exits */

    unsigned char *log, *code, *writable, *arena; /* code: run; writable: written */
    size_t code_used, code_room, arena_used, arena_room;
    uint32_t n_blocks;
    struct hv_cache_range range[HV_CACHE_PAGES];
    unsigned n_ranges;

    /* A block under construction. */
    struct hv_decoded decoded[HV_BLOCK_INSNS];
    struct hv_block_builder builder;
    uint8_t log_register, spare; /* GPR numbers */
    uint32_t system_at;          /* offset of its syscall in the code */
    uint16_t function;

    struct hv_cache_entry table[HV_CACHE_TABLE];
    uint32_t bucket[HV_CACHE_TABLE];
    struct hv_cache_block block[HV_CACHE_BLOCKS]; /* 0 is none */
    _Alignas(64) unsigned char vectors[HV_CACHE_VECTORS];
    _Alignas(64) unsigned char dispatcher_stack[1 << 18];
    _Alignas(64) unsigned char signal_stack[1 << 18];
};

_Static_assert(offsetof(struct hv_cache, gpr) == HV_CACHE_GPR, "");
_Static_assert(offsetof(struct hv_cache, flags) == HV_CACHE_FLAGS, "");
_Static_assert(offsetof(struct hv_cache, resume) == HV_CACHE_RESUME, "");
_Static_assert(offsetof(struct hv_cache, stack) == HV_CACHE_STACK, "");
_Static_assert(offsetof(struct hv_cache, host) == HV_CACHE_HOST, "");
_Static_assert(offsetof(struct hv_cache, xsave) == HV_CACHE_XSAVE, "");

/* ---- assembly: runs from cache->gpr and cache->go until hv_cache_next says 0 ---- */
void hv_cache_enter(struct hv_cache *cache);
/* Not to be called: emitted code jumps here, with the cache in rcx. */
void hv_cache_dispatch(void);

/* ---- dispatcher ----------------------------------------------------------------- */
/* What to run next: sets go and returns 1, or 0 after the end. Called by assembly. */
int hv_cache_next(struct hv_cache *cache);
/* Feeds all complete records of the log. */
void hv_cache_drain(struct hv_cache *cache);
/* Writes down how it ended, unless that is known already. Returns 0. */
int hv_cache_end(struct hv_cache *cache, enum hv_trace_end end, uint64_t pc,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Fills in what was counted and how long it took. */
void hv_cache_finish(struct hv_cache *cache);

/* ---- translation ---------------------------------------------------------------- */
/* The block at pc, new or not. NULL: there is none, and hv_cache_end was told why. */
struct hv_cache_block *hv_cache_block_at(struct hv_cache *cache, uint64_t pc);
/* The end of the executable range that holds pc. 0: none; *why: the reason if it is
 * not that nothing could run there at all. */
uint64_t hv_cache_code_end(struct hv_cache *cache, uint64_t pc, const char **why);
/* Why this instruction cannot be run from elsewhere; NULL: it can. */
const char *hv_cache_refuses(const struct hv_decoded *decoded);
/* Why the syscall that the kernel's registers ask for cannot be made; NULL: it can. */
const char *hv_cache_refuses_syscall(const struct hv_cache *cache);

/* ---- signals -------------------------------------------------------------------- */
/* What tells of crashes. */
#define HV_CACHE_SIGNALS SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS
/* From now on signals end the trace: crashes, and a timer at the deadline. 0 or -errno.
 */
int hv_cache_watch(struct hv_cache *cache);
void hv_cache_unwatch(struct hv_cache *cache);
/* Lets them through again, whatever the kernel has blocked. */
void hv_cache_unblock(void);

#endif
#endif
