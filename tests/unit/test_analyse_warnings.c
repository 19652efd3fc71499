/* SPDX-License-Identifier: MIT */
/* What warnings say: only what the figures say, in enough digits to see it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "src/analyse/digits.h"
#include "src/base/error.h"
#include "tests/unit/analysis_checks.h"

static const char *warned(const struct hv_run *run, const char *id,
                          struct hv_arena *arena)
{
    const struct hv_warning *warning =
        find_warning(&analyse_checked(run, arena)->pairs[0], id);
    return warning ? warning->text : NULL;
}

static void assert_says(const char *text, const char *words)
{
    if (!text || !strstr(text, words))
        fail_msg("\"%s\" does not say \"%s\"", text ? text : "no warning", words);
}

static void what_ended_the_run_is_told(void **state)
{
    (void)state;
    static const struct {
        size_t layouts, incomplete;
        uint32_t asked;
        enum hv_stop stop;
        const char *words;
    } cases[] = {
        {8,  0, 8,  HV_STOP_SAMPLES, "The 8 layouts asked for were measured before"  },
        {12, 0, 0,  HV_STOP_SAMPLES, "The room for samples ended before"             },
        {12, 0, 16, HV_STOP_SAMPLES, "The room for samples ended before"             },
        {32, 0, 0,  HV_STOP_SAMPLES, "All 32 layouts were measured before"           },
        {32, 2, 0,  HV_STOP_SAMPLES, "32 layouts were measured, 30 of them complete,"},
        {16, 1, 16, HV_STOP_SAMPLES, "16 layouts were measured, 15 of them complete,"},
        {8,  0, 8,  HV_STOP_BUDGET,  "The budget ended before"                       },
    };
    struct hv_arena *arena = hv_arena_open();
    for (size_t i = 0; i < HV_LEN(cases); i++) {
        struct synthetic_truth truth = small_truth();
        truth.layouts = cases[i].layouts;
        struct hv_run *run = synthetic_run(&truth, arena);
        for (size_t l = 0; l < cases[i].incomplete; l++)
            run->pairs->layouts[l].cell[HV_BASELINE][0].ticks[3] = 0;
        run->settings.precision = 1e-7;
        run->settings.layouts = cases[i].asked;
        run->pairs->stop = cases[i].stop;
        assert_says(warned(run, "budget_reached_before_precision", arena),
                    cases[i].words);
    }
    hv_arena_close(arena);
}

static void missing_layouts_are_not_blamed_on_the_core(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct synthetic_truth truth = small_truth();
    truth.layouts = 7;
    const char *text = warned(synthetic_run(&truth, arena), "contended", arena);
    assert_says(text, "Too few complete layouts: 100 %");
    assert_says(text, "7 of 7 layouts");
    truth.busy_share = 1;
    truth.busy_factor[0] = truth.busy_factor[1] = 1;
    text = warned(synthetic_run(&truth, arena), "contended", arena);
    assert_says(text, "The core was contended: 0 %");
    hv_arena_close(arena);
}

/* Names that lie inside another's are names of their own; each is told once. */
static void every_event_is_named_once(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_event_run events[] = {
        event_of("a", "branch-misses", 1, arena), event_of("b", "branch", 1, arena),
        event_of("c", "misses", 1, arena),        event_of("d", "branch", 1, arena),
        event_of("e", "cycles", 1, arena),
    };
    for (size_t i = 0; i < HV_LEN(events); i++)
        events[i].qualification = HV_UNQUALIFIED;
    events[4].qualification = HV_QUALIFIED;
    struct hv_run *run = counted_run(events, HV_LEN(events), arena);
    assert_says(warned(run, "unqualified_event", arena),
                "for: branch-misses, branch, misses.");
    struct hv_group_run groups[] = {run->pairs->groups[0], run->pairs->groups[0]};
    run->pairs->groups = groups;
    run->pairs->n_groups = 2;
    assert_says(warned(run, "unqualified_event", arena),
                "for: branch-misses, branch, misses.");
    hv_arena_close(arena);
}

static void digits_show_what_is_said(void **state)
{
    (void)state;
    static const struct {
        double low, high;
        struct hv_marks marks;
        const char *text;
    } cases[] = {
        {1.49,    1.51,    {{1.5}, 1},      "1.49x to 1.51x"      },
        {1.00004, 1.002,   {{1}, 1},        "1.00004x to 1.002x"  },
        {0.99,    0.99999, {{1}, 1},        "0.99x to 0.99999x"   },
        {1.49991, 1.49996, {{1.5}, 1},      "1.49991x to 1.49996x"},
        {2.00001, 2.00002, {{0}, 0},        "2.00001x to 2.00002x"},
        {1,       1,       {{1}, 1},        "1x to 1x"            },
        {1.5,     99.9999, {{1.5, 100}, 2}, "1.5x to 99.9999x"    },
    };
    struct hv_arena *arena = hv_arena_open();
    for (size_t i = 0; i < HV_LEN(cases); i++)
        assert_string_equal(hv_span(cases[i].low, cases[i].high, cases[i].marks, arena),
                            cases[i].text);
    assert_string_equal(hv_factor(1.00001, (struct hv_marks){{1}, 1}, arena),
                        "1.00001x");
    assert_string_equal(hv_factor(1.00001, (struct hv_marks){{0}, 0}, arena), "1x");
    hv_arena_close(arena);
}

/* An A/A interval that hardly excludes 1 must not read as if it held it. */
static void an_excluded_one_can_be_seen(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct synthetic_truth truth = small_truth();
    truth.n[HV_BASELINE] = truth.n[HV_CANDIDATE] = 2000;
    truth.ticks[HV_BASELINE] = 4000.16;
    truth.ticks[HV_CANDIDATE] = 4000;
    struct hv_run *run = synthetic_run(&truth, arena);
    run->settings.aa = true;
    assert_says(warned(run, "aa_excludes_one", arena),
                "the interval 1.0000399x to 1.0000401x excludes 1");
    hv_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_ended_the_run_is_told),
        cmocka_unit_test(missing_layouts_are_not_blamed_on_the_core),
        cmocka_unit_test(every_event_is_named_once),
        cmocka_unit_test(digits_show_what_is_said),
        cmocka_unit_test(an_excluded_one_can_be_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
