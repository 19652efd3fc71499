/* SPDX-License-Identifier: MIT */
/* Numbers in sentences, with as many digits as what is said of them needs. */
#include "src/analyse/digits.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* 17 tell any two doubles apart. */
enum { DIGITS_MIN = 4, DIGITS_MAX = 17 };

static int side(double a, double b)
{
    return (a > b) - (a < b);
}

/* The value as a reader would take it. */
static double read_back(double value, int digits)
{
    char text[64];
    snprintf(text, sizeof text, "%.*g", digits, value);
    return strtod(text, NULL);
}

static bool tells(double value, int digits, struct hv_marks marks)
{
    const double shown = read_back(value, digits);
    for (size_t i = 0; i < marks.count; i++)
        if (side(shown, marks.at[i]) != side(value, marks.at[i]))
            return false;
    return true;
}

static bool tells_both(double low, double high, int digits, struct hv_marks marks)
{
    return side(read_back(low, digits), read_back(high, digits)) == side(low, high) &&
           tells(low, digits, marks) && tells(high, digits, marks);
}

const char *hv_factor(double value, struct hv_marks marks, struct hv_arena *arena)
{
    int digits = DIGITS_MIN;
    while (digits < DIGITS_MAX && !tells(value, digits, marks))
        digits++;
    return hv_arena_printf(arena, "%.*gx", digits, value);
}

const char *hv_span(double low, double high, struct hv_marks marks,
                    struct hv_arena *arena)
{
    int digits = DIGITS_MIN;
    while (digits < DIGITS_MAX && !tells_both(low, high, digits, marks))
        digits++;
    return hv_arena_printf(arena, "%.*gx to %.*gx", digits, low, digits, high);
}
