/* SPDX-License-Identifier: MIT */
/* Reading /proc and /sys: which CPU this is, limits of control groups, lists and lines.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "counters/cpu.h"
#include "counters/settings.h"
#include "counters/tree.h"
#include "src/base/error.h"
#include "tests/unit/fixture_tree.h"

static const char two_cpus[] =
    "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 94\n\n"
    "processor\t: 1\nvendor_id\t: Other\nmodel\t\t: 7\n\n";

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

static void quotas_of_both_cgroups(void **state)
{
    struct fixture_tree *tree = *state;
    struct hv_source source = {.root = tree->root, .arena = hv_arena_open()};
    assert_null(hv_setting_quota(&source));
    fixture_tree_write(tree, "/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
    fixture_tree_write(tree, "/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
    assert_string_equal(hv_setting_quota(&source), "none");
    fixture_tree_write(tree, "/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n");
    assert_string_equal(hv_setting_quota(&source), "0.50 CPUs");
    fixture_tree_write(tree, "/sys/fs/cgroup/cpu.max", "200000 100000\n");
    assert_string_equal(hv_setting_quota(&source), "2.00 CPUs");
    fixture_tree_write(tree, "/sys/fs/cgroup/cpu.max", "9e300 1\n");
    assert_null(hv_setting_quota(&source));
    hv_arena_close(source.arena);
}

static void cpus_are_identified(void **state)
{
    struct fixture_tree *tree = *state;
    struct hv_cpu_id id;
    assert_int_equal(hv_cpu_identify_in(tree->root, 0, &id), -ENOENT);
    assert_string_equal(id.vendor, "");

    fixture_tree_write(tree, "/proc/cpuinfo", two_cpus);
    assert_int_equal(hv_cpu_identify_in(tree->root, 0, &id), 0);
    assert_int_equal(id.model, 94);
    assert_int_equal(hv_cpu_identify_in(tree->root, 1, &id), 0);
    assert_string_equal(id.vendor, "Other");
    assert_int_equal(id.model, 7);
    assert_int_equal(hv_cpu_identify_in(tree->root, 2, &id), -ENODEV);

    fixture_tree_write(tree, "/proc/cpuinfo",
                       "processor\t: 0\nCPU implementer\t: 0x41\nCPU variant\t: 0x3\n"
                       "CPU part\t: 0xd0c\nCPU revision\t: 1\n\n");
    assert_int_equal(hv_cpu_identify_in(tree->root, 0, &id), 0);
    assert_string_equal(id.vendor, "ARM");
    assert_string_equal(id.name, "Neoverse N1");
    assert_int_equal(id.family, 0x41);
    assert_int_equal(id.model, 0xd0c);
    assert_int_equal(id.stepping, 1);

    char long_line[6000] = "processor\t: 0\nvendor_id\t: ";
    memset(long_line + strlen(long_line), 'x', sizeof long_line - 100);
    fixture_tree_write(tree, "/proc/cpuinfo", long_line);
    assert_int_equal(hv_cpu_identify_in(tree->root, 0, &id), 0);
    assert_int_equal(strlen(id.vendor), sizeof id.vendor - 1);
    assert_int_equal(hv_cpu_identify(&id), 0); /* this machine's own */
}

static void lists_of_cpus(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        int number;
        bool has;
    } rows[] = {
        {"0-3,8",   0,  true },
        {"0-3,8",   3,  true },
        {"0-3,8",   4,  false},
        {"0-3,8",   8,  true },
        {"0-3,8\n", 8,  true },
        {"",        0,  false},
        {"5",       5,  true },
        {"5",       55, false},
        {"x",       0,  false},
        {"1-",      1,  false},
        {"1,,2",    2,  false},
        {"0-1 5",   5,  false},
        {"0,2-4,9", 9,  true },
        {"10-12",   1,  false},
        {"-1",      1,  false},
    };
    for (size_t i = 0; i < HV_LEN(rows); i++)
        if (hv_list_has(rows[i].list, rows[i].number) != rows[i].has)
            fail_msg("'%s' has %d", rows[i].list, rows[i].number);
}

static void lines_are_trimmed_and_bounded(void **state)
{
    struct fixture_tree *tree = *state;
    char line[8];
    long number;
    fixture_tree_write(tree, "/a", "  x y \t\nsecond\n");
    assert_int_equal(hv_tree_line(tree->root, line, sizeof line, "/%s", "a"), 0);
    assert_string_equal(line, "x y");
    fixture_tree_write(tree, "/a", "0123456789\n");
    assert_int_equal(hv_tree_line(tree->root, line, sizeof line, "/a"), 0);
    assert_string_equal(line, "0123456");
    fixture_tree_write(tree, "/a", "");
    assert_int_equal(hv_tree_line(tree->root, line, sizeof line, "/a"), -ENODATA);
    assert_string_equal(line, "");
    fixture_tree_write(tree, "/a", " \n");
    assert_int_equal(hv_tree_line(tree->root, line, sizeof line, "/a"), -ENODATA);
    assert_int_equal(hv_tree_line(tree->root, line, sizeof line, "/none"), -ENOENT);
    assert_int_equal(hv_tree_line(tree->root, line, sizeof line, "/%0600d", 1),
                     -ENAMETOOLONG);
    fixture_tree_write(tree, "/a", "-3\n");
    assert_int_equal(hv_tree_number(tree->root, &number, "/a"), 0);
    assert_int_equal(number, -3);
    fixture_tree_write(tree, "/a", "x\n");
    assert_int_equal(hv_tree_number(tree->root, &number, "/a"), -EINVAL);
}

#define WITH_TREE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_TREE(quotas_of_both_cgroups),
        WITH_TREE(cpus_are_identified),
        cmocka_unit_test(lists_of_cpus),
        WITH_TREE(lines_are_trimmed_and_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
