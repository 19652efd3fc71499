/* SPDX-License-Identifier: MIT */
/* The geometry of the L1 data cache, as sysfs tells it or does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sched.h>

#include "counters/trace/session.h"
#include "tests/unit/fixture_tree.h"

#define CACHE "/sys/devices/system/cpu/cpu3/cache/"

static const struct fixture_file files[] = {
    {CACHE "index0/level",                 "1\n"          },
    {CACHE "index0/type",                  "Instruction\n"},
    {CACHE "index0/coherency_line_size",   "32\n"         },
    {CACHE "index0/number_of_sets",        "128\n"        },
    {CACHE "index0/ways_of_associativity", "4\n"          },
    {CACHE "index1/level",                 "1\n"          },
    {CACHE "index1/type",                  "Data\n"       },
    {CACHE "index1/coherency_line_size",   "64\n"         },
    {CACHE "index1/number_of_sets",        "48\n"         },
    {CACHE "index1/ways_of_associativity", "12\n"         },
    {CACHE "index2/level",                 "2\n"          },
    {CACHE "index2/type",                  "Unified\n"    },
};

static void the_data_cache_of_the_first_level(void **state)
{
    struct fixture_tree tree;
    (void)state;
    fixture_tree_open(&tree);
    fixture_tree_write_all(&tree, files, HV_LEN(files));
    const struct hv_cache_shape l1 = hv_trace_l1_in(tree.root, 3);
    assert_int_equal(l1.line, 64);
    assert_int_equal(l1.sets, 48);
    assert_int_equal(l1.ways, 12);
    fixture_tree_close(&tree);
}

static void what_is_not_told_is_not_known(void **state)
{
    struct fixture_tree tree;
    (void)state;
    fixture_tree_open(&tree);
    fixture_tree_write_all(&tree, files, HV_LEN(files));
    assert_int_equal(hv_trace_l1_in(tree.root, 2).line, 0); /* no such CPU */
    fixture_tree_write(&tree, CACHE "index1/number_of_sets", "0\n");
    assert_int_equal(hv_trace_l1_in(tree.root, 3).line, 0);
    fixture_tree_close(&tree);
}

static void this_machine_is_plausible(void **state)
{
    const struct hv_cache_shape l1 = hv_trace_l1(sched_getcpu());
    (void)state;
    if (!l1.line)
        skip(); /* its sysfs does not tell */
    assert_int_equal(l1.line & (l1.line - 1), 0);
    const uint64_t bytes = (uint64_t)l1.line * l1.sets * l1.ways;
    assert_true(bytes >= 4096 && bytes <= 1 << 20);
}

static void a_part_with_one_size_is_known(void **state)
{
    (void)state;
    const struct hv_cache_shape n1 = hv_trace_l1_of(0x41, 0xd0c);
    assert_int_equal(n1.line * n1.sets * n1.ways, 64 << 10);
    assert_int_equal(hv_trace_l1_of(0x41, 0xd03).line, 0); /* A53: 8 to 64 KiB */
    assert_int_equal(hv_trace_l1_of(0x48, 0xd0c).line, 0); /* of somebody else */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_data_cache_of_the_first_level),
        cmocka_unit_test(what_is_not_told_is_not_known),
        cmocka_unit_test(a_part_with_one_size_is_known),
        cmocka_unit_test(this_machine_is_plausible),
    };
    return cmocka_run_group_tests_name("trace_session_l1", tests, NULL, NULL);
}
