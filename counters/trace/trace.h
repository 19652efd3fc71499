/* SPDX-License-Identifier: MIT */
/* Follows one call of a function instruction by instruction, in a child process: with
 * the code cache (x86-64, fast) or by single-stepping (x86-64 and AArch64, slow). Both
 * start from the same state, so that their streams can be compared word for word. */
#ifndef HV_COUNTERS_TRACE_TRACE_H
#define HV_COUNTERS_TRACE_TRACE_H

#include "counters/trace/analyser.h"
#include "counters/trace/cache.h"
#include "counters/trace/symbols.h"
#include "src/base/error.h"
#include "src/run_trace.h"

enum hv_tracer { HV_TRACER_CACHE, HV_TRACER_STEP };

/* What is followed: run(ctx, n). */
struct hv_trace_call {
    void (*run)(void *ctx, uint64_t n);
    void *ctx;
    uint64_t n;
};

/* When to give up. 0: no limit, but for seconds, which must be set. */
struct hv_trace_limits {
    uint64_t instructions;
    double seconds;     /* wall time */
    bool limit_is_fine; /* reaching `instructions` is the end, not an error */
};

/* How a trace ended. */
enum hv_trace_end {
    HV_TRACE_DONE,
    HV_TRACE_LIMIT,   /* instructions: what was followed so far is in the result */
    HV_TRACE_REFUSED, /* the cache met what it cannot run; why names it */
    HV_TRACE_CRASHED, /* a signal of the kernel's own; pc is the kernel's address */
    HV_TRACE_HUNG,    /* seconds */
    HV_TRACE_FAILED,  /* the tracer could not work here (ptrace refused, ...) */
};

struct hv_trace_outcome {
    enum hv_trace_end end;
    int signal;       /* HV_TRACE_CRASHED */
    uint64_t pc;      /* REFUSED, CRASHED, HUNG: where, in the kernel's own code */
    uint64_t address; /* CRASHED: the address that faulted, if the kernel tells */
    char why[256];    /* a sentence, for all but DONE */
    struct hv_trace_totals totals; /* as far as it came */
    double seconds;                /* wall time of the run, without setting up */
};

/* What traces share: stack, roles, symbols, room for two prefixes. One a process. */
struct hv_trace_session;

struct hv_trace_config {
    struct hv_cache_shape l1;
    uint64_t prefix_instructions; /* compared between the tracers; 0: no comparison */
    const int *fds;               /* of hv_symbols_open */
    unsigned n_fds;
    const void *object; /* an address in the arms' own object */
};

int hv_trace_open(struct hv_trace_session **session, const struct hv_trace_config *,
                  struct hv_error *error);
void hv_trace_close(struct hv_trace_session *session);
const struct hv_symbols *hv_trace_symbols(const struct hv_trace_session *session);

/* Follows the call in a child forked for it, which is gone on return (killed if need
 * be). The caller's own state does not change: every trace starts from the same one.
 * The stream's prefix of each tracer's last trace is kept in the session. 0 whenever
 * `out` tells how it ended; -errno if not even that (fork, mmap). */
int hv_trace_run(struct hv_trace_session *session, enum hv_tracer tracer,
                 const struct hv_trace_call *call, const struct hv_trace_limits *limits,
                 struct hv_trace_outcome *out);

/* Follows several calls with the code cache, one after the other in one child: cheaper
 * than a child each, but a call finds what those before it left in memory. out[i] tells
 * of calls[i]; after one that ends the child, the others have HV_TRACE_FAILED. No
 * prefix is kept. n: at most HV_TRACE_EACH. Returns as hv_trace_run. */
enum { HV_TRACE_EACH = 12 };
int hv_trace_run_each(struct hv_trace_session *session,
                      const struct hv_trace_call *calls, unsigned n,
                      const struct hv_trace_limits *limits,
                      struct hv_trace_outcome *out);

/* Compares the prefixes that the last trace of each tracer left, as far as both go.
 * *compared: instructions. 0: equal; -EBADMSG: they differ, `why` says where. */
int hv_trace_compare(const struct hv_trace_session *session, uint64_t *compared,
                     char *why, size_t why_bytes);

/* The geometry of this CPU's L1 data cache from sysfs, else as the C library has it
 * from CPUID; line 0 if neither says. */
struct hv_cache_shape hv_trace_l1(int cpu);

/* ---- what is inside: one function a tracer, run in the child or beside it
 * ------------ */

/* Where a followed call returns to: reaching it ends the trace. Nothing is executed
 * there. Both tracers begin with rdi = ctx, rsi = n, rsp = stack_top - 8 and that slot
 * holding this address, every other GPR 0, flags as a function finds them (DF clear),
 * and x87, vector and mask registers in their initial state (XSTATE_BV 0, MXCSR
 * 0x1f80). On AArch64: x0 = ctx, x1 = n, x30 = this address, sp = stack_top, all else
 * 0. */
extern const unsigned char hv_trace_end[];

/* How much of a normalised stream (hv_analyser_prefix) was kept. */
struct hv_trace_prefix {
    uint64_t words, instructions;
};

/* The child's side of a session, prepared before fork. */
struct hv_trace_child {
    struct hv_analyser *analyser;
    const struct hv_symbols *symbols;
    const struct hv_roles *roles;
    struct hv_cache *cache;   /* of hv_cache_open(); NULL: only stepping */
    uint64_t kernel[2];       /* the arms' object, for function groups */
    uint64_t arm;             /* entry of the arm that is traced, for function groups */
    unsigned char *stack_top; /* 64-byte aligned, the end of a stack of its own */
    const struct hv_trace_call *call;
    unsigned n_each; /* 0: one call; else so many, of hv_trace_run_each */
    const struct hv_trace_limits *limits;
    struct hv_trace_outcome *out;   /* in shared memory */
    struct hv_trace_prefix *prefix; /* in shared memory: what the analyser kept */
    int pid;       /* whose memory finish looks at; 0: this process' own */
    bool finished; /* hv_trace_finish() was here */
};

/* Ends the analysis and puts its counts into child->out->totals. The session calls it
 * when a tracer returns; a tracer whose crash handler ends the process calls it before.
 * The second call does nothing. Calls no allocator. */
void hv_trace_finish(struct hv_trace_child *child);

/* In the child: follows the call through the code cache. Returns when the call does, or
 * at a limit, or when it is refused; out tells. A crash ends the process, after out
 * was filled. */
void hv_cache_follow(struct hv_trace_child *child);

/* In the parent: steps the child `pid`, which is stopped, from call->run to its return.
 */
void hv_step_follow(struct hv_trace_child *child, int pid);

/* For blocks: the function index of pc, in its group. Both tracers use it. */
uint16_t hv_trace_function(const struct hv_trace_child *child, uint64_t pc);

#endif
