/* SPDX-License-Identifier: MIT */
/* Raw data that no measurement gives, under a hash that fits: verify analyses what it
 * reads, so the analysis must take all of it; and what hvperf writes of it verifies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "src/base/error.h"
#include "src/dump/doc.h"
#include "tests/unit/json_edits.h"
#include "tests/unit/verified.h"

enum { ROUNDS = 1500, AT_ONCE = 4 };

static const char *const integers[] = {"0",
                                       "1",
                                       "2",
                                       "4294967295",
                                       "2147483648",
                                       "9223372036854775807",
                                       "\"18446744073709551615\"",
                                       "null"};
static const char *const reals[] = {"0.0",    "-0.0",   "-1.0", "1e308", "-1e308",
                                    "5e-324", "1e-300", "1e18", "null"};
static const char *const words[] = {"\"\"", "\"cycles\"", "\"trace:x\"", "null"};

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* A value of the kind that stood there: others are refused before the analysis. */
static const char *spice(const char *token, uint32_t *random)
{
    const uint32_t r = next_random(random);
    if (*token == '"')
        return words[r % HV_LEN(words)];
    const size_t n = strcspn(token, ",]} \n");
    for (size_t i = 0; i < n; i++)
        if (token[i] == '.' || token[i] == 'e')
            return reals[r % HV_LEN(reals)];
    return integers[r % HV_LEN(integers)];
}

/* Past the hash: what a forger does who computes it anew. */
static struct hv_run *read_unchecked(const char *json, struct hv_arena *arena)
{
    struct hv_doc *doc = hv_arena_alloc(arena, sizeof *doc);
    struct hv_run *run = NULL;
    struct hv_result *result;
    json_t *root = json_loads(json, 0, NULL);
    if (!root || hv_decode_json(root, &hv_doc_shape, doc, arena, NULL) ||
        hv_doc_split(doc, arena, &run, &result, NULL))
        run = NULL;
    json_decref(root);
    return run;
}

static bool analyse_and_verify(const char *json)
{
    struct hv_arena *arena = hv_arena_open();
    struct hv_run *run = read_unchecked(json, arena);
    if (run) {
        struct hv_result *result;
        struct hv_verification told;
        size_t n;
        char *dump = verified_dump(run, arena, &result, &n);
        char *report = verified_report(result, "markdown", false);
        assert_int_equal(verify_bytes(dump, n, report, arena, &told), 0);
        if (told.n_findings)
            fail_msg("%s", told.findings[0].text);
        free(report);
        free(dump);
    }
    hv_arena_close(arena);
    return run != NULL;
}

static char *spiced(const struct verified *v, const struct edit *values, size_t n,
                    uint32_t *random)
{
    char *json = malloc(v->n + 1);
    size_t length = v->n;
    memcpy(json, v->dump, v->n + 1);
    /* From the end on, so that the places of the others stay. */
    size_t at = n;
    const size_t stride = n / AT_ONCE + 1;
    for (unsigned k = 0; k < AT_ONCE && at; k++) {
        at -= 1 + next_random(random) % (at < stride ? at : stride);
        struct edit edit = values[at];
        snprintf(edit.text, sizeof edit.text, "%s", spice(json + edit.from, random));
        char *more = edited(json, length, &edit, &length);
        free(json);
        json = more;
    }
    return json;
}

/* The whole values; EDIT_NULL spans them. */
static size_t scalars(const struct verified *v, struct edit *edits, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (edits[i].kind == EDIT_NULL && !strchr("{[", v->dump[edits[i].from]))
            edits[kept++] = edits[i];
    return kept;
}

static void impossible_samples(void **state)
{
    (void)state;
    uint32_t random = 42;
    size_t analysed = 0;
    for (unsigned kind = 0; kind < VERIFIED_KINDS; kind++) {
        struct verified v = verified_open((enum verified_kind)kind);
        size_t n;
        struct edit *edits = edits_of(v.dump, v.n, &n);
        n = scalars(&v, edits, n);
        for (size_t i = 0; i < ROUNDS / VERIFIED_KINDS; i++) {
            char *json = spiced(&v, edits, n, &random);
            analysed += analyse_and_verify(json);
            free(json);
        }
        free(edits);
        verified_close(&v);
    }
    assert_true(analysed > ROUNDS / 20); /* else nothing was tried */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(impossible_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
