/* SPDX-License-Identifier: MIT */
/* Walks over the instructions of one function, in the order of their addresses, and
 * tells of each what it means. */
#ifndef HV_COUNTERS_CENSUS_WALK_H
#define HV_COUNTERS_CENSUS_WALK_H

#include "counters/census_calls.h"

enum hv_census_mark {
    HV_MARK_BRANCH = 1 << 0,
    HV_MARK_BACKWARD = 1 << 1,
    HV_MARK_INDIRECT = 1 << 2,
    HV_MARK_CALL = 1 << 3, /* a tail call is a branch, too */
    HV_MARK_REP_MOVS = 1 << 4,
    HV_MARK_REP_STOS = 1 << 5,
    HV_MARK_NON_TEMPORAL = 1 << 6, /* a store */
    HV_MARK_GATHER = 1 << 7,
    HV_MARK_SCATTER = 1 << 8,
    HV_MARK_COPY_LOAD = 1 << 9, /* some store copies what it loads */
    HV_MARK_COPY_STORE = 1 << 10,
    HV_MARK_TARGET = 1 << 11, /* a branch of the function leads here */
    HV_MARK_LOOP = 1 << 12,   /* ... and it is a backward one */
};

struct hv_census_insn {
    const struct hv_census_decoded *decoded;
    const struct hv_census_regs *regs;           /* before it */
    struct hv_census_target target;              /* HV_MARK_CALL */
    struct hv_census_pair pair[HV_CENSUS_PAIRS]; /* HV_MARK_COPY_STORE */
    unsigned n_pairs;
    uint32_t loops;        /* around it */
    unsigned vector_bytes; /* widest operand: 0, 8, 16, 32, 64 */
    unsigned marks;
};

/* What is known of one byte of the function. */
struct hv_census_place {
    uint32_t state; /* index + 1 of what the registers hold at a target */
    uint32_t end;   /* of the loop that begins here: its last branch */
    int32_t deeper; /* loops that begin here less those that ended before */
    bool copied;    /* a load whose data is stored */
};

struct hv_census_walk {
    struct hv_census_object object;
    struct hv_symbol function;
    const unsigned char *code;
    uint32_t size;
    struct hv_census_place *places; /* size + 1 */
    struct hv_census_regs *states;
    uint32_t n_states;
};

/* The offset in the function that a direct branch leads to; false: none. */
bool hv_census_leads_to(const struct hv_census_walk *walk,
                        const struct hv_census_decoded *decoded, uint32_t *offset);

/* Fills what follows from decoded and regs. */
void hv_census_understand(const struct hv_census_walk *walk,
                          struct hv_census_insn *insn);

/* Errors as those of hv_census. */
int hv_census_walk_open(struct hv_census_walk *walk, const struct hv_symbols *symbols,
                        const void *address, struct hv_error *error);
void hv_census_walk_close(struct hv_census_walk *walk);

/* 0 to go on. */
typedef int hv_census_visit(const struct hv_census_walk *walk,
                            const struct hv_census_insn *insn, void *user);

/* Returns what the visitor did if that is not 0. *decoded: bytes up to the first that
 * is no instruction. */
int hv_census_walk_visit(const struct hv_census_walk *walk, hv_census_visit *visit,
                         void *user, uint32_t *decoded);

#endif
