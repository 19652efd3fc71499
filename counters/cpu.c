/* SPDX-License-Identifier: MIT */
/* Which CPU this is, from /proc/cpuinfo, /sys/hypervisor and CPUID. */
#include "counters/cpu.h"

#include <ctype.h>
#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

#include "counters/tree.h"
#include "src/base/error.h"

/* One line of /proc/cpuinfo that is wanted, and where it goes. */
struct field {
    const char *key;
    size_t offset, size; /* size 0: a number, of any base strtoul knows */
};

#define NUMBER(key, member)                                                            \
    {                                                                                  \
        key, offsetof(struct hv_cpu_id, member), 0                                     \
    }
#define TEXT(key, member)                                                              \
    {                                                                                  \
        key, offsetof(struct hv_cpu_id, member),                                       \
            sizeof(((struct hv_cpu_id *)NULL)->member)                                 \
    }

static const struct field fields[] = {
    TEXT("vendor_id", vendor),       NUMBER("cpu family", family),
    NUMBER("model", model),          NUMBER("stepping", stepping),
    TEXT("model name", name),        TEXT("microcode", microcode),
    TEXT("CPU implementer", vendor), NUMBER("CPU implementer", family),
    NUMBER("CPU part", model),       NUMBER("CPU revision", stepping),
};

/* Arm parts whose name /proc/cpuinfo does not tell. */
static const struct {
    unsigned part;
    const char *name;
} arm_parts[] = {
    {0xd03, "Cortex-A53" },
    {0xd05, "Cortex-A55" },
    {0xd07, "Cortex-A57" },
    {0xd08, "Cortex-A72" },
    {0xd09, "Cortex-A73" },
    {0xd0a, "Cortex-A75" },
    {0xd0b, "Cortex-A76" },
    {0xd0c, "Neoverse N1"},
    {0xd0d, "Cortex-A77" },
    {0xd40, "Neoverse V1"},
    {0xd41, "Cortex-A78" },
    {0xd44, "Cortex-X1"  },
    {0xd49, "Neoverse N2"},
    {0xd4f, "Neoverse V2"},
    {0xd84, "Neoverse V3"},
    {0xd8e, "Neoverse N3"},
};

static void store(struct hv_cpu_id *id, const char *key, const char *value)
{
    for (size_t i = 0; i < HV_LEN(fields); i++) {
        if (strcmp(fields[i].key, key))
            continue;
        char *at = (char *)id + fields[i].offset;
        const unsigned number = (unsigned)strtoul(value, NULL, 0);
        if (fields[i].size)
            hv_put(at, fields[i].size, "%s", value);
        else
            memcpy(at, &number, sizeof number);
    }
}

static void split(char *line, char **value)
{
    *value = strchr(line, ':');
    if (!*value)
        return;
    char *end = *value;
    *(*value)++ = '\0';
    while (end > line && isspace((unsigned char)end[-1]))
        *--end = '\0';
    while (isspace((unsigned char)**value))
        (*value)++;
    end = *value + strlen(*value);
    while (end > *value && isspace((unsigned char)end[-1]))
        *--end = '\0';
}

/* A processor's block starts with its "processor" line. Lines before the first one and,
 * on Arm kernels of old, after the last belong to all. */
static int parse_cpuinfo(const char *root, struct hv_cpu_id *id)
{
    char path[512], line[4096], *value;
    hv_put(path, sizeof path, "%s/proc/cpuinfo", root);
    FILE *file = fopen(path, "re");
    if (!file)
        return -errno;
    bool ours = true, seen = false;
    while (fgets(line, sizeof line, file)) {
        split(line, &value);
        if (!value)
            continue;
        if (!strcmp(line, "processor")) {
            ours = strtol(value, NULL, 10) == id->cpu;
            seen |= ours;
        } else if (ours) {
            store(id, line, value);
        }
    }
    fclose(file);
    return seen ? 0 : -ENODEV;
}

static void name_arm(struct hv_cpu_id *id)
{
    if (strcmp(id->vendor, "0x41"))
        return;
    hv_put(id->vendor, sizeof id->vendor, "ARM");
    for (size_t i = 0; i < HV_LEN(arm_parts) && !id->name[0]; i++)
        if (arm_parts[i].part == id->model)
            hv_put(id->name, sizeof id->name, "%s", arm_parts[i].name);
}

#if defined(__x86_64__) || defined(__i386__)
static const struct {
    const char signature[13];
    const char *name;
} hypervisors[] = {
    {"KVMKVMKVM",    "KVM"       },
    {"Linux KVM Hv", "KVM"       },
    {"XenVMMXenVMM", "Xen"       },
    {"Microsoft Hv", "Hyper-V"   },
    {"VMwareVMware", "VMware"    },
    {"TCGTCGTCGTCG", "QEMU TCG"  },
    {"bhyve bhyve ", "bhyve"     },
    {"ACRNACRNACRN", "ACRN"      },
    {" lrpepyh  vr", "Parallels" },
    {"VBoxVBoxVBox", "VirtualBox"},
};

static void ask_cpuid(struct hv_cpu_id *id)
{
    unsigned a, b, c, d;
    char signature[13] = "";
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & (1u << 31)))
        return; /* the hypervisor bit */
    __cpuid(0x40000000, a, b, c, d);
    memcpy(signature, &b, 4);
    memcpy(signature + 4, &c, 4);
    memcpy(signature + 8, &d, 4);
    hv_put(id->hypervisor, sizeof id->hypervisor, "%s",
           signature[0] ? signature : "unnamed");
    for (size_t i = 0; i < HV_LEN(hypervisors); i++)
        if (!strcmp(signature, hypervisors[i].signature))
            hv_put(id->hypervisor, sizeof id->hypervisor, "%s", hypervisors[i].name);
}
#else
static void ask_cpuid(struct hv_cpu_id *id)
{
    (void)id; /* only x86 has the instruction */
}
#endif

/* Where CPUID does not tell: Xen's own folder, or a firmware that names its maker. */
static void ask_sysfs(const char *root, struct hv_cpu_id *id)
{
    static const char *const files[] = {
        "/sys/hypervisor/type",
        "/proc/device-tree/hypervisor/compatible",
    };
    for (size_t i = 0; i < HV_LEN(files) && !id->hypervisor[0]; i++)
        if (hv_tree_line(root, id->hypervisor, sizeof id->hypervisor, "%s", files[i]))
            id->hypervisor[0] = '\0';
    char maker[64];
    if (!id->hypervisor[0] &&
        !hv_tree_line(root, maker, sizeof maker, "/sys/class/dmi/id/sys_vendor") &&
        (strstr(maker, "QEMU") || strstr(maker, "Xen")))
        hv_put(id->hypervisor, sizeof id->hypervisor, "%.31s", maker);
}

int hv_cpu_identify_in(const char *root, int cpu, struct hv_cpu_id *id)
{
    memset(id, 0, sizeof *id);
    id->cpu = cpu;
    const int rc = parse_cpuinfo(root, id);
    name_arm(id);
    if (!root[0])
        ask_cpuid(id);
    ask_sysfs(root, id);
    return rc;
}

int hv_cpu_identify_at(struct hv_cpu_id *id, int cpu)
{
    return hv_cpu_identify_in("", cpu, id);
}

int hv_cpu_identify(struct hv_cpu_id *id)
{
    const int cpu = sched_getcpu();
    return hv_cpu_identify_in("", cpu < 0 ? 0 : cpu, id);
}
