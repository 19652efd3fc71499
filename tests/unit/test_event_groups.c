/* SPDX-License-Identifier: MIT */
/* Native event tables against libpfm4, and what is counted together. */
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

#include "counters/names.h"
#include "counters/native.h"

static struct hv_cpu_id cpu(const char *vendor, unsigned family, unsigned model)
{
    struct hv_cpu_id id = {.family = family, .model = model};
    snprintf(id.vendor, sizeof id.vendor, "%s", vendor);
    return id;
}

/* Without a PMU of that kind here: libpfm4 is asked to encode for absent CPUs too (see
 * main). It knows only the CPUs of the architecture it was built for. */
static void raw_codes_are_those_of_libpfm4(void **state)
{
    (void)state;
    size_t n, compared = 0;
    const struct hv_native_row *rows = hv_native_rows(&n);
    for (size_t i = 0; i < n; i++) {
        char spelling[96];
        struct hv_event event;
        if (!rows[i].pfm)
            continue;
        snprintf(spelling, sizeof spelling, "%s::%s", rows[i].pfm, rows[i].event);
        const int rc = hv_names_pfm(spelling, &event, NULL);
        if (rc == -ENOENT)
            continue;
        if (rc || event.config != rows[i].config || event.type != PERF_TYPE_RAW)
            fail_msg("%s: rc %d, type %u, config 0x%llx", spelling, rc, event.type,
                     (unsigned long long)event.config);
        compared++;
    }
#if defined(__x86_64__)
    assert_true(compared >= 40);
#endif
}

static void no_cpu_has_two_rows_for_one_event(void **state)
{
    (void)state;
    size_t n;
    const struct hv_native_row *rows = hv_native_rows(&n);
    for (size_t i = 0; i < n; i++) {
        assert_true(rows[i].first_model <= rows[i].last_model);
        for (size_t j = i + 1; j < n; j++)
            if (!strcmp(rows[i].vendor, rows[j].vendor) &&
                rows[i].family == rows[j].family &&
                rows[i].first_model <= rows[j].last_model &&
                rows[j].first_model <= rows[i].last_model)
                assert_string_not_equal(rows[i].event, rows[j].event);
    }
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
        assert_int_equal(hv_native_l1d(&id, event, 4), cpus[i].n);
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

static void default_sets_are_small_and_led_by_cycles(void **state)
{
    (void)state;
    const struct hv_cpu_id id = cpu("GenuineIntel", 6, 0x55);
    struct hv_group groups[HV_GROUPS];
    unsigned n;
    size_t sets;
    const struct hv_counter_set *set = hv_counter_sets(&sets);
    assert_int_equal(hv_groups_plan(&id, NULL, false, groups, &n, NULL), 0);
    assert_int_equal(n, sets);
    for (unsigned g = 0; g < n; g++) {
        assert_string_equal(groups[g].name, set[g].name);
        if (!set[g].hardware)
            continue;
        assert_string_equal(groups[g].event[0].figure, "cycles");
        assert_in_range(groups[g].n, 2, HV_GROUP_HARDWARE);
    }
    assert_string_equal(groups[0].event[1].figure, "instructions");
    assert_string_equal(groups[1].event[1].figure, "l1d_misses");
    assert_string_equal(groups[1].event[2].figure, "MEM_LOAD_RETIRED:FB_HIT");
}

static void user_events_follow_in_groups_that_fit(void **state)
{
    (void)state;
    const struct hv_cpu_id id = cpu("Nobody", 1, 1);
    struct hv_group groups[HV_GROUPS];
    unsigned n;
    size_t sets;
    (void)hv_counter_sets(&sets);
    /* cycles and page-faults are in the default sets, r1 is twice in the list */
    assert_int_equal(hv_groups_plan(&id,
                                    "branches,cycles,r1,page-faults,r1,r2,r3,"
                                    "alignment-faults,emulation-faults",
                                    false, groups, &n, NULL),
                     0);
    assert_int_equal(n, sets + 3);
    const struct hv_group *user = &groups[sets];
    assert_int_equal(user[0].n, 4);
    assert_string_equal(user[0].event[0].figure, "cycles");
    assert_string_equal(user[0].event[1].figure, "branches");
    assert_string_equal(user[0].event[3].figure, "r2");
    assert_int_equal(user[1].n, 2);
    assert_string_equal(user[1].event[0].figure, "cycles");
    assert_string_equal(user[1].event[1].figure, "r3");
    assert_int_equal(user[2].n, 2);
    assert_string_equal(user[2].event[0].figure, "alignment-faults");
}

static void kernel_mode_reaches_every_event(void **state)
{
    (void)state;
    const struct hv_cpu_id id = cpu("AuthenticAMD", 0x19, 0x11);
    struct hv_group groups[HV_GROUPS];
    unsigned n;
    assert_int_equal(hv_groups_plan(&id, "branches", true, groups, &n, NULL), 0);
    for (unsigned g = 0; g < n; g++)
        for (unsigned i = 0; i < groups[g].n; i++)
            assert_true(groups[g].event[i].include_kernel);
    assert_string_equal(groups[0].event[0].figure, "cycles");
}

static void bad_lists_are_refused(void **state)
{
    (void)state;
    const struct hv_cpu_id id = cpu("Nobody", 1, 1);
    struct hv_group groups[HV_GROUPS];
    struct hv_error error = {""};
    unsigned n = 7;
    assert_int_equal(hv_groups_plan(&id, "branches,,r1", false, groups, &n, &error),
                     -EINVAL);
    assert_int_equal(n, 0);
    /* the comma inside the slashes is no end of a name */
    assert_int_equal(hv_groups_plan(&id, "nopmu/a=1,b=2/", false, groups, &n, &error),
                     -EINVAL);
    assert_non_null(strstr(error.text, "no PMU 'nopmu'"));

    char many[1024] = "";
    for (unsigned i = 1; i <= 3 * HV_GROUPS; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), "%sr%x",
                 i > 1 ? "," : "", i);
    assert_int_equal(hv_groups_plan(&id, many, false, groups, &n, &error), -E2BIG);
    assert_non_null(strstr(error.text, "too many events"));
}

static void a_native_name_is_found_without_libpfm4(void **state)
{
    (void)state;
    struct hv_cpu_id id;
    struct hv_event native[4], event;
    if (hv_cpu_identify_at(&id, 0))
        skip();
    const unsigned n = hv_native_l1d(&id, native, 4);
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
        cmocka_unit_test(no_cpu_has_two_rows_for_one_event),
        cmocka_unit_test(every_cpu_has_its_own_l1d_event),
        cmocka_unit_test(default_sets_are_small_and_led_by_cycles),
        cmocka_unit_test(user_events_follow_in_groups_that_fit),
        cmocka_unit_test(kernel_mode_reaches_every_event),
        cmocka_unit_test(bad_lists_are_refused),
        cmocka_unit_test(a_native_name_is_found_without_libpfm4),
    };
    setenv("LIBPFM_ENCODE_INACTIVE", "1", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
