/* SPDX-License-Identifier: MIT */
/* What two counts of a control, the second twice as long, say about an event. */
#include "counters/control.h"

#include <math.h>

/* Less than so much of what was made is not counting: strays of the batch around it. */
#define NOTHING 0.01
/* How far the second half may be from the first, for the event to be called steady. */
#define STEADY 0.15

static bool within(double got, double expected, double tolerance)
{
    return fabs(got - expected) <= tolerance * expected;
}

enum hv_qualification hv_control_judge(double expected, double tolerance, double once,
                                       double twice, double *factor)
{
    const double growth = twice - once;
    *factor = 1;
    if (growth < NOTHING * expected)
        return HV_DEAD;
    if (within(once, expected, tolerance) && within(twice, 2 * expected, tolerance))
        return HV_QUALIFIED;
    if (!within(growth, fmax(once, 0), STEADY))
        return HV_ERRATIC;
    *factor = twice / (2 * expected);
    return HV_BIASED;
}
