/* SPDX-License-Identifier: MIT */
/* Code that nobody here wrote, in the C library: sorting, printing, reading numbers,
 * unwinding by longjmp. */
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/hvperf.h"
#include "tests/trace/catalogue.h"

enum { SORTED = 1000 };

struct results {
    struct trace_context context;
    uint32_t number[SORTED];
    char text[256];
    double value[4];
};

static void setup(void *ctx)
{
    struct results *r = ctx;
    for (uint32_t i = 0; i < SORTED; i++)
        r->number[i] = i * 2654435761u;
}

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void run_qsort(void *ctx, uint64_t n)
{
    struct results *r = ctx;
    for (; n; n--)
        qsort(r->number, SORTED, sizeof *r->number, ascending);
}

static bool sorted(const void *ctx)
{
    const struct results *r = ctx;
    uint32_t sum = 0;
    for (uint32_t i = 0; i < SORTED; i++)
        sum += r->number[i];
    for (uint32_t i = 1; i < SORTED; i++)
        if (r->number[i - 1] >= r->number[i])
            return false;
    return sum == 2654435761u * (SORTED * (SORTED - 1) / 2);
}

static void run_printf(void *ctx, uint64_t n)
{
    struct results *r = ctx;
    for (; n; n--)
        snprintf(r->text, sizeof r->text, "%d|%#llx|%-8s|%.17g|%Lf|%a", -42,
                 0xfeedfacecafebeefull, "left", 0.1, 1.0L / 3, 1.5);
}

static bool printed(const void *ctx)
{
    const struct results *r = ctx;
    return strcmp(r->text, "-42|0xfeedfacecafebeef|left    |0.10000000000000001|"
                           "0.333333|0x1.8p+0") == 0;
}

static void run_numbers(void *ctx, uint64_t n)
{
    struct results *r = ctx;
    for (; n; n--) {
        r->value[0] = strtod("6.02214076e23", NULL);
        r->value[1] = pow(2.0, 0.5);
        r->value[2] = sin(1.0) * sin(1.0) + cos(1.0) * cos(1.0);
        r->value[3] = (double)strtoll("-123456789012", NULL, 10);
        HV_KEEP(r);
    }
}

static bool right_numbers(const void *ctx)
{
    const struct results *r = ctx;
    return r->value[0] == 6.02214076e23 &&
           fabs(r->value[1] - 1.41421356237309505) < 1e-15 &&
           fabs(r->value[2] - 1) < 1e-15 && r->value[3] == -123456789012.0;
}

__attribute__((noinline)) static void jump(jmp_buf where, int depth)
{
    HV_BARRIER(depth);
    if (depth < 0)
        return; /* never: but a compiler wants to see a way back */
    if (depth == 0)
        longjmp(where, 7);
    jump(where, depth - 1);
    HV_BARRIER(depth); /* no tail call: frames to jump over */
}

static void run_longjmp(void *ctx, uint64_t n)
{
    struct results *r = ctx;
    for (volatile uint64_t left = n; left; left--) {
        jmp_buf where;
        int came = setjmp(where);
        if (came == 0)
            jump(where, 20);
        r->context.sum += (uint64_t)came;
    }
}

static bool jumped(const void *ctx)
{
    return ((const struct trace_context *)ctx)->sum == 7;
}

static const struct trace_row rows[] = {
    {"libc qsort of 1000",    run_qsort,   sorted,        0, TRACE_CODE, false, false},
    {"libc snprintf",         run_printf,  printed,       0, TRACE_CODE, false, false},
    {"libc strtod, pow, sin", run_numbers, right_numbers, 0, TRACE_CODE, false, false},
    {"libc longjmp",          run_longjmp, jumped,        0, TRACE_CODE, false, false},
};

const struct trace_catalogue hv_trace_catalogue = {sizeof(struct results), setup, rows,
                                                   sizeof rows / sizeof *rows};
