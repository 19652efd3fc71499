/* SPDX-License-Identifier: MIT */
/* One pair: reverse the bytes of a line, by way of a copy of it or straight away. */
#include <hvperf.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST = 8192 };

struct reverse {
    size_t bytes;
    unsigned char line[LARGEST], out[LARGEST];
};

static inline void reverse(unsigned char *restrict out,
                           const unsigned char *restrict line, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        out[i] = line[bytes - 1 - i];
}

HV_ARM(reverse_with_copy)
{
    struct reverse *c = ctx;
    unsigned char copy[LARGEST];
    for (; n; n--) {
        const unsigned char *line = c->line;
        HV_BARRIER(line); /* as if the line were another one every time */
        memcpy(copy, line, c->bytes);
        HV_KEEP(copy); /* or the compiler would do without it */
        reverse(c->out, copy, c->bytes);
    }
}

HV_ARM(reverse_zero_copy)
{
    struct reverse *c = ctx;
    for (; n; n--) {
        const unsigned char *line = c->line;
        HV_BARRIER(line);
        reverse(c->out, line, c->bytes);
    }
}

static int setup(struct hv_work *work, const struct hv_size *size)
{
    struct reverse *c = calloc(1, sizeof *c);
    if (!c)
        return -ENOMEM;
    c->bytes = size->dim_bits / 8;
    for (size_t i = 0; i < c->bytes; i++)
        c->line[i] = (unsigned char)((size->seed + i) % 251);
    work->ctx = c;
    work->result = c->out;
    work->result_bytes = c->bytes;
    work->items = 1;
    work->bytes = 2 * c->bytes;
    work->declares_copies = 1;
    work->copied_baseline = c->bytes;
    return 0;
}

static int check(const struct hv_work *work, char *why, size_t why_bytes)
{
    const struct reverse *c = work->ctx;
    for (size_t i = 0; i < c->bytes; i++) {
        if (c->out[i] == c->line[c->bytes - 1 - i])
            continue;
        snprintf(why, why_bytes, "byte %zu is not byte %zu of the line", i,
                 c->bytes - 1 - i);
        return -EBADMSG;
    }
    return 0;
}

static void teardown(struct hv_work *work)
{
    free(work->ctx);
    work->ctx = NULL;
}

HV_PAIR(reverse, .question = "Does a copy make reversing a line slower?",
        .predicted = 2, .baseline = {"reverse_with_copy", reverse_with_copy},
        .candidate = {"reverse_zero_copy", reverse_zero_copy}, .setup = setup,
        .check = check, .teardown = teardown);
