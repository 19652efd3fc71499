/* SPDX-License-Identifier: MIT */
/* What verify passes, and in which words it tells what differs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/base/error.h"
#include "src/dump/dump.h"
#include "src/report/writer.h"
#include "tests/unit/sample_result.h"
#include "tests/unit/verified.h"

static void passes_as_made(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < VERIFIED_KINDS; kind++) {
        struct verified v = verified_open((enum verified_kind)kind);
        assert_true(passes(v.dump, v.n, NULL));
        for (size_t w = 0; w < hv_n_writers; w++)
            for (unsigned ascii = 0; ascii < 2; ascii++) {
                char *report = verified_report(v.result, hv_writers[w].name, ascii);
                struct hv_verification told;
                assert_int_equal(verify_bytes(v.dump, v.n, report, v.arena, &told), 0);
                if (told.n_findings)
                    fail_msg("%s: %s", hv_writers[w].name, told.findings[0].text);
                assert_string_equal(told.format, hv_writers[w].name);
                free(report);
            }
        verified_close(&v);
    }
}

static void counts(void **state)
{
    (void)state;
    struct verified v = verified_open(VERIFIED_QUIET);
    struct hv_verification told;
    assert_int_equal(verify_bytes(v.dump, v.n, NULL, v.arena, &told), 0);
    /* 8 layouts x 20 visits x (2 arms + chain + empty) x (sample + probe) */
    assert_non_null(strstr(told.checked, "1 pair, 1280 samples and probes, "));
    assert_non_null(strstr(told.checked, " verdicts"));
    assert_null(told.format);
    verified_close(&v);
}

/* The first place of old, after the first place of near, becomes new. */
static char *changed(const struct verified *v, const char *near, const char *old,
                     const char *new)
{
    const char *at = strstr(v->dump, near);
    at = at ? strstr(at, old) : NULL;
    if (!at) {
        fail_msg("the dump has no %s after %s", old, near);
        return NULL; /* not reached */
    }
    char *copy = malloc(v->n + strlen(new) + 1);
    memcpy(copy, v->dump, (size_t)(at - v->dump));
    char *end = stpcpy(copy + (at - v->dump), new);
    const size_t rest = (size_t)(v->dump + v->n - at) - strlen(old);
    memcpy(end, at + strlen(old), rest);
    end[rest] = '\0';
    return copy;
}

static const struct {
    const char *near, *old, *new, *expected;
} findings[] = {
    {"\"prediction\"", "\"PARTIAL\"",    "\"MATCH\"",
     "pairs[0].prediction.verdict: the dump says \"MATCH\", the raw data give "
     "\"PARTIAL\""                                                                                          },
    {"\"speedup\": {", "\"value\": ",    "\"value\": 1",
     "pairs[0].speedup.value: the dump says 1"                                                              },
    {"\"speedup\": {", "\"layouts\": 8", "\"layouts\": 9",
     "pairs[0].speedup.layouts: the dump says 9, the raw data give 8"                                       },
    {"\"speedup\": {", "\"layouts\": 8", "\"layouts\": 8, \"new\": [1]",
     "pairs[0].speedup.new: the dump says an array of 1, the raw data give nothing"                         },
    {"\"matrix\"",     "\"next\": [",    "\"next\": [\"Buy it.\", ",
     "decision.next: the dump says an array of "                                                            },
    {"\"matrix\"",     "\"next\": [",    "\"next\":  [",                 "not written as hvperf writes them"},
    {"\"n\"",          "\"n\": 10",      "\"n\": 11",                    "raw_sha256 is "                   },
    {"\"raw_sha256\"", "\": \"",         "\": \"0",                      "raw_sha256 is 0"                  },
    {"{",              "\"test\"",       "\"tess\"",                     "raw_sha256 is "                   },
};

static void names_what_differs(void **state)
{
    (void)state;
    struct verified v = verified_open(VERIFIED_QUIET);
    for (size_t i = 0; i < HV_LEN(findings); i++) {
        char *copy = changed(&v, findings[i].near, findings[i].old, findings[i].new);
        struct hv_verification told;
        assert_int_equal(verify_bytes(copy, strlen(copy), NULL, v.arena, &told), 0);
        assert_true(told.n_findings > 0);
        if (!strstr(told.findings[0].text, findings[i].expected))
            fail_msg("row %zu: %s", i, told.findings[0].text);
        assert_false(told.findings[0].in_report);
        free(copy);
    }
    verified_close(&v);
}

/* A terminal reads what was found: names in the file are not obeyed. */
static void findings_are_harmless(void **state)
{
    (void)state;
    struct verified v = verified_open(VERIFIED_QUIET);
    char *copy = changed(&v, "{", "{", "{\"\\u001b]0;x\\u0007\": \"\\u001b[31m\",");
    struct hv_verification told;
    assert_int_equal(verify_bytes(copy, strlen(copy), NULL, v.arena, &told), 0);
    assert_non_null(strstr(told.findings[0].text, "?]0;x?: the dump says \"\\u001B"));
    free(copy);
    verified_close(&v);
}

static const char *last_of(const struct hv_verification *told)
{
    return told->findings[told->n_findings - 1].text;
}

/* Figures that somebody made up, from another version: not all are told one by one. */
static void many(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_run run;
    struct hv_result result;
    struct hv_verification told;
    char *bytes;
    size_t n;
    sample_make(SAMPLE_FULL, arena, &run, &result);
    assert_int_equal(hv_dump_encode(&run, &result, arena, &bytes, &n, NULL), 0);
    assert_int_equal(verify_bytes(bytes, n, NULL, arena, &told), 0);
    assert_int_equal(told.n_findings, HV_VERIFY_SHOWN + 2);
    assert_non_null(strstr(told.findings[HV_VERIFY_SHOWN].text, "members differ"));
    assert_non_null(strstr(last_of(&told), "made by hvperf 0.0.0-test, and this is"));
    free(bytes);
    hv_arena_close(arena);
}

static void rounding_is_told(void **state)
{
    (void)state;
    struct verified v = verified_open(VERIFIED_QUIET);
    const char *at = strstr(v.dump, "\"speedup\": {");
    const double value = v.result->pairs[0].speedup.value;
    char old[64], new[64];
    at = strstr(at, "\"value\": ");
    snprintf(old, sizeof old, "%.*s", (int)strcspn(at, ","), at);
    snprintf(new, sizeof new, "\"value\": %.17g", value * (1 + 1e-15));
    char *copy = changed(&v, "\"speedup\": {", old, new);
    struct hv_verification told;
    assert_int_equal(verify_bytes(copy, strlen(copy), NULL, v.arena, &told), 0);
    assert_int_equal(told.n_findings, 2);
    assert_non_null(strstr(last_of(&told), "by more than 1e-12"));
    free(copy);
    verified_close(&v);
}

static void report_of_another(void **state)
{
    (void)state;
    struct verified v = verified_open(VERIFIED_QUIET);
    struct verified other = verified_open(VERIFIED_FAILED);
    const char *const formats[] = {"text", "markdown"};
    for (size_t i = 0; i < HV_LEN(formats); i++) {
        char *report = verified_report(other.result, formats[i], false);
        struct hv_verification told;
        assert_int_equal(verify_bytes(v.dump, v.n, report, v.arena, &told), 0);
        assert_int_equal(told.n_findings, 2);
        assert_true(told.findings[0].in_report);
        assert_non_null(strstr(told.findings[0].text, "does not name this dump"));
        free(report);
    }
    verified_close(&other);
    verified_close(&v);
}

static void report_line(void **state)
{
    (void)state;
    struct verified v = verified_open(VERIFIED_QUIET);
    char *report = verified_report(v.result, "markdown", false);
    char *at = strstr(report, "\n## Hypothesis");
    assert_non_null(at);
    at[4] = 'h';
    struct hv_verification told;
    assert_int_equal(verify_bytes(v.dump, v.n, report, v.arena, &told), 0);
    assert_int_equal(told.n_findings, 1);
    assert_non_null(strstr(told.findings[0].text,
                           "line 3: found \"## hypothesis Verification\", expected "
                           "\"## Hypothesis Verification\""));
    report[strlen(report) - 1] = '\0';
    at[4] = 'H';
    assert_int_equal(verify_bytes(v.dump, v.n, report, v.arena, &told), 0);
    assert_non_null(strstr(told.findings[0].text, "without a line's end"));
    static const char *const odd[] = {"", "\n", "x", "\x1b[31m\n"};
    for (size_t i = 0; i < HV_LEN(odd); i++) {
        assert_int_equal(verify_bytes(v.dump, v.n, odd[i], v.arena, &told), 0);
        assert_int_equal(told.n_findings, 2);
    }
    free(report);
    verified_close(&v);
}

static void no_dump(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_verification told;
    static const char *const odd[] = {"", "{}", "null", "x", "[[[[[[[["};
    for (size_t i = 0; i < HV_LEN(odd); i++)
        assert_true(verify_bytes(odd[i], strlen(odd[i]), NULL, arena, &told) < 0);
    hv_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passes_as_made),
        cmocka_unit_test(counts),
        cmocka_unit_test(names_what_differs),
        cmocka_unit_test(findings_are_harmless),
        cmocka_unit_test(many),
        cmocka_unit_test(rounding_is_told),
        cmocka_unit_test(report_of_another),
        cmocka_unit_test(report_line),
        cmocka_unit_test(no_dump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
