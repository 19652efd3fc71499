/* SPDX-License-Identifier: MIT */
/* What is known about a worker that did not finish, and the sentence made from it. */
#ifndef HV_MEASURE_LAST_WORDS_H
#define HV_MEASURE_LAST_WORDS_H

#include <stdbool.h>

#include "src/base/error.h"
#include "src/measure/wire.h"

struct hv_last_words {
    bool has_failed, has_crash, hung;
    struct hv_failed_frame failed;
    struct hv_crash_frame crash;
    struct hv_beacon beacon;
    int wait_status;
};

/* Which arm, at which address, by which signal. Always -ECHILD. */
int hv_last_words(const struct hv_last_words *last, struct hv_error *error);

#endif
