/* SPDX-License-Identifier: MIT */
/* The facts about this machine that stand beside every figure. */
#include "counters/machine.h"

#include <errno.h>
#include <gnu/libc-version.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "counters/pmu.h"
#include "counters/settings.h"
#include "counters/tree.h"
#include "src/base/error.h"

typedef const char *read_fn(const struct hv_source *source);

/* A fact is a file's first line, or what a function makes of several. */
struct row {
    const char *key, *path;
    read_fn *read;
    const char *why; /* it may be unknown */
};

static const char *known(const struct hv_source *source, const char *text)
{
    return text[0] ? hv_arena_text(source->arena, text) : NULL;
}

static const char *number(const struct hv_source *source, unsigned value)
{
    return source->id_rc ? NULL : hv_arena_printf(source->arena, "%u", value);
}

static const char *cpu_name(const struct hv_source *source)
{
    return known(source, source->id.name);
}

static const char *cpu_vendor(const struct hv_source *source)
{
    return known(source, source->id.vendor);
}

static const char *cpu_family(const struct hv_source *source)
{
    return number(source, source->id.family);
}

static const char *cpu_model(const struct hv_source *source)
{
    return number(source, source->id.model);
}

static const char *cpu_stepping(const struct hv_source *source)
{
    return number(source, source->id.stepping);
}

static const char *microcode(const struct hv_source *source)
{
    return known(source, source->id.microcode);
}

static const char *hypervisor(const struct hv_source *source)
{
    return source->id.hypervisor[0] ? known(source, source->id.hypervisor)
                                    : "none was seen";
}

static const char *architecture(const struct hv_source *source)
{
    struct utsname names;
    return uname(&names) ? NULL : hv_arena_text(source->arena, names.machine);
}

static const char *libc(const struct hv_source *source)
{
    return hv_arena_printf(source->arena, "glibc %s", gnu_get_libc_version());
}

static const char *page_size(const struct hv_source *source)
{
    const long bytes = sysconf(_SC_PAGESIZE);
    return bytes > 0 ? hv_arena_printf(source->arena, "%ld bytes", bytes) : NULL;
}

static const char *core_pmu(const struct hv_source *source)
{
    struct hv_pmu pmu;
    if (hv_pmu_core(source->root, source->id.cpu, &pmu))
        return NULL;
    return hv_arena_text(source->arena, pmu.name);
}

static const char *l1d(const struct hv_source *source)
{
    return hv_setting_cache(source, 1, 'D');
}

static const char *l2(const struct hv_source *source)
{
    return hv_setting_cache(source, 2, 'U');
}

static const char *l3(const struct hv_source *source)
{
    return hv_setting_cache(source, 3, 'U');
}

static const char *cpus_allowed(const struct hv_source *source)
{
    return hv_setting_field(source, "/proc/self/status", "Cpus_allowed_list");
}

static const char *memory(const struct hv_source *source)
{
    return hv_setting_field(source, "/proc/meminfo", "MemTotal");
}

static const char *aslr(const struct hv_source *source)
{
    static const char *const words[] = {"off", "on, without the heap", "on"};
    const char *line = hv_setting_line(source, "/proc/sys/kernel/randomize_va_space");
    if (!line || line[0] < '0' || line[0] > '2' || line[1])
        return NULL;
    return words[line[0] - '0'];
}

/* A guest is shown threads as cores: "off" says nothing about its neighbours. */
static const char *smt(const struct hv_source *source)
{
    const char *word = hv_setting_smt(source);
    if (word && strcmp(word, "off") == 0 && source->id.hypervisor[0])
        return "off as far as this guest is told; the host may share its cores";
    return word;
}

static const char *cpus_isolated(const struct hv_source *source)
{
    char line[256];
    int rc = hv_tree_line(source->root, line, sizeof line,
                          "/sys/devices/system/cpu/isolated");
    if (rc == -ENODATA) /* an empty list is an answer */
        return "none";
    return rc ? NULL : hv_arena_text(source->arena, line);
}

static const char no_cpuinfo[] = "/proc/cpuinfo does not tell it";
static const char no_sysfs[] = "sysfs does not tell it (hidden by the hypervisor?)";
static const char no_file[] = "the kernel does not tell it";
static const char no_cpufreq[] = "no frequency control here (left to the host?)";

static const struct row rows[] = {
    {"cpu",                 NULL,                                                               cpu_name,            no_cpuinfo                                         },
    {"cpu_vendor",          NULL,                                                               cpu_vendor,          no_cpuinfo                                         },
    {"cpu_family",          NULL,                                                               cpu_family,          no_cpuinfo                                         },
    {"cpu_model",           NULL,                                                               cpu_model,           no_cpuinfo                                         },
    {"cpu_stepping",        NULL,                                                               cpu_stepping,        no_cpuinfo                                         },
    {"microcode",           NULL,                                                               microcode,           no_cpuinfo                                         },
    {"hypervisor",          NULL,                                                               hypervisor,          no_sysfs                                           },
    {"architecture",        NULL,                                                               architecture,        no_file                                            },
    {"kernel",              "/proc/sys/kernel/osrelease",                                       NULL,                no_file                                            },
    {"libc",                NULL,                                                               libc,                no_file                                            },
    {"page_size",           NULL,                                                               page_size,           no_file                                            },
    {"memory",              NULL,                                                               memory,              no_file                                            },
    {"l1d_cache",           NULL,                                                               l1d,                 no_sysfs                                           },
    {"l2_cache",            NULL,                                                               l2,                  no_sysfs                                           },
    {"l3_cache",            NULL,                                                               l3,                  no_sysfs                                           },
    {"cpus_online",         "/sys/devices/system/cpu/online",                                   NULL,                no_sysfs                                           },
    {"cpus_allowed",        NULL,                                                               cpus_allowed,        no_file                                            },
    {"cpus_isolated",       NULL,                                                               cpus_isolated,       no_sysfs                                           },
    {"cpu_quota",           NULL,                                                               hv_setting_quota,    "no cgroup v2 limit can be read"                   },
    {"smt",                 NULL,                                                               smt,                 no_sysfs                                           },
    {"governor",            NULL,                                                               hv_setting_governor, no_cpufreq                                         },
    {"turbo",               NULL,                                                               hv_setting_turbo,    no_cpufreq                                         },
    {"clocksource",         "/sys/devices/system/clocksource/clocksource0/current_clocksource",
     NULL,                                                                                                           no_sysfs                                           },
    {"thp",                 NULL,                                                               hv_setting_thp,      "a kernel without transparent huge pages"          },
    {"aslr",                NULL,                                                               aslr,                no_file                                            },
    {"perf_event_paranoid", "/proc/sys/kernel/perf_event_paranoid",                             NULL,
     "a kernel without perf events"                                                                                                                                     },
    {"nmi_watchdog",        "/proc/sys/kernel/nmi_watchdog",                                    NULL,                no_file                                            },
    {"pmu",                 NULL,                                                               core_pmu,            "no PMU (a virtual machine without a virtual one?)"},
    {"rdpmc",               NULL,                                                               hv_setting_rdpmc,    "no PMU, or one that user space cannot read"       },
    {"load_average",        "/proc/loadavg",                                                    NULL,                no_file                                            },
};

size_t hv_machine_facts_in(const char *root, struct hv_arena *arena,
                           struct hv_fact **facts)
{
    struct hv_source source;
    hv_source_open(&source, root, arena);
    struct hv_fact *out = hv_arena_array(arena, HV_LEN(rows), sizeof *out);
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        out[i].key = rows[i].key;
        out[i].value = rows[i].path ? hv_setting_line(&source, rows[i].path)
                                    : rows[i].read(&source);
        out[i].why = out[i].value ? NULL : rows[i].why;
    }
    *facts = out;
    return HV_LEN(rows);
}

size_t hv_machine_facts(struct hv_arena *arena, struct hv_fact **facts)
{
    return hv_machine_facts_in("", arena, facts);
}
