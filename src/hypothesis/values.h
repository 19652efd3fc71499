/* SPDX-License-Identifier: MIT */
/* Single values of a hypothesis file: a number with its unit, a name, a sentence. */
#ifndef HV_HYPOTHESIS_VALUES_H
#define HV_HYPOTHESIS_VALUES_H

#include <stdbool.h>

/* What a number counts; each has its units, and one they are all turned into. */
enum hv_quantity {
    HV_COUNT,  /* no unit: a whole number */
    HV_FACTOR, /* "200" or "200x" */
    HV_TIME,   /* ns, us, ms, s -> ns */
    HV_BYTES,  /* B, KiB, MiB -> bytes, whole */
    HV_SHARE,  /* "0.5" or "50 %" -> 0.5 */
    HV_RATE,   /* GB/s */
    HV_QUANTITIES
};

/* 0 with *value in the unit of the quantity; else -EINVAL, and *fault says what was
 * expected, such as "want a time, like 12 us: the units are ns, us, ms, s". */
int hv_value_read(const char *text, enum hv_quantity quantity, double *value,
                  const char **fault);

/* Letters, digits, _ and -, and with colon one ':' in the middle; at most 95 bytes. */
bool hv_value_is_name(const char *text, bool colon);

#endif
