/* SPDX-License-Identifier: MIT */
/* What each verdict of a control does to the event's figure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "src/analyse/events.h"
#include "src/base/error.h"
#include "tests/unit/analysis_checks.h"

static const struct hv_evidence *baseline(const struct hv_result *result,
                                          const char *figure)
{
    return hv_arm_figure(&result->pairs[0].arm[HV_BASELINE], figure);
}

static const struct {
    enum hv_qualification verdict;
    const char *why; /* of the event */
    uint64_t value;  /* of a batch of 100 iterations */
    enum hv_provenance provenance;
    const char *told;    /* in its source, or in why it is absent */
    const char *warning; /* NULL: none */
} cases[] = {
    {HV_QUALIFIED,   NULL,                                                  1000, HV_MEASURED,  "L1D",                             NULL               },
    {HV_QUALIFIED,   NULL,                                                  0,    HV_MEASURED,  "L1D",                             NULL               },
    {HV_UNQUALIFIED, NULL,                                                  1000, HV_ESTIMATED, "no control kernel vouches",
     "unqualified_event"                                                                                                                              },
    {HV_DEAD,        "dead: opened, but counted nothing where 8 were made", 0,    HV_ABSENT,
     "L1D: dead: opened, but counted",                                                                                             "dead_event"       },
    {HV_DEAD,        NULL,                                                  1000, HV_ABSENT,    "does not count here",             "dead_event"       },
    {HV_BIASED,      "x",                                                   1000, HV_ESTIMATED, "counts 1.5 for each one",         "biased_event"     },
    {HV_ERRATIC,     "erratic: 7",                                          1000, HV_ABSENT,    "L1D: erratic: 7",                 "dead_event"       },
    {HV_ERRATIC,     NULL,                                                  1000, HV_ABSENT,    "counts something else",           "dead_event"       },
    {HV_SILENT,      "x",                                                   0,    HV_ABSENT,    "0 in all controls: not believed",
     "unqualified_event"                                                                                                                              },
    {HV_SILENT,      "x",                                                   1000, HV_ESTIMATED, "read 0 in all controls",          "unqualified_event"},
    {HV_UNOPENED,    "x",                                                   1000, HV_ESTIMATED, "could not be opened for its",
     "unqualified_event"                                                                                                                              },
};

/* Reads of exactly that value in the arms, of 0 in the empty batch. */
static struct hv_event_run exact(uint64_t value, struct hv_arena *arena)
{
    struct hv_event_run event = event_of("l1d_misses", "L1D", value, arena);
    for (int arm = 0; arm <= HV_ARMS; arm++)
        for (size_t i = 0; i < event.n_reads; i++)
            event.reads[arm][i].value = arm == HV_ARMS ? 0 : value;
    return event;
}

static void only_a_qualified_event_is_measured(void **state)
{
    (void)state;
    static const char *const warnings[] = {"unqualified_event", "dead_event",
                                           "biased_event"};
    struct hv_arena *arena = hv_arena_open();
    for (size_t i = 0; i < HV_LEN(cases); i++) {
        struct hv_event_run event = exact(cases[i].value, arena);
        event.qualification = cases[i].verdict;
        event.factor = cases[i].verdict == HV_BIASED ? 1.5 : 0;
        event.why = cases[i].why;
        struct hv_run *run = counted_run(&event, 1, arena);
        const struct hv_result *result = analyse_checked(run, arena);
        const struct hv_evidence *misses = baseline(result, "l1d_misses");
        const char *told =
            misses->provenance == HV_ABSENT ? misses->why : misses->source;
        if (misses->provenance != cases[i].provenance || !strstr(told, cases[i].told))
            fail_msg("case %zu: provenance %d: %s", i, (int)misses->provenance, told);
        for (size_t k = 0; k < HV_LEN(warnings); k++) {
            const bool due = cases[i].warning && !strcmp(warnings[k], cases[i].warning);
            if ((find_warning(&result->pairs[0], warnings[k]) != NULL) != due)
                fail_msg("case %zu: warning %s", i, warnings[k]);
        }
    }
    hv_arena_close(arena);
}

/* The model of a trace takes the place of an event that is not qualified. */
static void a_model_takes_the_place(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    static const enum hv_qualification verdicts[] = {HV_DEAD, HV_BIASED, HV_SILENT,
                                                     HV_ERRATIC, HV_UNQUALIFIED};
    for (size_t i = 0; i < HV_LEN(verdicts); i++) {
        const struct hv_evidence modelled = hv_value(HV_MODELLED, 3, "misses", "model");
        struct hv_event_run event = exact(0, arena);
        event.qualification = verdicts[i];
        struct hv_run *run = counted_run(&event, 1, arena);
        const struct hv_evidence counted = hv_event_evidence(
            run, &run->pairs->groups[0], &event, HV_BASELINE, "misses", arena, arena);
        const struct hv_evidence figure = hv_prefer(arena, counted, "traced", modelled);
        assert_int_equal(figure.provenance, HV_MODELLED);
        assert_non_null(figure.why);
        assert_ptr_equal(strstr(figure.why, "not measured: "), figure.why);
    }
    hv_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_qualified_event_is_measured),
        cmocka_unit_test(a_model_takes_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
