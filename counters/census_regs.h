/* SPDX-License-Identifier: MIT */
/* What each architecture tells of one instruction: what it is, which registers hold
 * what one before it loaded, untouched, and which copies it completes. */
#ifndef HV_COUNTERS_CENSUS_REGS_H
#define HV_COUNTERS_CENSUS_REGS_H

#include <stdbool.h>
#include <stdint.h>

/* struct hv_census_decoded, with at least offset, length and pc, and struct
 * hv_census_regs, with at least depth and reached. */
#if defined(__x86_64__)
#include "counters/census_regs_x86_64.h"
#elif defined(__aarch64__)
#include "counters/census_regs_aarch64.h"
#endif
struct hv_census_decoded;
struct hv_census_regs;

/* Decodes the instruction at an offset. False: there is none. */
bool hv_census_decode(const unsigned char *code, uint32_t size, uint32_t offset,
                      struct hv_census_decoded *out);

bool hv_census_is_call(const struct hv_census_decoded *decoded);
/* A jump, conditional or not; no return. */
bool hv_census_is_branch(const struct hv_census_decoded *decoded);
/* What comes after it in memory does not come after it in time. */
bool hv_census_is_end(const struct hv_census_decoded *decoded);
/* Where a call or a jump goes, by what its own bits say. */
bool hv_census_goes_to(const struct hv_census_decoded *decoded, uint64_t *address);

/* Those of enum hv_census_mark that the instruction alone decides: REP_MOVS to SCATTER.
 */
unsigned hv_census_marks(const struct hv_census_decoded *decoded);
/* Of the widest vector operand: 0, 8, 16, 32, 64. */
unsigned hv_census_vector_bytes(const struct hv_census_decoded *decoded);

/* Nothing is known of the registers. */
void hv_census_regs_forget(struct hv_census_regs *regs);

/* The state after the instruction. */
void hv_census_regs_step(struct hv_census_regs *regs, const unsigned char *code,
                         uint32_t size, const struct hv_census_decoded *decoded);

/* Another way leads to a place: true if that changes what is known there. */
bool hv_census_regs_merge(struct hv_census_regs *regs,
                          const struct hv_census_regs *more, const unsigned char *code,
                          uint32_t size);

/* A load, and a store of what it loaded. The numbers of registers are the
 * architecture's; two pairs with equal ones and the same delta are of one run. */
struct hv_census_pair {
    uint32_t load;     /* offset of the load */
    uint32_t bytes;    /* that the store stores of it */
    uint32_t width;    /* of a register of it, in bytes */
    uint32_t base[2];  /* of the address: of the load, of the store */
    uint32_t index[2]; /* likewise, with its scale where that may differ */
    int64_t delta;     /* how far the store's displacement is from the load's */
};
enum { HV_CENSUS_PAIRS = 4 }; /* st4 stores what four loads loaded */

/* The copies that the instruction completes; regs: before it. Returns how many. */
unsigned hv_census_pairs(const unsigned char *code, uint32_t size,
                         const struct hv_census_decoded *decoded,
                         const struct hv_census_regs *regs,
                         struct hv_census_pair pairs[HV_CENSUS_PAIRS]);

#endif
