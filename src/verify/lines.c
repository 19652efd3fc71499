/* SPDX-License-Identifier: MIT */
/* Two texts side by side: where do they part? */
#include <stdio.h>
#include <string.h>

#include "src/verify/parts.h"

enum { BEFORE = 24, EXCERPT = 72 };

size_t hv_common(struct hv_span a, struct hv_span b)
{
    size_t n = 0;
    while (n < a.n && n < b.n && a.bytes[n] == b.bytes[n])
        n++;
    return n;
}

/* A byte that a terminal might act on, or that is not ASCII, as \xNN. */
static char *put_byte(char *to, char byte)
{
    if (byte >= ' ' && byte <= '~')
        *to++ = byte;
    else
        to += snprintf(to, 5, "\\x%02x", (unsigned char)byte);
    *to = '\0';
    return to;
}

const char *hv_excerpt(struct hv_span text, size_t at, struct hv_arena *arena)
{
    const size_t from = text.n <= EXCERPT || at <= BEFORE ? 0 : at - BEFORE;
    const size_t to = text.n - from > EXCERPT ? from + EXCERPT : text.n;
    char *excerpt = hv_arena_alloc(arena, 4 * (to - from) + 1), *end = excerpt;
    for (size_t i = from; i < to; i++)
        end = put_byte(end, text.bytes[i]);
    return hv_arena_printf(arena, "%s%s%s", from ? "..." : "", excerpt,
                           to < text.n ? "..." : "");
}

/* The line that begins at `from`, without its end. */
static struct hv_span line_at(struct hv_span text, size_t from)
{
    const char *begin = text.bytes + from;
    const char *end = memchr(begin, '\n', text.n - from);
    return (struct hv_span){begin, end ? (size_t)(end - begin) : text.n - from};
}

static const char *quote(struct hv_span text, size_t from, size_t at,
                         struct hv_arena *arena)
{
    if (from == text.n)
        return "the end of the file";
    const struct hv_span line = line_at(text, from);
    const bool last = from + line.n == text.n;
    return hv_arena_printf(arena, "\"%s\"%s", hv_excerpt(line, at - from, arena),
                           last ? " without a line's end" : "");
}

const char *hv_diff_lines(struct hv_span found, struct hv_span expected,
                          struct hv_arena *arena)
{
    const size_t at = hv_common(found, expected);
    size_t number = 1, from = 0;
    for (size_t i = 0; i < at; i++)
        if (found.bytes[i] == '\n') {
            number++;
            from = i + 1;
        }
    return hv_arena_printf(arena, "line %zu: found %s, expected %s", number,
                           quote(found, from, at, arena),
                           quote(expected, from, at, arena));
}
