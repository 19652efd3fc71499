/* SPDX-License-Identifier: MIT */
/* Runs whose dumps follow from their raw data, as a tool's own run leaves them. */
#ifndef HV_TESTS_VERIFIED_H
#define HV_TESTS_VERIFIED_H

#include "src/base/arena.h"
#include "src/result.h"
#include "src/verify/parts.h"

/* Small ones, since the mutation test reads each as often as it has members. */
enum verified_kind {
    VERIFIED_QUIET,  /* a quiet pair of synthetic samples, with a counter pass */
    VERIFIED_TRACED, /* a contended pair with few samples and a trace */
    VERIFIED_FAILED, /* a pair without a figure */
    VERIFIED_KINDS
};

#define VERIFIED_VERSION "test"

struct verified {
    struct hv_arena *arena;
    struct hv_run *run;
    struct hv_result *result;
    char *dump;
    size_t n;
};

/* verified_close frees all. */
struct verified verified_open(enum verified_kind kind);
void verified_close(struct verified *v);

/* The dump of any run with what the analysis makes of it; ended by a 0, the
 * caller frees. */
char *verified_dump(const struct hv_run *run, struct hv_arena *arena,
                    struct hv_result **result, size_t *n);

/* The report of a result; ended by a 0, the caller frees. */
char *verified_report(const struct hv_result *result, const char *format, bool ascii);

/* hv_verify's answer on these bytes. report may be NULL. */
int verify_bytes(const char *dump, size_t n, const char *report, struct hv_arena *arena,
                 struct hv_verification *told);

/* Neither an error nor a finding. */
bool passes(const char *dump, size_t n, const char *report);

#endif
