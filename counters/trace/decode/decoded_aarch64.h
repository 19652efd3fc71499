/* SPDX-License-Identifier: MIT */
/* An A64 instruction; decode.h includes this. */
#ifndef HV_COUNTERS_TRACE_DECODE_DECODED_AARCH64_H
#define HV_COUNTERS_TRACE_DECODE_DECODED_AARCH64_H

#include <stdbool.h>
#include <stdint.h>

enum hv_a64_kind {
    HV_A64_PLAIN,
    HV_A64_JUMP,
    HV_A64_SYSTEM_CALL,
    HV_A64_TRAP,
    HV_A64_LOAD_EXCLUSIVE,
    HV_A64_STORE_EXCLUSIVE,
};

struct hv_a64_row;

struct hv_decoded {
    uint64_t pc;
    uint32_t word;
    enum hv_a64_kind kind;
    const struct hv_a64_row *row;
};

/* ld1 to ld4 and st1 to st4 of whole registers, by opcode: how many, and among how many
 * of them elements take turns (the number in the name). Zeroed: no such opcode. */
struct hv_a64_structure {
    uint8_t registers, turns;
};
extern const struct hv_a64_structure hv_a64_structure_rows[16];

/* Where the instruction may go to by what its own bits say: b, b.cond, cbz, tbz.
 * False: it is none of these. always: it goes there whatever the registers hold. */
bool hv_a64_target(const struct hv_decoded *decoded, uint64_t *target, bool *always);

#endif
