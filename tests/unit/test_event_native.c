/* SPDX-License-Identifier: MIT */
/* The tables of native events: against libpfm4, and against the controls. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/perf_event.h>
#include <perfmon/pfmlib.h>
#include <stdio.h>

#include "counters/control.h"
#include "counters/names.h"
#include "counters/native.h"

/* What libpfm4 4.13 knows, an architecture a build: how many cells are compared. */
static const struct known {
    const char *pfm;
    unsigned cells;
} known[] = {
#if defined(__x86_64__)
    {"hsw",               18},
    {"hsw_ep",            9 },
    {"bdw",               18},
    {"bdw_ep",            18},
    {"skl",               45},
    {"skx",               9 },
    {"icl",               27},
    {"icx",               18},
    {"spr",               9 },
    {"amd64_fam17h_zen1", 6 },
    {"amd64_fam17h_zen2", 7 },
    {"amd64_fam19h_zen3", 14},
    {"amd64_fam19h_zen4", 14},
#elif defined(__aarch64__)
    {"arm_n1", 5}, {"arm_v1", 5},   {"arm_n2", 6},
    {"arm_v2", 6}, {"arm_ac53", 4}, {"arm_ac57", 4},
#else
    {"none", 0},
#endif
};

/* PFM_PMU_MAX is of the header: a newer library knows more. */
static bool pfm_knows(const char *name)
{
    enum { FAR = 2000 };
    assert_int_equal(pfm_initialize(), PFM_SUCCESS);
    for (int pmu = 0; pmu < FAR; pmu++) {
        pfm_pmu_info_t info = {.size = sizeof info};
        if (pfm_get_pmu_info((pfm_pmu_t)pmu, &info) == PFM_SUCCESS &&
            !strcmp(info.name, name))
            return true;
    }
    return false;
}

/* All cells of a row that have an event; the number compared. all: each must be known.
 */
static unsigned compare(const struct hv_native_cpus *row, bool all)
{
    unsigned compared = 0;
    for (unsigned i = 0; i < HV_NEEDS; i++) {
        const struct hv_native_cell *cell = &row->table->cell[i];
        char spelling[160];
        struct hv_event event;
        if (!cell->event)
            continue;
        snprintf(spelling, sizeof spelling, "%s::%s", row->pfm, cell->event);
        const int rc = hv_names_pfm(spelling, &event, NULL);
        if (rc && !all)
            continue;
        if (rc || event.config != cell->config)
            fail_msg("%s: rc %d, config 0x%llx, table 0x%llx", spelling, rc,
                     (unsigned long long)event.config,
                     (unsigned long long)cell->config);
        compared++;
    }
    return compared;
}

/* Without a PMU of that kind here: libpfm4 is asked to encode for absent CPUs too (see
 * main). It knows only the CPUs of the architecture it was built for. */
static void raw_codes_are_those_of_libpfm4(void **state)
{
    (void)state;
    size_t n;
    const struct hv_native_cpus *rows = hv_native_cpus(&n);
    for (size_t k = 0; k < HV_LEN(known); k++) {
        unsigned compared = 0;
        for (size_t i = 0; i < n; i++)
            if (rows[i].pfm && !strcmp(rows[i].pfm, known[k].pfm))
                compared += compare(&rows[i], true);
        if (compared != known[k].cells)
            fail_msg("%s: %u cells were compared", known[k].pfm, compared);
    }
}

static bool is_known(const char *pfm)
{
    for (size_t k = 0; k < HV_LEN(known); k++)
        if (!strcmp(known[k].pfm, pfm))
            return true;
    return false;
}

/* A later libpfm4 checks the rows that 4.13 cannot; 4.13 has nothing to compare. Its
 * lists may be older than the file a row is from: a name it lacks is no mistake. */
static void so_are_those_of_a_newer_libpfm4(void **state)
{
    (void)state;
    size_t n;
    const struct hv_native_cpus *rows = hv_native_cpus(&n);
    for (size_t i = 0; i < n; i++)
        if (rows[i].pfm && !is_known(rows[i].pfm) && pfm_knows(rows[i].pfm))
            assert_in_range(compare(&rows[i], false), 4, HV_NEEDS);
}

static bool overlap(const struct hv_native_cpus *a, const struct hv_native_cpus *b)
{
    return !strcmp(a->vendor, b->vendor) && a->family == b->family &&
           a->first_model <= b->last_model && b->first_model <= a->last_model &&
           (!a->pmu || !b->pmu || !strcmp(a->pmu, b->pmu));
}

static void no_cpu_has_two_rows(void **state)
{
    (void)state;
    size_t n;
    const struct hv_native_cpus *rows = hv_native_cpus(&n);
    assert_true(n > 60);
    for (size_t i = 0; i < n; i++) {
        assert_true(rows[i].first_model <= rows[i].last_model);
        for (size_t j = i + 1; j < n; j++)
            if (overlap(&rows[i], &rows[j]))
                fail_msg("%s 0x%x: model 0x%x has two rows", rows[i].vendor,
                         rows[i].family, rows[j].first_model);
    }
}

static void every_cell_has_an_event_or_a_reason(void **state)
{
    (void)state;
    size_t n;
    const struct hv_native_cpus *rows = hv_native_cpus(&n);
    for (size_t i = 0; i < n; i++) {
        const struct hv_native_table *table = rows[i].table;
        assert_true(table->name[0] && table->source[0]);
        assert_non_null(table->cell[HV_NEED_L1D_MISSES].event);
        for (unsigned need = 0; need < HV_NEEDS; need++) {
            const struct hv_native_cell *cell = &table->cell[need];
            if (!cell->event && (!cell->note || !cell->note[0] || cell->config))
                fail_msg("%s: %s is not told of", table->name,
                         hv_native_need((enum hv_need)need)->name);
            if (cell->event)
                assert_in_range(strlen(cell->event), 1,
                                sizeof((struct hv_event *)0)->name - 1);
        }
    }
}

static const enum hv_control_id controls[HV_NEEDS] = {
    [HV_NEED_L1D_MISSES] = HV_CONTROL_REFILL,
    [HV_NEED_L1D_PENDING_HITS] = HV_CONTROL_REFILL,
    [HV_NEED_LOADS] = HV_CONTROL_LOADS,
    [HV_NEED_STORES] = HV_CONTROL_STORES,
    [HV_NEED_SPLIT_LOADS] = HV_CONTROL_SPLITS,
    [HV_NEED_STORE_FORWARD_BLOCKS] = HV_CONTROL_NARROW,
    [HV_NEED_ALIASES_4K] = HV_CONTROL_ALIASES,
    [HV_NEED_DTLB_WALKS] = HV_CONTROL_PAGES,
    [HV_NEED_BRANCH_MISPREDICTS] = HV_CONTROL_RANDOM,
};

/* By the vendor's name, and for those who spell it raw by the code: none is without. */
static void every_event_has_its_control(void **state)
{
    (void)state;
    size_t n;
    const struct hv_native_cpus *rows = hv_native_cpus(&n);
    for (size_t i = 0; i < n; i++)
        for (unsigned need = 0; need < HV_NEEDS; need++) {
            const struct hv_native_cell *cell = &rows[i].table->cell[need];
            const char *vendor = strcmp(rows[i].vendor, "HygonGenuine")
                                     ? rows[i].vendor
                                     : "AuthenticAMD"; /* the codes are AMD's */
            struct hv_event named = {.type = PERF_TYPE_RAW, .config = cell->config};
            struct hv_event raw = named;
            if (!cell->event)
                continue;
            snprintf(named.figure, sizeof named.figure, "%s",
                     hv_native_need((enum hv_need)need)->name);
            snprintf(named.name, sizeof named.name, "%s", cell->event);
            snprintf(raw.figure, sizeof raw.figure, "r%llx",
                     (unsigned long long)cell->config);
            const struct hv_event_kind *kind = hv_event_kind_of(&named, NULL);
            if (!kind || kind->control != controls[need])
                fail_msg("%s: no control, or the wrong one", cell->event);
            kind = hv_event_kind_of(&raw, vendor);
            if (!kind || kind->control != controls[need])
                fail_msg("%s: none by its code %s of %s", cell->event, raw.figure,
                         vendor);
        }
}

static struct hv_cpu_id cpu(const char *vendor, unsigned family, unsigned model)
{
    struct hv_cpu_id id = {.family = family, .model = model};
    snprintf(id.vendor, sizeof id.vendor, "%s", vendor);
    return id;
}

static const struct {
    const char *vendor;
    unsigned family, model;
    const char *event; /* NULL: generic */
    uint64_t config;
    unsigned n;
} cpus[] = {
    {"GenuineIntel", 6,    0x55,  "MEM_LOAD_RETIRED:L1_MISS",         0x08d1, 2},
    {"GenuineIntel", 6,    0xcf,  "MEM_LOAD_RETIRED:L1_MISS",         0x08d1, 2},
    {"GenuineIntel", 6,    0xad,  "MEM_LOAD_RETIRED:L1_MISS",         0x08d1, 2},
    {"GenuineIntel", 6,    0x3c,  "MEM_LOAD_UOPS_RETIRED:L1_MISS",    0x08d1, 2},
    {"GenuineIntel", 6,    0xbe,  "MEM_LOAD_UOPS_RETIRED:L1_MISS",    0x08d1, 1},
    {"GenuineIntel", 6,    0xaf,  "MEM_LOAD_UOPS_RETIRED:L1_MISS",    0x40d1, 1},
    {"AuthenticAMD", 0x17, 0x31,  "MAB_ALLOCATION_BY_PIPE:DATA_PIPE", 0x0141, 1},
    {"AuthenticAMD", 0x19, 0x01,  "MAB_ALLOCATION_BY_TYPE:LS",        0x3f41, 1},
    {"AuthenticAMD", 0x19, 0x11,  "MAB_ALLOCATION_BY_TYPE:LS",        0x3f41, 1},
    {"AuthenticAMD", 0x1a, 0x02,  "MAB_ALLOCATION_BY_TYPE:LS",        0x0741, 1},
    {"ARM",          0x41, 0xd0c, "L1D_CACHE_REFILL",                 0x0003, 1},
    {"AuthenticAMD", 0x1a, 0x50,  NULL,                               0,      1},
    {"GenuineIntel", 6,    0x97,  NULL,                               0,      1}, /* no cpu_core here */
    {"Nobody",       6,    0x55,  NULL,                               0,      1},
};

static void every_cpu_has_its_own_l1d_event(void **state)
{
    (void)state;
    for (size_t i = 0; i < HV_LEN(cpus); i++) {
        const struct hv_cpu_id id = cpu(cpus[i].vendor, cpus[i].family, cpus[i].model);
        struct hv_event event[4];
        assert_int_equal(hv_native_l1d("", &id, event, 4), cpus[i].n);
        assert_string_equal(event[0].figure, "l1d_misses");
        if (!cpus[i].event) {
            assert_int_equal(event[0].type, PERF_TYPE_HW_CACHE);
            assert_non_null(strstr(event[0].name, "generic"));
            continue;
        }
        assert_string_equal(event[0].name, cpus[i].event);
        assert_int_equal(event[0].config, cpus[i].config);
        if (cpus[i].n > 1) /* the second stands for itself */
            assert_string_equal(event[1].figure, event[1].name);
    }
}

/* told NULL: it is found, and config is its code. */
static const struct {
    const char *vendor;
    unsigned family, model;
    const char *name, *told;
    uint64_t config;
} asked[] = {
    {"GenuineIntel", 6,    0x55,  "loads",                   NULL,                            0x81d0},
    {"GenuineIntel", 6,    0x55,  "aliases_4k",              NULL,                            0x0107},
    {"GenuineIntel", 6,    0x8f,  "aliases_4k",              NULL,                            0x0403},
    {"GenuineIntel", 6,    0x8f,  "store_forward_blocks",    NULL,                            0x8203},
    {"GenuineIntel", 6,    0x8f,  "LD_BLOCKS:STORE_FORWARD", NULL,                            0x8203},
    {"GenuineIntel", 6,    0xbe,  "store_forward_blocks",    "Gracemont has no event",        0     },
    {"AuthenticAMD", 0x1a, 0x44,  "dtlb_walks:u",            NULL,                            0x7045},
    {"AuthenticAMD", 0x17, 0x01,  "store_forward_blocks",    "family 17h models 00h",         0     },
    {"AuthenticAMD", 0x19, 0x61,  "aliases_4k",              "none in AMD's PPRs",            0     },
    {"ARM",          0x41, 0xd0c, "branch_mispredicts",      NULL,                            0x22  },
    {"ARM",          0x41, 0xd0c, "split_loads",             "UNALIGNED_LD_SPEC",             0     },
    {"ARM",          0x41, 0xd4f, "split_loads",             NULL,                            0x4021},
    {"Nobody",       1,    2,     "stores",                  "generic event is L1-dcache-st", 0     },
    {"Nobody",       1,    2,     "split_loads",             "no table of events for this",   0     },
    {"Nobody",       1,    2,     "split_load",              "split_loads",                   0     },
};

static void a_neutral_name_is_an_event_or_a_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < HV_LEN(asked); i++) {
        const struct hv_cpu_id id =
            cpu(asked[i].vendor, asked[i].family, asked[i].model);
        struct hv_event event;
        struct hv_error error = {""};
        const int rc = hv_event_find_in("", asked[i].name, &id, &event, &error);
        if (rc != (asked[i].told ? -EINVAL : 0))
            fail_msg("%s: rc %d %s", asked[i].name, rc, error.text);
        if (asked[i].told && !strstr(error.text, asked[i].told))
            fail_msg("'%s' lacks '%s'", error.text, asked[i].told);
        if (asked[i].told)
            continue;
        if (event.config != asked[i].config)
            fail_msg("%s: config 0x%llx", asked[i].name,
                     (unsigned long long)event.config);
        assert_int_equal(strncmp(event.figure, asked[i].name, strlen(event.figure)), 0);
    }
}

static void what_else_an_event_counts_is_told(void **state)
{
    (void)state;
    const struct hv_cpu_id zen = cpu("AuthenticAMD", 0x19, 0x11),
                           nobody = cpu("Nobody", 1, 2);
    assert_string_equal(hv_native_note("", &zen, HV_NEED_LOADS),
                        "counted when dispatched");
    assert_null(hv_native_note("", &zen, HV_NEED_SPLIT_LOADS));
    assert_null(hv_native_note("", &zen, HV_NEED_ALIASES_4K)); /* there is none */
    assert_null(hv_native_note("", &nobody, HV_NEED_LOADS));
}

static void a_native_name_is_found_without_libpfm4(void **state)
{
    (void)state;
    struct hv_cpu_id id;
    struct hv_event native[4], event;
    if (hv_cpu_identify_at(&id, 0))
        skip();
    const unsigned n = hv_native_l1d("", &id, native, 4);
    assert_int_equal(hv_event_find("l1d_misses", 0, &event, NULL), 0);
    assert_string_equal(event.figure, "l1d_misses");
    assert_true(event.type == native[0].type && event.config == native[0].config);
    if (native[0].type == PERF_TYPE_HW_CACHE)
        skip(); /* a CPU without a row of its own */
    for (unsigned i = 0; i < n; i++) {
        assert_int_equal(hv_event_find(native[i].name, 0, &event, NULL), 0);
        assert_string_equal(event.figure, native[i].name);
        assert_true(event.config == native[i].config);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(raw_codes_are_those_of_libpfm4),
        cmocka_unit_test(so_are_those_of_a_newer_libpfm4),
        cmocka_unit_test(no_cpu_has_two_rows),
        cmocka_unit_test(every_cell_has_an_event_or_a_reason),
        cmocka_unit_test(every_event_has_its_control),
        cmocka_unit_test(every_cpu_has_its_own_l1d_event),
        cmocka_unit_test(a_neutral_name_is_an_event_or_a_reason),
        cmocka_unit_test(what_else_an_event_counts_is_told),
        cmocka_unit_test(a_native_name_is_found_without_libpfm4),
    };
    setenv("LIBPFM_ENCODE_INACTIVE", "1", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
