/* SPDX-License-Identifier: MIT */
/* What the machine code of one function says without running it: what it calls and by
 * which way, which copies the compiler inlined, how wide its vectors are. It tells what
 * the code can do, not how often it does it: that is for a trace. For x86-64, by Zydis,
 * and AArch64, by the tracer's own decoder, which does not know SVE: such an
 * instruction is counted, as one of 128 bits, and nothing is known of the registers
 * after it.
 *
 * It works in the process in which the code is loaded, on the bytes that run. */
#ifndef HV_COUNTERS_CENSUS_H
#define HV_COUNTERS_CENSUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "counters/trace/symbols.h"
#include "src/base/error.h"
#include "src/run.h"

/* How a call finds its target. */
enum hv_call_route {
    HV_ROUTE_DIRECT,   /* call f; bl f */
    HV_ROUTE_PLT,      /* call f@plt; bl f@plt */
    HV_ROUTE_GOT,      /* call [rip + f@GOT]; blr x0, after adrp and ldr of the slot */
    HV_ROUTE_REGISTER, /* call rbx, after mov rbx, [rip + f@GOT] or lea rbx, [rip + f];
                          blr x0, after adrp and add */
    HV_ROUTE_UNKNOWN,  /* a function pointer: what it holds, only running it tells */
    HV_CALL_ROUTES
};

enum {
    HV_CENSUS_NAME = 96,
    HV_CENSUS_CALLEES = 20,
    HV_CENSUS_COPIES = 20,
    /* Runs of copies shorter than this are spills and single words, unless they go
     * through vector registers. */
    HV_CENSUS_SMALL = 64
};

/* Calls of one function by one route. */
struct hv_census_callee {
    char name[HV_CENSUS_NAME]; /* "?" where unknown; "(others)" in a row for the rest */
    uint64_t target;           /* run-time address of the function; 0: unknown */
    uint32_t calls;            /* call instructions */
    uint32_t first;            /* offset of the first of them */
    uint8_t route;             /* enum hv_call_route */
    uint8_t tail;              /* 1: jumps there; the function returns for the caller */
    uint8_t in_object;         /* 1: a function of the same object: has a census too */
    uint8_t family;            /* enum hv_call_family; HV_CALLS: none of them */
    uint32_t loops;            /* loops around the innermost of the calls */
};

/* A run of copies that the compiler inlined: loads of adjoining places, each stored
 * from the same untouched register, or push [m]. An instruction may load or store
 * several registers: what one loads and another stores is a pair, however many they
 * are. */
struct hv_census_copy {
    uint32_t first; /* offset of the first store */
    uint32_t pairs; /* of a load and a store */
    uint32_t bytes; /* that they store when each runs once; masked ones in full */
    uint16_t width; /* widest register stored, in bytes */
    uint16_t loops; /* around it: 2 in the inner of two loops */
};

/* By widest operand: index 0 no vector, then 64 (mmx; v0.8b, d0 and narrower), 128,
 * 256, 512 bits. */
enum { HV_CENSUS_WIDTHS = 5 };

/* Fixed size, no pointers: it is sent from the process that holds the code. Copied
 * bytes and the rest are sums over the instructions, each taken once. */
struct hv_census {
    char symbol[HV_CENSUS_NAME];
    uint64_t entry;     /* run-time address */
    uint32_t size;      /* bytes */
    uint32_t undecoded; /* of these, from the first that is no instruction to the end */
    uint32_t instructions;
    uint32_t branches;         /* jumps, conditional or not, tail calls included */
    uint32_t backward;         /* of these, to an address before them in the function */
    uint32_t loops;            /* different places that backward branches lead to */
    uint32_t indirect;         /* jumps through a register or memory: switches */
    uint32_t calls;            /* call instructions and tail calls */
    uint32_t family[HV_CALLS]; /* of these, of memcpy and its like, ... */
    uint32_t width[HV_CENSUS_WIDTHS]; /* instructions */
    uint32_t rep_movs, rep_stos;      /* AArch64: cpyfm, cpym; setm */
    uint32_t non_temporal;            /* stores */
    uint32_t gathers, scatters;
    uint32_t frame_bytes; /* most stack that it takes itself, where that is constant */
    uint32_t copy_pairs, copy_bytes;   /* of all runs but small ones */
    uint32_t small_pairs, small_bytes; /* of small runs */
    uint32_t n_callees, n_copies;      /* rows; the last stands for the rest if more */
    struct hv_census_callee callee[HV_CENSUS_CALLEES];
    struct hv_census_copy copy[HV_CENSUS_COPIES]; /* not small ones */
};

/* The function that covers the address, which symbols must know. 0; -ENOENT: no symbol
 * covers it; -E2BIG: larger than any function; -EACCES: its code cannot be read;
 * -ENOTSUP: neither x86-64 nor AArch64; -ENOMEM. */
int hv_census(const struct hv_symbols *symbols, const void *address,
              struct hv_census *out, struct hv_error *error);

/* The same for a function and what it calls in its own object, directly or not, each
 * once, callers before callees. room: of rows, at least 1; *n: rows filled. Functions
 * without a symbol are left out, and so are those for which there is no room. */
int hv_census_tree(const struct hv_symbols *symbols, const void *address,
                   struct hv_census *rows, size_t room, size_t *n,
                   struct hv_error *error);

/* One instruction as people read it. Nothing in it depends on where the object was
 * loaded: two placements of one function differ only in what differs. */
struct hv_census_line {
    uint32_t offset;
    uint32_t n_bytes;
    const unsigned char *bytes;
    /* Intel syntax; "call memcpy@plt", "jz +0x40". AArch64: branches, loads, stores,
     * moves and the commonest of what computes; the rest is ".inst 0x4e31b820". */
    const char *text;
    const char *remark; /* "call memcpy (GOT)", "copy load", "loop", ...; or "" */
};

/* 0 to go on; anything else ends the listing and is what hv_census_listing returns. */
typedef int hv_census_line_fn(const struct hv_census_line *line, void *user);

/* Undecoded bytes are one last line with the text "(undecoded)". */
int hv_census_listing(const struct hv_symbols *symbols, const void *address,
                      hv_census_line_fn *tell, void *user, struct hv_error *error);

/* "direct", "PLT", "GOT", "register", "unknown". */
const char *hv_call_route_name(enum hv_call_route route);

/* What a function of this name does; HV_CALLS: something else. */
enum hv_call_family hv_census_family(const char *name);

#endif
