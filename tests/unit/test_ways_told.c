/* SPDX-License-Identifier: MIT */
/* What is told of the two ways to read counters, and when they count as the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/perf_event.h>
#include <math.h>

#include "counters/user_page.h"
#include "src/base/arena.h"
#include "src/measure/ways.h"

static void both_ways_agree_to_a_hundredth(void **state)
{
    (void)state;
    assert_true(hv_ways_agree(0, 0, HV_WAYS_STRAYS));
    assert_true(hv_ways_agree(100000, 100000, 0));
    assert_true(hv_ways_agree(101000, 100000, 0));
    assert_false(hv_ways_agree(101001, 100000, 0));
    assert_true(hv_ways_agree(99000, 100000, 0));
    assert_false(hv_ways_agree(98999, 100000, 0));
    assert_true(hv_ways_agree(64, 0, HV_WAYS_STRAYS));
    assert_false(hv_ways_agree(65, 0, HV_WAYS_STRAYS));
    assert_false(hv_ways_agree(100000, 100000 + (UINT64_C(1) << 31), 4000));
    assert_false(hv_ways_agree(100000, UINT64_MAX - 5, 4000));
}

/* What main makes of a frame: a control and words. */
static struct hv_control told(const struct hv_ways_frame *frame, uint32_t type,
                              struct hv_ways *out)
{
    static struct hv_control controls[HV_MAX_CONTROLS];
    static struct hv_run run;
    static struct hv_arena *arena;
    hv_arena_close(arena);
    arena = hv_arena_open();
    run = (struct hv_run){.controls = controls};
    struct hv_measurement m = {.arena = arena, .run = &run};
    struct hv_group group = {
        .name = "core",
        .n = 2,
        .event = {{.figure = "cycles", .type = type},
                  {.figure = "instructions", .type = type}}
    };
    hv_measure_tell_ways(&m, &group, frame);
    hv_measure_tell_ways(&m, &group, frame); /* the same again: told once */
    assert_int_equal(run.n_controls, 1);
    struct hv_ways_frame other = *frame;
    other.by_page = !frame->by_page;
    other.rc = other.by_page ? 0 : frame->rc;
    hv_measure_tell_ways(&m, &group, &other);
    assert_int_equal(run.n_controls, 2);
    assert_non_null(strstr(controls[1].name, "in group core"));
    *out = m.ways;
    return controls[0];
}

static void main_tells_which_way_and_why(void **state)
{
    (void)state;
    struct hv_ways w;
    struct hv_ways_frame frame = {
        .by_page = 1,
        .events = 2,
        .call_ns = 900,
        .page_ns = 30,
        .call = {50000, 100000},
        .page = {50004, 100000}
    };
    struct hv_control control = told(&frame, PERF_TYPE_HARDWARE, &w);
    assert_string_equal(control.name, "counter_reads");
    assert_true(control.ran && control.passed && !control.why);
    assert_string_equal(control.unit, "instructions");
    assert_true(w.told && w.by_page && !w.why && w.call_ns > 899 && w.page_ns > 29);

    frame.by_page = 0;
    frame.page[0] = 25000;
    control = told(&frame, PERF_TYPE_HARDWARE, &w);
    assert_true(control.ran && !control.passed);
    assert_string_equal(control.unit, "cycles");
    assert_non_null(strstr(control.why, "counted 25000 cycles where read(2) counted "
                                        "50000"));
    assert_non_null(strstr(w.why, "taken by read(2)"));

    frame = (struct hv_ways_frame){.events = 2};
    control = told(&frame, PERF_TYPE_HARDWARE, &w);
    assert_true(control.ran && !control.passed);
    assert_non_null(strstr(control.why, "proves nothing"));

    frame.rc = -EAGAIN;
    control = told(&frame, PERF_TYPE_HARDWARE, &w);
    assert_true(!control.ran && !control.passed);
    assert_non_null(strstr(control.why, "perf_user_access"));

    frame.rc = -EOPNOTSUPP;
    control = told(&frame, PERF_TYPE_SOFTWARE, &w);
    assert_non_null(strstr(control.why, "software events have no counter"));
}

/* A worker may send anything. */
static void odd_frames_are_refused(void **state)
{
    (void)state;
    const struct hv_ways_frame good = {.events = HV_GROUP_EVENTS, .rc = -EPERM};
    assert_true(hv_ways_frame_is_sane(&good));
    struct hv_ways_frame odd = good;
    odd.events = HV_GROUP_EVENTS + 1;
    assert_false(hv_ways_frame_is_sane(&odd));
    odd = good;
    odd.rc = 1;
    assert_false(hv_ways_frame_is_sane(&odd));
    odd.rc = -4096;
    assert_false(hv_ways_frame_is_sane(&odd));
    odd = good;
    odd.call_ns = (double)NAN;
    assert_false(hv_ways_frame_is_sane(&odd));
    odd = good;
    odd.page_ns = -1;
    assert_false(hv_ways_frame_is_sane(&odd));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ways_agree_to_a_hundredth),
        cmocka_unit_test(main_tells_which_way_and_why),
        cmocka_unit_test(odd_frames_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
