/* SPDX-License-Identifier: MIT */
/* Compares what both tracers saw, word for word. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "counters/trace/session.h"

static void say_unknown(size_t at, uint64_t cache, uint64_t step, char *why,
                        size_t bytes)
{
    snprintf(why, bytes,
             "word %zu of the streams differs: 0x%" PRIx64
             " by the code cache, 0x%" PRIx64 " by single-step",
             at, cache, step);
}

/* Returns the instructions before it, if they could be told apart.
 * "instruction 12 at name+0x3: word 1 is 0x... by the code cache, 0x... by ..." */
static uint64_t say_difference(const struct hv_trace_session *session, size_t at,
                               char *why, size_t bytes)
{
    const uint64_t cache = session->prefix[HV_TRACER_CACHE][at],
                   step = session->prefix[HV_TRACER_STEP][at];
    struct hv_stream_place place;
    if (hv_step_locate(&session->roles, session->prefix[HV_TRACER_STEP], at, &place)) {
        say_unknown(at, cache, step, why, bytes);
        return 0;
    }
    char what[32];
    const struct hv_symbol symbol = hv_symbols_find(session->symbols, place.pc);
    snprintf(what, sizeof what, place.word ? "word %u" : "its address", place.word);
    snprintf(why, bytes,
             "instruction %" PRIu64 " at %s+0x%" PRIx64 ": %s is 0x%" PRIx64
             " by the code cache, 0x%" PRIx64 " by single-step",
             place.instruction, symbol.name, place.pc - symbol.start, what, cache,
             step);
    return place.instruction;
}

static size_t first_difference(const uint64_t *a, const uint64_t *b, size_t n)
{
    size_t i = 0;
    while (i < n && a[i] == b[i])
        i++;
    return i;
}

/* Beyond the shorter: fine, unless that one is all that its tracer saw. */
static bool went_on(const struct hv_trace_session *session, enum hv_tracer shorter,
                    enum hv_tracer longer)
{
    return session->whole[shorter] && session->shared->prefix[longer].words >
                                          session->shared->prefix[shorter].words;
}

int hv_trace_compare(const struct hv_trace_session *session, uint64_t *compared,
                     char *why, size_t why_bytes)
{
    const struct hv_trace_prefix *prefix = session->shared->prefix;
    const struct hv_trace_prefix *cache = &prefix[HV_TRACER_CACHE],
                                 *step = &prefix[HV_TRACER_STEP];
    const struct hv_trace_prefix *shorter = cache->words < step->words ? cache : step;
    *compared = 0;
    why[0] = '\0';
    const size_t at = first_difference(session->prefix[HV_TRACER_CACHE],
                                       session->prefix[HV_TRACER_STEP], shorter->words);
    if (at < shorter->words) {
        *compared = say_difference(session, at, why, why_bytes);
        return -EBADMSG;
    }
    *compared = shorter->instructions;
    if (!went_on(session, HV_TRACER_CACHE, HV_TRACER_STEP) &&
        !went_on(session, HV_TRACER_STEP, HV_TRACER_CACHE))
        return 0;
    snprintf(why, why_bytes, "%s ends after %" PRIu64 " instructions, %s goes on",
             shorter == cache ? "the code cache" : "single-step", shorter->instructions,
             shorter == cache ? "single-step" : "the code cache");
    return -EBADMSG;
}
