/* SPDX-License-Identifier: MIT */
/* Every rule of the checklist: supported, refuted and undecided by planted results. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "src/analyse/checklist.h"
#include "src/analyse/rules.h"
#include "src/base/error.h"
#include "tests/unit/rule_cases.h"

/* The one pair's line of that rule, after effects, gap and cause. */
static const struct hv_check *check_of(struct why *why, const char *id,
                                       const char *pair)
{
    why_explain(why);
    hv_make_checklist(&why->result, why->arena);
    for (size_t i = 0; i < why->result.n_checklist; i++) {
        const struct hv_check *check = &why->result.checklist[i];
        if (!strcmp(check->id, id) &&
            (pair ? check->pair && !strcmp(check->pair, pair) : !check->pair))
            return check;
    }
    fail_msg("no check %s", id);
    return NULL;
}

static void planted_verdicts(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < n_rule_cases; i++) {
        void *made;
        why_open(&made);
        struct why *why = made;
        rule_cases[i].plant(why, why_pair(why, "bind", 20, 10));
        const struct hv_check *check = check_of(why, rule_cases[i].id, "bind");
        if (check->verdict != rule_cases[i].verdict ||
            !strstr(check->because, rule_cases[i].says) ||
            strstr(check->because, "(null)") ||
            !strstr(check->because, check->verdict ? "." : "What would settle it")) {
            print_error("%s, row %zu: %s: %s\n", rule_cases[i].id, i,
                        hv_verdict_name(check->verdict), check->because);
            wrong++;
        }
        for (size_t e = 0; e < check->n_evidence; e++)
            assert_int_not_equal(check->evidence[e].provenance, HV_ABSENT);
        why_close(&made);
    }
    assert_int_equal(wrong, 0);
}

/* A rule without a case of each verdict is not tested. */
static void every_rule_has_a_case_of_each_verdict(void **state)
{
    (void)state;
    size_t count;
    const struct hv_rule *rules = hv_rules(&count);
    for (size_t r = 0; r < count; r++) {
        bool seen[HV_REFUTED + 1] = {false};
        for (size_t i = 0; i < n_rule_cases; i++)
            if (!strcmp(rule_cases[i].id, rules[r].id))
                seen[rule_cases[i].verdict] = true;
        if (!seen[HV_SUPPORTED] || !seen[HV_REFUTED] || !seen[HV_VERDICT_UNDECIDED])
            fail_msg("%s has no case of some verdict", rules[r].id);
    }
}

/* ---- over all pairs */

/* Pairs "a", "b", ... whose copies are made (y), left out (n), or not known (-). */
static const struct hv_check *over(struct why *why, const char *id, const char *pairs)
{
    static const char *const names[] = {"a", "b", "c", "d"};
    why->result.n_pairs = 0;
    memset(why->result.pairs, 0, HV_LEN(names) * sizeof *why->result.pairs);
    for (size_t i = 0; pairs[i]; i++) {
        struct hv_pair_result *pair = why_pair(why, names[i], 20, 10);
        why_both(pair, "memcpy_bytes_declared", 500, 500);
        if (pairs[i] != '-')
            why_both(pair, "memcpy_bytes", pairs[i] == 'y' ? 500 : 0, 0);
        if (pairs[i] != '-')
            why_both(pair, "forward_spans", 0, 0);
        if (pairs[i] == 'y')
            why_speedup(why_trial(why, pair, "copy_wide", HV_BASELINE, 2), 2, 0.01);
        if (pairs[i] == 'y')
            why_both(pair, "forward_spans", 9, 0);
    }
    return check_of(why, id, NULL);
}

static void most_is_more_than_half(void **state)
{
    static const struct {
        const char *pairs;
        enum hv_verdict most, any;
        const char *says;
    } table[] = {
        {"yyn",  HV_SUPPORTED,         HV_SUPPORTED,         "Supported by a, b; refuted by c"},
        {"yynn", HV_VERDICT_UNDECIDED, HV_SUPPORTED,         "refuted by c, d"                },
        {"yy--", HV_VERDICT_UNDECIDED, HV_SUPPORTED,         "undecided by c, d"              },
        {"nnn-", HV_REFUTED,           HV_VERDICT_UNDECIDED, "Refuted by a, b, c"             },
        {"nn",   HV_REFUTED,           HV_REFUTED,           "Refuted by a, b."               },
        {"",     HV_VERDICT_UNDECIDED, HV_VERDICT_UNDECIDED, "No pair gave a figure"          },
    };
    struct why *why = *state;
    for (size_t i = 0; i < HV_LEN(table); i++) {
        why->result.n_experiments = 0;
        const struct hv_check *check = over(why, "copies_not_elided", table[i].pairs);
        assert_int_equal(check->verdict, table[i].most);
        why_says(check->because, table[i].says);
        why->result.n_experiments = 0;
        check = over(why, "store_forward_blocked", table[i].pairs);
        assert_int_equal(check->verdict, table[i].any);
        why_says(check->because, table[i].says);
        if (check->verdict == HV_VERDICT_UNDECIDED)
            why_says(check->because, "What would settle it");
    }
}

static void controls_failures_and_other_isas_are_not_asked(void **state)
{
    struct why *why = *state;
    why_pair(why, "a", 20, 10)->isa = "portable";
    why_both(why_pair(why, "a", 20, 10), "forward_spans", 0, 0);
    why_pair(why, "control", 20, 10)->control = true;
    why_pair(why, "failed", 20, 10)->state = HV_FAILED;
    const struct hv_check *check = check_of(why, "store_forward_blocked", NULL);
    assert_int_equal(check->verdict, HV_REFUTED);
    assert_string_equal(check->because, "Refuted by a.");
    size_t count;
    hv_rules(&count);
    assert_int_equal(why->result.n_checklist, 2 * count);
}

static void items_name_the_size(void **state)
{
    struct why *why = *state;
    why_says(check_of(why, "memcpy_dominates", NULL)->item, "at 256 bytes");
    why->result.settings.dim_bits = 0;
    why_says(check_of(why, "memcpy_dominates", NULL)->item, "at one vector");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, why_open, why_close)
    const struct CMUnitTest tests[] = {
        TEST(planted_verdicts),
        TEST(every_rule_has_a_case_of_each_verdict),
        TEST(most_is_more_than_half),
        TEST(controls_failures_and_other_isas_are_not_asked),
        TEST(items_name_the_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
