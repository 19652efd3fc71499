/* SPDX-License-Identifier: MIT */
/* From single stores of copied bytes to copies. Stores of one distance (target less
 * source) whose bytes touch or overlap are one run, and each of its bytes counts once:
 * memcpy of 100 bytes with two overlapping stores of 64 copies 100. Runs of a call of
 * memcpy or its like are the call's own; inlined ones have no end but this:
 *
 * A run begins anew when an instruction stores again where it has stored before in it:
 * when its store lies within the hull of its earlier ones, or covers it. A store that
 * overlaps the hull on one side goes on: loops end with a vector that was moved back
 * to fit.
 *
 * An inlined run of at most one register out of the arm's read-only data is no copy but
 * a constant that the compiler keeps in memory, and stores as often as it likes:
 * memset(d, 0x5a, 256) is one load and 16 stores of 16 bytes. */
#ifndef HV_COUNTERS_TRACE_RUNS_H
#define HV_COUNTERS_TRACE_RUNS_H

#include "counters/trace/analyser/confirm.h"
#include "counters/trace/analyser/run_hulls.h"
#include "counters/trace/analyser/run_tree.h"
#include "counters/trace/analyser/sites.h"

enum {
    HV_RUN_HINTS = 1024,
    HV_SMALL_WIDE = 16,    /* inlined runs with vectors, shorter than this, are small */
    HV_SMALL_GENERAL = 64, /* so are those by general registers only */
    HV_CONSTANT = 64,      /* longest constant: what one register holds */
};

/* A store of bytes that were loaded, consecutive on both sides. */
struct hv_copied {
    uint64_t pc; /* of the store */
    uint64_t from, to, bytes;
    uint64_t loaded, now;
    uint64_t origin;   /* 0: inlined; else the number of the call of memcpy, rising */
    uint64_t place;    /* the call instruction, if called; pc if not */
    uint16_t function; /* of the place */
    bool wide;         /* by a vector register or rep */
};

/* Zeroed memory is empty. */
struct hv_runs {
    uint64_t constants[2];           /* where constants lie: [begin, end) */
    uint64_t unique;                 /* bytes so far, of all kinds */
    uint64_t called, inlined, small; /* bytes of the runs that have ended */
    uint64_t overflow;               /* runs or hulls given up for lack of room */
    uint32_t hand;                   /* the run that is given up next */
    uint32_t hint[HV_RUN_HINTS];     /* by pc: the hull it used last; checked */
    struct hv_sites sites;
    struct hv_confirm confirm;
    struct hv_run_tree tree;
    struct hv_hulls hulls;
};

/* copied->from != copied->to. */
void hv_runs_add(struct hv_runs *runs, const struct hv_copied *copied);

/* The call of this number has returned: its runs end. */
void hv_runs_return(struct hv_runs *runs, uint64_t origin);

/* Ends all runs. peek may be NULL: nothing is confirmed. */
void hv_runs_finish(struct hv_runs *runs, hv_peek_fn *peek, void *user);

#endif
