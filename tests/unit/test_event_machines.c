/* SPDX-License-Identifier: MIT */
/* Events and groups on recorded machines: which PMU, which table, how many at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>

#include "counters/budget.h"
#include "counters/native.h"
#include "tests/unit/fixture_tree.h"

#define DEVICES "/sys/bus/event_source/devices"
#define SMT     "/sys/devices/system/cpu/smt/control"
#define NMI     "/proc/sys/kernel/nmi_watchdog"

#define INTEL(cpu, model)                                                              \
    "processor\t: " #cpu                                                               \
    "\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: " #model "\n\n"
#define AMD(family, model)                                                             \
    "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: " #family                \
    "\nmodel\t\t: " #model "\n\n"
#define ARM(cpu, part)                                                                 \
    "processor\t: " #cpu "\nCPU implementer\t: 0x41\nCPU part\t: " #part "\n\n"

#define CPU_PMU                                                                        \
    {                                                                                  \
        DEVICES "/cpu/type", "4\n"                                                     \
    }
#define DOG(on)                                                                        \
    {                                                                                  \
        NMI, on "\n"                                                                   \
    }

/* Trees with two kinds of core, looked at from a CPU of each. */
#define ALDER_LAKE                                                                     \
    {"/proc/cpuinfo", INTEL(15, 151) INTEL(16, 151)}, DOG("0"),                        \
        {DEVICES "/cpu_core/type", "4\n"}, {DEVICES "/cpu_core/cpus", "0-15\n"},       \
        {DEVICES "/cpu_atom/type", "10\n"},                                            \
    {                                                                                  \
        DEVICES "/cpu_atom/cpus", "16-23\n"                                            \
    }
#define A53_AND_A72                                                                    \
    {"/proc/cpuinfo", ARM(3, 0xd03) ARM(4, 0xd08)},                                    \
        {DEVICES "/armv8_cortex_a53/type", "8\n"},                                     \
        {DEVICES "/armv8_cortex_a53/cpus", "0-3\n"},                                   \
        {DEVICES "/armv8_cortex_a72/type", "9\n"},                                     \
    {                                                                                  \
        DEVICES "/armv8_cortex_a72/cpus", "4-5\n"                                      \
    }

enum { FILES = 8, GROUPS = 6 };

/* Nine events of memory, five that run on any counter. */
#define MEMORY "r101,r102,r103,r104,r105,r106,r107,r108,r109"
#define ANY    "branches,branch-misses,cache-references,cache-misses,bus-cycles"

/* Groups of MEMORY, of ANY and of both, by their sizes with cycles; 0 ends a list. */
static const struct machine {
    const char *name;
    struct fixture_file files[FILES];
    int cpu;
    unsigned memory[GROUPS], any[GROUPS], both[GROUPS];
} machines[] = {
    {"Skylake-X, watchdog",
     {{"/proc/cpuinfo", INTEL(0, 85)}, CPU_PMU, DOG("1"), {SMT, "on\n"}},
     0,                                                                                 {4, 4, 4},
     {4, 3},
     {4, 4, 4, 4, 3}                                                                                                   },
    {"Skylake-X, no watchdog",
     {{"/proc/cpuinfo", INTEL(0, 85)}, CPU_PMU, DOG("0"), {SMT, "on\n"}},
     0,                                                                                 {5, 5, 2},
     {5, 2},
     {5, 5, 5, 3}                                                                                                      },
    {"Skylake, second threads offline",
     {{"/proc/cpuinfo", INTEL(0, 94)}, CPU_PMU, DOG("0"), {SMT, "forceoff\n"}},
     0,                                                                                 {5, 5, 2},
     {5, 2},
     {5, 5, 5, 3}                                                                                                      },
    {"Skylake, without second threads",
     {{"/proc/cpuinfo", INTEL(0, 94)}, CPU_PMU, DOG("0"), {SMT, "notsupported\n"}},
     0,                                                                                 {5, 5, 2},
     {6},
     {8, 7, 2}                                                                                                         },
    {"Sapphire Rapids",
     {{"/proc/cpuinfo", INTEL(0, 143)}, CPU_PMU, DOG("0"), {SMT, "on\n"}},
     0,                                                                                 {5, 5, 2},
     {6},
     {8, 7, 2}                                                                                                         },
    {"Sapphire Rapids, watchdog",
     {{"/proc/cpuinfo", INTEL(0, 143)}, CPU_PMU, DOG("1"), {SMT, "on\n"}},
     0,                                                                                 {4, 4, 4},
     {6},
     {8, 5, 4}                                                                                                         },
    {"Zen 4",
     {{"/proc/cpuinfo", AMD(25, 17)}, CPU_PMU, DOG("0")},
     0,                                                                                 {6, 5},
     {6},
     {6, 6, 5}                                                                                                         },
    {"Zen 4, watchdog",
     {{"/proc/cpuinfo", AMD(25, 17)}, CPU_PMU, DOG("1")},
     0,                                                                                 {5, 5, 2},
     {5, 2},
     {5, 5, 5, 3}                                                                                                      },
    {"Neoverse N1",
     {{"/proc/cpuinfo", ARM(0, 0xd0c)},
      {DEVICES "/armv8_pmuv3_0/type", "8\n"},
      {DEVICES "/armv8_pmuv3_0/cpus", "0-3\n"}},
     0,                                                                                 {7, 4},
     {6},
     {7, 7, 3}                                                                                                         },
    {"Alder Lake, P core",              {ALDER_LAKE},                               15, {5, 5, 2},       {6}, {8, 7, 2}},
    {"Alder Lake, E core",              {ALDER_LAKE},                               16, {7, 4},          {6}, {7, 7, 3}},
    {"Cortex-A53 beside A72",           {A53_AND_A72},                              3,  {7, 4},          {6}, {7, 7, 3}},
    {"Cortex-A72 beside A53",           {A53_AND_A72},                              4,  {7, 4},          {6}, {7, 7, 3}},
    {"Zen 4 guest with a PMU",
     {{"/proc/cpuinfo", AMD(25, 17)},
      CPU_PMU,
      DOG("0"),
      {"/sys/hypervisor/type", "xen\n"}},
     0,                                                                                 {4, 4, 4},
     {4, 3},
     {4, 4, 4, 4, 3}                                                                                                   },
    {"Zen 4 without a PMU",
     {{"/proc/cpuinfo", AMD(25, 17)}, DOG("0"), {DEVICES "/software/type", "1\n"}},
     0,                                                                                 {4, 4, 4},
     {4, 3},
     {4, 4, 4, 4, 3}                                                                                                   },
    {"a CPU nobody knows",
     {{"/proc/cpuinfo", AMD(99, 1)}, CPU_PMU, DOG("0")},
     0,                                                                                 {4, 4, 4},
     {4, 3},
     {4, 4, 4, 4, 3}                                                                                                   },
    {"a CPU nobody knows, watchdog",
     {{"/proc/cpuinfo", AMD(99, 1)}, CPU_PMU, DOG("1")},
     0,                                                                                 {3, 3, 3, 3, 2},
     {3, 3, 2},
     {3}                                                                                                               },
};

static struct fixture_tree tree;

/* Plays the machine and tells who its CPU is. */
static struct hv_cpu_id play(const struct machine *machine)
{
    struct hv_cpu_id id;
    fixture_tree_close(&tree);
    fixture_tree_open(&tree);
    for (unsigned i = 0; i < FILES && machine->files[i].path; i++)
        fixture_tree_write(&tree, machine->files[i].path, machine->files[i].text);
    assert_int_equal(hv_cpu_identify_in(tree.root, machine->cpu, &id), 0);
    return id;
}

static const struct machine *machine_named(const char *name)
{
    for (size_t i = 0; i < HV_LEN(machines); i++)
        if (!strcmp(machines[i].name, name))
            return &machines[i];
    fail_msg("no machine %s", name);
    return NULL;
}

/* Plans the events; the user's groups, which follow the default sets. */
static unsigned plan(const struct hv_cpu_id *id, const char *events,
                     struct hv_group *groups, const struct hv_group **user)
{
    unsigned n;
    size_t sets;
    struct hv_error error = {""};
    (void)hv_counter_sets(&sets);
    if (hv_groups_plan_in(tree.root, id, events, false, groups, &n, &error))
        fail_msg("%s", error.text);
    *user = groups + sets;
    return n - (unsigned)sets;
}

/* None larger than fits, none that could have had the next one's first event, none
 * without cycles, none of two PMUs. */
static void check_groups(const char *name, const struct hv_group *groups, unsigned n,
                         const struct hv_counter_budget *budget)
{
    for (unsigned g = 0; g < n; g++) {
        const struct hv_group *group = &groups[g];
        if (group->event[0].type == PERF_TYPE_SOFTWARE)
            continue;
        if (strcmp(group->event[0].figure, "cycles") || !hv_group_fits(group, budget))
            fail_msg("%s: group %s does not fit", name, group->name);
        for (unsigned i = 1; i < group->n; i++)
            assert_string_equal(group->event[i].pmu, group->event[0].pmu);
    }
}

static void expect_sizes(const struct machine *machine, const struct hv_cpu_id *id,
                         const char *events, const unsigned sizes[GROUPS])
{
    struct hv_group groups[HV_GROUPS];
    const struct hv_group *user;
    const struct hv_counter_budget budget = hv_counter_budget(tree.root, id);
    const unsigned n = plan(id, events, groups, &user);
    check_groups(machine->name, groups, n + (unsigned)(user - groups), &budget);
    for (unsigned g = 0; g < GROUPS && sizes[g]; g++)
        if (g >= n || user[g].n != sizes[g])
            fail_msg("%s: %s: group %u of %u has %u events", machine->name, events, g,
                     n, g < n ? user[g].n : 0);
    unsigned counted = 0, wanted = 1;
    for (unsigned g = 0; g < n; g++)
        counted += user[g].n - 1;
    for (const char *at = events; *at; at++)
        wanted += *at == ',';
    assert_int_equal(counted, wanted);
    for (unsigned g = 0; g + 1 < n; g++) {
        struct hv_group grown = user[g];
        grown.event[grown.n < HV_GROUP_EVENTS ? grown.n : 0] = user[g + 1].event[1];
        grown.n++;
        assert_false(hv_group_fits(&grown, &budget));
    }
}

static void groups_are_as_large_as_fits(void **state)
{
    (void)state;
    for (size_t i = 0; i < HV_LEN(machines); i++) {
        const struct hv_cpu_id id = play(&machines[i]);
        expect_sizes(&machines[i], &id, MEMORY, machines[i].memory);
        expect_sizes(&machines[i], &id, ANY, machines[i].any);
        expect_sizes(&machines[i], &id, MEMORY "," ANY, machines[i].both);
    }
}

/* The answer depends on the numbers alone. */
static void a_group_fits_or_not(void **state)
{
    (void)state;
    static const struct hv_event cycles = {.type = PERF_TYPE_HARDWARE},
                                 instructions = {.type = PERF_TYPE_HARDWARE,
                                                 .config = 1},
                                 miss = {.type = PERF_TYPE_RAW, .config = 0x08d1},
                                 mispredict = {.type = PERF_TYPE_RAW, .config = 0xc5},
                                 fault = {.type = PERF_TYPE_SOFTWARE, .config = 2};
    const struct {
        struct hv_counter_budget budget;
        struct hv_group group;
        bool fits;
    } cases[] = {
        {{1, 1, false, false, false, true}, {"", {cycles}, 1},                     true },
        {{1, 1, false, false, true, true},  {"", {cycles}, 1},                     false},
        {{1, 1, true, false, true, true},   {"", {cycles}, 1},                     true },
        {{1, 1, true, true, false, true},   {"", {cycles, instructions, miss}, 3}, true },
        {{1, 1, true, true, false, true},   {"", {cycles, cycles, miss}, 3},       false},
        {{1, 1, true, false, false, true},
         {"", {cycles, instructions, miss}, 3},
         false                                                                          },
        {{4, 1, true, true, false, true},   {"", {cycles, miss, mispredict}, 3},   true },
        {{4, 1, true, true, false, true},   {"", {cycles, miss, miss}, 3},         false},
        {{4, 1, true, true, true, true},    {"", {cycles, miss}, 2},               false},
        {{1, 1, false, false, false, true}, {"", {cycles, fault, fault}, 3},       true },
        {{9, 9, true, true, false, true},   {"", {cycles}, HV_GROUP_EVENTS + 1},   false},
    };
    for (size_t i = 0; i < HV_LEN(cases); i++)
        if (hv_group_fits(&cases[i].group, &cases[i].budget) != cases[i].fits)
            fail_msg("case %zu", i);
}

/* told NULL: it is found. */
static const struct {
    const char *machine, *name, *told, *pmu;
    uint32_t type;
    uint64_t config;
} hybrid[] = {
    {"Alder Lake, P core",    "cycles",                  NULL,          "cpu_core",         0,  UINT64_C(4) << 32 },
    {"Alder Lake, P core",    "l1d_misses",              NULL,          "cpu_core",         4,  0x08d1            },
    {"Alder Lake, P core",    "l1d_pending_hits",        NULL,          "cpu_core",         4,  0x40d1            },
    {"Alder Lake, P core",    "store_forward_blocks",    NULL,          "cpu_core",         4,  0x8203            },
    {"Alder Lake, P core",    "r1d1",                    NULL,          "cpu_core",         4,  0x01d1            },
    {"Alder Lake, P core",    "cpu_core/config=0x3c/",   NULL,          "cpu_core",         4,  0x3c              },
    {"Alder Lake, P core",    "cpu_atom/config=0x3c/",   "by cpu_core", NULL,               0,  0                 },
    {"Alder Lake, P core",    "page-faults",             NULL,          "software",         1,  2                 },
    {"Alder Lake, E core",    "cycles",                  NULL,          "cpu_atom",         0,  UINT64_C(10) << 32},
    {"Alder Lake, E core",    "l1d_misses",              NULL,          "cpu_atom",         10, 0x08d1            },
    {"Alder Lake, E core",    "loads",                   NULL,          "cpu_atom",         10, 0x81d0            },
    {"Alder Lake, E core",    "dtlb_walks",              NULL,          "cpu_atom",         10, 0x0e08            },
    {"Alder Lake, E core",    "l1d_pending_hits",        "Gracemont",   NULL,               0,  0                 },
    {"Alder Lake, E core",    "store_forward_blocks",    "Gracemont",   NULL,               0,  0                 },
    {"Alder Lake, E core",    "LD_BLOCKS:ADDRESS_ALIAS", NULL,          "cpu_atom",         10, 0x0403            },
    {"Alder Lake, E core",    "cpu_core/config=0x3c/",   "by cpu_atom", NULL,               0,  0                 },
    {"Cortex-A53 beside A72", "loads",                   NULL,          "armv8_cortex_a53", 8,  0x06              },
    {"Cortex-A53 beside A72", "cycles",                  NULL,          "armv8_cortex_a53", 0,  UINT64_C(8) << 32 },
    {"Cortex-A53 beside A72", "r8",                      NULL,          "armv8_cortex_a53", 8,  0x08              },
    {"Cortex-A72 beside A53", "loads",                   NULL,          "armv8_cortex_a72", 9,  0x70              },
    {"Cortex-A72 beside A53", "l1d_misses",              NULL,          "armv8_cortex_a72", 9,  0x03              },
    {"Cortex-A72 beside A53", "dtlb_walks",              "A57 or A72",  NULL,               0,  0                 },
};

static void each_kind_of_core_has_its_pmu_and_its_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < HV_LEN(hybrid); i++) {
        const struct hv_cpu_id id = play(machine_named(hybrid[i].machine));
        struct hv_event event;
        struct hv_error error = {""};
        const int rc = hv_event_find_in(tree.root, hybrid[i].name, &id, &event, &error);
        if (rc != (hybrid[i].told ? -EINVAL : 0))
            fail_msg("%s: %s: rc %d %s", hybrid[i].machine, hybrid[i].name, rc,
                     error.text);
        if (hybrid[i].told && !strstr(error.text, hybrid[i].told))
            fail_msg("'%s' lacks '%s'", error.text, hybrid[i].told);
        if (hybrid[i].told)
            continue;
        assert_string_equal(event.pmu, hybrid[i].pmu);
        if (event.type != hybrid[i].type || event.config != hybrid[i].config)
            fail_msg("%s: %s: type %u, config 0x%llx", hybrid[i].machine,
                     hybrid[i].name, event.type, (unsigned long long)event.config);
    }
}

static void an_e_core_counts_no_companion_of_its_misses(void **state)
{
    (void)state;
    static const struct {
        const char *machine;
        unsigned n;
    } rows[] = {
        {"Alder Lake, P core", 3},
        {"Alder Lake, E core", 2},
    };
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        const struct hv_cpu_id id = play(machine_named(rows[i].machine));
        struct hv_group groups[HV_GROUPS];
        const struct hv_group *user;
        assert_int_equal(plan(&id, NULL, groups, &user), 0);
        assert_string_equal(groups[1].name, "l1d");
        assert_int_equal(groups[1].n, rows[i].n);
    }
}

static int open_tree(void **state)
{
    (void)state;
    fixture_tree_open(&tree);
    return 0;
}

static int close_tree(void **state)
{
    (void)state;
    fixture_tree_close(&tree);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_are_as_large_as_fits),
        cmocka_unit_test(a_group_fits_or_not),
        cmocka_unit_test(each_kind_of_core_has_its_pmu_and_its_table),
        cmocka_unit_test(an_e_core_counts_no_companion_of_its_misses),
    };
    setenv("LIBPFM_ENCODE_INACTIVE", "1", 1);
    return cmocka_run_group_tests(tests, open_tree, close_tree);
}
