/* SPDX-License-Identifier: MIT */
/* The calls of C library functions that are under way: a shadow stack of these only. */
#ifndef HV_COUNTERS_TRACE_SHADOW_H
#define HV_COUNTERS_TRACE_SHADOW_H

#include <stdbool.h>
#include <stddef.h>

#include "counters/trace/roles.h"
#include "src/run_trace.h"

enum { HV_ROLE_FRAMES = 64 /* such calls within each other */ };

struct hv_role_frame {
    uint64_t slot;   /* where its return address lies */
    uint64_t number; /* rising */
    uint64_t place;  /* the call instruction, or the jump that took its place */
    const struct hv_role *role;
    uint16_t function; /* of the place */
};

/* An instruction that gave control away. */
struct hv_transfer {
    uint64_t pc;
    uint64_t slot; /* of the return address, if it is a call */
    uint16_t function;
};

/* Zeroed memory: no call is under way. */
struct hv_shadow {
    unsigned n;
    uint64_t calls;          /* numbers given out */
    uint64_t overflow;       /* calls within too many others */
    struct hv_transfer call; /* the last call instruction of any kind */
    struct hv_role_frame frame[HV_ROLE_FRAMES];
};

/* Drops frames below an instruction that leaves the stack pointer at sp, whose slots
 * therefore lie below sp: by a return, or by longjmp and the like. Returns the number
 * of the copying call that ended with it, which is never 0, or 0. */
uint64_t hv_shadow_drop(struct hv_shadow *shadow, uint64_t sp);

/* Control reaches the role with its return address at sp, by the transfer `from`, which
 * is a call itself or lies behind shadow->call. False: it is part of a call that is
 * under way (memcpy behind __memcpy_chk), or there is no room. */
bool hv_shadow_enter(struct hv_shadow *shadow, const struct hv_role *role, uint64_t sp,
                     const struct hv_transfer *from);

/* The outermost call of the copying family; NULL: none. */
const struct hv_role_frame *hv_shadow_copy(const struct hv_shadow *shadow);

/* Whom the instructions count for: the outermost call, or else `own`. */
enum hv_trace_group hv_shadow_group(const struct hv_shadow *shadow,
                                    enum hv_trace_group own);

/* Counts a call: all, and direct ones. arg: rdi, rsi, rdx. */
void hv_shadow_count(const struct hv_role *role, bool direct, const uint64_t arg[3],
                     uint64_t *value);

#endif
