/* SPDX-License-Identifier: MIT */
/* No figure, sample, word or sentence of a dump or of its report can be changed
 * unnoticed: each is, in turn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/base/error.h"
#include "src/report/writer.h"
#include "tests/unit/json_edits.h"
#include "tests/unit/verified.h"

/* One value in so many is changed, and of the other edits one in SOME times as many.
 * HV_MUTATE=all tries every one of them, HV_MUTATE=few the FEW of a sanitised build,
 * which takes ten times as long, as an emulated one does. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
enum { FEW = 101, SOME = 3 };
#ifdef SANITIZED
enum { VALUES = FEW };
#else
enum { VALUES = 13 };
#endif

static void expect_caught(const struct verified *v, const struct edit *edit)
{
    size_t n;
    char *copy = edited(v->dump, v->n, edit, &n);
    if (passes(copy, n, NULL)) {
        const size_t from = edit->from < 60 ? 0 : edit->from - 60;
        fail_msg("unnoticed: edit %d at byte %zu, \"%s\" near: %.100s", (int)edit->kind,
                 edit->from, edit->text, v->dump + from);
    }
    free(copy);
}

static bool tried(const struct edit *edit, size_t i)
{
    const char *mode = getenv("HV_MUTATE");
    size_t stride = VALUES;
    if (mode && !strcmp(mode, "all"))
        return true;
    if (mode && !strcmp(mode, "few"))
        stride = FEW;
    return i % (edit->kind == EDIT_VALUE ? stride : stride * SOME) == 0;
}

static void mutate(enum verified_kind kind)
{
    struct verified v = verified_open(kind);
    assert_true(passes(v.dump, v.n, NULL));
    size_t n, kinds[EDIT_KINDS] = {0};
    struct edit *edits = edits_of(v.dump, v.n, &n);
    for (size_t i = 0; i < n; i++)
        if (tried(&edits[i], i)) {
            expect_caught(&v, &edits[i]);
            kinds[edits[i].kind]++;
        }
    /* That the walk reached everything: a member lost here is a hole in the test. */
    for (unsigned k = 0; k < EDIT_KINDS; k++)
        assert_true(kinds[k] * VALUES * SOME > 100);
    free(edits);
    verified_close(&v);
}

static void quiet(void **state)
{
    (void)state;
    mutate(VERIFIED_QUIET);
}

static void traced(void **state)
{
    (void)state;
    mutate(VERIFIED_TRACED);
}

static void failed(void **state)
{
    (void)state;
    mutate(VERIFIED_FAILED);
}

static void around_the_dump(void **state)
{
    (void)state;
    struct verified v = verified_open(VERIFIED_QUIET);
    const struct edit around[] = {
        {EDIT_VALUE, 0,       0,       " "                 },
        {EDIT_VALUE, v.n,     v.n,     "\n"                },
        {EDIT_VALUE, v.n,     v.n,     "{}"                },
        {EDIT_VALUE, v.n - 1, v.n,     ""                  },
        {EDIT_VALUE, v.n - 3, v.n,     ""                  },
        {EDIT_VALUE, 1,       1,       "\"more\": 1,"      },
        {EDIT_VALUE, v.n - 3, v.n - 3, ", \"more\": [null]"},
    };
    for (size_t i = 0; i < HV_LEN(around); i++)
        expect_caught(&v, &around[i]);
    verified_close(&v);
}

/* A text with lines [from, end) replaced by `text`; the caller frees. */
static char *spliced(const char *whole, size_t from, size_t end, const char *text)
{
    char *copy = malloc(strlen(whole) + strlen(text) + 1);
    memcpy(copy, whole, from);
    memcpy(stpcpy(copy + from, text), whole + end, strlen(whole + end) + 1);
    return copy;
}

static void expect_report_caught(const struct verified *v, char *report)
{
    struct hv_verification told = {.n_findings = 0};
    const struct hv_span span = {report, strlen(report)};
    assert_int_equal(hv_check_report(v->result, span, v->arena, &told), 0);
    if (!told.n_findings || told.format)
        fail_msg("unnoticed: %s", report);
    for (size_t i = 0; i < told.n_findings; i++)
        assert_true(told.findings[i].in_report);
    free(report);
}

static void change_line(const struct verified *v, const char *report, size_t from,
                        size_t end)
{
    char line[2048];
    const size_t at = (from + end) / 2;
    const char other[] = {report[at] == 'x' ? 'y' : 'x', 0};
    expect_report_caught(v, spliced(report, at, at + 1, other));
    expect_report_caught(v, spliced(report, from, end, ""));
    if (end - from < sizeof line) { /* a line twice */
        memcpy(line, report + from, end - from);
        line[end - from] = '\0';
        expect_report_caught(v, spliced(report, from, from, line));
    }
}

static void reports(void **state)
{
    (void)state;
    for (size_t w = 0; w < hv_n_writers; w++) {
        struct verified v = verified_open(VERIFIED_QUIET);
        char *report = verified_report(v.result, hv_writers[w].name, false);
        assert_true(passes(v.dump, v.n, report));
        for (size_t from = 0; report[from];) {
            const size_t end = from + strcspn(report + from, "\n") + 1;
            change_line(&v, report, from, end);
            from = end;
        }
        free(report);
        verified_close(&v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quiet),   cmocka_unit_test(traced),
        cmocka_unit_test(failed),  cmocka_unit_test(around_the_dump),
        cmocka_unit_test(reports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
