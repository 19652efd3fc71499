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

bool hv_bytes_unseen(uint32_t code)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0,      0x1F  },
        {0x7F,   0x9F  },
        {0x200B, 0x200F},
        {0x2028, 0x202E},
        {0x2060, 0x206F},
        {0xFEFF, 0xFEFF},
    };
    for (size_t i = 0; i < HV_LEN(ranges); i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    return false;
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
    return hv_bytes_unseen(code) ? "a character that is not seen" : NULL;
}

int hv_bytes_check(const char *bytes, size_t n, struct hv_error *error)
{
    const char *at = bytes, *end = bytes + n;
    if (n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        at += 3;
    while (at < end) {
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
