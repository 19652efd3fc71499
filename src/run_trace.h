/* SPDX-License-Identifier: MIT */
/* The trace's part of a run: what one call of an arm did, instruction by instruction.
 * Raw, as the rest of run.h: sums over whole calls; what an iteration did is worked out
 * from them in analyse/. */
#ifndef HV_RUN_TRACE_H
#define HV_RUN_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An L1 data cache, as sysfs or CPUID tells it. line 0: unknown. */
struct hv_cache_shape {
    uint32_t line, sets, ways;
};

/* What a trace counts over one call. All are sums, so that the call with n iterations
 * less the one with n - 1 is what an iteration adds; but HV_T_LINES, which is the
 * number of different lines of the whole call. Names: hv_trace_value_name(). */
enum hv_trace_value {
    HV_T_INSTRUCTIONS,   /* as a PMU retires them: a rep string is one */
    HV_T_REP_ITERATIONS, /* of rep strings: each is a load and / or a store below */
    HV_T_LOADS,
    HV_T_STORES,
    HV_T_LOAD_BYTES,
    HV_T_STORE_BYTES,
    HV_T_CALLS,
    HV_T_BRANCHES,
    HV_T_SYSCALLS,
    HV_T_UNSUPPORTED, /* instructions with an operand shape that is not understood */
    HV_T_VECTOR_128,  /* instructions whose widest operand is so wide, in bits */
    HV_T_VECTOR_256,
    HV_T_VECTOR_512,
    /* Copied: stored bytes that were loaded elsewhere and not changed. Physically
     * stored, and unique: a byte once a copy (docs/methodology.md says when one begins
     * anew). Inside calls of memcpy and its like, or inlined; small: inlined runs too
     * short to be a copy that somebody wrote (spills, single words). */
    HV_T_COPY_STORED_CALLED,
    HV_T_COPY_STORED_INLINED, /* small ones included */
    HV_T_COPIED_CALLED,
    HV_T_COPIED_INLINED,
    HV_T_COPIED_SMALL,
    HV_T_CONFIRMED,    /* of the unique bytes: source and target equal at the end, */
    HV_T_CONTRADICTED, /* ... different although neither was written since; rest: one
                          was */
    /* Calls of C library functions: all, and those made by the arm's own object. */
    HV_T_COPY_CALLS,
    HV_T_COPY_CALL_BYTES,
    HV_T_SET_CALLS,
    HV_T_SET_CALL_BYTES,
    HV_T_ALLOC_CALLS,
    HV_T_ALLOC_CALL_BYTES,
    HV_T_FREE_CALLS,
    HV_T_DIRECT_COPY_CALLS,
    HV_T_DIRECT_COPY_BYTES,
    HV_T_DIRECT_SET_CALLS,
    HV_T_DIRECT_SET_BYTES,
    HV_T_DIRECT_ALLOC_CALLS,
    HV_T_DIRECT_ALLOC_BYTES,
    HV_T_DIRECT_FREE_CALLS,
    /* Modelled: an LRU L1 data cache of one level, empty when the call begins. */
    HV_T_L1_READ_MISSES,
    HV_T_L1_WRITE_MISSES,
    HV_T_LINES,
    /* Hazards, by the addresses alone: that one costs time is for a PMU to say. */
    HV_T_FORWARD_SPANS, /* a load over the bytes of several younger stores, or of one
                           and of memory */
    HV_T_FORWARD_WIDER, /* of these: wider than the one store it needs */
    HV_T_ALIAS_4K,      /* a load whose low 12 bits meet an older store elsewhere */
    HV_T_LINE_SPLITS,
    HV_T_PAGE_SPLITS,
    HV_T_OVERFLOW, /* times that a table was full: what it serves may be inexact */
    HV_TRACE_VALUES
};

/* Who did it. */
enum hv_trace_group {
    HV_GROUP_COPY,      /* memcpy and its like, and what they call */
    HV_GROUP_ALLOC,     /* malloc, free, ... likewise */
    HV_GROUP_GENERATOR, /* functions of the arm's object whose names say generate/random
                         */
    HV_GROUP_OPERATION, /* the arm itself and what else is in its object */
    HV_GROUP_REST,
    HV_TRACE_GROUPS
};

enum { HV_TRACE_FUNCTIONS = 64, HV_TRACE_SITES = 32, HV_TRACE_NAME = 48 };

/* One function's share of a call, exclusive of what it calls. */
struct hv_trace_function {
    char name[HV_TRACE_NAME];
    enum hv_trace_group group;
    uint64_t calls, instructions, load_bytes, store_bytes;
    uint64_t copied; /* unique bytes, small ones included */
};

/* A place in the code that copies: the first store of an inlined copy, or the call
 * instruction for one through memcpy. Small copies are sites too. */
struct hv_trace_site {
    char function[HV_TRACE_NAME]; /* that holds the place */
    uint32_t offset;              /* of the place in it */
    uint32_t called;              /* 1: through a call; 0: inlined */
    uint64_t copies, bytes;       /* runs, and their unique bytes */
    uint64_t smallest, largest;   /* bytes of one run */
};

/* One call. Functions by falling instructions, sites by falling bytes; the last of
 * either stands for all others if there were more. */
struct hv_trace_totals {
    uint64_t value[HV_TRACE_VALUES];
    uint64_t group[HV_TRACE_GROUPS]; /* instructions, inclusive: by the shadow stack */
    struct hv_trace_function function[HV_TRACE_FUNCTIONS];
    struct hv_trace_site site[HV_TRACE_SITES];
    uint32_t n_functions, n_sites;
};

/* ---- what a run keeps of it
 * ----------------------------------------------------------- */

/* Calls that are followed, each from the same state: with 1, 2 and 3 iterations. The
 * second less the first is what an iteration adds once the code is warm; the third
 * tells whether that is always the same. */
enum {
    HV_TRACE_CALLS = 3,
    HV_CENSUS_ROWS = 12 /* functions of an arm that a census tells at most */
};

struct hv_function_run {
    const char *name;
    enum hv_trace_group group;
    uint64_t calls, instructions, load_bytes, store_bytes, copied;
};
struct hv_site_run {
    const char *function;
    uint32_t offset;
    bool called;
    uint64_t copies, bytes, smallest, largest;
};

/* One call of an arm with so many iterations. */
struct hv_call_run {
    uint64_t iterations;
    uint64_t value[HV_TRACE_VALUES], group[HV_TRACE_GROUPS];
    struct hv_function_run *functions;
    size_t n_functions;
    struct hv_site_run *sites;
    size_t n_sites;
};

/* What the machine code of one function says without running it; sums over its
 * instructions, each taken once. counters/census.h tells more of each. */
struct hv_census_run {
    const char *symbol, *sha256;  /* sha256 of its bytes */
    uint32_t size, undecoded;     /* bytes */
    uint32_t instructions, loops; /* loops: places that backward branches lead to */
    uint32_t vector_bits;         /* widest operand; 0: none */
    uint32_t calls, copy_calls, set_calls, alloc_calls, free_calls; /* call sites */
    uint32_t rep_movs, rep_stos, non_temporal, gathers;
    uint32_t copy_pairs,
        copy_bytes;       /* inlined: loads stored untouched, small ones not */
    uint32_t frame_bytes; /* of stack */
};

/* One arm. */
struct hv_trace_run {
    bool tried;           /* false: nobody asked for a trace */
    const char *why;      /* why there is no call, or why there are not all */
    const char *tracer;   /* "code cache" or "single-step"; NULL: no call */
    const char *fallback; /* why not the code cache, where it is not */
    struct hv_cache_shape l1;
    uint64_t compared;      /* instructions that both tracers followed */
    bool agreed;            /* word for word, all of these */
    bool differs;           /* not so; neither: they were not compared */
    const char *comparison; /* where they differ, or why they were not compared */
    struct hv_call_run *calls;
    size_t n_calls;
    struct hv_census_run *census; /* the arm, then what it calls in its own object */
    size_t n_census;
};

/* "instructions", "load_bytes", ...; never NULL. */
const char *hv_trace_value_name(enum hv_trace_value value);
/* "copy", "alloc", "generator", "operation", "rest". */
const char *hv_trace_group_name(enum hv_trace_group group);

#endif
