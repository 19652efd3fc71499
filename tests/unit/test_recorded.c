/* SPDX-License-Identifier: MIT */
/* A run on a PMU, recorded: what the analysis makes of real counts. tests/data/
 * guest_n1.json is n1.json of `make check-guest` (GUEST_KEEP says where it leaves it).
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "src/analyse/analyse.h"
#include "src/base/arena.h"
#include "src/base/error.h"
#include "src/dump/dump.h"
#include "src/result.h"

struct recorded {
    struct hv_arena *arena;
    struct hv_run *run; /* may be changed, then analysed again */
};

static int setup(void **state)
{
    static struct recorded r;
    struct hv_result *result;
    struct hv_error error = {""};
    r.arena = hv_arena_open();
    if (hv_dump_read("tests/data/guest_n1.json", r.arena, &r.run, &result, &error))
        fail_msg("%s", error.text);
    *state = &r;
    return 0;
}

static int teardown(void **state)
{
    const struct recorded *r = *state;
    hv_arena_close(r->arena);
    return 0;
}

static const struct hv_evidence *figure(const struct recorded *r, enum hv_arm_id arm,
                                        const char *name)
{
    const struct hv_result *result = hv_analyse(r->run, r->arena);
    const struct hv_evidence *found = hv_arm_figure(&result->pairs[0].arm[arm], name);
    assert_non_null(found);
    return found;
}

/* The readings of an event of the pair, by its figure's name. */
static struct hv_event_run *event(const struct recorded *r, const char *name)
{
    struct hv_pair_run *pair = &r->run->pairs[0];
    for (size_t g = 0; g < pair->n_groups; g++)
        for (size_t e = 0; e < pair->groups[g].n_events; e++)
            if (!strcmp(pair->groups[g].events[e].figure, name))
                return &pair->groups[g].events[e];
    fail_msg("no event %s", name);
    return NULL;
}

static void instructions_are_measured_and_traced(void **state)
{
    static const double known[HV_ARMS] = {86, 54};
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        const struct hv_evidence *found = figure(*state, arm, "instructions");
        assert_int_equal(found->provenance, HV_MEASURED);
        assert_true(fabs(found->value / known[arm] - 1) < 0.0002);
        assert_int_equal(found->n_witnesses, 1);
        assert_int_equal(found->witnesses[0].provenance, HV_TRACED);
        assert_true(found->witnesses[0].value == known[arm]);
    }
}

/* An instruction is a cycle there. */
static void cycles_are_measured(void **state)
{
    for (unsigned arm = 0; arm < HV_ARMS; arm++) {
        const struct hv_evidence *cycles = figure(*state, arm, "cycles");
        assert_int_equal(cycles->provenance, HV_MEASURED);
        assert_true(fabs(cycles->value / figure(*state, arm, "instructions")->value -
                         1) < 0.001);
    }
}

static void a_dead_event_is_no_zero(void **state)
{
    const struct hv_evidence *misses = figure(*state, HV_BASELINE, "l1d_misses");
    assert_int_equal(misses->provenance, HV_MODELLED);
    assert_non_null(strstr(misses->why, "dead: opened, but counted nothing"));
}

/* The same counts from a PMU that nobody vouched for. */
static void unqualified_counts_give_way(void **state)
{
    event(*state, "instructions")->qualification = HV_UNQUALIFIED;
    const struct hv_evidence *found = figure(*state, HV_BASELINE, "instructions");
    assert_int_equal(found->provenance, HV_TRACED);
    assert_non_null(strstr(found->why, "no control kernel vouches"));
    assert_int_equal(found->witnesses[0].provenance, HV_ESTIMATED);
}

/* The same counts in half of the time are scaled, and no longer a measure. */
static void counts_in_turns_give_way(void **state)
{
    struct hv_event_run *instructions = event(*state, "instructions");
    for (unsigned arm = 0; arm <= HV_ARMS; arm++)
        for (size_t i = 0; i < instructions->n_reads; i++) {
            struct hv_reading *reading = &instructions->reads[arm][i];
            reading->running = reading->enabled / 2;
            reading->value /= 2;
        }
    const struct hv_evidence *found = figure(*state, HV_BASELINE, "instructions");
    assert_int_equal(found->provenance, HV_TRACED);
    assert_int_equal(found->witnesses[0].provenance, HV_SCALED);
    assert_true(fabs(found->witnesses[0].value / 86 - 1) < 0.01);
}

/* A count that the trace contradicts is told: neither is averaged away. */
static void a_wrong_count_is_noticed(void **state)
{
    const struct recorded *r = *state;
    struct hv_event_run *instructions = event(r, "instructions");
    for (size_t i = 0; i < instructions->n_reads; i++)
        instructions->reads[HV_BASELINE][i].value =
            instructions->reads[HV_BASELINE][i].value * 5 / 4;
    const struct hv_result *result = hv_analyse(r->run, r->arena);
    const struct hv_pair_result *pair = &result->pairs[0];
    bool told = false;
    for (size_t i = 0; i < pair->n_warnings; i++)
        told |= !strcmp(pair->warnings[i].id, "witness_disagreement");
    assert_true(told);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(instructions_are_measured_and_traced),
        TEST(cycles_are_measured),
        TEST(a_dead_event_is_no_zero),
        TEST(unqualified_counts_give_way),
        TEST(counts_in_turns_give_way),
        TEST(a_wrong_count_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
