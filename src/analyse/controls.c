/* SPDX-License-Identifier: MIT */
/* Which failed controls speak against the measurement itself. */
#include "src/analyse/controls.h"

#include <math.h>
#include <string.h>

/* Relative; more than a busy core can do to a chain. */
#define BUSY_CHAIN_LIMIT 0.05

static const char probe[] = "throughput_probe";

static bool starts_with(const char *text, const char *start)
{
    return text && strncmp(text, start, strlen(start)) == 0;
}

/* The probe says that the core was not quiet while the controls ran, or cannot say. */
static bool maybe_busy(const struct hv_control *all, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (all[i].ran && starts_with(all[i].name, probe))
            return !all[i].passed ||
                   all[i].got < all[i].expected * (1 - all[i].tolerance / 2);
    return false;
}

bool hv_control_accuses(const struct hv_control *control, const struct hv_control *all,
                        size_t count)
{
    if (!control->ran || control->passed || starts_with(control->name, "event:") ||
        starts_with(control->name, "trace:") || starts_with(control->name, "step:") ||
        starts_with(control->name, "counter_reads"))
        return false;
    if (starts_with(control->name, probe))
        return control->got > control->expected * (1 + control->tolerance);
    const double off = fabs(control->got - control->expected);
    return !(off <= BUSY_CHAIN_LIMIT * fabs(control->expected)) ||
           !maybe_busy(all, count);
}
