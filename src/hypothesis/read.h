/* SPDX-License-Identifier: MIT */
/* Hypothesis files: text in, struct hv_hypothesis out. docs/hypotheses/zero-copy.yaml
 * is the one that is built in; docs/hvperf.1 tells of every key. */
#ifndef HV_HYPOTHESIS_READ_H
#define HV_HYPOTHESIS_READ_H

#include <stddef.h>

#include "src/base/arena.h"
#include "src/hypothesis.h"

enum { HV_HYPOTHESIS_MAX_BYTES = 1 << 20 };

/* Parses n bytes; bytes[n] must be 0. 0, or -EINVAL (-ENOMEM) and a message like
 * `line 12, column 14: predictions.bind.speedup: "-3": must be above 0`. Strict: what
 * the tables do not name is an error. Whether the pairs exist is not known here. */
int hv_hypothesis_parse(const char *bytes, size_t n, struct hv_arena *arena,
                        struct hv_hypothesis *hypothesis, struct hv_error *error);

/* Reads the file ("-": standard input); a file above HV_HYPOTHESIS_MAX_BYTES is refused
 * without being read to its end. Errors begin with the path. */
int hv_hypothesis_read(const char *path, struct hv_arena *arena,
                       struct hv_hypothesis *hypothesis, struct hv_error *error);

/* The built-in one. */
int hv_hypothesis_builtin(struct hv_arena *arena, struct hv_hypothesis *hypothesis,
                          struct hv_error *error);

/* Its text, *n bytes with a 0 behind them. */
const char *hv_hypothesis_builtin_text(size_t *n);

#endif
