/* SPDX-License-Identifier: MIT */
/* The analyser: blocks and their words in, counts out. It counts instructions and
 * accesses, follows data from loads through registers to stores, simulates an L1 data
 * cache, looks for hazards, and says which function did it.
 *
 * It runs inside the traced process, between two instructions of a kernel that may be
 * inside malloc: it takes all its memory from mmap when it is opened, and calls nothing
 * but pure functions afterwards. */
#ifndef HV_COUNTERS_TRACE_ANALYSER_H
#define HV_COUNTERS_TRACE_ANALYSER_H

#include "counters/trace/block.h"
#include "counters/trace/roles.h"
#include "src/run_trace.h"

struct hv_analyser;

/* What it needs to know; pointers must outlive the analyser. */
struct hv_analyser_config {
    const struct hv_roles *roles;
    struct hv_cache_shape l1; /* line 0: no cache is simulated */
    uint64_t object[2];       /* [begin, end): the traced arm's own object; calls of
                                 roles from there are "direct" */
    uint64_t constants[2];    /* [begin, end): what is read-only in that object */
};

/* Reserves the memory; nothing of it is touched yet, so that a fork copies nothing and
 * parent and child have the same address space. -ENOMEM. -EINVAL: a cache of this
 * shape is not modelled (see l1.h). */
int hv_analyser_open(struct hv_analyser **analyser,
                     const struct hv_analyser_config *config);
void hv_analyser_close(struct hv_analyser *analyser);

/* Begins a trace as if newly opened. The normalised stream (see hv_analyser_prefix) is
 * kept in prefix, which may be shared memory, up to so many words and instructions;
 * prefix_words 0: not kept. */
void hv_analyser_reset(struct hv_analyser *analyser, uint64_t *prefix,
                       size_t prefix_words, uint64_t prefix_instructions);

/* The index of the function that holds pc, for hv_block.function; start, name and group
 * as symbols.h found them (start 0: unknown). The same start gives the same index; when
 * the table is full, the last index stands for all others. */
uint16_t hv_analyser_function(struct hv_analyser *analyser, uint64_t start,
                              const char *name, enum hv_trace_group group);

/* One run of a block. words: block->n_words of them. */
void hv_analyser_feed(struct hv_analyser *analyser, const struct hv_block *block,
                      const uint64_t *words);

/* Instructions fed so far. */
uint64_t hv_analyser_instructions(const struct hv_analyser *analyser);

/* Reads the traced process' memory, for confirming copies: true if all of it could be
 * read. Called by finish only. */
typedef bool hv_peek_fn(void *user, uint64_t address, void *out, size_t bytes);

/* Ends the last runs and fills out: counts and functions. peek NULL: nothing is
 * confirmed. Call it once. */
void hv_analyser_finish(struct hv_analyser *analyser, hv_peek_fn *peek, void *user,
                        struct hv_trace_totals *out);

/* The normalised stream, the same from every tracer: for each instruction its pc, then
 * its words in order. Words used so far, and the instructions they hold. */
size_t hv_analyser_prefix(const struct hv_analyser *analyser, uint64_t *instructions);

#endif
