/* SPDX-License-Identifier: MIT */
/* What an A64 instruction loads or stores, register by register. */
#ifndef HV_COUNTERS_CENSUS_PIECES_AARCH64_H
#define HV_COUNTERS_CENSUS_PIECES_AARCH64_H

#include "counters/census_regs_aarch64.h"
#include "counters/trace/block.h"

struct hv_block_builder;

/* Bytes of one register, and where in an access they are; origin.load is not set. */
struct hv_census_piece {
    unsigned reg, from; /* index of the register, its first byte */
    unsigned access;
    struct hv_census_origin origin;
};
enum { HV_CENSUS_PIECES = 4 };

/* Index in struct hv_census_regs of the register that a byte of the register file is
 * in, and which byte of it; -1: of none that is followed. */
int hv_census_reg_of(unsigned byte, unsigned *from);

/* Describes the instruction alone. */
void hv_census_describe(const struct hv_census_decoded *decoded,
                        struct hv_block_builder *out);

/* What it loads (HV_FLOW_LOAD) or stores; returns how many pieces. What has no room is
 * left out. */
unsigned hv_census_pieces(const struct hv_block_builder *insn, enum hv_flow_kind kind,
                          struct hv_census_piece pieces[HV_CENSUS_PIECES]);

#endif
