/* SPDX-License-Identifier: MIT */
/* Single facts of the kernel and the CPU, read for facts and for the doctor alike. */
#include "counters/settings.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counters/pmu.h"
#include "counters/tree.h"
#include "src/base/error.h"

#define CPU     "/sys/devices/system/cpu"
#define CACHES  8
#define TOO_BIG 1e9 /* a quota beyond any machine: the file is damaged */

void hv_source_open(struct hv_source *source, const char *root, struct hv_arena *arena)
{
    const int cpu = root[0] ? 0 : sched_getcpu();
    memset(source, 0, sizeof *source);
    source->root = root;
    source->arena = arena;
    source->id_rc = hv_cpu_identify_in(root, cpu < 0 ? 0 : cpu, &source->id);
}

const char *hv_setting_line(const struct hv_source *source, const char *path)
{
    char line[256];
    if (hv_tree_line(source->root, line, sizeof line, "%s", path))
        return NULL;
    return hv_arena_text(source->arena, line);
}

static const char *switch_word(const struct hv_source *source, const char *path,
                               long on)
{
    long value;
    if (hv_tree_number(source->root, &value, "%s", path) || value < 0)
        return NULL;
    return value == on ? "on" : "off";
}

const char *hv_setting_turbo(const struct hv_source *source)
{
    static const struct {
        const char *path;
        long on;
    } files[] = {
        {CPU "/intel_pstate/no_turbo", 0},
        {CPU "/cpufreq/boost",         1},
    };
    const char *word = NULL;
    for (size_t i = 0; i < HV_LEN(files) && !word; i++)
        word = switch_word(source, files[i].path, files[i].on);
    return word;
}

const char *hv_setting_smt(const struct hv_source *source)
{
    return switch_word(source, CPU "/smt/active", 1);
}

/* "always [madvise] never": the chosen word is the one in brackets. */
const char *hv_setting_thp(const struct hv_source *source)
{
    char line[128];
    if (hv_tree_line(source->root, line, sizeof line,
                     "/sys/kernel/mm/transparent_hugepage/enabled"))
        return NULL;
    const char *open = strchr(line, '[');
    const char *end = open ? strchr(open, ']') : NULL;
    if (!end)
        return NULL;
    return hv_arena_printf(source->arena, "%.*s", (int)(end - open - 1), open + 1);
}

const char *hv_setting_governor(const struct hv_source *source)
{
    char line[64];
    if (hv_tree_line(source->root, line, sizeof line,
                     CPU "/cpu%d/cpufreq/scaling_governor", source->id.cpu))
        return NULL;
    return hv_arena_text(source->arena, line);
}

const char *hv_setting_rdpmc(const struct hv_source *source)
{
    struct hv_pmu pmu;
    char line[16];
    if (hv_pmu_core(source->root, source->id.cpu, &pmu) ||
        (hv_tree_line(source->root, line, sizeof line,
                      "/sys/bus/event_source/devices/%s/rdpmc", pmu.name) &&
         hv_tree_line(source->root, line, sizeof line, HV_USER_ACCESS)))
        return NULL;
    return hv_arena_text(source->arena, line);
}

static const char *share(const struct hv_source *source, double run, double period)
{
    if (run < 0)
        return "none"; /* v1's way to say it */
    if (!(run > 0 && period > 0 && run / period < TOO_BIG))
        return NULL;
    return hv_arena_printf(source->arena, "%.2f CPUs", run / period);
}

/* cgroup v1; its root group has no limit, but has the file. */
static const char *quota_v1(const struct hv_source *source)
{
    long run, period;
    if (hv_tree_number(source->root, &run, "/sys/fs/cgroup/cpu/cpu.cfs_quota_us") ||
        hv_tree_number(source->root, &period, "/sys/fs/cgroup/cpu/cpu.cfs_period_us"))
        return NULL;
    return share(source, (double)run, (double)period);
}

/* cgroup v2: "max 100000" or "50000 100000" (run time, period; both in us). Inside a
 * container the group's own folder is the root of the mount. */
const char *hv_setting_quota(const struct hv_source *source)
{
    char group[256], line[64];
    const char *path = hv_setting_field(source, "/proc/self/cgroup", "0:");
    hv_put(group, sizeof group, "%s", path ? path : "");
    if (hv_tree_line(source->root, line, sizeof line, "/sys/fs/cgroup%s/cpu.max",
                     group) &&
        hv_tree_line(source->root, line, sizeof line, "/sys/fs/cgroup/cpu.max"))
        return quota_v1(source);
    if (!strncmp(line, "max", 3))
        return "none";
    char *end;
    const double run = strtod(line, &end), period = strtod(end, NULL);
    return share(source, run, period);
}

static bool is_cache(const struct hv_source *source, int index, long level, char type)
{
    long found;
    char word[16];
    return !hv_tree_number(source->root, &found, CPU "/cpu%d/cache/index%d/level",
                           source->id.cpu, index) &&
           found == level &&
           !hv_tree_line(source->root, word, sizeof word,
                         CPU "/cpu%d/cache/index%d/type", source->id.cpu, index) &&
           word[0] == type;
}

const char *hv_setting_cache(const struct hv_source *source, long level, char type)
{
    for (int i = 0; i < CACHES; i++) {
        char size[16];
        long ways, line;
        if (!is_cache(source, i, level, type))
            continue;
        if (hv_tree_line(source->root, size, sizeof size,
                         CPU "/cpu%d/cache/index%d/size", source->id.cpu, i))
            return NULL;
        const size_t len = strlen(size);
        const bool kib = size[len - 1] == 'K';
        if (hv_tree_number(source->root, &ways,
                           CPU "/cpu%d/cache/index%d/ways_of_associativity",
                           source->id.cpu, i) ||
            hv_tree_number(source->root, &line,
                           CPU "/cpu%d/cache/index%d/coherency_line_size",
                           source->id.cpu, i))
            return hv_arena_printf(source->arena, "%ld %s", strtol(size, NULL, 10),
                                   kib ? "KiB" : "bytes");
        return hv_arena_printf(source->arena, "%ld %s, %ld ways, %ld-byte lines",
                               strtol(size, NULL, 10), kib ? "KiB" : "bytes", ways,
                               line);
    }
    return NULL;
}

const char *hv_setting_field(const struct hv_source *source, const char *path,
                             const char *key)
{
    char name[512], line[512];
    const char *value = NULL;
    const size_t len = strlen(key);
    hv_put(name, sizeof name, "%s%s", source->root, path);
    FILE *file = fopen(name, "re");
    if (!file)
        return NULL;
    while (!value && fgets(line, sizeof line, file)) {
        if (strncmp(line, key, len) || line[len] != ':')
            continue;
        const char *at = line + len + 1;
        at += strspn(at, " \t");
        value = hv_arena_printf(source->arena, "%.*s", (int)strcspn(at, "\n"), at);
    }
    fclose(file);
    return value;
}
