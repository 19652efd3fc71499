/* SPDX-License-Identifier: MIT */
/* What the planted pairs share: their memory and their checks. No arm calls it. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "tests/planted/planted.h"

void planted_free(struct hv_work *work)
{
    struct planted *c = work->ctx;
    if (c)
        free(c->memory); /* c is in it */
    work->ctx = NULL;
}

static uint64_t next_word(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

int planted_make(struct hv_work *work, size_t bytes, uint64_t seed)
{
    const size_t rest = HV_VARY_SLACK + PLANTED_PAGE;
    unsigned char *memory = aligned_alloc(PLANTED_PAGE, bytes + rest);
    if (!memory)
        return -ENOMEM;
    memset(memory + bytes, 0, rest);
    uint64_t *out = (uint64_t *)(void *)(memory + bytes + rest) - PLANTED_WORDS;
    struct planted *c = (struct planted *)(void *)out - 1;
    work->ctx = c;
    c->memory = memory;
    /* Large memory is made in every layout: in large pages that is a tenth of the time.
     * Without them it works as well. */
    madvise(c->memory, bytes, MADV_HUGEPAGE);
    uint64_t state = seed * 2 + 1;
    for (size_t i = 0; i < bytes; i += sizeof state) {
        const uint64_t word = next_word(&state);
        memcpy(c->memory + i, &word, sizeof word);
    }
    c->memory_bytes = bytes;
    c->out = out;
    work->result = out;
    work->result_bytes = PLANTED_WORDS * sizeof *c->out;
    work->items = 1;
    return 0;
}

void planted_declare(struct hv_work *work, uint64_t copied)
{
    work->declares_copies = 1;
    work->copied_baseline = copied;
}

int planted_compare(const struct hv_work *work, const uint64_t *want, size_t words,
                    char *why, size_t why_bytes)
{
    const struct planted *c = work->ctx;
    for (size_t i = 0; i < words; i++) {
        if (c->out[i] == want[i])
            continue;
        snprintf(why, why_bytes, "word %zu is %" PRIx64 ", not %" PRIx64, i, c->out[i],
                 want[i]);
        return -EBADMSG;
    }
    return 0;
}

void planted_sum_expected(uint64_t want[2], const unsigned char *from, size_t bytes)
{
    want[0] = want[1] = 0;
    for (size_t i = 0; i < bytes; i += sizeof *want) {
        uint64_t word;
        memcpy(&word, from + i, sizeof word);
        want[i / sizeof word % 2] += word;
    }
}
