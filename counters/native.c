/* SPDX-License-Identifier: MIT */
/* From a need, or a vendor's name, to the event of this CPU: libpfm4 first, the tables'
 * raw codes behind it. */
#include "counters/native.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>

#include "counters/names.h"
#include "counters/tree.h"

/* clang-format off */
static const struct hv_native_need needs[HV_NEEDS] = {
    [HV_NEED_L1D_MISSES] = {
        "l1d_misses", "L1 data cache misses", "L1-dcache-load-misses"},
    [HV_NEED_L1D_PENDING_HITS] = {
        "l1d_pending_hits", "loads of a line already on its way to the L1 data cache", NULL},
    [HV_NEED_LOADS] = {
        "loads", "loads", "L1-dcache-loads"},
    [HV_NEED_STORES] = {
        "stores", "stores", "L1-dcache-stores"},
    [HV_NEED_SPLIT_LOADS] = {
        "split_loads", "loads across two cache lines", NULL},
    [HV_NEED_STORE_FORWARD_BLOCKS] = {
        "store_forward_blocks", "loads held up by an older store that cannot forward to them", NULL},
    [HV_NEED_ALIASES_4K] = {
        "aliases_4k", "loads held back by a store some multiple of 4 KiB away", NULL},
    [HV_NEED_DTLB_WALKS] = {
        "dtlb_walks", "page walks for data", "dTLB-load-misses"},
    [HV_NEED_BRANCH_MISPREDICTS] = {
        "branch_mispredicts", "mispredicted branches", "branch-misses"},
};
/* clang-format on */

const struct hv_native_need *hv_native_need(enum hv_need need)
{
    return &needs[need];
}

static void core_pmu(const char *root, const struct hv_cpu_id *id, struct hv_pmu *pmu)
{
    *pmu = (struct hv_pmu){.name = "cpu", .type = PERF_TYPE_RAW};
    (void)hv_pmu_core(root, id->cpu, pmu); /* none here: the encoding is the same */
}

static void encode(const struct hv_native_cpus *row, const struct hv_native_cell *cell,
                   const struct hv_pmu *pmu, const char *figure, struct hv_event *out)
{
    char spelling[160];
    memset(out, 0, sizeof *out);
    hv_put(spelling, sizeof spelling, "%s::%s", row->pfm ? row->pfm : "", cell->event);
    if (!row->pfm || hv_names_pfm(spelling, out, NULL))
        out->config = cell->config;
    out->type = PERF_TYPE_RAW; /* a later libpfm4 has the PMU of a hybrid here */
    hv_names_pin(pmu, out);
    hv_put(out->name, sizeof out->name, "%s", cell->event);
    hv_put(out->figure, sizeof out->figure, "%s", figure);
}

/* What "a miss" means here differs from CPU to CPU (fills with prefetches, demand
 * reads, stores or not), so the name says what it is. */
static void generic_l1d(const struct hv_pmu *pmu, struct hv_event *out)
{
    hv_names_perf(needs[HV_NEED_L1D_MISSES].generic, out);
    hv_names_pin(pmu, out);
    hv_put(out->name, sizeof out->name,
           "%s (generic: its meaning differs from CPU to CPU)",
           needs[HV_NEED_L1D_MISSES].generic);
    hv_put(out->figure, sizeof out->figure, "%s", needs[HV_NEED_L1D_MISSES].name);
}

unsigned hv_native_l1d(const char *root, const struct hv_cpu_id *id,
                       struct hv_event *out, unsigned max)
{
    struct hv_pmu pmu;
    core_pmu(root, id, &pmu);
    const struct hv_native_cpus *row = hv_native_cpus_of(id, &pmu);
    if (!row) {
        generic_l1d(&pmu, out);
        return 1;
    }
    const struct hv_native_cell *misses = &row->table->cell[HV_NEED_L1D_MISSES],
                                *pending = &row->table->cell[HV_NEED_L1D_PENDING_HITS];
    encode(row, misses, &pmu, needs[HV_NEED_L1D_MISSES].name, &out[0]);
    if (!pending->event || max < 2)
        return 1;
    encode(row, pending, &pmu, pending->event, &out[1]);
    return 2;
}

static int fail_no_row(const struct hv_native_need *need, const struct hv_cpu_id *id,
                       struct hv_error *error)
{
    return hv_fail(error, -EINVAL,
                   "%s: hvperf has no table of events for this CPU (%s family 0x%x "
                   "model 0x%x)%s%s; a raw code (-e rXXXX) may serve",
                   need->name, id->vendor[0] ? id->vendor : "unknown vendor",
                   id->family, id->model,
                   need->generic ? "; the kernel's generic event is " : "",
                   need->generic ? need->generic : "");
}

/* The need of this name, or the one whose event on this CPU has it; HV_NEEDS: none. */
static unsigned need_named(const struct hv_native_cpus *row, const char *name)
{
    for (unsigned i = 0; i < HV_NEEDS; i++) {
        if (!strcmp(name, needs[i].name))
            return i;
        const char *event = row ? row->table->cell[i].event : NULL;
        if (event && !strcmp(name, event))
            return i;
    }
    return HV_NEEDS;
}

int hv_native_find(const char *root, const struct hv_cpu_id *id, const char *name,
                   struct hv_event *out, struct hv_error *error)
{
    struct hv_pmu pmu;
    core_pmu(root, id, &pmu);
    const struct hv_native_cpus *row = hv_native_cpus_of(id, &pmu);
    const unsigned need = need_named(row, name);
    if (need == HV_NEEDS)
        return -ENOENT;
    if (!row && need == HV_NEED_L1D_MISSES) {
        generic_l1d(&pmu, out);
        return 0;
    }
    if (!row)
        return fail_no_row(&needs[need], id, error);
    const struct hv_native_cell *cell = &row->table->cell[need];
    if (!cell->event)
        return hv_fail(error, -EINVAL, "%s: %s has no event for it: %s", name,
                       row->table->name, cell->note);
    encode(row, cell, &pmu, name, out);
    return 0;
}

const char *hv_native_note(const char *root, const struct hv_cpu_id *id,
                           enum hv_need need)
{
    struct hv_pmu pmu;
    core_pmu(root, id, &pmu);
    const struct hv_native_cpus *row = hv_native_cpus_of(id, &pmu);
    return row && row->table->cell[need].event ? row->table->cell[need].note : NULL;
}
