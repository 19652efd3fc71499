/* SPDX-License-Identifier: MIT */
/* Runs, dumps and reports for the tests of verify. */
#include "tests/unit/verified.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/analyse/analyse.h"
#include "src/dump/dump.h"
#include "src/report/writer.h"
#include "tests/unit/analysis_checks.h"
#include "tests/unit/sample_result.h"

/* One placement: half the samples, and every one of them must be looked at. */
static struct hv_run *quiet_run(struct hv_arena *arena)
{
    struct synthetic_truth truth = small_truth();
    truth.places = 1;
    struct hv_group_run *group = hv_arena_alloc(arena, sizeof *group);
    group->name = "core";
    group->iterations[HV_BASELINE] = group->iterations[HV_CANDIDATE] =
        COUNTER_ITERATIONS;
    group->n_events = 2;
    group->events = hv_arena_array(arena, 2, sizeof *group->events);
    group->events[0] = event_of("instructions", "INST_RETIRED:ANY", 700000, arena);
    group->events[1] = event_of("cycles", "CPU_CLK_UNHALTED", 300000, arena);
    struct hv_run *run = synthetic_run(&truth, arena);
    run->settings.counters = true;
    run->pairs->groups = group;
    run->pairs->n_groups = 1;
    return run;
}

static struct hv_run *sample_pair(size_t i, struct hv_arena *arena)
{
    struct hv_run *run = hv_arena_alloc(arena, sizeof *run);
    struct hv_result made_up; /* says what does not follow from the samples */
    sample_make(SAMPLE_FULL, arena, run, &made_up);
    run->version = VERIFIED_VERSION;
    run->pairs += i;
    run->n_pairs = 1;
    return run;
}

static struct hv_run *make_run(enum verified_kind kind, struct hv_arena *arena)
{
    enum { TRACED = 0, FAILED = 3 }; /* of the sample's pairs */
    if (kind == VERIFIED_QUIET)
        return quiet_run(arena);
    return sample_pair(kind == VERIFIED_TRACED ? TRACED : FAILED, arena);
}

char *verified_dump(const struct hv_run *run, struct hv_arena *arena,
                    struct hv_result **result, size_t *n)
{
    struct hv_error error = {""};
    char *bytes = NULL;
    *result = hv_analyse(run, arena);
    if (hv_dump_encode(run, *result, arena, &bytes, n, &error))
        fail_msg("%s", error.text);
    char *ended = realloc(bytes, *n + 1);
    assert_non_null(ended);
    ended[*n] = '\0';
    return ended;
}

struct verified verified_open(enum verified_kind kind)
{
    struct verified v = {.arena = hv_arena_open()};
    v.run = make_run(kind, v.arena);
    v.dump = verified_dump(v.run, v.arena, &v.result, &v.n);
    return v;
}

void verified_close(struct verified *v)
{
    free(v->dump);
    hv_arena_close(v->arena);
}

char *verified_report(const struct hv_result *result, const char *format, bool ascii)
{
    const struct hv_style style = {.ascii = ascii};
    char *text = NULL;
    size_t n = 0;
    FILE *file = open_memstream(&text, &n);
    assert_non_null(file);
    assert_int_equal(hv_writer_find(format)->write(result, file, &style), 0);
    fclose(file);
    return text;
}

int verify_bytes(const char *dump, size_t n, const char *report, struct hv_arena *arena,
                 struct hv_verification *told)
{
    struct hv_error error = {""};
    const struct hv_verify_input in = {
        .dump = dump,
        .n_dump = n,
        .report = report,
        .n_report = report ? strlen(report) : 0,
        .version = VERIFIED_VERSION,
    };
    const int rc = hv_verify(&in, arena, told, &error);
    if (rc && !error.text[0])
        fail_msg("an error without words");
    for (size_t i = 0; !rc && i < told->n_findings; i++)
        for (const char *c = told->findings[i].text; *c; c++)
            assert_in_range(*c, ' ', '~');
    if (!rc && (told->n_findings == 0) != (told->checked != NULL))
        fail_msg("neither passed nor failed");
    return rc;
}

bool passes(const char *dump, size_t n, const char *report)
{
    struct hv_arena *arena = hv_arena_open();
    struct hv_verification told;
    const bool good = !verify_bytes(dump, n, report, arena, &told) && !told.n_findings;
    hv_arena_close(arena);
    return good;
}
