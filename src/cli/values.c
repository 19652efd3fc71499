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
