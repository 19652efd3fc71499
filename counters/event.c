/* SPDX-License-Identifier: MIT */
/* From a spelling to an encoded event. */
#include "counters/event.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <string.h>

#include "counters/names.h"
#include "counters/native.h"
#include "counters/perf.h"
#include "counters/tree.h"

/* Figures that reports know by one name, whatever the event was spelled like. */
static const struct {
    uint32_t type;
    uint64_t config;
    const char *figure;
} figures[] = {
    {PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES,   "cycles"      },
    {PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS, "instructions"},
};

static const struct {
    const char *suffix;
    bool kernel, user;
} modifiers[] = {
    {":u",  false, true },
    {":uk", true,  true },
    {":ku", true,  true },
    {":k",  true,  false},
};

/* Takes a modifier off the end of name. */
static int take_modifier(char *name, bool *kernel, struct hv_error *error)
{
    const size_t len = strlen(name);
    for (size_t i = 0; i < HV_LEN(modifiers); i++) {
        const size_t tail = strlen(modifiers[i].suffix);
        if (len <= tail || strcmp(name + len - tail, modifiers[i].suffix))
            continue;
        if (!modifiers[i].user)
            return hv_fail(error, -EINVAL,
                           "%s leaves user space out, where the arms run; use :uk to "
                           "count the kernel as well",
                           name);
        name[len - tail] = '\0';
        *kernel = modifiers[i].kernel;
        return 0;
    }
    return 0;
}

static int fail_unknown(const char *spelling, struct hv_error *error)
{
    char near[300];
    hv_names_near(spelling, near, sizeof near);
    if (near[0])
        return hv_fail(error, -EINVAL, "unknown event '%s'; nearest names: %s",
                       spelling, near);
    return hv_fail(error, -EINVAL,
                   "unknown event '%s'; give a perf name (cycles), a libpfm4 name of "
                   "this CPU (EVENT:UMASK), a raw code (r76) or pmu/term=value/",
                   spelling);
}

/* The spellings, most definite first: a name of perf's is never looked up in libpfm4,
 * which has some of them too, for other events. */
static int look_up(const char *root, const char *name, const struct hv_cpu_id *id,
                   struct hv_event *out, struct hv_error *error)
{
    struct hv_pmu pmu = {.name = "cpu", .type = PERF_TYPE_RAW};
    int rc = hv_native_find(root, id, name, out, error);
    if (rc == -ENOENT)
        rc = hv_names_sysfs(root, name, out, error);
    if (rc != -ENOENT)
        return rc;
    rc = hv_names_perf(name, out);
    if (rc == -ENOENT)
        rc = hv_names_raw(name, out);
    if (rc == -ENOENT)
        rc = hv_names_pfm(name, out, error);
    (void)hv_pmu_core(root, id->cpu, &pmu); /* none here: the encoding is the same */
    if (!rc)
        hv_names_pin(&pmu, out);
    return rc;
}

/* Of several core PMUs only that of the CPU may count: the kernel would refuse a group
 * of both, and an event of the other one alone would read 0. */
static int check_core(const char *root, const char *name, const struct hv_cpu_id *id,
                      const struct hv_event *event, struct hv_error *error)
{
    struct hv_pmu pmu;
    if (event->type == PERF_TYPE_SOFTWARE || hv_pmu_core(root, id->cpu, &pmu) ||
        !pmu.hybrid)
        return 0;
    const bool generic =
        event->type == PERF_TYPE_HARDWARE || event->type == PERF_TYPE_HW_CACHE;
    const uint64_t type = generic ? event->config >> 32 : event->type;
    if (type == pmu.type)
        return 0;
    return hv_fail(error, -EINVAL,
                   "%s is an event of another kind of core: CPU %d is counted by %s; "
                   "--cpu chooses the CPU",
                   name, id->cpu, pmu.name);
}

static void name_figure(struct hv_event *out, const char *spelling, bool modified)
{
    if (out->figure[0])
        return; /* a native event has one already */
    hv_put(out->figure, sizeof out->figure, "%s", spelling);
    for (size_t i = 0; i < HV_LEN(figures) && !modified; i++)
        if (figures[i].type == out->type &&
            figures[i].config == (out->config & UINT32_MAX))
            hv_put(out->figure, sizeof out->figure, "%s", figures[i].figure);
}

int hv_event_find_in(const char *root, const char *spelling, const struct hv_cpu_id *id,
                     struct hv_event *out, struct hv_error *error)
{
    char name[sizeof out->name];
    bool kernel = false;
    memset(out, 0, sizeof *out);
    if (!spelling[0] || strlen(spelling) >= sizeof name)
        return hv_fail(error, -EINVAL, "an event name has 1 to %zu letters",
                       sizeof name - 1);
    hv_put(name, sizeof name, "%s", spelling);
    int rc = take_modifier(name, &kernel, error);
    if (rc)
        return rc;
    rc = look_up(root, name, id, out, error);
    if (rc == -ENOENT)
        return fail_unknown(spelling, error);
    if (rc)
        return rc;
    out->include_kernel |= kernel;
    name_figure(out, spelling, out->include_kernel);
    if (!hv_event_allowed_in(root, out))
        return hv_fail(error, -EINVAL,
                       "%s is no counting event of a CPU core or of the kernel's "
                       "software counters",
                       spelling);
    return check_core(root, spelling, id, out, error);
}

int hv_event_find(const char *spelling, int cpu, struct hv_event *out,
                  struct hv_error *error)
{
    struct hv_cpu_id id;
    if (cpu < 0)
        cpu = sched_getcpu();
    /* a CPU that /proc does not tell of is one without a table */
    (void)hv_cpu_identify_at(&id, cpu < 0 ? 0 : cpu);
    return hv_event_find_in("", spelling, &id, out, error);
}

const char *hv_event_source(const struct hv_event *event, char *text, size_t size)
{
    hv_put(text, size, "perf_event: %s, config 0x%llx%s", event->pmu,
           (unsigned long long)event->config,
           event->include_kernel ? ", with the kernel" : "");
    return text;
}
