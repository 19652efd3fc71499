/* SPDX-License-Identifier: MIT */
/* Events on their controls: the verdict, its words, and the tables behind it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/perf_event.h>
#include <math.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "counters/backend.h"
#include "counters/control.h"
#include "counters/perf.h"
#include "src/measure/vouch.h"

static void the_judge_knows_its_cases(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        double tolerance, once, twice;
        enum hv_qualification verdict;
        double factor;
    } cases[] = {
        {"exact",                     0.02, 1000,  2000,  HV_QUALIFIED, 1   },
        {"at the upper edge",         0.02, 1020,  2040,  HV_QUALIFIED, 1   },
        {"at the lower edge",         0.02, 980,   1960,  HV_QUALIFIED, 1   },
        {"just above",                0.02, 1031,  2062,  HV_BIASED,    1.03},
        {"just below",                0.02, 970,   1940,  HV_BIASED,    0.97},
        {"right once only",           0.02, 1000,  2900,  HV_ERRATIC,   1   },
        {"right twice only",          0.02, 500,   2000,  HV_ERRATIC,   1   },
        {"half",                      0.02, 500,   1000,  HV_BIASED,    0.5 },
        {"sixteenfold",               0.02, 16000, 32000, HV_BIASED,    16  },
        {"a wide band",               0.5,  600,   1200,  HV_QUALIFIED, 1   },
        {"nothing",                   0.02, 0,     0,     HV_DEAD,      1   },
        {"nothing, in a wide band",   1,    0,     0,     HV_DEAD,      1   },
        {"strays",                    0.02, 2,     5,     HV_DEAD,      1   },
        {"stands still",              0.02, 1000,  1000,  HV_DEAD,      1   },
        {"stands still, all allowed", 2,    1000,  1000,  HV_DEAD,      1   },
        {"runs backwards",            0.02, 2000,  1000,  HV_DEAD,      1   },
        {"below the empty batch",     0.02, -700,  -700,  HV_DEAD,      1   },
        {"from below to above",       0.02, -500,  500,   HV_ERRATIC,   1   },
        {"only the second time",      0.02, 0,     2000,  HV_ERRATIC,   1   },
    };
    for (size_t i = 0; i < HV_LEN(cases); i++) {
        double factor = -1;
        const enum hv_qualification verdict = hv_control_judge(
            1000, cases[i].tolerance, cases[i].once, cases[i].twice, &factor);
        if (verdict != cases[i].verdict || fabs(factor - cases[i].factor) > 0.005)
            fail_msg("%s: verdict %d, factor %g", cases[i].what, (int)verdict, factor);
    }
}

/* The first name of a comma list. */
static const char *first_name(const char *names)
{
    static char name[96];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(names, ","), names);
    return name;
}

static struct hv_event named(const char *figure)
{
    struct hv_event event = {.type = PERF_TYPE_HARDWARE};
    snprintf(event.figure, sizeof event.figure, "%s", figure);
    snprintf(event.name, sizeof event.name, "%s", figure);
    return event;
}

static struct hv_control_memory memory;

static int map_memory(void **state)
{
    (void)state;
    return hv_control_map(&memory, true);
}

static int unmap_memory(void **state)
{
    (void)state;
    hv_control_unmap(&memory);
    return 0;
}

/* What a worker does, in this process. */
static void take_readings(const struct hv_backend *fake, const struct hv_event *event,
                          struct hv_control_reads *out)
{
    memset(out, 0, sizeof *out);
    out->made = HV_ALL_CONTROLS;
    const int fd = fake->open(event, 0, -1, -1);
    out->status = fd < 0 ? fd : 0;
    for (unsigned id = 0; fd >= 0 && id <= HV_CONTROLS; id++)
        for (unsigned size = 0; size < HV_CONTROL_SIZES; size++)
            for (unsigned i = 0; i < HV_CONTROL_REPEATS; i++) {
                struct hv_reading before = {0}, after = {0};
                const uint64_t n =
                    id < HV_CONTROLS ? hv_control_info(id)->n * (size + 1) : 0;
                (void)fake->read(fd, 1, &before);
                assert_int_equal(fake->reset_enable(fd), 0);
                hv_control_run((enum hv_control_id)id, n, &memory);
                assert_int_equal(fake->disable(fd), 0);
                assert_int_equal(fake->read(fd, 1, &after), 0);
                out->at[id][size][i] = hv_reading_since(&after, &before);
                out->n++;
            }
    if (fd >= 0)
        close(fd);
}

static struct hv_control_reads reads; /* of the event that was vouched for last */

static struct hv_vouched vouch_under(const char *behaviour,
                                     const struct hv_event *event,
                                     struct hv_arena *arena, struct hv_control *control)
{
    char script[200];
    snprintf(script, sizeof script, "%s=%s", event->figure, behaviour);
    setenv("HV_FAKE", script, 1);
    take_readings(hv_backend_find("fake"), event, &reads);
    memset(control, 0, sizeof *control);
    return hv_vouch(arena, event, hv_event_kind_of(event, "ARM"), &reads, control);
}

static const struct {
    const char *behaviour;
    enum hv_qualification verdict;
    bool ran;
    const char *words; /* NULL: none */
} fates[] = {
    {"right",            HV_QUALIFIED,   true,  NULL                                      },
    {"right:7",          HV_QUALIFIED,   true,  NULL                                      },
    {"biased:1:7",       HV_QUALIFIED,   true,  NULL                                      },
    {"biased:3",         HV_BIASED,      true,  "biased: counted 3.000 for each of "      },
    {"biased:0.25:9",    HV_BIASED,      true,  "biased: counted 0.250 for each of "      },
    {"biased:0",         HV_DEAD,        true,  "dead: opened, but counted nothing where "},
    {"dead",             HV_DEAD,        true,  "dead: opened, but counted nothing where "},
    {"0",                HV_DEAD,        true,  "dead: opened, but counted nothing where "},
    {"12345",            HV_DEAD,        true,  "dead: opened, but counted nothing where "},
    {"unscheduled",      HV_UNQUALIFIED, false, "<not counted>"                           },
    {"multiplexed:50:9", HV_UNQUALIFIED, false, "only part of the control"                },
    {"ENOENT",           HV_UNOPENED,    false, "<not supported>"                         },
    {"EACCES",           HV_UNOPENED,    false, ""                                        },
};

static void every_kind_meets_every_fate(void **state)
{
    (void)state;
    size_t n;
    struct hv_arena *arena = hv_arena_open();
    const struct hv_event_kind *kinds = hv_event_kinds(&n);
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < HV_LEN(fates); i++) {
            const struct hv_event event = named(first_name(kinds[k].names));
            struct hv_control control;
            const struct hv_vouched vouched =
                vouch_under(fates[i].behaviour, &event, arena, &control);
            if (vouched.verdict != fates[i].verdict || control.ran != fates[i].ran)
                fail_msg("%s=%s: verdict %d: %s", event.figure, fates[i].behaviour,
                         (int)vouched.verdict, vouched.why ? vouched.why : "");
            assert_int_equal(control.passed, vouched.verdict == HV_QUALIFIED);
            const char *why = vouched.why ? vouched.why : "";
            assert_int_equal(vouched.why != NULL, fates[i].words != NULL);
            if (fates[i].words && !strstr(why, fates[i].words))
                fail_msg("\"%s\" does not say \"%s\"", why, fates[i].words);
            assert_int_equal(strncmp(control.name, "event:", 6), 0);
            assert_string_equal(control.name + 6, event.figure);
        }
    hv_arena_close(arena);
}

/* The fake counts one kind of thing, or the fates above would prove little. */
static void a_right_event_counts_only_its_own(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    const struct hv_event event = named("l1d_misses");
    struct hv_control control;
    vouch_under("right:7", &event, arena, &control);
    for (unsigned id = 0; id <= HV_CONTROLS; id++)
        assert_int_equal(reads.at[id][1][0].value,
                         id == HV_CONTROL_REFILL ? 2 * HV_WALK_STEPS * 4 : 0);
    hv_arena_close(arena);
}

/* What stands still tells how often; what never moved was never seen. */
static void the_dead_tell_what_was_made(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_event event = named("l1d_misses");
    struct hv_control control;
    assert_string_equal(vouch_under("dead", &event, arena, &control).why,
                        "dead: opened, but counted nothing where 8192 L1D refills were "
                        "made");
    assert_true(control.got >= 0 && control.got <= 0 && control.doubled);
    hv_arena_close(arena);
}

static void without_a_control_only_silence_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *behaviour;
        enum hv_qualification verdict;
    } cases[] = {
        {"0",           HV_SILENT     },
        {"dead",        HV_SILENT     },
        {"3",           HV_UNQUALIFIED},
        {"0/0/0/0/0/1", HV_UNQUALIFIED},
        {"unscheduled", HV_UNQUALIFIED},
        {"ENOENT",      HV_UNOPENED   },
    };
    struct hv_arena *arena = hv_arena_open();
    const struct hv_event event = named("r3ff");
    for (size_t i = 0; i < HV_LEN(cases); i++) {
        struct hv_control control;
        const struct hv_vouched vouched =
            vouch_under(cases[i].behaviour, &event, arena, &control);
        assert_null(control.name);
        if (vouched.verdict != cases[i].verdict)
            fail_msg("%s: verdict %d", cases[i].behaviour, (int)vouched.verdict);
        if (vouched.verdict == HV_SILENT)
            assert_string_equal(vouched.why, "read 0 in all controls: not believed");
    }
    hv_arena_close(arena);
}

/* A worker that sends too little, or fails on the way, qualifies nothing. */
static void half_a_control_is_none(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    memset(&reads, 0, sizeof reads);
    const struct hv_event event = named("cycles");
    struct hv_control control = {.name = NULL};
    const struct hv_event_kind *kind = hv_event_kind_of(&event, NULL);
    reads.made = 1U << HV_CONTROL_CHAIN;
    for (unsigned size = 0; size < HV_CONTROL_SIZES; size++)
        for (unsigned i = 0; i < HV_CONTROL_REPEATS; i++)
            reads.at[HV_CONTROL_CHAIN][size][i] = reads.at[HV_CONTROLS][size][i] =
                (struct hv_reading){7, 1000, 1000};
    const size_t whole = 2 * (size_t)HV_CONTROL_SIZES * HV_CONTROL_REPEATS;
    reads.n = whole - 1;
    assert_int_equal(hv_vouch(arena, &event, kind, &reads, &control).verdict,
                     HV_UNQUALIFIED);
    assert_false(control.ran);
    assert_non_null(control.why);
    reads.n = whole;
    assert_int_equal(hv_vouch(arena, &event, kind, &reads, &control).verdict, HV_DEAD);
    reads.at[HV_CONTROL_CHAIN][1][2].running = 999;
    assert_int_equal(hv_vouch(arena, &event, kind, &reads, &control).verdict,
                     HV_UNQUALIFIED);
    hv_arena_close(arena);
}

/* What the batch itself costs is no part of the count, at either size. */
static void the_empty_batch_is_taken_off(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    memset(&reads, 0, sizeof reads);
    const struct hv_event event = named("cycles");
    const struct hv_event_kind *kind = hv_event_kind_of(&event, NULL);
    struct hv_control control = {.name = NULL};
    enum { COST = 70000 };
    const uint64_t made =
        (uint64_t)((double)hv_control_info(kind->control)->n * kind->each);
    reads.made = 1U << kind->control;
    for (unsigned size = 0; size < HV_CONTROL_SIZES; size++)
        for (unsigned i = 0; i < HV_CONTROL_REPEATS; i++) {
            reads.at[kind->control][size][i] =
                (struct hv_reading){COST + made * (size + 1), 1000, 1000};
            reads.at[HV_CONTROLS][size][i] = (struct hv_reading){COST, 1000, 1000};
            reads.n += 2;
        }
    assert_int_equal(hv_vouch(arena, &event, kind, &reads, &control).verdict,
                     HV_QUALIFIED);
    assert_int_equal((uint64_t)control.got, made);
    assert_int_equal((uint64_t)control.got_doubled, 2 * made);
    hv_arena_close(arena);
}

static void spellings_find_their_kind(void **state)
{
    (void)state;
    static const struct {
        const char *name, *vendor;
        uint32_t type;
        uint64_t config;
        const char *counts; /* NULL: no control */
    } cases[] = {
        {"cycles",                        NULL,           PERF_TYPE_HARDWARE, 0,      "cycles"          },
        {"cycles:uk",                     NULL,           PERF_TYPE_HARDWARE, 0,      "cycles"          },
        {"cycle",                         NULL,           PERF_TYPE_HARDWARE, 0,      NULL              },
        {"skl::MEM_LOAD_RETIRED:L1_MISS", NULL,           PERF_TYPE_RAW,      0x8d1,  "L1D refills"     },
        {"MEM_LOAD_RETIRED",              NULL,           PERF_TYPE_RAW,      0,      NULL              },
        {"L1D_CACHE",                     NULL,           PERF_TYPE_RAW,      4,      "loads"           },
        {"r04",                           "ARM",          PERF_TYPE_RAW,      4,      "loads"           },
        {"r04",                           "ARM",          8,                  4,      "loads"           },
        {"r04",                           NULL,           PERF_TYPE_RAW,      4,      NULL              },
        {"r04",                           "GenuineIntel", PERF_TYPE_RAW,      4,      NULL              },
        {"r04",                           "ARM",          PERF_TYPE_HW_CACHE, 4,      NULL              },
        {"r3ff",                          "ARM",          PERF_TYPE_RAW,      0x3ff,  NULL              },
        {"r8d1",                          "GenuineIntel", PERF_TYPE_RAW,      0x8d1,  "L1D refills"     },
        {"r741",                          "AuthenticAMD", PERF_TYPE_RAW,      0x741,  "L1D refills"     },
        {"r8203",                         "GenuineIntel", PERF_TYPE_RAW,      0x8203, "blocked forwards"},
        {"",                              "ARM",          PERF_TYPE_RAW,      0,      NULL              },
    };
    for (size_t i = 0; i < HV_LEN(cases); i++) {
        struct hv_event event = named(cases[i].name);
        event.type = cases[i].type;
        event.config = cases[i].config;
        const struct hv_event_kind *kind = hv_event_kind_of(&event, cases[i].vendor);
        const char *counts = kind ? kind->counts : "nothing";
        if (strcmp(counts, cases[i].counts ? cases[i].counts : "nothing"))
            fail_msg("%s of %s counts %s", cases[i].name, cases[i].vendor, counts);
    }
}

static void every_kind_is_whole(void **state)
{
    (void)state;
    size_t n;
    const struct hv_event_kind *kinds = hv_event_kinds(&n);
    for (size_t i = 0; i < n; i++) {
        assert_true(kinds[i].each > 0 && kinds[i].tolerance > 0);
        assert_true(kinds[i].tolerance <= 0.5); /* else nothing could be biased */
        assert_true(kinds[i].control < HV_CONTROLS && strlen(kinds[i].why) > 10);
        char names[1000];
        snprintf(names, sizeof names, "%s", kinds[i].names);
        for (char *name = strtok(names, ","); name; name = strtok(NULL, ",")) {
            const struct hv_event event = named(name);
            assert_ptr_equal(hv_event_kind_of(&event, NULL), &kinds[i]);
        }
    }
}

/* 0.1 s for a start with a few groups; here, one set of all controls for one group. */
static void controls_are_cheap(void **state)
{
    (void)state;
    struct timespec a, b;
    struct hv_control_memory own = {NULL, NULL};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
    assert_int_equal(hv_control_map(&own, true), 0);
    for (unsigned i = 0; i < HV_CONTROL_REPEATS; i++)
        for (unsigned id = 0; id < HV_CONTROLS; id++)
            for (unsigned size = 1; size <= HV_CONTROL_SIZES; size++)
                hv_control_run((enum hv_control_id)id, hv_control_info(id)->n * size,
                               &own);
    hv_control_unmap(&own);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
    const double ms =
        (double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) * 1e-6;
    print_message("all controls, %d times: %.1f ms\n", HV_CONTROL_REPEATS, ms);
    assert_true(ms <
                200); /* many times what it takes: sanitised, or on a slow machine */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_judge_knows_its_cases),
        cmocka_unit_test(every_kind_meets_every_fate),
        cmocka_unit_test(a_right_event_counts_only_its_own),
        cmocka_unit_test(the_dead_tell_what_was_made),
        cmocka_unit_test(without_a_control_only_silence_is_told),
        cmocka_unit_test(half_a_control_is_none),
        cmocka_unit_test(the_empty_batch_is_taken_off),
        cmocka_unit_test(spellings_find_their_kind),
        cmocka_unit_test(every_kind_is_whole),
        cmocka_unit_test(controls_are_cheap),
    };
    return cmocka_run_group_tests(tests, map_memory, unmap_memory);
}
