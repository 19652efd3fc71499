/* SPDX-License-Identifier: MIT */
/* An A64 instruction and the registers, for a census; census_regs.h includes this. */
#ifndef HV_COUNTERS_CENSUS_REGS_AARCH64_H
#define HV_COUNTERS_CENSUS_REGS_AARCH64_H

#include <stdbool.h>
#include <stdint.h>

#include "counters/trace/block.h"
#include "counters/trace/decode/decoded_aarch64.h"

/* One instruction of a function, decoded. */
struct hv_census_decoded {
    uint32_t offset; /* in the function */
    uint32_t length;
    uint64_t pc;
    struct hv_decoded decoded;
    struct hv_insn insn; /* flags and vector_bytes only */
};

/* Where the lowest bytes of a register come from. */
struct hv_census_origin {
    uint32_t load; /* offset + 1 of the load; 0: from something else */
    uint8_t at;    /* byte of its access with which they begin */
    uint8_t bytes; /* how many they are */
    /* Of ld2 to ld4: so many bytes lie together, and so far apart; 0: all together. */
    uint8_t element, stride;
};

enum hv_census_known {
    HV_KNOWN_NOT,
    HV_KNOWN_ADDRESS, /* the register holds this address */
    HV_KNOWN_SLOT,    /* it holds what was in the 8 bytes at this address */
    HV_KNOWN_NUMBER,  /* it holds this, by mov and movk */
};

/* 31 general registers, then 32 vector registers. */
enum { HV_CENSUS_A64_GPRS = 31, HV_CENSUS_A64_REGS = 63 };
struct hv_census_regs {
    struct hv_census_origin origin[HV_CENSUS_A64_REGS];
    uint64_t address[HV_CENSUS_A64_GPRS];
    uint8_t known[HV_CENSUS_A64_GPRS]; /* enum hv_census_known */
    int32_t depth;                     /* bytes of stack taken */
    bool reached;                      /* some way leads here */
};

/* What the instruction puts into a general register, as far as it is a known address,
 * the content of one, or a number. False: nothing of the kind. */
struct hv_census_fact {
    unsigned reg;
    enum hv_census_known known;
    uint64_t address;
};
bool hv_census_learn(const struct hv_census_decoded *decoded,
                     const struct hv_census_regs *regs, struct hv_census_fact *fact);

/* The register that br and blr jump to. */
static inline unsigned hv_census_through(const struct hv_census_decoded *decoded)
{
    return decoded->decoded.word >> 5 & 31;
}

#endif
