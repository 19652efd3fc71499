/* SPDX-License-Identifier: MIT */
/* The code the gate and the controls rest on: instruction sequences of known length,
 * each in one assembly file so that no compiler and no build flag changes them. */
#ifndef HV_COUNTERS_PROBE_H
#define HV_COUNTERS_PROBE_H

#include <stdint.h>

enum {
    /* Dependent adds in one block of hv_chain. So many that the loop around them is
     * less than a percent even where it costs cycles of its own: in order, or emulated.
     */
    HV_CHAIN_BLOCK = 256,
    HV_PROBE_BLOCK = 384, /* independent adds in one block of hv_probe */

    /* 16,384 cycles, about 4 us: the clock's granule of 10 ns is 0.25 % of it. */
    HV_CHAIN_BLOCKS = 64,
    /* 24,576 adds, 1.2 us on Zen 5, 1.7 us on Zen 4. Below 1 us the 4 % gate would be
     * one granule wide. */
    HV_PROBE_BLOCKS = 64,
};

/* blocks x HV_CHAIN_BLOCK adds, each waiting for the one before: one cycle each on
 * every core, busy sibling or not. blocks > 0. The operands are registers: newer Intel
 * cores execute an add of an immediate at rename, in no time at all. */
void hv_chain(uint64_t blocks);

/* blocks x HV_PROBE_BLOCK adds on independent registers: as fast as the core's adders
 * allow, so a busy sibling thread shows at once. blocks > 0.
 *
 * Why a loop over 384 adds and not one straight run: on Zen 5 a straight run of 12,288
 * adds overflows the op cache, is bound by the decoders (4 a cycle) and hides half of a
 * busy sibling; 384 stay in every op cache, and the loop costs one branch in 384. */
void hv_probe(uint64_t blocks);

/* blocks x HV_CHAIN_BLOCK dependent 64-bit multiplications. blocks > 0. */
void hv_multiply_chain(uint64_t blocks);

/* Retires exactly n x HV_LOOP_INSTRUCTIONS instructions plus a constant. n > 0. */
enum { HV_LOOP_INSTRUCTIONS = 2 };
void hv_known_loop(uint64_t n);

/* Latency of hv_multiply_chain's step in cycles, 0: not known for this architecture.
 * Source: 3 on every x86-64 core since Nehalem and Zen (uops.info, "IMUL R64, R64"). */
#if defined(__x86_64__)
#define HV_MULTIPLY_LATENCY 3.0
#else
#define HV_MULTIPLY_LATENCY 0.0
#endif

/* Adds per cycle that a quiet core of this CPU sustains in hv_probe; 0: not in the
 * table, to be learned in the run and told as unverified. vendor as in CPUID or
 * /proc/cpuinfo, e.g. "AuthenticAMD". */
double hv_probe_adders(const char *vendor, unsigned family, unsigned model);

#endif
