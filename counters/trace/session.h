/* SPDX-License-Identifier: MIT */
/* Inside a trace session: what is reserved once, before any child is forked, so that
 * the children of both tracers have one address space. */
#ifndef HV_COUNTERS_TRACE_SESSION_H
#define HV_COUNTERS_TRACE_SESSION_H

#include <sys/types.h>

#include "counters/trace/trace.h"

enum { HV_TRACERS = HV_TRACER_STEP + 1 };

/* Written by a child, read when it is gone. */
struct hv_trace_shared {
    struct hv_trace_outcome out;
    struct hv_trace_outcome each[HV_TRACE_EACH]; /* of hv_trace_run_each */
    struct hv_trace_prefix prefix[HV_TRACERS];
    int refused; /* errno of a child that could not be traced */
};

struct hv_trace_session {
    struct hv_analyser *analyser;
    struct hv_symbols *symbols;
    struct hv_roles roles;
    struct hv_cache *cache;
    int no_cache; /* why cache is NULL, as -errno */
    unsigned char *stack;
    size_t stack_bytes;
    unsigned char *stack_top;
    struct hv_trace_shared *shared;
    uint64_t *prefix[HV_TRACERS]; /* shared */
    size_t prefix_words;          /* room in each */
    bool whole[HV_TRACERS];       /* the last trace is in its prefix from end to end */
    uint64_t prefix_instructions;
    uint64_t kernel[2];
    uint64_t constants[2]; /* what is read-only in the same object */
};

/* In a child just forked: dies with its parent (whose pid is given), dumps no core, and
 * meets signals as a program does that has just begun. */
void hv_trace_child_begin(pid_t parent);

/* Waits for a change of the child until the deadline (CLOCK_MONOTONIC, seconds). True:
 * status is filled, as waitpid() does with `flags`. */
bool hv_trace_wait(pid_t pid, int flags, double deadline, int *status);

/* Kills it and waits until it is gone. */
void hv_trace_kill(pid_t pid);

/* CLOCK_MONOTONIC. */
double hv_trace_now(void);

/* Fills the outcome; the first end that is told is kept by the caller's returning. */
void hv_trace_tell(struct hv_trace_outcome *out, enum hv_trace_end end,
                   const char *format, ...) __attribute__((format(printf, 3, 4)));

/* "SIGSEGV"; text holds a number where there is no name. */
const char *hv_trace_signal_name(int number, char *text, size_t bytes);

/* Where in a normalised stream a word is: the number of its instruction, that one's pc,
 * and which of its words it is (0: the pc itself). */
struct hv_stream_place {
    uint64_t instruction, pc;
    unsigned word;
};

/* The place of stream[at]. -EILSEQ, -EFAULT: not to be found, because there is code in
 * the stream that this process does not have. */
int hv_step_locate(const struct hv_roles *roles, const uint64_t *stream, size_t at,
                   struct hv_stream_place *out);

/* hv_trace_l1 for a /sys tree recorded under root. */
struct hv_cache_shape hv_trace_l1_in(const char *root, int cpu);
/* The one shape that this part of this implementer has; all 0: several, or unknown. */
struct hv_cache_shape hv_trace_l1_of(unsigned implementer, unsigned part);

#endif
