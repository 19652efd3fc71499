/* SPDX-License-Identifier: MIT */
/* What the trace driver and the code that it has traced agree on: a shared object
 * exports one table of kernels, each with the number of bytes that it truly copies. */
#ifndef HV_TESTS_TRACE_CATALOGUE_H
#define HV_TESTS_TRACE_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How an iteration's copied bytes relate to the truth. "All" are those of called copies
 * and of inlined ones, the small ones included; "bulk" leaves the small ones out. */
enum trace_how {
    TRACE_EXACT,    /* all == truth, and from 64 bytes on bulk == truth */
    TRACE_ELIDABLE, /* all == truth, or 0 where the compiler dropped the copy */
    /* bulk == truth or twice that: a value that goes through a hidden temporary is
       copied twice, physically; and the callee may save a register that holds a loaded
       pointer, which is a small copy */
    TRACE_CHAINED,
    /* bulk == truth: besides, single words or bytes are moved that nobody would call a
       copy (a pointer out of malloc into a local, bytes that change places) */
    TRACE_BULK,
    /* called == what the kernel itself counted in ctx->moved; besides, the allocator
       copies words of its lists, by vectors some of them */
    TRACE_MOVED,
    TRACE_CODE, /* code that nobody here wrote: no truth, only the tracers compared */
};

/* Starts every context, which the driver maps shared: what a traced child writes there,
 * the driver sees. */
struct trace_context {
    uint64_t moved; /* bytes that the kernel knows to have copied, by its own count */
    uint64_t sum;   /* a result that is no buffer */
};

struct trace_row {
    const char *name;
    void (*run)(void *ctx, uint64_t n);
    /* True if the context holds what the kernel must leave behind; NULL: not checked.
     */
    bool (*check)(const void *ctx);
    uint64_t truth; /* bytes copied by one iteration */
    enum trace_how how;
    bool avx512; /* the instructions of the kernel need AVX512BW and VL */
    bool aside;  /* not compared with callgrind, which counts something else: see the
                    table */
};

struct trace_catalogue {
    size_t context_bytes;
    void (*setup)(void *ctx); /* called before every trace, on zeroed memory */
    const struct trace_row *row;
    unsigned n_rows;
};

/* The name that the shared object exports. */
#define TRACE_CATALOGUE "hv_trace_catalogue"
extern const struct trace_catalogue hv_trace_catalogue;

#ifdef __cplusplus
}
#endif

#endif
