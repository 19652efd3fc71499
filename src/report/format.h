/* SPDX-License-Identifier: MIT */
/* Numbers and figures as words: 3 to 4 significant digits, a unit, and never a 0 for
 * something that is not there. Everything returned lives in the arena. */
#ifndef HV_REPORT_FORMAT_H
#define HV_REPORT_FORMAT_H

#include "src/base/arena.h"
#include "src/result.h"

/* Integers below 10^9 in full, other values with 3 (below 100) or more digits. */
const char *hv_format_number(struct hv_arena *arena, double value);

/* "19.2 ns", "4.32 µs", "303.1 µs": the unit that leaves 1 to 999. */
const char *hv_format_time(struct hv_arena *arena, double ns);

/* perf stat's words: "<not supported>" only if the reason says so itself, else "<not
 * counted>", which is true of everything that is absent. */
const char *hv_format_absent(const struct hv_evidence *evidence);

/* The reason for an absence as a reader wants it: "no x: x: why" is "no x: why". */
const char *hv_format_why(struct hv_arena *arena, const char *why);

/* The value with its unit, or the word for its absence. */
const char *hv_format_evidence(struct hv_arena *arena,
                               const struct hv_evidence *evidence);
/* The bare value, or the word for its absence. */
const char *hv_format_value(struct hv_arena *arena, const struct hv_evidence *evidence);

/* "19.19 to 19.2375": as many digits as tell the ends apart. */
const char *hv_format_range(struct hv_arena *arena, const double range[2]);

/* "1.93x", with more digits after the point where the interval needs them. */
const char *hv_format_speedup(struct hv_arena *arena, const struct hv_speedup *speedup);
/* The same for another value (an end) of that speedup. */
const char *hv_format_ratio(struct hv_arena *arena, const struct hv_speedup *speedup,
                            double value);
/* "1.925 to 1.935" in as many digits: ends that differ look different, and from the
 * speedup too; and an end looks
 * like a threshold of the rules only if it lies on it. join is " to ", "-" or ", ". */
const char *hv_format_interval(struct hv_arena *arena, const struct hv_speedup *speedup,
                               const char *join);
/* A band of speedups, by the same rule. */
const char *hv_format_band(struct hv_arena *arena, const double band[2],
                           const char *join);
/* "200x"; a prediction of 0 (none) gives "". */
const char *hv_format_predicted(struct hv_arena *arena, double speedup);
/* What was predicted of the pair's arms beside what they did, in one line; NULL:
 * nothing was. "bind_with_copy: 2010 ns predicted, 19.2 ns found: FAIL (104.6x less
 * than predicted); ..." */
const char *hv_format_arm_predictions(struct hv_arena *arena,
                                      const struct hv_pair_result *pair);
/* 0.34 -> "34 %"; nothing but 0, 0.05 (the gate) and 1 looks like them. */
const char *hv_format_share(struct hv_arena *arena, double share);

/* The two columns of a pair's arms: "With copy" and "Zero copy" for the built-in pairs,
 * else "Baseline" and "Candidate" (in an A/A run both arms are the same code). */
const char *hv_arm_heading(const struct hv_result *result, enum hv_arm_id arm);

/* One of our own pairs. */
bool hv_is_builtin(const struct hv_pair_result *pair);

/* The pair's speedup if its state is quiet, else NULL: nothing else may stand in for
 * it. */
const struct hv_speedup *hv_quiet_speedup(const struct hv_pair_result *pair);

/* "name", or "set:name" for a pair that is not built in. */
const char *hv_pair_title(struct hv_arena *arena, const struct hv_pair_result *pair);

/* The same with its ISA, where there are several. */
const char *hv_pair_label(struct hv_arena *arena, const struct hv_result *result,
                          const struct hv_pair_result *pair);

/* The labels of all pairs that have the warning number w of pair i in the same words,
 * or NULL if an earlier pair has it: it has been told. */
const char *hv_warning_pairs(struct hv_arena *arena, const struct hv_result *result,
                             size_t i, size_t w);

/* Where the times of a contended pair come from: a sentence. */
const char *hv_contended_times(const struct hv_pair_result *pair);

/* NULL, or what a reader must know of the rates told in GB/s. */
const char *hv_rate_note(const struct hv_result *result);

/* "bind_with_copy+0x46"; the rest of all places has no offset. */
const char *hv_place_name(struct hv_arena *arena, const struct hv_copying *copying);

/* Whether the pairs (controls aside) ran at more than one ISA. */
bool hv_has_isas(const struct hv_result *result);

#endif
