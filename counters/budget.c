/* SPDX-License-Identifier: MIT */
/* How many counters a CPU has, and whether a group fits into them. */
#include "counters/budget.h"

#include <linux/perf_event.h>
#include <string.h>

#include "counters/native.h"
#include "counters/tree.h"

/* Any PMU that is worth the name has four, cycles among them. */
static const struct hv_counter_budget fewest = {.general = 4, .memory = 4};

/* Intel shares the counters out when the firmware sets up second threads; a thread that
 * is only offline keeps its share. */
static bool has_no_second_thread(const char *root)
{
    char line[32];
    return !hv_tree_line(root, line, sizeof line,
                         "/sys/devices/system/cpu/smt/control") &&
           !strcmp(line, "notsupported");
}

static bool watchdog_runs(const char *root)
{
    long on;
    return !hv_tree_number(root, &on, "/proc/sys/kernel/nmi_watchdog") && on;
}

struct hv_counter_budget hv_counter_budget(const char *root, const struct hv_cpu_id *id)
{
    struct hv_pmu pmu = {.name = ""};
    struct hv_counter_budget budget = fewest;
    const bool none = hv_pmu_core(root, id->cpu, &pmu) != 0;
    const struct hv_native_cpus *row = hv_native_cpus_of(id, &pmu);
    if (!none && row && !id->hypervisor[0]) {
        const struct hv_native_counters *has = &row->table->counters;
        const bool alone = has->alone && has_no_second_thread(root);
        budget = (struct hv_counter_budget){
            .general = alone ? has->alone : has->general,
            .memory = has->memory,
            .cycles = has->cycles,
            .instructions = has->instructions,
            .known = true,
        };
    }
    budget.watchdog = watchdog_runs(root);
    return budget;
}

/* The first event of this kind goes into the counter it has to itself. */
static bool takes_its_own(const struct hv_event *event, uint64_t generic, bool *is_free)
{
    if (!*is_free || event->type != PERF_TYPE_HARDWARE ||
        (event->config & UINT32_MAX) != generic)
        return false;
    *is_free = false;
    return true;
}

/* Generic events and retired branches run on any counter; of others it is not known
 * here, so they count as memory's. */
static bool needs_memory(const struct hv_event *event)
{
    enum {
        BRANCHES = 0xc4,
        MISPREDICTED = 0xc5
    }; /* Intel's, the only ones that care */
    const uint64_t code = event->config & 0xff;
    if (event->type == PERF_TYPE_HARDWARE)
        return false;
    return event->type == PERF_TYPE_HW_CACHE ||
           (code != BRANCHES && code != MISPREDICTED);
}

/* The watchdog has the counter of cycles, where there is one, and then cycles takes
 * another; it may sit on one of memory's. Either way there is one less of both. */
bool hv_group_fits(const struct hv_group *group, const struct hv_counter_budget *budget)
{
    bool cycles = budget->cycles, instructions = budget->instructions;
    const unsigned lost = budget->watchdog;
    unsigned general = 0, memory = 0;
    for (unsigned i = 0; i < group->n && i < HV_GROUP_EVENTS; i++) {
        const struct hv_event *event = &group->event[i];
        if (event->type == PERF_TYPE_SOFTWARE ||
            takes_its_own(event, PERF_COUNT_HW_CPU_CYCLES, &cycles) ||
            takes_its_own(event, PERF_COUNT_HW_INSTRUCTIONS, &instructions))
            continue;
        general++;
        memory += needs_memory(event);
    }
    return group->n <= HV_GROUP_EVENTS && general + lost <= budget->general &&
           memory + lost <= budget->memory;
}
