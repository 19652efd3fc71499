/* SPDX-License-Identifier: MIT */
/* Where code may be: /proc/self/maps, read without an allocator. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "counters/trace/cache/cache_state.h"

struct mapping {
    uint64_t begin, end;
    char read, write, execute; /* 'r' or '-', ... */
};

/* "7f0000000000-7f0000001000 r-xp ..." */
static bool parse(const char *line, struct mapping *out)
{
    char *rest;
    out->begin = strtoull(line, &rest, 16);
    if (*rest != '-')
        return false;
    out->end = strtoull(rest + 1, &rest, 16);
    if (strnlen(rest, 4) < 4)
        return false;
    out->read = rest[1];
    out->write = rest[2];
    out->execute = rest[3];
    return true;
}

/* Looks through the lines of text; returns how many bytes of it were whole lines. */
static size_t look_through(char *text, size_t n, uint64_t pc, struct mapping *out,
                           bool *found)
{
    char *line = text, *end;
    while (!*found && (end = memchr(line, '\n', n - (size_t)(line - text)))) {
        *end = '\0';
        *found = parse(line, out) && pc >= out->begin && pc < out->end;
        line = end + 1;
    }
    return (size_t)(line - text);
}

static bool find(const struct hv_cache *cache, uint64_t pc, struct mapping *out)
{
    char text[8192]; /* a line is shorter than a path can be, and some numbers */
    size_t held = 0;
    ssize_t got;
    bool found = false;
    if (lseek(cache->maps, 0, SEEK_SET))
        return false;
    while (!found && (got = read(cache->maps, text + held, sizeof text - held)) > 0) {
        held += (size_t)got;
        const size_t done = look_through(text, held, pc, out, &found);
        held -= done;
        memmove(text, text + done, held);
    }
    return found;
}

uint64_t hv_cache_code_end(struct hv_cache *cache, uint64_t pc, const char **why)
{
    struct mapping found;
    *why = NULL;
    for (unsigned i = 0; i < cache->n_ranges; i++)
        if (pc >= cache->range[i].begin && pc < cache->range[i].end)
            return cache->range[i].end;
    if (!find(cache, pc, &found) || found.execute != 'x')
        return 0;
    if (found.read != 'r')
        *why = "code that cannot be read";
    else if (found.write != '-')
        *why = "code in memory that can be written";
    else if (cache->n_ranges == HV_CACHE_PAGES)
        *why = "code in too many places";
    if (*why)
        return 0;
    cache->range[cache->n_ranges++] = (struct hv_cache_range){found.begin, found.end};
    return found.end;
}
