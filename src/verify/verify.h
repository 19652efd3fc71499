/* SPDX-License-Identifier: MIT */
/* Does a dump say what its raw data say, and does a report say what the dump says?
 * Everything derived is computed again from the raw part and compared byte by byte.
 * Whether the raw samples were ever measured is beyond this. */
#ifndef HV_VERIFY_VERIFY_H
#define HV_VERIFY_VERIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "src/base/arena.h"
#include "src/base/error.h"

enum { HV_VERIFY_SHOWN = 10 /* differing members told one by one */ };

struct hv_verify_input {
    const char *dump;
    size_t n_dump;
    const char *report; /* NULL: none to check */
    size_t n_report;
    const char *version; /* of this hvperf; another's dump may differ without guilt */
};

/* One thing that is not as it should be, in a line of printable ASCII. */
struct hv_finding {
    bool in_report; /* else in the dump */
    const char *text;
};

struct hv_verification {
    struct hv_finding *findings; /* none: all is equal */
    size_t n_findings;
    /* What was compared, in words; NULL if there are findings. */
    const char *checked;
    /* What the report is: a writer's name; NULL if there is none or it differs. */
    const char *format;
};

/* 0, whatever was found; -errno if the input is no dump (as hv_dump_decode tells; that
 * the raw part does not fit its hash is a finding) or on an error of the system.
 * Everything in out lives in arena. */
int hv_verify(const struct hv_verify_input *in, struct hv_arena *arena,
              struct hv_verification *out, struct hv_error *error);

#endif
