/* SPDX-License-Identifier: MIT */
/* strtod and strtoull take more than a person means by a number: this does not. */
#include "src/cli/values.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int hv_value_number(const char *value, double low, double high, const char **rest,
                    double *number)
{
    char *end;
    errno = 0;
    *number = strtod(value, &end);
    *rest = end;
    /* strtod would also take "inf", "nan" and hexadecimal */
    const bool decimal = ((*value >= '0' && *value <= '9') || *value == '.') &&
                         strspn(value, "0123456789.eE+-") >= (size_t)(end - value);
    return decimal && end != value && !errno && isfinite(*number) && *number >= low &&
                   *number <= high
               ? 0
               : -EINVAL;
}

int hv_value_whole(const char *value, uint64_t low, uint64_t high, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull(value, &end, 10);
    return *value >= '0' && *value <= '9' && !*end && !errno && *number >= low &&
                   *number <= high
               ? 0
               : -EINVAL;
}

int hv_value_share(const char *value, double *share)
{
    const char *rest;
    int rc = hv_value_number(value, 0, 100, &rest, share);
    if (!rc && strcmp(rest, "%") == 0)
        *share /= 100;
    else if (*rest)
        rc = -EINVAL;
    return rc || *share <= 0 || *share >= 1 ? -EINVAL : 0;
}

int hv_value_seconds(const char *value, double *seconds)
{
    const char *rest;
    int rc = hv_value_number(value, 0, 1e7, &rest, seconds);
    if (!rc && strcmp(rest, "ms") == 0)
        *seconds /= 1000;
    else if (!rc && strcmp(rest, "m") == 0)
        *seconds *= 60;
    else if (*rest && strcmp(rest, "s") != 0)
        rc = -EINVAL;
    return rc;
}
