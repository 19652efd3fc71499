/* SPDX-License-Identifier: MIT */
/* Whatever a dump holds, reading it ends with an answer, and a bad one names the
 * member. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "src/base/arena.h"
#include "src/dump/dump.h"
#include "src/dump/scan.h"
#include "src/report/writer.h"
#include "tests/unit/sample_result.h"

enum { CUTS = 200, MUTATIONS = 3000 };

static char *sample_bytes(size_t *n)
{
    struct hv_arena *arena = hv_arena_open();
    struct hv_run run;
    struct hv_result result;
    char *bytes = NULL;
    sample_make(SAMPLE_FULL, arena, &run, &result);
    assert_int_equal(hv_dump_encode(&run, &result, arena, &bytes, n, NULL), 0);
    hv_arena_close(arena);
    return bytes;
}

/* What was let in must not break the writers either. */
static void render(const struct hv_result *result)
{
    static const struct hv_style style = {.color = true};
    FILE *null = fopen("/dev/null", "w");
    assert_non_null(null);
    for (size_t w = 0; w < hv_n_writers; w++)
        assert_int_equal(hv_writers[w].write(result, null, &style), 0);
    fclose(null);
}

static int decode(const char *bytes, size_t n, struct hv_error *error)
{
    struct hv_arena *arena = hv_arena_open();
    struct hv_run *run;
    struct hv_result *result;
    error->text[0] = '\0';
    const int rc = hv_dump_decode(bytes, n, arena, &run, &result, error);
    if (!rc)
        render(result);
    hv_arena_close(arena);
    return rc;
}

/* Copies of exact size, so that a sanitizer sees any read past the end. */
static int decode_exactly(const char *bytes, size_t n, struct hv_error *error)
{
    char *copy = malloc(n ? n : 1);
    memcpy(copy, bytes, n);
    const int rc = decode(copy, n, error);
    free(copy);
    return rc;
}

static void truncated(void **state)
{
    (void)state;
    size_t n;
    char *bytes = sample_bytes(&n);
    struct hv_error error;
    for (size_t i = 0; i < CUTS; i++) {
        assert_true(decode_exactly(bytes, n * i / CUTS, &error) < 0);
        assert_true(error.text[0]);
    }
    assert_int_equal(decode_exactly(bytes, n, &error), 0);
    free(bytes);
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

static void mutated(void **state)
{
    (void)state;
    static const char spice[] = "\"[]{},:0-9eE+.ntf\\u\x1b\xff\0 ";
    size_t n;
    char *bytes = sample_bytes(&n), *copy = malloc(n);
    uint32_t random = 42;
    for (size_t i = 0; i < MUTATIONS; i++) {
        memcpy(copy, bytes, n);
        for (size_t j = 0; j <= i % 3; j++)
            copy[next_random(&random) % n] = spice[next_random(&random) % sizeof spice];
        struct hv_error error;
        if (decode(copy, n, &error))
            for (const char *c = error.text; *c; c++)
                assert_in_range(*c, ' ', '~');
    }
    free(copy);
    free(bytes);
}

/* One value of the tree at a time is replaced by one of another type. */
struct walk {
    json_t *root;
    char path[512];
    size_t tried;
};

static void expect_refusal(struct walk *walk)
{
    char *bytes = json_dumps(walk->root, JSON_COMPACT);
    struct hv_error error;
    assert_int_equal(decode(bytes, strlen(bytes), &error), -EINVAL);
    free(bytes);
    const size_t length = strlen(walk->path);
    const bool named = !strncmp(error.text, walk->path, length) &&
                       !strncmp(error.text + length, ": found ", 8);
    if (!named && strcmp(walk->path, "hvperf") && strcmp(walk->path, "hvperf.schema"))
        fail_msg("at %s: %s", walk->path, error.text);
    walk->tried++;
}

static json_t *of_another_type(const json_t *value)
{
    if (json_is_null(value))
        return json_pack("[s]", "wrong");
    return json_is_string(value) ? json_true() : json_string("wrong");
}

static void visit(struct walk *walk, json_t *value);

static void visit_object(struct walk *walk, json_t *object)
{
    const size_t length = strlen(walk->path);
    const char *key;
    json_t *value;
    void *next;
    json_object_foreach_safe(object, next, key, value)
    {
        snprintf(walk->path + length, sizeof walk->path - length, "%s%s",
                 length ? "." : "", key);
        json_incref(value);
        json_object_set_new(object, key, of_another_type(value));
        expect_refusal(walk);
        json_object_set_new(object, key, value);
        visit(walk, value);
        walk->path[length] = '\0';
    }
}

static void visit_array(struct walk *walk, json_t *array)
{
    const size_t length = strlen(walk->path);
    for (size_t i = 0; i < json_array_size(array); i++) {
        json_t *value = json_array_get(array, i);
        /* [low, high] is refused as a whole. */
        if (json_is_real(value))
            return;
        snprintf(walk->path + length, sizeof walk->path - length, "[%zu]", i);
        json_incref(value);
        json_array_set_new(array, i, of_another_type(value));
        expect_refusal(walk);
        json_array_set_new(array, i, value);
        if (json_is_object(value))
            visit_object(walk, value);
        walk->path[length] = '\0';
    }
}

static void visit(struct walk *walk, json_t *value)
{
    if (json_is_object(value))
        visit_object(walk, value);
    else if (json_is_array(value))
        visit_array(walk, value);
}

static void wrong_types(void **state)
{
    (void)state;
    size_t n;
    char *bytes = sample_bytes(&n);
    struct walk walk = {.root = json_loadb(bytes, n, 0, NULL)};
    /* One pair has everything; the walk is quadratic. */
    json_t *pairs = json_object_get(walk.root, "pairs");
    while (json_array_size(pairs) > 1)
        json_array_remove(pairs, 1);
    visit(&walk, walk.root);
    assert_true(walk.tried > 300);
    json_decref(walk.root);
    free(bytes);
}

/* What is wrong, and the words the message must hold. */
static const struct {
    const char *path, *value, *expected;
} bad_values[] = {
    {"pairs/0/state",                                 "\"calm\"",
     "pairs[0].state: found \"calm\", expected one of quiet, contended, failed"                                                            },
    {"pairs/0/stop_reason",                           "\"none\"",                         "pairs[0].stop_reason: found \"none\""           },
    {"pairs/0/arms/baseline/n",                       "-1",                               "pairs[0].arms.baseline.n: found -1"             },
    {"pairs/0/arms/baseline/n",                       "0",                                "pairs[0].arms.baseline.n: found 0"              },
    {"pairs/0/arms/baseline/n",                       "\"99999999999999999999\"",
     "pairs[0].arms.baseline.n: found"                                                                                                     },
    {"pairs/0/speedup/ci95",                          "[2.0, 1.0]",                       "pairs[0].speedup.ci95: found"                   },
    {"pairs/0/speedup/value",                         "0",
     "pairs[0].speedup: found an object, expected a ratio"                                                                                 },
    {"pairs/0/placements",                            "[0, 16, 32, 48, 64]",              "pairs[0].placements: found 5"                   },
    {"pairs/0/placements",                            "[0, 32]",
     "pairs[0].arms.baseline.samples.layouts[0].32: found 0 samples"                                                                       },
    {"pairs/0/placements",                            "[0]",
     "pairs[0].arms.baseline.samples.layouts[0]: found 2 placements, expected 1"                                                           },
    {"pairs/0/layouts",                               "[]",                               "pairs[0].arms.baseline.samples.layouts: found 2"},
    {"pairs/0/layouts/1/empty",                       "{\"ticks\": [1], \"probe\": [1]}",
     "pairs[0].layouts[1]: found 1 empty samples"                                                                                          },
    {"pairs/0/layouts/1/empty/probe",                 "[1]",
     "pairs[0].layouts[1].empty.probe: found an"                                                                                           },
    {"pairs/0/arms/candidate/samples/layouts/1/16",   "{\"ticks\": [1], \"probe\": [1]}",
     "pairs[0].arms.candidate.samples.layouts[1].16: found 1 samples, expected 3"                                                          },
    {"pairs/0/layouts/0/closing_probe",               "4294967296",
     "pairs[0].layouts[0].closing_probe: found 4294967296"                                                                                 },
    {"pairs/0/arms/baseline/figures/time/value",      "null",
     "pairs[0].arms.baseline.figures.time: found an object, expected a value"                                                              },
    {"pairs/0/arms/baseline/figures/time/provenance", "\"absent\"",
     "expected no value"                                                                                                                   },
    {"pairs/0/arms/baseline/figures/l1d_misses/why",  "null",
     "expected a reason in why"                                                                                                            },
    {"pairs/0/counters/0/events/0/reads/baseline",    "[[1, 2]]",
     "reads.baseline[0]: found an array of 2"                                                                                              },
    {"pairs/0/counters/0/events/1/status",            "2",                                "events[1].status: found 2"                      },
    {"hypothesis/predictions/0/speedup",              "-1",
     "hypothesis: predictions.bind.speedup: want a factor"                                                                                 },
    {"hypothesis/predictions",                        "[]",                               "hypothesis: predictions: want 1 to 16"          },
    {"hypothesis/scenarios/1/rule/pairs",             "4000000000",
     "hypothesis: scenarios[1]: it asks for"                                                                                               },
    {"hypothesis/scenarios/1/id",                     "\"none\"",                         "hypothesis: scenarios[1].id: want"              },
    {"hypothesis/matrix/0/action",                    "\"x\"",                            "hypothesis: matrix[0].action: x is"             },
    {"hvperf/schema",                                 "2",                                "hvperf.schema is 2"                             },
    {"hvperf",                                        "{}",                               "this is no dump of hvperf"                      },
    {"raw_sha256",                                    "\"\\u001b[31m\"",                  "raw_sha256 is ?[31m"                            },
};

static json_t *find(json_t *node, const char *path, char *last, size_t size)
{
    for (const char *slash; (slash = strchr(path, '/')); path = slash + 1) {
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)(slash - path), path);
        node = json_is_array(node) ? json_array_get(node, strtoul(name, NULL, 10))
                                   : json_object_get(node, name);
    }
    snprintf(last, size, "%s", path);
    return node;
}

static void wrong_values(void **state)
{
    (void)state;
    size_t n;
    char *bytes = sample_bytes(&n);
    for (size_t i = 0; i < HV_LEN(bad_values); i++) {
        json_t *root = json_loadb(bytes, n, 0, NULL);
        char last[64];
        json_t *node = find(root, bad_values[i].path, last, sizeof last);
        json_t *value = json_loads(bad_values[i].value, JSON_DECODE_ANY, NULL);
        assert_non_null(value);
        assert_int_equal(json_object_set_new(node, last, value), 0);
        char *changed = json_dumps(root, 0);
        struct hv_error error;
        const bool hash = !strcmp(bad_values[i].path, "raw_sha256");
        assert_int_equal(decode(changed, strlen(changed), &error),
                         hash ? -EBADMSG : -EINVAL);
        if (!strstr(error.text, bad_values[i].expected))
            fail_msg("row %zu: %s", i, error.text);
        free(changed);
        json_decref(root);
    }
    free(bytes);
}

static void missing_member(void **state)
{
    (void)state;
    size_t n;
    char *bytes = sample_bytes(&n);
    json_t *root = json_loadb(bytes, n, 0, NULL);
    json_object_del(json_array_get(json_object_get(root, "pairs"), 1), "isa");
    char *changed = json_dumps(root, 0);
    struct hv_error error;
    assert_int_equal(decode(changed, strlen(changed), &error), -EINVAL);
    assert_non_null(strstr(error.text, "pairs[1]: found an object, expected a member "
                                       "'isa'"));
    free(changed);
    json_decref(root);
    free(bytes);
}

static void bombs(void **state)
{
    (void)state;
    struct hv_error error;
    enum { DEEP = 100000 };
    char *text = malloc(DEEP);
    memset(text, '[', DEEP);
    assert_true(decode(text, DEEP, &error) < 0);
    assert_non_null(strstr(error.text, "brackets"));
    memset(text, ',', DEEP);
    assert_int_equal(hv_scan(text, DEEP, 10, DEEP - 1, &error), -EINVAL);
    assert_int_equal(hv_scan(text, DEEP, 10, DEEP + 1, &error), 0);
    /* Brackets and commas inside strings do not count. */
    static const char quoted[] = "[\"[[[,,,\\\"[[[\"]";
    assert_int_equal(hv_scan(quoted, sizeof quoted - 1, 1, 2, &error), 0);
    free(text);
    static const char *const odd[] = {"",         "[]",
                                      "{}",       "null",
                                      "7",        "{\"a\":1,\"a\":2}",
                                      "\xff\xfe", "{\"hvperf\":{\"schema\":1}}"};
    for (size_t i = 0; i < HV_LEN(odd); i++) {
        assert_true(decode(odd[i], strlen(odd[i]), &error) < 0);
        assert_true(error.text[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(truncated),      cmocka_unit_test(mutated),
        cmocka_unit_test(wrong_types),    cmocka_unit_test(wrong_values),
        cmocka_unit_test(missing_member), cmocka_unit_test(bombs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
