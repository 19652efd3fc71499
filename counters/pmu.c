/* SPDX-License-Identifier: MIT */
/* The PMUs that sysfs lists, and which of them counts on a CPU core. */
#include "counters/pmu.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "counters/tree.h"

#define DEVICES "/sys/bus/event_source/devices"

int hv_pmu_named(const char *root, const char *name, struct hv_pmu *out)
{
    long type;
    if (!name[0] || strlen(name) >= sizeof out->name || strchr(name, '/') ||
        name[0] == '.')
        return -EINVAL;
    const int rc = hv_tree_number(root, &type, DEVICES "/%s/type", name);
    if (rc)
        return rc;
    if (type < 0 || type > INT32_MAX)
        return -EINVAL;
    memset(out, 0, sizeof *out);
    hv_put(out->name, sizeof out->name, "%s", name);
    out->type = (uint32_t)type;
    char cpus[256];
    out->listed = !hv_tree_line(root, cpus, sizeof cpus, DEVICES "/%s/cpus", name);
    return 0;
}

static bool is_core(const struct hv_pmu *pmu)
{
    return pmu->listed || !strcmp(pmu->name, "cpu");
}

static bool counts_on(const char *root, const struct hv_pmu *pmu, int cpu)
{
    char cpus[1024];
    if (!pmu->listed)
        return is_core(pmu);
    return !hv_tree_line(root, cpus, sizeof cpus, DEVICES "/%s/cpus", pmu->name) &&
           hv_list_has(cpus, cpu);
}

/* The next core PMU of an open folder; false at its end. */
static bool next_core(const char *root, DIR *dir, struct hv_pmu *pmu)
{
    const struct dirent *entry;
    while ((entry = readdir(dir)))
        if (!hv_pmu_named(root, entry->d_name, pmu) && is_core(pmu))
            return true;
    return false;
}

static DIR *open_devices(const char *root)
{
    char path[512];
    hv_put(path, sizeof path, "%s%s", root, DEVICES);
    return opendir(path);
}

int hv_pmu_core(const char *root, int cpu, struct hv_pmu *out)
{
    DIR *dir = open_devices(root);
    if (!dir)
        return -ENOENT;
    int rc = -ENOENT;
    unsigned cores = 0;
    struct hv_pmu pmu;
    for (; next_core(root, dir, &pmu); cores++) {
        if (!rc || !counts_on(root, &pmu, cpu))
            continue;
        *out = pmu;
        rc = 0;
    }
    closedir(dir);
    if (!rc)
        out->hybrid = cores > 1;
    return rc;
}

bool hv_pmu_type_is_core(const char *root, uint32_t type)
{
    DIR *dir = open_devices(root);
    if (!dir)
        return false;
    bool found = false;
    struct hv_pmu pmu;
    while (!found && next_core(root, dir, &pmu))
        found = pmu.type == type;
    closedir(dir);
    return found;
}
