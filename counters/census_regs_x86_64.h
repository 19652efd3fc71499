/* SPDX-License-Identifier: MIT */
/* An x86-64 instruction and the registers, for a census; census_regs.h includes this.
 */
#ifndef HV_COUNTERS_CENSUS_REGS_X86_64_H
#define HV_COUNTERS_CENSUS_REGS_X86_64_H

#include <Zydis/Zydis.h>
#include <stdbool.h>
#include <stdint.h>

/* One instruction of a function, decoded. */
struct hv_census_decoded {
    uint32_t offset; /* in the function */
    uint32_t length;
    uint64_t pc;
    ZydisDecodedInstruction insn;
    ZydisDecodedOperand op[ZYDIS_MAX_OPERAND_COUNT];
};

/* 16 general registers, then 32 vector registers: for each the offset + 1 of the
 * instruction that loaded it (or took a constant address), 0: something else. */
enum { HV_CENSUS_GPRS = 16, HV_CENSUS_REGS = 48 };
struct hv_census_regs {
    uint32_t loaded[HV_CENSUS_REGS];
    int32_t depth; /* bytes of stack taken */
    bool reached;  /* some way leads here */
};

/* Index of the register that holds this one; -1: neither of the two kinds. */
int hv_census_reg(ZydisRegister reg);

/* A plain copy's direction. What computes, extends or shuffles is none. */
enum hv_census_move {
    HV_MOVE_NONE,
    HV_MOVE_LOAD,   /* op[0] register, op[1] memory */
    HV_MOVE_STORE,  /* op[0] memory, op[1] register, perhaps only a part of it */
    HV_MOVE_REG,    /* op[0] and op[1] registers */
    HV_MOVE_MEMORY, /* push [m], movs: loads and stores */
};
enum hv_census_move hv_census_move(const struct hv_census_decoded *decoded);

/* The memory operand that is read (write false) or written; NULL. */
const ZydisDecodedOperand *hv_census_memory(const struct hv_census_decoded *decoded,
                                            bool write);

/* Of an HV_MOVE_STORE: the index of the register that it stores. */
int hv_census_stored(const struct hv_census_decoded *decoded);

/* The constant address that it reads from, or that lea takes: [rip + x]. */
bool hv_census_constant(const struct hv_census_decoded *decoded, uint64_t *address);

#endif
