/* SPDX-License-Identifier: MIT */
/* Whether bytes are text, and on which line they are not. */
#include "src/hypothesis/bytes.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "src/base/utf8.h"

size_t hv_bytes_lines(const char *bytes, size_t n)
{
    size_t lines = 1;
    for (const char *end = bytes + n;
         (bytes = memchr(bytes, '\n', (size_t)(end - bytes))); bytes++)
        lines++;
    return lines;
}

static bool breaks_unseen(uint32_t code)
{
    return code == 0x85 || code == 0x2028 || code == 0x2029;
}

static bool is_control(uint32_t code)
{
    return code < ' ' || (code >= 0x7F && code < 0xA0);
}

/* NULL, or what is wrong with the character of that length at text. */
static const char *fault_of(const char *text, size_t length, uint32_t code)
{
    if (length == 1 && code == HV_UTF8_BAD)
        return "no valid UTF-8";
    if (*text == '\r' && text[1] != '\n')
        return "a carriage return without a line feed";
    if (*text == '\t' || *text == '\n' || *text == '\r')
        return NULL;
    if (breaks_unseen(code))
        return "an invisible line break";
    return is_control(code) ? "a control character" : NULL;
}

int hv_bytes_check(const char *bytes, size_t n, struct hv_error *error)
{
    for (const char *at = bytes, *end = bytes + n; at < end;) {
        uint32_t code = 0;
        const size_t length = hv_utf8_next(at, &code);
        const char *fault = length ? fault_of(at, length, code) : "a NUL byte";
        if (fault)
            return hv_fail(error, -EINVAL,
                           "line %zu: %s (0x%02x): a hypothesis is a text file",
                           hv_bytes_lines(bytes, (size_t)(at - bytes)), fault,
                           (unsigned)(unsigned char)*at);
        at += length;
    }
    return 0;
}
