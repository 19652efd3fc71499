/* SPDX-License-Identifier: MIT */
/* Hypotheses for tests of what judges by them. */
#ifndef HV_TESTS_SAMPLE_HYPOTHESIS_H
#define HV_TESTS_SAMPLE_HYPOTHESIS_H

#include "src/base/arena.h"
#include "src/hypothesis.h"

/* The built-in one. */
struct hv_hypothesis sample_hypothesis(struct hv_arena *arena);

/* The built-in one with another speedup for "bind"; 0: nothing is said of that pair. */
struct hv_hypothesis sample_hypothesis_of_bind(struct hv_arena *arena, double speedup);

/* The one that text says, or a failed test. */
struct hv_hypothesis sample_hypothesis_from(struct hv_arena *arena, const char *text);

#endif
