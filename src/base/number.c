/* SPDX-License-Identifier: MIT */
/* Shortest round trip by trying precisions: a dump has few numbers that are not
 * integers.
 */
#include "src/base/number.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "-1.25e-07" -> digits "125", exponent -7. The locale's decimal point is skipped as
 * whatever is no digit. */
static int split(const char *scientific, char *digits)
{
    const char *e = strchr(scientific, 'e');
    size_t n = 0;
    for (const char *at = scientific; at < e; at++)
        if (isdigit((unsigned char)*at))
            digits[n++] = *at;
    while (n > 1 && digits[n - 1] == '0')
        n--;
    digits[n] = '\0';
    return (int)strtol(e + 1, NULL, 10);
}

static void zeros(char **to, int count)
{
    for (int i = 0; i < count; i++)
        *(*to)++ = '0';
}

static void copy(char **to, const char *from, size_t n)
{
    memcpy(*to, from, n);
    *to += n;
}

static void positional(char *to, const char *digits, int exponent)
{
    const int n = (int)strlen(digits);
    const int whole = exponent + 1; /* digits before the point */
    if (whole <= 0) {
        copy(&to, "0.", 2);
        zeros(&to, -whole);
        copy(&to, digits, (size_t)n);
    } else if (whole >= n) {
        copy(&to, digits, (size_t)n);
        zeros(&to, whole - n);
        copy(&to, ".0", 2);
    } else {
        copy(&to, digits, (size_t)whole);
        *to++ = '.';
        copy(&to, digits + whole, (size_t)(n - whole));
    }
    *to = '\0';
}

void hv_number_text(double value, char text[HV_NUMBER_BYTES])
{
    char scientific[40], digits[40];
    for (int precision = 0; precision < 17; precision++) {
        snprintf(scientific, sizeof scientific, "%.*e", precision, value);
        if (strtod(scientific, NULL) == value)
            break;
    }
    const int exponent = split(scientific, digits);
    if (scientific[0] == '-')
        *text++ = '-';
    if (exponent >= -4 && exponent < 16) {
        positional(text, digits, exponent);
        return;
    }
    snprintf(text, HV_NUMBER_BYTES - 1, "%c%s%.16se%+03d", digits[0],
             digits[1] ? "." : "", digits + 1, exponent);
}
