/* SPDX-License-Identifier: MIT */
/* Which events of a run somebody vouches for, by the controls that ran. */
#include "src/analyse/vouch.h"

#include <string.h>

static const char prefix[] = "event:";

static bool is_event_control(const struct hv_control *control)
{
    return control->name && strncmp(control->name, prefix, sizeof prefix - 1) == 0;
}

/* NULL: no control of the run is the event's. */
static const struct hv_control *control_of(const struct hv_run *run,
                                           const struct hv_event_run *event)
{
    for (size_t i = 0; event->figure && i < run->n_controls; i++)
        if (is_event_control(&run->controls[i]) &&
            strcmp(run->controls[i].name + sizeof prefix - 1, event->figure) == 0)
            return &run->controls[i];
    return NULL;
}

enum hv_qualification hv_event_standing(const struct hv_run *run,
                                        const struct hv_event_run *event)
{
    if (event->qualification != HV_DEAD)
        return event->qualification;
    const struct hv_control *control = control_of(run, event);
    return control && !control->ran ? HV_UNQUALIFIED : HV_DEAD;
}

const char *hv_why_pmu_doubted(const struct hv_run *run, struct hv_arena *arena)
{
    const char *failed = NULL;
    for (size_t i = 0; i < run->n_controls; i++) {
        const struct hv_control *control = &run->controls[i];
        if (!control->ran || !is_event_control(control))
            continue;
        if (control->passed)
            return NULL;
        failed = failed ? hv_arena_printf(arena, "%s, %s", failed, control->name)
                        : control->name;
    }
    return failed ? hv_arena_printf(
                        arena, "every event control that ran failed here (%s)", failed)
                  : NULL;
}

static const char *failed_control(const struct hv_control *control,
                                  struct hv_arena *arena)
{
    if (control->why)
        return hv_arena_printf(arena, "the tracer's control %s failed: %s",
                               control->name, control->why);
    return hv_arena_printf(arena,
                           "the tracer's control %s reads %.9g %s where %.9g are known",
                           control->name, control->got,
                           control->unit ? control->unit : "", control->expected);
}

const char *hv_why_tracer_doubted(const struct hv_run *run,
                                  const struct hv_trace_run *trace,
                                  struct hv_arena *arena)
{
    const bool stepped = trace->tracer && strcmp(trace->tracer, "single-step") == 0;
    const char *mine = stepped ? "step:" : "trace:";
    bool vouched = false;
    for (size_t i = 0; i < run->n_controls; i++) {
        const struct hv_control *control = &run->controls[i];
        if (!control->ran || !control->name ||
            strncmp(control->name, mine, strlen(mine)) != 0)
            continue;
        if (!control->passed)
            return failed_control(control, arena);
        vouched = true;
    }
    return vouched ? NULL : "no control with a known answer has run for this tracer";
}
