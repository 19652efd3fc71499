/* SPDX-License-Identifier: MIT */
/* Puts the machine's facts and the build's together. */
#include "src/cli/environment.h"

#include <string.h>
#include <unistd.h>

#include "counters/cpu.h"
#include "counters/machine.h"
#include "src/cli/commands.h"

enum { MORE_FACTS = 10 + HV_MAX_PLUGINS };

static void add(struct hv_run *run, const char *key, const char *value)
{
    run->environment[run->n_environment++] =
        (struct hv_fact){.key = key, .value = value};
}

/* How the kernels of each set were built: the report is about this binary. */
static void add_sets(struct hv_measurement *m)
{
    const struct hv_catalogue *all = &m->catalogue;
    for (size_t i = 0; i < all->n; i++) {
        const struct hv_row *row = &all->rows[i];
        if (i && all->rows[i - 1].set == row->set)
            continue;
        const char *key = hv_arena_printf(m->arena, "kernels %s", row->set_name);
        if (*row->build)
            add(m->run, key, row->build);
        else
            m->run->environment[m->run->n_environment++] =
                (struct hv_fact){.key = key, .why = "the set does not tell its build"};
    }
}

void hv_cli_environment(struct hv_measurement *m)
{
    struct hv_fact *facts;
    size_t n = hv_machine_facts(m->arena, &facts);
    m->run->environment = hv_arena_array(m->arena, n + MORE_FACTS, sizeof *facts);
    memcpy(m->run->environment, facts, n * sizeof *facts);
    m->run->n_environment = n;
    add(m->run, "measured on CPU", hv_arena_printf(m->arena, "%d", m->cpu));
    add(m->run, "user",
        geteuid() == 0 ? "root" : hv_arena_printf(m->arena, "uid %u", geteuid()));
    add(m->run, "counter backend", m->plan->backend->name);
    add(m->run, "hvperf build", HV_BUILD_INFO);
    add_sets(m);
}

static void add_cost(struct hv_run *run, struct hv_arena *arena, const char *key,
                     double ns, const struct hv_ways *ways)
{
    const char *why = ways->why;
    if (!ways->told)
        why = "no event was opened";
    if (ns > 0)
        add(run, key,
            hv_arena_printf(arena, "%.0f ns for %u events (group %s)", ns, ways->events,
                            ways->group));
    else
        run->environment[run->n_environment++] =
            (struct hv_fact){.key = key, .why = why ? why : "no reading succeeded"};
}

void hv_cli_environment_reads(struct hv_measurement *m)
{
    const struct hv_ways *ways = &m->ways;
    add_cost(m->run, m->arena, "reading counters by read(2)", ways->call_ns, ways);
    add_cost(m->run, m->arena, "reading counters by user page", ways->page_ns, ways);
}

int hv_cli_check_events(const struct hv_plan *plan, struct hv_error *error)
{
    struct hv_group groups[HV_GROUPS];
    struct hv_cpu_id id;
    unsigned n = 0;
    if (!plan->events)
        return 0;
    int rc = hv_cpu_identify_at(&id, plan->cpu < 0 ? 0 : plan->cpu);
    return rc ? 0
              : hv_groups_plan(&id, plan->events, plan->kernel_mode, groups, &n, error);
}
