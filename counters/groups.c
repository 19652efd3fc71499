/* SPDX-License-Identifier: MIT */
/* Which events are counted together: the default sets, then the user's events. */
#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>

#include "counters/event.h"
#include "counters/native.h"
#include "counters/tree.h"

static const struct hv_counter_set sets[] = {
    {"core",     "core cycles and instructions, user space",                   "cycles,instructions", true },
    {"l1d",      "L1 data cache misses, by the native event of this CPU",
     "cycles,l1d_misses",                                                                             true },
    {"software", "what the kernel counts on any machine: run time and faults",
     "task-clock,page-faults,minor-faults,major-faults",                                              false},
};

const struct hv_counter_set *hv_counter_sets(size_t *n)
{
    *n = HV_LEN(sets);
    return sets;
}

/* What one planning carries from event to event. */
struct plan {
    const struct hv_cpu_id *id;
    bool kernel;
    struct hv_group *groups;
    unsigned n;
    struct hv_error *error;
};

static bool is_software(const struct hv_event *event)
{
    return event->type == PERF_TYPE_SOFTWARE;
}

static bool same(const struct hv_event *a, const struct hv_event *b)
{
    return a->type == b->type && a->config == b->config && a->config1 == b->config1 &&
           a->config2 == b->config2 && a->include_kernel == b->include_kernel;
}

static bool planned(const struct plan *plan, const struct hv_event *event)
{
    for (unsigned g = 0; g < plan->n; g++)
        for (unsigned i = 0; i < plan->groups[g].n; i++)
            if (same(&plan->groups[g].event[i], event))
                return true;
    return false;
}

static struct hv_group *add_group(struct plan *plan, const char *name)
{
    if (plan->n == HV_GROUPS)
        return NULL;
    struct hv_group *group = &plan->groups[plan->n++];
    memset(group, 0, sizeof *group);
    hv_put(group->name, sizeof group->name, "%s", name);
    return group;
}

static void push(struct hv_group *group, const struct hv_event *event)
{
    group->event[group->n++] = *event;
}

static int find(const struct plan *plan, const char *spelling, struct hv_event *event)
{
    const int rc = hv_event_find(spelling, plan->id->cpu, event, plan->error);
    if (!rc)
        event->include_kernel |= plan->kernel;
    return rc;
}

/* Copies the next event of a comma list; false at its end. Commas between slashes
 * belong to a sysfs spelling. */
static bool next_name(const char **list, char *name, size_t size)
{
    const char *at = *list;
    bool inside = false;
    if (!*at)
        return false;
    while (*at && (inside || *at != ',')) {
        inside ^= *at == '/';
        at++;
    }
    hv_put(name, size, "%.*s", (int)(at - *list), *list);
    *list = *at ? at + 1 : at;
    return true;
}

/* "l1d_misses" in a default set means every row the CPU has, for the CPU given. */
static int push_set_event(struct plan *plan, struct hv_group *group, const char *name)
{
    struct hv_event event[HV_GROUP_HARDWARE];
    unsigned n = 1;
    if (!strcmp(name, "l1d_misses")) {
        n = hv_native_l1d("", plan->id, event, HV_GROUP_HARDWARE - 1);
    } else {
        const int rc = find(plan, name, &event[0]);
        if (rc)
            return rc;
    }
    for (unsigned i = 0; i < n; i++) {
        event[i].include_kernel |= plan->kernel;
        push(group, &event[i]);
    }
    return 0;
}

static int plan_sets(struct plan *plan)
{
    for (size_t i = 0; i < HV_LEN(sets); i++) {
        struct hv_group *group = add_group(plan, sets[i].name);
        const char *list = sets[i].events;
        char name[96];
        while (next_name(&list, name, sizeof name)) {
            const int rc = push_set_event(plan, group, name);
            if (rc)
                return rc;
        }
    }
    return 0;
}

/* The user's group that still has room for an event of this kind, made if need be. */
static struct hv_group *room_for(struct plan *plan, bool software,
                                 struct hv_group **open)
{
    const unsigned most = software ? HV_GROUP_EVENTS : HV_GROUP_HARDWARE;
    struct hv_group *group = open[software];
    if (group && group->n < most)
        return group;
    char name[sizeof group->name];
    hv_put(name, sizeof name, "user %u", plan->n + 1 - (unsigned)HV_LEN(sets));
    group = open[software] = add_group(plan, name);
    if (group && !software)
        push(group, &plan->groups[0].event[0]); /* cycles: the consistency key */
    return group;
}

static int plan_user(struct plan *plan, const char *list)
{
    struct hv_group *open[2] = {NULL, NULL};
    char name[200];
    while (next_name(&list, name, sizeof name)) {
        struct hv_event event;
        const int rc = find(plan, name, &event);
        if (rc)
            return rc;
        if (planned(plan, &event))
            continue;
        struct hv_group *group = room_for(plan, is_software(&event), open);
        if (!group)
            return hv_fail(plan->error, -E2BIG,
                           "too many events: %s would need more than %d groups", name,
                           HV_GROUPS);
        push(group, &event);
    }
    return 0;
}

int hv_groups_plan(const struct hv_cpu_id *id, const char *user_events, bool kernel,
                   struct hv_group groups[HV_GROUPS], unsigned *n,
                   struct hv_error *error)
{
    struct plan plan = {.id = id, .kernel = kernel, .groups = groups, .error = error};
    int rc = plan_sets(&plan);
    if (!rc && user_events)
        rc = plan_user(&plan, user_events);
    *n = rc ? 0 : plan.n;
    return rc;
}
