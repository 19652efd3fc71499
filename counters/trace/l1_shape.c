/* SPDX-License-Identifier: MIT */
/* The geometry of a CPU's L1 data cache. */
#include <string.h>
#include <unistd.h>

#include "counters/cpu.h"
#include "counters/trace/session.h"
#include "counters/tree.h"

#define CACHE "/sys/devices/system/cpu/cpu%d/cache/index%d/"

static bool is_l1d(const char *root, int cpu, int index)
{
    char type[32];
    long level;
    return !hv_tree_number(root, &level, CACHE "level", cpu, index) && level == 1 &&
           !hv_tree_line(root, type, sizeof type, CACHE "type", cpu, index) &&
           strcmp(type, "Instruction") != 0;
}

struct hv_cache_shape hv_trace_l1_in(const char *root, int cpu)
{
    const struct hv_cache_shape unknown = {0, 0, 0};
    enum { INDICES = 8 };
    for (int i = 0; i < INDICES; i++) {
        long line, sets, ways;
        if (!is_l1d(root, cpu, i))
            continue;
        if (hv_tree_number(root, &line, CACHE "coherency_line_size", cpu, i) ||
            hv_tree_number(root, &sets, CACHE "number_of_sets", cpu, i) ||
            hv_tree_number(root, &ways, CACHE "ways_of_associativity", cpu, i) ||
            line <= 0 || sets <= 0 || ways <= 0)
            return unknown;
        return (struct hv_cache_shape){(uint32_t)line, (uint32_t)sets, (uint32_t)ways};
    }
    return unknown;
}

/* Some virtual machines have no cache folder in sysfs, but tell it by CPUID. */
static struct hv_cache_shape of_the_library(void)
{
    const struct hv_cache_shape unknown = {0, 0, 0};
    const long size = sysconf(_SC_LEVEL1_DCACHE_SIZE),
               ways = sysconf(_SC_LEVEL1_DCACHE_ASSOC),
               line = sysconf(_SC_LEVEL1_DCACHE_LINESIZE);
    if (size <= 0 || ways <= 0 || line <= 0 || size % (ways * line))
        return unknown;
    return (struct hv_cache_shape){(uint32_t)line, (uint32_t)(size / (ways * line)),
                                   (uint32_t)ways};
}

/* Arm's cores whose L1 data cache has one size only (the Technical Reference Manual of
 * each, "L1 memory system"); an emulator need not describe any. */
enum { ARM = 0x41 };
static const struct {
    unsigned part;
    struct hv_cache_shape shape;
} parts[] = {
    {0xd07, {64, 256, 2}}, /* Cortex-A57: 32 KiB */
    {0xd08, {64, 256, 2}}, /* Cortex-A72: 32 KiB */
    {0xd0b, {64, 256, 4}}, /* Cortex-A76: 64 KiB */
    {0xd0c, {64, 256, 4}}, /* Neoverse N1: 64 KiB */
    {0xd40, {64, 256, 4}}, /* Neoverse V1: 64 KiB */
    {0xd49, {64, 256, 4}}, /* Neoverse N2: 64 KiB */
    {0xd4f, {64, 256, 4}}, /* Neoverse V2: 64 KiB */
};

struct hv_cache_shape hv_trace_l1_of(unsigned implementer, unsigned part)
{
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (implementer == ARM && parts[i].part == part)
            return parts[i].shape;
    return (struct hv_cache_shape){0, 0, 0};
}

struct hv_cache_shape hv_trace_l1(int cpu)
{
    struct hv_cpu_id id;
    struct hv_cache_shape told = hv_trace_l1_in("", cpu);
    if (!told.line)
        told = of_the_library();
    if (!told.line && !hv_cpu_identify_at(&id, cpu))
        told = hv_trace_l1_of(id.family, id.model);
    return told;
}
