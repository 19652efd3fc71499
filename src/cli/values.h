/* SPDX-License-Identifier: MIT */
/* Numbers as people type them, and nothing but numbers. */
#ifndef HV_CLI_VALUES_H
#define HV_CLI_VALUES_H

#include <stdint.h>

/* A plain decimal from low to high at the start of value; *rest is what follows it (a
 * unit). 0 or -EINVAL. */
int hv_value_number(const char *value, double low, double high, const char **rest,
                    double *number);

/* A whole number from low to high and nothing behind it. 0 or -EINVAL. */
int hv_value_whole(const char *value, uint64_t low, uint64_t high, uint64_t *number);

/* "0.01" or "1%": above 0 and below 1. 0 or -EINVAL. */
int hv_value_share(const char *value, double *share);

/* "10", "10s", "500ms" or "2m", in seconds. 0 or -EINVAL. */
int hv_value_seconds(const char *value, double *seconds);

#endif
