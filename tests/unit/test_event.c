/* SPDX-License-Identifier: MIT */
/* Spellings of events: what each encodes to, and what a wrong one is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/perf_event.h>

#include "counters/event.h"
#include "counters/names.h"
#include "counters/perf.h"
#include "counters/pmu.h"
#include "tests/unit/fixture_tree.h"

#define CACHE(cache, op, result)                                                       \
    PERF_COUNT_HW_CACHE_##cache | PERF_COUNT_HW_CACHE_OP_##op << 8 |                   \
        PERF_COUNT_HW_CACHE_RESULT_##result << 16

enum {
    HARD = PERF_TYPE_HARDWARE,
    SOFT = PERF_TYPE_SOFTWARE,
    TABLE = PERF_TYPE_HW_CACHE,
    L1D_READ_MISS = CACHE(L1D, READ, MISS),
    LL_WRITE_MISS = CACHE(LL, WRITE, MISS),
    DTLB_READ = CACHE(DTLB, READ, ACCESS),
    NODE_PREFETCH = CACHE(NODE, PREFETCH, ACCESS),
};

/* figure NULL: as it was spelled. (Rows of one line: clang-format 14 crashes else.) */
static const struct {
    const char *spelling, *figure;
    uint32_t type;
    uint64_t config;
    bool kernel;
} known[] = {
    {"cycles",                NULL,     HARD,  0,             false},
    {"cpu-cycles",            "cycles", HARD,  0,             false},
    {"cycles:u",              "cycles", HARD,  0,             false},
    {"cycles:uk",             NULL,     HARD,  0,             true },
    {"instructions:ku",       NULL,     HARD,  1,             true },
    {"instructions",          NULL,     HARD,  1,             false},
    {"cache-misses",          NULL,     HARD,  3,             false},
    {"page-faults",           NULL,     SOFT,  2,             false},
    {"faults",                NULL,     SOFT,  2,             false},
    {"task-clock",            NULL,     SOFT,  1,             false},
    {"context-switches",      NULL,     SOFT,  3,             false},
    {"major-faults:u",        NULL,     SOFT,  6,             false},
    {"L1-dcache-load-misses", NULL,     TABLE, L1D_READ_MISS, false},
    {"LLC-store-misses",      NULL,     TABLE, LL_WRITE_MISS, false},
    {"dTLB-loads",            NULL,     TABLE, DTLB_READ,     false},
    {"node-prefetches",       NULL,     TABLE, NODE_PREFETCH, false},
};

static void names_encode(void **state)
{
    (void)state;
    for (size_t i = 0; i < HV_LEN(known); i++) {
        struct hv_event event;
        struct hv_error error = {""};
        if (hv_event_find(known[i].spelling, 0, &event, &error))
            fail_msg("%s: %s", known[i].spelling, error.text);
        assert_string_equal(event.figure,
                            known[i].figure ? known[i].figure : known[i].spelling);
        assert_int_equal(event.type, known[i].type);
        /* several core PMUs put their type into the upper half */
        assert_int_equal(event.config & UINT32_MAX, known[i].config);
        assert_int_equal(event.include_kernel, known[i].kernel);
        assert_true(hv_event_allowed(&event));
    }
}

static void raw_codes_keep_every_bit(void **state)
{
    (void)state;
    struct hv_event event;
    assert_int_equal(hv_names_raw("r76", &event), 0);
    assert_int_equal(event.type, PERF_TYPE_RAW);
    assert_int_equal(event.config, 0x76);
    assert_int_equal(hv_names_raw("rffFFffff00000001", &event), 0);
    assert_true(event.config == UINT64_C(0xffffffff00000001));
    assert_int_equal(hv_names_raw("r1ffffffff00000001", &event), -ENOENT);
    assert_int_equal(hv_names_raw("r", &event), -ENOENT);
    assert_int_equal(hv_names_raw("r0x76", &event), -ENOENT);
    assert_int_equal(hv_names_raw("r7g", &event), -ENOENT);
    assert_int_equal(hv_names_raw("r-1", &event), -ENOENT);
}

static const struct {
    const char *spelling, *told;
} wrong[] = {
    {"",                              "1 to 95 letters"      },
    {"instrucions",                   "instructions"         },
    {"page-fault",                    "page-faults"          },
    {"L1-dcache-load-miss",           "L1-dcache-load-misses"},
    {"CACHE-MISES",                   "cache-misses"         },
    {"cycles:k",                      ":uk"                  },
    {"cycles:",                       "cycles"               },
    {"wholly-unlike-anything-at-all", "libpfm4 name"         },
    {"nopmu/event=1/",                "no PMU 'nopmu'"       },
    {"../x/type=1/",                  "no PMU"               },
    {"cpu/event=1",                   "pmu/term=value"       },
    {"/",                             "pmu/term=value"       },
};

static void wrong_names_are_told_what_to_do(void **state)
{
    (void)state;
    for (size_t i = 0; i < HV_LEN(wrong); i++) {
        struct hv_event event;
        struct hv_error error = {""};
        assert_int_equal(hv_event_find(wrong[i].spelling, 0, &event, &error), -EINVAL);
        if (!strstr(error.text, wrong[i].told))
            fail_msg("'%s' lacks '%s': %s", wrong[i].spelling, wrong[i].told,
                     error.text);
    }
    struct hv_event event;
    assert_int_equal(hv_event_find("no-such", -1, &event, NULL), -EINVAL);

    char longest[97] = "";
    memset(longest, 'a', sizeof longest - 1);
    struct hv_error error = {""};
    assert_int_equal(hv_event_find(longest, 0, &event, &error), -EINVAL);
    assert_non_null(strstr(error.text, "1 to 95 letters"));
}

static void only_counting_events_come_through(void **state)
{
    (void)state;
    /* libpfm4 or sysfs can name these; hvperf counts none of them */
    static const char *const names[] = {
        "msr/tsc/",
        "breakpoint/config=0/",
        "software/config=10/",
        "syscalls:sys_enter_read",
        "perf::PERF_COUNT_SW_BPF_OUTPUT",
        "perf::PERF_COUNT_SW_DUMMY",
    };
    for (size_t i = 0; i < HV_LEN(names); i++) {
        struct hv_event event;
        assert_int_equal(hv_event_find(names[i], 0, &event, NULL), -EINVAL);
    }
}

#define DEVICES "/sys/bus/event_source/devices"

static const struct fixture_file hybrid[] = {
    {DEVICES "/cpu_core/type",          "4\n"                                   },
    {DEVICES "/cpu_core/cpus",          "0-7\n"                                 },
    {DEVICES "/cpu_core/format/event",  "config:0-7,32-35\n"                    },
    {DEVICES "/cpu_core/format/umask",  "config:8-15\n"                         },
    {DEVICES "/cpu_core/format/edge",   "config:18\n"                           },
    {DEVICES "/cpu_core/format/ldlat",  "config1:0-15\n"                        },
    {DEVICES "/cpu_core/format/broken", "config9:0-99\n"                        },
    {DEVICES "/cpu_core/events/stalls", "event=0xa3,umask=0x14,period=2000003\n"},
    {DEVICES "/cpu_atom/type",          "10\n"                                  },
    {DEVICES "/cpu_atom/cpus",          "8,10-11\n"                             },
    {DEVICES "/uncore_imc/type",        "20\n"                                  },
    {DEVICES "/uncore_imc/cpumask",     "0\n"                                   },
    {DEVICES "/tracepoint/type",        "2\n"                                   },
};

static void core_pmus_are_told_apart(void **state)
{
    (void)state;
    struct fixture_tree tree;
    struct hv_pmu pmu;
    fixture_tree_open(&tree);
    assert_int_equal(hv_pmu_core(tree.root, 0, &pmu), -ENOENT);
    fixture_tree_write_all(&tree, hybrid, HV_LEN(hybrid));
    assert_int_equal(hv_pmu_core(tree.root, 7, &pmu), 0);
    assert_string_equal(pmu.name, "cpu_core");
    assert_true(pmu.hybrid);
    assert_int_equal(hv_pmu_core(tree.root, 10, &pmu), 0);
    assert_string_equal(pmu.name, "cpu_atom");
    assert_int_equal(hv_pmu_core(tree.root, 9, &pmu), -ENOENT);
    assert_true(hv_pmu_type_is_core(tree.root, 10));
    assert_false(hv_pmu_type_is_core(tree.root, 20));
    assert_false(hv_pmu_type_is_core(tree.root, 2));
    assert_int_equal(hv_pmu_named(tree.root, "../devices/cpu_core", &pmu), -EINVAL);
    assert_int_equal(hv_pmu_named(tree.root, "cpu_core/../cpu_core", &pmu), -EINVAL);

    struct hv_event event = {.type = PERF_TYPE_RAW, .config = 0x3c};
    assert_int_equal(hv_pmu_core(tree.root, 8, &pmu), 0);
    hv_names_pin(&pmu, &event);
    assert_int_equal(event.type, 10);
    assert_string_equal(event.pmu, "cpu_atom");
    event = (struct hv_event){.type = PERF_TYPE_HARDWARE, .config = 1};
    hv_names_pin(&pmu, &event);
    assert_true(event.config == (UINT64_C(10) << 32 | 1));
    fixture_tree_close(&tree);
}

static void one_core_pmu_is_not_hybrid(void **state)
{
    (void)state;
    struct fixture_tree tree;
    struct hv_pmu pmu;
    fixture_tree_open(&tree);
    fixture_tree_write(&tree, DEVICES "/armv8_pmuv3/type", "8\n");
    fixture_tree_write(&tree, DEVICES "/armv8_pmuv3/cpus", "0-3\n");
    assert_int_equal(hv_pmu_core(tree.root, 3, &pmu), 0);
    struct hv_event event = {.type = PERF_TYPE_RAW, .config = 3};
    hv_names_pin(&pmu, &event);
    assert_int_equal(event.type, PERF_TYPE_RAW);
    fixture_tree_close(&tree);
}

static const struct {
    const char *spelling;
    int rc;
    uint64_t config, config1;
} sysfs[] = {
    {"cpu_core/event=0x3c/",                    0,       0x3c,                  0 },
    {"cpu_core/event=0xd1,umask=8/",            0,       0x08d1,                0 },
    {"cpu_core/event=0xfcd,umask=1/",           0,       UINT64_C(0xf000001cd), 0 },
    {"cpu_core/event=0xd1,edge/",               0,       0x400d1,               0 },
    {"cpu_core/stalls/",                        0,       0x14a3,                0 },
    {"cpu_core/event=1,ldlat=30/",              0,       1,                     30},
    {"cpu_core/config=0x1234,edge=0/",          0,       0x1234,                0 },
    {"cpu_core/umask=0x100/",                   -EINVAL, 0,                     0 },
    {"cpu_core/event=0x1fff/",                  -EINVAL, 0,                     0 },
    {"cpu_core/nothing=1/",                     -EINVAL, 0,                     0 },
    {"cpu_core/broken=1/",                      -EINVAL, 0,                     0 },
    {"cpu_core/event=x/",                       -EINVAL, 0,                     0 },
    {"cpu_core/event=/",                        -EINVAL, 0,                     0 },
    {"cpu_core/../events/stalls=1/",            -EINVAL, 0,                     0 },
    {"cpu_core/../../cpu_core/format/event=1/", -EINVAL, 0,                     0 },
    {"cpu_core//",                              -EINVAL, 0,                     0 },
    {"cpu_core/,/",                             -EINVAL, 0,                     0 },
    {"cycles",                                  -ENOENT, 0,                     0 },
};

static void sysfs_forms_fill_the_bit_fields(void **state)
{
    (void)state;
    struct fixture_tree tree;
    fixture_tree_open(&tree);
    fixture_tree_write_all(&tree, hybrid, HV_LEN(hybrid));
    for (size_t i = 0; i < HV_LEN(sysfs); i++) {
        struct hv_event event = {.config = 0};
        struct hv_error error = {""};
        const int rc = hv_names_sysfs(tree.root, sysfs[i].spelling, &event, &error);
        if (rc != sysfs[i].rc)
            fail_msg("%s: %d %s", sysfs[i].spelling, rc, error.text);
        if (rc == -EINVAL)
            assert_true(error.text[0]);
        if (rc)
            continue;
        assert_int_equal(event.type, 4);
        if (event.config != sysfs[i].config || event.config1 != sysfs[i].config1)
            fail_msg("%s: config 0x%llx, config1 0x%llx", sysfs[i].spelling,
                     (unsigned long long)event.config,
                     (unsigned long long)event.config1);
    }
    fixture_tree_close(&tree);
}

static void count_name(const char *name, bool software, void *user)
{
    unsigned *counts = user;
    struct hv_event event;
    assert_int_equal(hv_event_find(name, 0, &event, NULL), 0);
    assert_int_equal(event.type == PERF_TYPE_SOFTWARE, software);
    counts[software]++;
}

static void every_listed_name_can_be_found(void **state)
{
    (void)state;
    unsigned counts[2] = {0, 0};
    hv_event_names(count_name, counts);
    assert_int_equal(counts[0], 10 + 7 * 6); /* generic hardware, caches x operations */
    assert_int_equal(counts[1], 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_encode),
        cmocka_unit_test(raw_codes_keep_every_bit),
        cmocka_unit_test(wrong_names_are_told_what_to_do),
        cmocka_unit_test(only_counting_events_come_through),
        cmocka_unit_test(core_pmus_are_told_apart),
        cmocka_unit_test(one_core_pmu_is_not_hybrid),
        cmocka_unit_test(sysfs_forms_fill_the_bit_fields),
        cmocka_unit_test(every_listed_name_can_be_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
