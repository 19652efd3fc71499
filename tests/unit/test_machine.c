/* SPDX-License-Identifier: MIT */
/* Facts and the doctor on recorded trees, on an empty one, and on this machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "counters/machine.h"
#include "src/base/error.h"
#include "tests/unit/fixture_tree.h"

#define CPU     "/sys/devices/system/cpu"
#define CACHE   CPU "/cpu0/cache"
#define DEVICES "/sys/bus/event_source/devices"

/* A desktop that was set up for anything but measuring. */
static const struct fixture_file desktop[] = {
    {"/proc/cpuinfo",                               "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\n"
                      "model\t\t: 94\nmodel name\t: Some Core i7\nstepping\t: 3\n"
                      "microcode\t: 0xf0\n\n"
                      "processor\t: 1\nvendor_id\t: Other\nmodel\t\t: 7\n\n"          },
    {"/proc/sys/kernel/osrelease",                  "6.1.0-test\n"                                         },
    {"/proc/sys/kernel/perf_event_paranoid",        "3\n"                                                  },
    {"/proc/sys/kernel/nmi_watchdog",               "1\n"                                                  },
    {"/proc/sys/kernel/randomize_va_space",         "0\n"                                                  },
    {"/proc/sys/kernel/yama/ptrace_scope",          "2\n"                                                  },
    {"/proc/self/status",                           "Name:\tx\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\n"},
    {"/proc/self/cgroup",                           "1:cpu:/v1\n0::/box\n"                                 },
    {"/proc/meminfo",                               "MemTotal:       1024 kB\n"                            },
    {"/sys/fs/cgroup/box/cpu.max",                  "150000 100000\n"                                      },
    {"/sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never\n"                             },
    {CPU "/smt/active",                             "1\n"                                                  },
    {CPU "/cpu0/cpufreq/scaling_governor",          "powersave\n"                                          },
    {CPU "/intel_pstate/no_turbo",                  "0\n"                                                  },
    {CPU "/isolated",                               "\n"                                                   },
    {CACHE "/index1/level",                         "1\n"                                                  },
    {CACHE "/index1/type",                          "Data\n"                                               },
    {CACHE "/index1/size",                          "32K\n"                                                },
    {CACHE "/index1/ways_of_associativity",         "8\n"                                                  },
    {CACHE "/index1/coherency_line_size",           "64\n"                                                 },
    {CACHE "/index0/level",                         "1\n"                                                  },
    {CACHE "/index0/type",                          "Instruction\n"                                        },
    {CACHE "/index0/size",                          "16K\n"                                                },
    {CACHE "/index2/level",                         "2\n"                                                  },
    {CACHE "/index2/type",                          "Unified\n"                                            },
    {CACHE "/index2/size",                          "256K\n"                                               },
    {DEVICES "/cpu/type",                           "4\n"                                                  },
    {DEVICES "/cpu/rdpmc",                          "1\n"                                                  },
};

/* The same machine, put right. */
static const struct fixture_file quiet[] = {
    {"/proc/sys/kernel/perf_event_paranoid",        "-1\n"                    },
    {"/proc/sys/kernel/nmi_watchdog",               "0\n"                     },
    {"/proc/sys/kernel/randomize_va_space",         "2\n"                     },
    {"/proc/sys/kernel/yama/ptrace_scope",          "1\n"                     },
    {"/sys/fs/cgroup/box/cpu.max",                  "max 100000\n"            },
    {"/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n"},
    {CPU "/smt/active",                             "0\n"                     },
    {CPU "/cpu0/cpufreq/scaling_governor",          "performance\n"           },
    {CPU "/intel_pstate/no_turbo",                  "1\n"                     },
};

static const struct {
    const char *name;
    enum hv_doctor_state before;
    const char *finding, *command;
} verdicts[] = {
    {"perf_event_paranoid", HV_DOCTOR_WARN, "level 3",   "perf_event_paranoid=2"},
    {"PMU",                 HV_DOCTOR_OK,   "cpu",       NULL                   },
    {"nmi_watchdog",        HV_DOCTOR_WARN, "1",         "nmi_watchdog=0"       },
    {"rdpmc",               HV_DOCTOR_OK,   "1",         NULL                   },
    {"governor",            HV_DOCTOR_WARN, "powersave", "scaling_governor"     },
    {"turbo",               HV_DOCTOR_WARN, "on",        "no_turbo"             },
    {"SMT",                 HV_DOCTOR_WARN, "on",        "smt/control"          },
    {"THP",                 HV_DOCTOR_WARN, "always",    "madvise"              },
    {"ASLR",                HV_DOCTOR_WARN, "0",         "randomize_va_space=2" },
    {"ptrace",              HV_DOCTOR_WARN, "2",         "ptrace_scope=1"       },
    {"cpu quota",           HV_DOCTOR_WARN, "1.50 CPUs", "limit"                },
};

static int setup(void **state)
{
    static struct fixture_tree tree;
    fixture_tree_open(&tree);
    *state = &tree;
    return 0;
}

static int teardown(void **state)
{
    fixture_tree_close(*state);
    return 0;
}

static const struct hv_doctor_row *row_named(const struct hv_doctor_row *rows, size_t n,
                                             const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(rows[i].name, name))
            return &rows[i];
    fail_msg("no row %s", name);
    return NULL;
}

static void the_doctor_finds_what_disturbs(void **state)
{
    struct fixture_tree *tree = *state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_doctor_row *rows;
    fixture_tree_write_all(tree, desktop, HV_LEN(desktop));
    size_t n = hv_doctor_checks_in(tree->root, arena, &rows);
    for (size_t i = 0; i < HV_LEN(verdicts); i++) {
        const struct hv_doctor_row *row = row_named(rows, n, verdicts[i].name);
        if (row->state != verdicts[i].before)
            fail_msg("%s: %s, %s", row->name, hv_doctor_state_name(row->state),
                     row->finding);
        assert_string_equal(row->finding, verdicts[i].finding);
        if (verdicts[i].command)
            assert_non_null(strstr(row->command, verdicts[i].command));
        else
            assert_null(row->command);
    }
    fixture_tree_write_all(tree, quiet, HV_LEN(quiet));
    n = hv_doctor_checks_in(tree->root, arena, &rows);
    for (size_t i = 0; i < HV_LEN(verdicts); i++) {
        const struct hv_doctor_row *row = row_named(rows, n, verdicts[i].name);
        assert_int_equal(row->state, HV_DOCTOR_OK);
        assert_null(row->command);
    }
    hv_arena_close(arena);
}

/* A guest is shown threads as cores: its "no SMT" is no all-clear. */
static void a_guest_is_told_that_it_cannot_see(void **state)
{
    struct fixture_tree *tree = *state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_doctor_row *rows;
    fixture_tree_write(tree, "/proc/cpuinfo", desktop[0].text);
    fixture_tree_write(tree, "/sys/hypervisor/type", "xen\n");
    fixture_tree_write(tree, CPU "/smt/active", "0\n");
    const size_t n = hv_doctor_checks_in(tree->root, arena, &rows);
    assert_int_equal(row_named(rows, n, "SMT")->state, HV_DOCTOR_WARN);
    const struct hv_doctor_row *pmu = row_named(rows, n, "PMU");
    assert_int_equal(pmu->state, HV_DOCTOR_ABSENT);
    assert_string_equal(pmu->finding, "none in this xen guest");
    assert_non_null(strstr(pmu->command, "at the host"));
    hv_arena_close(arena);
}

/* AArch64 has no file of the PMU for it, but a switch for all. */
static void user_access_is_aarch64s_rdpmc(void **state)
{
    struct fixture_tree *tree = *state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_doctor_row *rows;
    fixture_tree_write(tree, "/proc/cpuinfo", desktop[0].text);
    fixture_tree_write(tree, DEVICES "/armv8_pmuv3/type", "8\n");
    fixture_tree_write(tree, DEVICES "/armv8_pmuv3/cpus", "0-1\n");
    fixture_tree_write(tree, "/proc/sys/kernel/perf_user_access", "0\n");
    size_t n = hv_doctor_checks_in(tree->root, arena, &rows);
    assert_int_equal(row_named(rows, n, "rdpmc")->state, HV_DOCTOR_WARN);
    assert_string_equal(row_named(rows, n, "rdpmc")->command,
                        "sudo sysctl kernel.perf_user_access=1");
    fixture_tree_write(tree, "/proc/sys/kernel/perf_user_access", "1\n");
    n = hv_doctor_checks_in(tree->root, arena, &rows);
    assert_int_equal(row_named(rows, n, "rdpmc")->state, HV_DOCTOR_OK);
    hv_arena_close(arena);
}

static void every_row_says_something(void **state)
{
    struct fixture_tree *tree = *state; /* empty: nothing can be read */
    const char *roots[] = {tree->root, ""};
    for (size_t r = 0; r < HV_LEN(roots); r++) {
        struct hv_arena *arena = hv_arena_open();
        struct hv_doctor_row *rows;
        const size_t n = hv_doctor_checks_in(roots[r], arena, &rows);
        assert_true(n >= 15);
        for (size_t i = 0; i < n; i++) {
            assert_true(rows[i].name[0] && rows[i].finding && rows[i].finding[0]);
            assert_true(rows[i].why && rows[i].why[0]);
            if (rows[i].state == HV_DOCTOR_OK)
                assert_null(rows[i].command);
        }
        hv_arena_close(arena);
    }
    assert_string_equal(hv_doctor_state_name(HV_DOCTOR_OK), "ok");
    assert_string_equal(hv_doctor_state_name(HV_DOCTOR_WARN), "warn");
    assert_string_equal(hv_doctor_state_name(HV_DOCTOR_ABSENT), "absent");
}

static const char *fact_named(const struct hv_fact *facts, size_t n, const char *key)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(facts[i].key, key))
            return facts[i].value;
    fail_msg("no fact %s", key);
    return NULL;
}

static const struct {
    const char *key, *value; /* NULL: unknown there */
} facts_of_desktop[] = {
    {"cpu",                 "Some Core i7"                 },
    {"cpu_vendor",          "GenuineIntel"                 },
    {"cpu_family",          "6"                            },
    {"cpu_model",           "94"                           },
    {"cpu_stepping",        "3"                            },
    {"microcode",           "0xf0"                         },
    {"hypervisor",          "none was seen"                },
    {"kernel",              "6.1.0-test"                   },
    {"memory",              "1024 kB"                      },
    {"l1d_cache",           "32 KiB, 8 ways, 64-byte lines"},
    {"l2_cache",            "256 KiB"                      },
    {"l3_cache",            NULL                           },
    {"cpus_allowed",        "0-1"                          },
    {"cpus_isolated",       "none"                         },
    {"cpu_quota",           "1.50 CPUs"                    },
    {"smt",                 "on"                           },
    {"governor",            "powersave"                    },
    {"turbo",               "on"                           },
    {"clocksource",         NULL                           },
    {"thp",                 "always"                       },
    {"aslr",                "off"                          },
    {"perf_event_paranoid", "3"                            },
    {"nmi_watchdog",        "1"                            },
    {"pmu",                 "cpu"                          },
    {"rdpmc",               "1"                            },
};

static void facts_are_read(void **state)
{
    struct fixture_tree *tree = *state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_fact *facts;
    fixture_tree_write_all(tree, desktop, HV_LEN(desktop));
    const size_t n = hv_machine_facts_in(tree->root, arena, &facts);
    for (size_t i = 0; i < HV_LEN(facts_of_desktop); i++) {
        const char *value = fact_named(facts, n, facts_of_desktop[i].key);
        if (!facts_of_desktop[i].value)
            assert_null(value);
        else if (!value || strcmp(value, facts_of_desktop[i].value))
            fail_msg("%s is %s", facts_of_desktop[i].key, value ? value : "unknown");
    }
    hv_arena_close(arena);
}

static void what_is_unknown_says_why(void **state)
{
    struct fixture_tree *tree = *state;
    const char *roots[] = {tree->root, ""};
    for (size_t r = 0; r < HV_LEN(roots); r++) {
        struct hv_arena *arena = hv_arena_open();
        struct hv_fact *facts;
        const size_t n = hv_machine_facts_in(roots[r], arena, &facts);
        for (size_t i = 0; i < n; i++) {
            /* a value or a reason, never both and never an empty one */
            assert_true(!facts[i].value != !facts[i].why);
            assert_true(*(facts[i].value ? facts[i].value : facts[i].why));
            for (size_t j = 0; j < i; j++)
                assert_string_not_equal(facts[i].key, facts[j].key);
        }
        hv_arena_close(arena);
    }
}

static void damaged_files_are_unknown(void **state)
{
    struct fixture_tree *tree = *state;
    static const struct fixture_file damaged[] = {
        {"/proc/sys/kernel/randomize_va_space",         "9\n"                     },
        {"/sys/kernel/mm/transparent_hugepage/enabled", "always madvise never\n"  },
        {"/proc/self/cgroup",                           "0::/\n"                  },
        {"/sys/fs/cgroup/cpu.max",                      "100 0\n"                 },
        {CPU "/smt/active",                             "what\n"                  },
        {CPU "/cpufreq/boost",                          ""                        },
        {"/proc/cpuinfo",                               "nonsense\n:\nprocessor\n"},
    };
    static const char *const keys[] = {"aslr",  "thp", "cpu_quota", "smt",
                                       "turbo", "cpu", "cpu_family"};
    struct hv_arena *arena = hv_arena_open();
    struct hv_fact *facts;
    fixture_tree_write_all(tree, damaged, HV_LEN(damaged));
    const size_t n = hv_machine_facts_in(tree->root, arena, &facts);
    for (size_t i = 0; i < HV_LEN(keys); i++)
        if (fact_named(facts, n, keys[i]))
            fail_msg("%s is %s", keys[i], fact_named(facts, n, keys[i]));
    hv_arena_close(arena);
}

#define WITH_TREE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_TREE(the_doctor_finds_what_disturbs),
        WITH_TREE(a_guest_is_told_that_it_cannot_see),
        WITH_TREE(user_access_is_aarch64s_rdpmc),
        WITH_TREE(every_row_says_something),
        WITH_TREE(facts_are_read),
        WITH_TREE(what_is_unknown_says_why),
        WITH_TREE(damaged_files_are_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
