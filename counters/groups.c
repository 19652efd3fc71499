/* SPDX-License-Identifier: MIT */
/* Which events are counted together: the default sets, then the user's events. */
#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>

#include "counters/budget.h"
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
    const char *root;
    const struct hv_cpu_id *id;
    struct hv_counter_budget budget;
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
    const int rc = hv_event_find_in(plan->root, spelling, plan->id, event, plan->error);
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
    enum { MOST = 2 };
    struct hv_event event[MOST];
    unsigned n = 1;
    if (!strcmp(name, "l1d_misses")) {
        n = hv_native_l1d(plan->root, plan->id, event, MOST);
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

static bool has_room(const struct plan *plan, const struct hv_group *group,
                     const struct hv_event *event)
{
    struct hv_group grown = *group;
    if (group->n == HV_GROUP_EVENTS || is_software(event) != is_software(group->event))
        return false;
    push(&grown, event);
    return is_software(event) || hv_group_fits(&grown, &plan->budget);
}

/* The first of the user's groups with room for the event, made if need be. A group of
 * its own is made even where the numbers speak against it: the kernel shall tell. */
static struct hv_group *room_for(struct plan *plan, const struct hv_event *event)
{
    for (unsigned g = HV_LEN(sets); g < plan->n; g++)
        if (has_room(plan, &plan->groups[g], event))
            return &plan->groups[g];
    char name[sizeof plan->groups->name];
    hv_put(name, sizeof name, "user %u", plan->n + 1 - (unsigned)HV_LEN(sets));
    struct hv_group *group = add_group(plan, name);
    if (group && !is_software(event))
        push(group, &plan->groups[0].event[0]); /* cycles: the consistency key */
    return group;
}

static int plan_user(struct plan *plan, const char *list)
{
    char name[200];
    while (next_name(&list, name, sizeof name)) {
        struct hv_event event;
        const int rc = find(plan, name, &event);
        if (rc)
            return rc;
        if (planned(plan, &event))
            continue;
        struct hv_group *group = room_for(plan, &event);
        if (!group)
            return hv_fail(plan->error, -E2BIG,
                           "too many events: %s would need more than %d groups", name,
                           HV_GROUPS);
        push(group, &event);
    }
    return 0;
}

int hv_groups_plan_in(const char *root, const struct hv_cpu_id *id,
                      const char *user_events, bool kernel,
                      struct hv_group groups[HV_GROUPS], unsigned *n,
                      struct hv_error *error)
{
    struct plan plan = {.root = root,
                        .id = id,
                        .budget = hv_counter_budget(root, id),
                        .kernel = kernel,
                        .groups = groups,
                        .error = error};
    int rc = plan_sets(&plan);
    if (!rc && user_events)
        rc = plan_user(&plan, user_events);
    *n = rc ? 0 : plan.n;
    return rc;
}

int hv_groups_plan(const struct hv_cpu_id *id, const char *user_events, bool kernel,
                   struct hv_group groups[HV_GROUPS], unsigned *n,
                   struct hv_error *error)
{
    return hv_groups_plan_in("", id, user_events, kernel, groups, n, error);
}
