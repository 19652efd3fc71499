/* SPDX-License-Identifier: MIT */
/* What is counted together. */
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

#include "counters/event.h"

static struct hv_cpu_id cpu(const char *vendor, unsigned family, unsigned model)
{
    struct hv_cpu_id id = {.family = family, .model = model};
    snprintf(id.vendor, sizeof id.vendor, "%s", vendor);
    return id;
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
        assert_in_range(groups[g].n, 2, 3);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(default_sets_are_small_and_led_by_cycles),
        cmocka_unit_test(user_events_follow_in_groups_that_fit),
        cmocka_unit_test(kernel_mode_reaches_every_event),
        cmocka_unit_test(bad_lists_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
