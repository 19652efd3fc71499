/* SPDX-License-Identifier: MIT */
/* A dump written and read back is the same dump, and its hash hangs on the raw part. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/base/arena.h"
#include "src/dump/dump.h"
#include "tests/unit/sample_result.h"

struct fixture {
    struct hv_arena *arena;
    struct hv_run run;
    struct hv_result result;
};

static struct fixture open_sample(enum sample sample)
{
    struct fixture f = {.arena = hv_arena_open()};
    sample_make(sample, f.arena, &f.run, &f.result);
    return f;
}

/* noinline: inlined at -O3, gcc 12 takes what it returns for a local of its own. */
__attribute__((noinline)) static char *encode(const struct hv_run *run,
                                              struct hv_result *result,
                                              struct hv_arena *arena, size_t *n)
{
    struct hv_error error = {""};
    char *bytes = NULL;
    if (hv_dump_encode(run, result, arena, &bytes, n, &error))
        fail_msg("%s", error.text);
    return bytes;
}

static void round_trip(void **state)
{
    (void)state;
    for (unsigned sample = 0; sample < SAMPLES; sample++) {
        struct fixture f = open_sample((enum sample)sample);
        struct hv_error error = {""};
        size_t n, again;
        char *bytes = encode(&f.run, &f.result, f.arena, &n);
        struct hv_run *run;
        struct hv_result *result;
        if (hv_dump_decode(bytes, n, f.arena, &run, &result, &error))
            fail_msg("%s", error.text);
        char *copy = encode(run, result, f.arena, &again);
        assert_int_equal(n, again);
        assert_memory_equal(bytes, copy, n);
        assert_string_equal(f.result.dump_sha256, result->dump_sha256);
        free(bytes);
        free(copy);
        hv_arena_close(f.arena);
    }
}

/* Equal JSON could still hide a member that neither direction knows. */
static void members_arrive(void **state)
{
    (void)state;
    struct fixture f = open_sample(SAMPLE_FULL);
    struct hv_error error = {""};
    size_t n;
    char *bytes = encode(&f.run, &f.result, f.arena, &n);
    struct hv_run *run;
    struct hv_result *result;
    assert_int_equal(hv_dump_decode(bytes, n, f.arena, &run, &result, &error), 0);
    free(bytes);
    assert_true(run->settings.seed == UINT64_MAX - 1);
    assert_true(run->clock.empty_n[1] == 512);
    const struct hv_pair_run *pair = &run->pairs[0];
    assert_int_equal(pair->places, 2);
    assert_int_equal(pair->place_offset[1], 16);
    assert_int_equal(pair->stop, HV_STOP_PRECISION);
    assert_int_equal(pair->layouts[1].cell[HV_CANDIDATE][1].ticks[2], 45564);
    assert_int_equal(pair->layouts[0].cell[HV_BASELINE][1].ticks[1], 0);
    assert_int_equal(pair->groups[0].events[0].reads[HV_ARMS][1].value, 3000001);
    assert_int_equal(pair->groups[0].events[1].status, -2);
    assert_int_equal(pair->groups[0].events[1].qualification, HV_BIASED);
    assert_int_equal((int)(pair->groups[0].events[1].factor * 100), 150);
    assert_int_equal(pair->meter.arm[0].bytes[HV_CALL_ALLOC], 600);
    assert_int_equal(pair->usage.involuntary_switches[1], 15);
    assert_true(pair->arm[1].declares_copies);
    assert_int_equal(pair->arm[1].declared_copy_bytes, 0);
    assert_false(run->pairs[1].arm[0].declares_copies);
    assert_int_equal(result->pairs[3].state, HV_FAILED);
    assert_string_equal(result->pairs[3].failure, run->pairs[3].failure);
    assert_false(result->pairs[1].speedup.present);
    assert_true(result->pairs[1].contended.present);
    assert_false(result->pairs[3].has_kept_share);
    assert_int_equal(result->pairs[0].arm[0].figures[3].evidence.provenance, HV_ABSENT);
    assert_int_equal(result->pairs[0].arm[0].figures[4].evidence.n_witnesses, 1);
    assert_false(result->controls[1].ran);
    assert_true(result->controls[2].ran);
    assert_false(result->controls[1].doubled);
    assert_true(result->controls[2].doubled);
    assert_int_equal((int)result->controls[2].got_doubled, 7);
    assert_int_equal(result->decision.scenario, HV_PESSIMISTIC);
    hv_arena_close(f.arena);
}

static void hash_of(const struct hv_run *run, char text[HV_SHA256_TEXT])
{
    assert_int_equal(hv_dump_sha256(run, text, NULL), 0);
}

static void hash_hangs_on_raw(void **state)
{
    (void)state;
    struct fixture f = open_sample(SAMPLE_FULL);
    struct hv_pair_run *pair = &f.run.pairs[0];
    uint32_t *numbers[] = {
        &pair->layouts[0].cell[1][0].ticks[2],
        &pair->layouts[1].cell[0][1].probe[0],
        &pair->layouts[0].chain.ticks[1],
        &pair->layouts[1].empty.probe[2],
        &pair->layouts[1].closing_probe,
        &pair->place_offset[1],
        &f.run.clock.granule,
        &f.run.clock.chain_adds,
    };
    uint64_t *counts[] = {
        &pair->arm[1].n,
        &pair->groups[0].events[0].reads[2][1].value,
        &pair->groups[0].iterations[1],
        &pair->meter.arm[0].bytes[0],
        &pair->usage.minor_faults[0],
    };
    char before[HV_SHA256_TEXT], after[HV_SHA256_TEXT];
    hash_of(&f.run, before);
    assert_int_equal(strlen(before), 64);
    for (size_t i = 0; i < HV_LEN(numbers); i++) {
        ++*numbers[i];
        hash_of(&f.run, after);
        assert_string_not_equal(before, after);
        --*numbers[i];
    }
    for (size_t i = 0; i < HV_LEN(counts); i++) {
        ++*counts[i];
        hash_of(&f.run, after);
        assert_string_not_equal(before, after);
        --*counts[i];
    }
    f.run.clock.ticks_per_ns += 1e-12;
    hash_of(&f.run, after);
    assert_string_not_equal(before, after);
    f.run.clock.ticks_per_ns = 2.6999;
    f.result.pairs[0].speedup.value = 3;
    hash_of(&f.run, after);
    assert_string_equal(before, after);
    hv_arena_close(f.arena);
}

static void changed_dump_is_refused(void **state)
{
    (void)state;
    struct fixture f = open_sample(SAMPLE_FULL);
    struct hv_error error = {""};
    size_t n;
    char *bytes = encode(&f.run, &f.result, f.arena, &n);
    const char *sample = strstr(bytes, "40507"); /* of the candidate arm */
    assert_non_null(sample);
    bytes[sample - bytes + 4] = '8';
    struct hv_run *run;
    struct hv_result *result;
    assert_int_equal(hv_dump_decode(bytes, n, f.arena, &run, &result, &error),
                     -EBADMSG);
    assert_non_null(strstr(error.text, "raw_sha256"));
    free(bytes);
    hv_arena_close(f.arena);
}

/* Placements may share an offset where a plugin was built without placement flags. */
static void equal_offsets_survive(void **state)
{
    (void)state;
    struct fixture f = open_sample(SAMPLE_FULL);
    f.run.pairs[0].place_offset[1] = 0;
    struct hv_error error = {""};
    size_t n;
    char *bytes = encode(&f.run, &f.result, f.arena, &n);
    struct hv_run *run;
    struct hv_result *result;
    if (hv_dump_decode(bytes, n, f.arena, &run, &result, &error))
        fail_msg("%s", error.text);
    assert_int_equal(run->pairs[0].layouts[0].cell[1][0].ticks[0], 40500);
    assert_int_equal(run->pairs[0].layouts[0].cell[1][1].ticks[0], 40550);
    free(bytes);
    hv_arena_close(f.arena);
}

/* A figure that went wrong must not make the dump unreadable, nor become a number. */
static void no_number_is_absent(void **state)
{
    (void)state;
    struct fixture f = open_sample(SAMPLE_FULL);
    struct hv_figure figure = {
        "time", {.provenance = HV_MEASURED, .value = (double)INFINITY, .unit = "ns"}
    };
    f.result.pairs[0].arm[0].figures = &figure;
    f.result.pairs[0].arm[0].n_figures = 1;
    struct hv_error error = {""};
    size_t n;
    char *bytes = encode(&f.run, &f.result, f.arena, &n);
    struct hv_run *run;
    struct hv_result *result;
    if (hv_dump_decode(bytes, n, f.arena, &run, &result, &error))
        fail_msg("%s", error.text);
    const struct hv_evidence *time = &result->pairs[0].arm[0].figures[0].evidence;
    assert_int_equal(time->provenance, HV_ABSENT);
    assert_non_null(time->why);
    free(bytes);
    hv_arena_close(f.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(members_arrive),
        cmocka_unit_test(hash_hangs_on_raw),
        cmocka_unit_test(changed_dump_is_refused),
        cmocka_unit_test(equal_offsets_survive),
        cmocka_unit_test(no_number_is_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
