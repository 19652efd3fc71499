/* SPDX-License-Identifier: MIT */
/* What verify.c is made of: differences of members and of lines, and counts. */
#ifndef HV_VERIFY_PARTS_H
#define HV_VERIFY_PARTS_H

#include <stddef.h>

#include "src/base/arena.h"
#include "src/result.h"
#include "src/verify/verify.h"

/* Bytes, not necessarily ended by a 0. */
struct hv_span {
    const char *bytes;
    size_t n;
};

/* Adds a finding; whatever its bytes are, what is kept is printable ASCII. */
void hv_finding_add(struct hv_verification *out, struct hv_arena *arena, bool in_report,
                    const char *text);

/* Members of two JSON texts that differ: a finding for each of the first
 * HV_VERIFY_SHOWN, one more for how many others there are. Returns how many in all; 0:
 * the same values, however they are written. -EINVAL: no JSON. */
int hv_diff_members(struct hv_span found, struct hv_span expected,
                    struct hv_arena *arena, struct hv_verification *out);

/* "line 12: found ..., expected ...": the first line of two unequal texts that
 * differs. */
const char *hv_diff_lines(struct hv_span found, struct hv_span expected,
                          struct hv_arena *arena);

/* At most 60 or so bytes of text around byte number at, as printable ASCII. */
const char *hv_excerpt(struct hv_span text, size_t at, struct hv_arena *arena);

/* How many bytes two texts have in common from their beginnings. */
size_t hv_common(struct hv_span a, struct hv_span b);

/* "5 pairs, 61440 samples and probes, ...": what a dump holds, by the names of its
 * members. */
const char *hv_count_members(struct hv_span dump, struct hv_arena *arena);

/* Renders result in every format, adds a finding if none equals the report. 0 or
 * -errno. */
int hv_check_report(const struct hv_result *result, struct hv_span report,
                    struct hv_arena *arena, struct hv_verification *out);

#endif
