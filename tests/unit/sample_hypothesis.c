/* SPDX-License-Identifier: MIT */
/* Hypotheses for tests of what judges by them. */
#include "tests/unit/sample_hypothesis.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/hypothesis/read.h"

static struct hv_hypothesis or_die(int rc, const struct hv_hypothesis *hypothesis,
                                   const struct hv_error *error)
{
    if (rc) {
        fprintf(stderr, "%s\n", error->text);
        abort();
    }
    return *hypothesis;
}

struct hv_hypothesis sample_hypothesis(struct hv_arena *arena)
{
    struct hv_hypothesis hypothesis;
    struct hv_error error = {""};
    const int rc = hv_hypothesis_builtin(arena, &hypothesis, &error);
    return or_die(rc, &hypothesis, &error);
}

struct hv_hypothesis sample_hypothesis_of_bind(struct hv_arena *arena, double speedup)
{
    struct hv_hypothesis hypothesis = sample_hypothesis(arena);
    struct hv_predicted *bind = &hypothesis.predictions[0];
    bind->speedup = speedup;
    if (!(speedup > 0))
        bind->pair = "another";
    return hypothesis;
}

struct hv_hypothesis sample_hypothesis_from(struct hv_arena *arena, const char *text)
{
    struct hv_hypothesis hypothesis;
    struct hv_error error = {""};
    const int rc = hv_hypothesis_parse(text, strlen(text), arena, &hypothesis, &error);
    return or_die(rc, &hypothesis, &error);
}
