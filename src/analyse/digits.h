/* SPDX-License-Identifier: MIT */
/* Numbers in sentences, with as many digits as what is said of them needs. */
#ifndef HV_ANALYSE_DIGITS_H
#define HV_ANALYSE_DIGITS_H

#include "src/base/arena.h"

/* Zeroed: none. Up to three numbers the sentence compares with. */
struct hv_marks {
    double at[3];
    size_t count;
};

/* "1.4997x": four digits, and more until it reads on the same side of each mark as the
 * value lies on (equal only if it is). */
const char *hv_factor(double value, struct hv_marks marks, struct hv_arena *arena);

/* "1.4997x to 1.5003x": as hv_factor, and two ends that differ read differently. */
const char *hv_span(double low, double high, struct hv_marks marks,
                    struct hv_arena *arena);

#endif
