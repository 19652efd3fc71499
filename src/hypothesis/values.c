/* SPDX-License-Identifier: MIT */
/* Single values of a hypothesis file: a number with its unit, a name, a sentence. */
#include "src/hypothesis/values.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/error.h"

enum { UNITS = 6, NAME_BYTES = 95, NUMBER_BYTES = 24 };

static const struct {
    const char *want;
    bool whole; /* once it is in the common unit */
    struct {
        const char *name;
        double factor;
    } units[UNITS]; /* "" first where none need be given */
} quantities[HV_QUANTITIES] = {
    [HV_COUNT] = {"want a whole number, without a unit",                     true,  {{"", 1}}                                                            },
    [HV_FACTOR] = {"want a factor, like 200 or 1.5x",                         false, {{"", 1}, {"x", 1}}                                                  },
    [HV_TIME] = {"want a time, like 12 us: the units are ns, us, ms, s",
                  false,                                                            {{"ns", 1}, {"us", 1e3}, {"\xc2\xb5s", 1e3}, {"ms", 1e6}, {"s", 1e9}}},
    [HV_BYTES] = {"want whole bytes, like 512 B: the units are B, KiB, MiB",
                  true,                                                             {{"B", 1}, {"KiB", 1024}, {"MiB", 1048576}}                          },
    [HV_SHARE] = {"want a share, like 0.5 or 50 %",                          false, {{"", 1}, {"%", 0.01}}                                               },
    [HV_RATE] = {"want a rate, like 31.5 GB/s",                             false, {{"GB/s", 1}}                                                        },
};

/* Length of a plain decimal at the start of text, 0 if there is none: strtod alone
 * would take "0x10", "nan" and "infinity". */
static size_t decimal_length(const char *text)
{
    static const char digits[] = "0123456789";
    const size_t sign = *text == '-' || *text == '+';
    const size_t whole = strspn(text + sign, digits);
    size_t length = sign + whole;
    if (!whole)
        return 0;
    if (text[length] == '.') {
        const size_t after = strspn(text + length + 1, digits);
        length = after ? length + 1 + after : 0;
    }
    const bool exponent = length && (text[length] == 'e' || text[length] == 'E');
    if (exponent) {
        const char *rest = text + length + 1;
        const size_t minus = *rest == '-' || *rest == '+';
        const size_t after = strspn(rest + minus, digits);
        length = after ? length + 1 + minus + after : 0;
    }
    return length <= NUMBER_BYTES ? length : 0;
}

int hv_value_read(const char *text, enum hv_quantity quantity, double *value,
                  const char **fault)
{
    *fault = quantities[quantity].want;
    const size_t length = decimal_length(text);
    if (!length)
        return -EINVAL;
    const char *unit = text + length + strspn(text + length, " ");
    for (size_t i = 0; i < UNITS && quantities[quantity].units[i].name; i++) {
        if (strcmp(unit, quantities[quantity].units[i].name))
            continue;
        *value = strtod(text, NULL) * quantities[quantity].units[i].factor;
        const bool whole = !quantities[quantity].whole ||
                           (*value < 9e15 && *value > -9e15 && floor(*value) >= *value);
        return isfinite(*value) && whole ? 0 : -EINVAL;
    }
    return -EINVAL;
}

bool hv_value_is_name(const char *text, bool colon)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    const size_t first = strspn(text, letters);
    if (!first || strlen(text) > NAME_BYTES)
        return false;
    if (!text[first])
        return true;
    const char *rest = text + first + 1;
    return colon && text[first] == ':' && *rest &&
           strspn(rest, letters) == strlen(rest);
}
