/* SPDX-License-Identifier: MIT */
/* UTF-8 by its table of lead bytes. */
#include "src/base/utf8.h"

#include "src/base/error.h"

static const struct lead {
    unsigned char mask, bits;
    uint32_t least; /* anything below is an overlong form */
} leads[] = {
    {0x80, 0x00, 0      },
    {0xE0, 0xC0, 0x80   },
    {0xF0, 0xE0, 0x800  },
    {0xF8, 0xF0, 0x10000},
};

static size_t bad(uint32_t *code)
{
    *code = HV_UTF8_BAD;
    return 1;
}

size_t hv_utf8_next(const char *text, uint32_t *code)
{
    const unsigned char *byte = (const unsigned char *)text;
    if (!*byte)
        return 0;
    size_t more = 0;
    while (more < HV_LEN(leads) && (*byte & leads[more].mask) != leads[more].bits)
        more++;
    if (more == HV_LEN(leads))
        return bad(code);
    uint32_t value = *byte & (unsigned char)~leads[more].mask;
    /* The terminating 0 is no continuation byte, so this never reads past the end. */
    for (size_t i = 1; i <= more; i++) {
        if ((byte[i] & 0xC0) != 0x80)
            return bad(code);
        value = value << 6 | (byte[i] & 0x3F);
    }
    if (value < leads[more].least || value > 0x10FFFF || (value >> 11) == 0x1B)
        return bad(code);
    *code = value;
    return more + 1;
}

size_t hv_utf8_put(uint32_t code, char bytes[4])
{
    size_t more = 0;
    while (more + 1 < HV_LEN(leads) && code >= leads[more + 1].least)
        more++;
    for (size_t i = more; i; i--, code >>= 6)
        bytes[i] = (char)(0x80 | (code & 0x3F));
    bytes[0] = (char)(leads[more].bits | code);
    return more + 1;
}
