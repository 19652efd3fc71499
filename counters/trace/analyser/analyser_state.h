/* SPDX-License-Identifier: MIT */
/* The analyser's inside: one reserved mapping, whose zeroed memory is a new trace. */
#ifndef HV_COUNTERS_TRACE_ANALYSER_STATE_H
#define HV_COUNTERS_TRACE_ANALYSER_STATE_H

#include "counters/trace/analyser.h"
#include "counters/trace/analyser/functions.h"
#include "counters/trace/analyser/hazards.h"
#include "counters/trace/analyser/l1.h"
#include "counters/trace/analyser/runs.h"
#include "counters/trace/analyser/shadow.h"
#include "counters/trace/analyser/tags.h"

/* Kept word for word, for comparing tracers. */
struct hv_prefix {
    uint64_t *words;
    size_t room, n;
    uint64_t room_instructions, instructions;
    bool open; /* more is kept */
};

struct hv_analyser {
    struct hv_analyser_config config;
    struct hv_prefix prefix;
    uint64_t clock; /* the instruction that runs, from 1: all that one instruction does
                       has one time */
    uint64_t value[HV_TRACE_VALUES], group[HV_TRACE_GROUPS];
    unsigned line_shift;     /* log2 of a cache line */
    struct hv_transfer last; /* the last instruction, whatever it was; pc 0: none */
    uint16_t last_flags;
    uint64_t call_clock; /* of shadow.call */
    struct hv_shadow shadow;
    struct hv_hazards hazards;
    struct hv_tags tags;
    struct hv_functions functions;
    struct hv_l1 l1;
    struct hv_runs runs;
};

/* The access without mask and rep begins here. */
static inline uint64_t hv_access_address(const struct hv_access *access,
                                         const uint64_t *words)
{
    const uint64_t base = access->word == HV_NO_WORD ? 0 : words[access->word];
    return base + (uint64_t)access->disp;
}

/* Counts and simulates the accesses of one instruction, of HV_INSN_REP by rep. */
void hv_access_run(struct hv_analyser *a, const struct hv_block *block,
                   const struct hv_insn *insn, const uint64_t *words);
void hv_rep_run(struct hv_analyser *a, const struct hv_block *block,
                const struct hv_insn *insn, const uint64_t *words);

/* What one string instruction with rep came to. */
struct hv_rep {
    uint64_t iterations;
    bool down; /* towards lower addresses */
};
struct hv_rep hv_rep_of(const struct hv_insn *insn, const uint64_t *words);

/* The lowest address that an access of it touches; iterations is not 0. */
uint64_t hv_rep_low(const struct hv_rep *rep, const struct hv_access *access,
                    const uint64_t *words);

/* Follows the data of one instruction. */
void hv_flow_run(struct hv_analyser *a, const struct hv_block *block,
                 const struct hv_insn *insn, const uint64_t *words);

#endif
