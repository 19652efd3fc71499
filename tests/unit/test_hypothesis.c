/* SPDX-License-Identifier: MIT */
/* Hypothesis files: the built-in one, every kind of mistake and the words it gets, and
 * that no mutation of a file does more than be refused. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/hypothesis/read.h"
#include "tests/unit/hypothesis_mistakes.h"
#include "tests/unit/sample_hypothesis.h"

static const char *builtin_text(size_t *n)
{
    const char *text = hv_hypothesis_builtin_text(n);
    assert_int_equal(strlen(text), *n);
    return text;
}

static void the_built_in_one_says_the_investigation(void **state)
{
    (void)state;
    static const struct {
        const char *pair;
        double speedup, time[2];
    } told[] = {
        {"bind",                200, {2010, 10}    },
        {"batch_1000",          167, {2012e3, 12e3}},
        {"allocation",          100, {100e3, 1e3}  },
        {"stack_vs_heap",       50,  {0, 0}        },
        {"consciousness_cycle", 17,  {250e3, 15e3} },
    };
    struct hv_arena *arena = hv_arena_open();
    const struct hv_hypothesis h = sample_hypothesis(arena);
    assert_true(h.present);
    assert_string_equal(h.name, "zero-copy");
    assert_int_equal(h.bits, 2048);
    assert_float_equal(h.share, 0.99, 1e-12);
    assert_int_equal(h.n_predictions, HV_LEN(told));
    for (size_t i = 0; i < HV_LEN(told); i++) {
        const struct hv_predicted *p = &h.predictions[i];
        assert_string_equal(p->pair, told[i].pair);
        assert_float_equal(p->speedup, told[i].speedup, 1e-9);
        for (int arm = 0; arm < 2; arm++) {
            assert_float_equal(p->time_ns[arm], told[i].time[arm], 1e-6);
            assert_false(p->tells_bytes[arm]);
        }
        assert_true(p->line > 0);
    }
    assert_float_equal(h.thought.bind_ns, 10, 0);
    assert_float_equal(h.thought.copy_ns, 2000, 0);
    assert_float_equal(h.thought.copy_bytes, 256, 0);
    assert_float_equal(h.thought.copy_in_l1_ns, 5, 0);
    assert_float_equal(h.thresholds.match_share, 0.5, 0);
    assert_float_equal(h.thresholds.partial_from, 1.5, 0);
    assert_int_equal(h.n_scenarios, 3);
    assert_int_equal(h.scenarios[0].id, HV_OPTIMISTIC);
    assert_float_equal(h.scenarios[0].also.from, 50, 0);
    assert_int_equal(h.n_matrix, 4);
    assert_float_equal(h.matrix[0].rule.below, 0.99, 0);
    assert_true(h.gpu.launch_ns.value > 0 && h.gpu.launch_ns.source);
    assert_true(h.gpu.transfer_gb_per_s.value > 0 && h.gpu.memory_gb_per_s.value > 0);
    assert_float_equal(h.gpu.item_bytes.value, 256, 0);
    hv_arena_close(arena);
}

/* text with the first `from` in it replaced; *n is its length. */
static char *replaced(const char *text, const char *from, const char *to, size_t *n)
{
    const char *at = strstr(text, from);
    assert_non_null(at);
    char *copy = calloc(1, strlen(text) + strlen(to) + 1);
    assert_non_null(copy);
    snprintf(copy, strlen(text) + strlen(to) + 1, "%.*s%s%s", (int)(at - text), text,
             to, at + strlen(from));
    *n = strlen(copy);
    return copy;
}

static int parse(const char *text, size_t n, char words[sizeof(struct hv_error)])
{
    struct hv_arena *arena = hv_arena_open();
    struct hv_hypothesis h;
    struct hv_error error = {""};
    const int rc = hv_hypothesis_parse(text, n, arena, &h, &error);
    assert_true(h.present == !rc);
    assert_true((*error.text != '\0') == (rc != 0));
    memcpy(words, error.text, sizeof error.text);
    hv_arena_close(arena);
    return rc;
}

/* Every row changes one place of the built-in file. */
static void each_mistake_gets_its_line_and_key(void **state)
{
    (void)state;
    size_t n;
    const char *text = builtin_text(&n);
    for (size_t i = 0; i < n_hypothesis_mistakes; i++) {
        const struct hypothesis_mistake *row = &hypothesis_mistakes[i];
        char words[sizeof(struct hv_error)];
        char *changed = replaced(text, row->from, row->to, &n);
        const int rc = parse(changed, n, words);
        free(changed);
        if (rc != -EINVAL || strcmp(words, row->words))
            fail_msg("row %zu (%s): %d, %s\nexpected %s", i, row->to, rc, words,
                     row->words);
    }
}

static void what_is_no_text_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
        const char *words;
    } rows[] = {
#define ROW(bytes, words) {bytes, sizeof(bytes) - 1, words}
        ROW("", "line 1: the file is empty"),
        ROW("# nothing\n", "line 1: the file is empty"),
        ROW("---\n", "line 2, column 1: nothing: want a map of keys"),
        ROW("name: x\n\n\0", "line 3: a NUL byte (0x00)"),
        ROW("\x7f"
            "ELF\x02\x01",
            "line 1: a character that is not seen (0x7f)"),
        ROW("name: x\nclaim: \xff\xfe\n", "line 2: no valid UTF-8 (0xff)"),
        ROW("\xff\xfen\0a\0", "line 1: no valid UTF-8 (0xff)"),
        ROW("name: x\r", "line 1: a carriage return without a line feed (0x0d)"),
        ROW("a: \xe2\x80\xa8z", "line 1: a character that is not seen (0xe2)"),
        ROW("a: \xe2\x80\xaez", "line 1: a character that is not seen (0xe2)"),
        ROW("- 1\n", "line 1, column 1: a list: want a map of keys"),
        ROW("just text\n", "line 1, column 1: \"just text\": want a map of keys"),
        ROW("name: x\n--- \nname: y\n", "line 2, column 1: a second document begins"),
        ROW("a: {b: {c: {d: {e: {f: {g: {h: {i: 1}}}}}}}}",
            "line 1, column 32: lists and maps are nested too deeply"),
        ROW("? [a]\n: b\n", "line 1, column 3: want a key, which is plain text"),
        ROW("name: \"a\\0b\"\n", "line 1, column 7: characters that are not seen"),
        ROW("name: \"a\\e[31m\"\n", "line 1, column 7: characters that are not seen"),
        ROW("\"\xf0\x9f\x90\x91\\u200f\": 1\n",
            "line 1, column 1: characters that are not seen"),
        ROW("na\xc3\xafve: 1\n", "line 1, column 1: \"na?ve\": unknown key; there are"),
        ROW("name: 'x\n", "line 2, column 1: no valid YAML: found unexpected end of"),
        ROW("name: x\n\tclaim: y\n", "line 2"),
    };
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        char words[sizeof(struct hv_error)];
        const int rc = parse(rows[i].bytes, rows[i].n, words);
        if (rc != -EINVAL || strncmp(words, rows[i].words, strlen(rows[i].words)))
            fail_msg("row %zu: %d, %s\nexpected %s", i, rc, words, rows[i].words);
        for (const char *at = words; *at; at++)
            assert_true(*at >= ' ' && *at <= '~');
    }
}

static void carriage_returns_and_a_mark_at_the_start_are_fine(void **state)
{
    (void)state;
    size_t n, used = 3;
    const char *text = builtin_text(&n);
    char words[sizeof(struct hv_error)];
    char *dos = malloc(2 * n + 4);
    assert_non_null(dos);
    memcpy(dos, "\xef\xbb\xbf", 3);
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\n')
            dos[used++] = '\r';
        dos[used++] = text[i];
    }
    dos[used] = '\0';
    if (parse(dos, used, words))
        fail_msg("%s", words);
    free(dos);
}

/* Members that may be left out, units, both ways to write a share. */
static void a_small_file_will_do(void **state)
{
    (void)state;
    static const char text[] =
        "name: mine\n"
        "claim: >\n"
        "  locks cost\n"
        "  a lot\n"
        "predictions:\n"
        "  my_set:lock-free: {speedup: 2.5, time: {candidate: 1.5 ms},\n"
        "    bytes: {baseline: 2KiB, candidate: 0 B}}\n"
        "scenarios:\n"
        "  - {id: realistic, words: w, action: a, rule: {pairs: 1, from: 2},\n"
        "     steps: [{text: t, measured_by: 'my_set:step'}]}\n"
        "matrix:\n"
        "  - {rule: {pairs: 1, below: 2}, words: w, action: a, step: s}\n";
    struct hv_arena *arena = hv_arena_open();
    const struct hv_hypothesis h = sample_hypothesis_from(arena, text);
    const struct hv_predicted *p = &h.predictions[0];
    assert_string_equal(h.claim, "locks cost a lot");
    assert_int_equal(h.bits, 0);
    assert_float_equal(h.share, 0, 0);
    assert_float_equal(p->speedup, 2.5, 0);
    assert_float_equal(p->time_ns[0], 0, 0);
    assert_float_equal(p->time_ns[1], 1.5e6, 0);
    assert_true(p->tells_bytes[0] && p->tells_bytes[1]);
    assert_float_equal(p->bytes[0], 2048, 0);
    assert_float_equal(p->bytes[1], 0, 0);
    assert_float_equal(h.thresholds.match_share, HV_MATCH_SHARE, 0);
    assert_float_equal(h.thresholds.partial_from, HV_PARTIAL_FROM, 0);
    assert_string_equal(h.scenarios[0].steps[0].measured_by, "my_set:step");
    assert_int_equal(h.n_otherwise, 0);
    hv_arena_close(arena);
}

static void a_name_means_one_pair(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    const struct hv_hypothesis h = sample_hypothesis(arena);
    assert_non_null(hv_predicted_of(&h, "builtin", "bind"));
    assert_non_null(hv_predicted_of(&h, NULL, "bind"));
    assert_null(hv_predicted_of(&h, "mine", "bind"));
    assert_null(hv_predicted_of(&h, "builtin", "bin"));
    assert_null(hv_predicted_of(NULL, "builtin", "bind"));
    assert_true(hv_means_pair("mine:bind", "mine", "bind"));
    assert_false(hv_means_pair("mine:bind", "builtin", "bind"));
    assert_false(hv_means_pair("mine:bind", "min", "e:bind"));
    assert_false(hv_means_pair("mine:bind", "mine", "bin"));
    assert_false(hv_means_pair("mine-bind", "mine", "bind"));
    hv_arena_close(arena);
}

/* ---- mutations */

struct mutator {
    uint64_t state;
};

static size_t below(struct mutator *m, size_t limit)
{
    m->state = m->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(m->state >> 33) % limit;
}

/* One to four bytes set, dropped or doubled; what is special to YAML more often. */
static void mutate(struct mutator *m, char *text, size_t *n)
{
    static const char special[] = "{}[]:,&*!|>'\"%@`#-?~\n\r\t \\.0123456789xsn";
    for (size_t left = 1 + below(m, 4); left; left--) {
        const size_t at = below(m, *n);
        const size_t what = below(m, 4);
        if (what == 0) {
            memmove(text + at, text + at + 1, *n - at);
            --*n;
        } else if (what == 1) {
            memmove(text + at + 1, text + at, *n - at + 1);
            ++*n;
        } else if (what == 2) {
            text[at] = (char)below(m, 256);
        } else {
            text[at] = special[below(m, sizeof special - 1)];
        }
    }
}

static void mutations_are_read_or_refused(void **state)
{
    (void)state;
    enum { ROUNDS = 2000, ROOM = 8 };
    struct mutator m = {42};
    size_t n, refused = 0;
    const char *text = builtin_text(&n);
    char *changed = malloc(n + ROOM);
    assert_non_null(changed);
    for (unsigned i = 0; i < ROUNDS; i++) {
        char words[sizeof(struct hv_error)];
        size_t length = n;
        memcpy(changed, text, n + 1);
        mutate(&m, changed, &length);
        const int rc = parse(changed, length, words);
        assert_true(rc == 0 || (rc == -EINVAL && strncmp(words, "line ", 5) == 0));
        refused += rc != 0;
    }
    free(changed);
    assert_true(refused > ROUNDS / 10 && refused < ROUNDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_built_in_one_says_the_investigation),
        cmocka_unit_test(each_mistake_gets_its_line_and_key),
        cmocka_unit_test(what_is_no_text_is_refused_with_its_line),
        cmocka_unit_test(carriage_returns_and_a_mark_at_the_start_are_fine),
        cmocka_unit_test(a_small_file_will_do),
        cmocka_unit_test(a_name_means_one_pair),
        cmocka_unit_test(mutations_are_read_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
