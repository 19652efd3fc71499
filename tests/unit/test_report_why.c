/* SPDX-License-Identifier: MIT */
/* That causes, verdicts and experiments are told as what they are: the rest is shown,
 * "no" is not "not known", and no trial that is not quiet lends a speedup. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/base/arena.h"
#include "src/base/error.h"
#include "src/report/writer.h"
#include "tests/unit/sample_result.h"

enum { BIND };

struct fixture {
    struct hv_arena *arena;
    struct hv_run run;
    struct hv_result result;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (!f)
        return -1;
    f->arena = hv_arena_open();
    sample_make(SAMPLE_FULL, f->arena, &f->run, &f->result);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    hv_arena_close(f->arena);
    free(f);
    return 0;
}

/* Whether the report in that format holds the words. */
static bool says(const struct fixture *f, const char *format, const char *words)
{
    static const struct hv_style plain = {false, true};
    char *text = NULL;
    size_t n = 0;
    FILE *file = open_memstream(&text, &n);
    assert_non_null(file);
    assert_int_equal(hv_writer_find(format)->write(&f->result, file, &plain), 0);
    fclose(file);
    const bool found = strstr(text, words) != NULL;
    free(text);
    return found;
}

static void causes_and_the_rest_are_told(void **state)
{
    struct fixture *f = *state;
    assert_true(says(f, "markdown", "**Cause**: copies (inlined, in L1). 9.125 of"));
    assert_true(says(f, "markdown", "| aliasing at 4 KiB | not tested | | - |"));
    assert_true(says(f, "markdown", "| **the rest** | 0.132 | -0.750 to 1 | 1.4 % |"));
    assert_true(says(f, "text", "Unexplained: 0.132"));
    assert_true(says(f, "text", "Without the shared work:"));
    assert_true(says(f, "markdown", "at most 1.008x can appear"));
    assert_true(says(f, "csv", ",gap_copy,9.125,ns,measured,"));
    /* Of a gap that may be none nothing is a share. */
    f->result.pairs[BIND].gap.time.ci95[0] = -1;
    assert_true(says(f, "markdown", "| **the rest** | 0.132 | -0.750 to 1 | - |"));
    assert_false(says(f, "text", "Unexplained: 0.132"));
}

static void verdicts_look_different(void **state)
{
    struct fixture *f = *state;
    assert_true(says(f, "markdown", "- [x] yes **SUPPORTED**: memcpy dominates"));
    assert_true(says(f, "markdown", "- [ ] ? **UNDECIDED**: copies are done"));
    assert_true(says(f, "markdown", "- [ ] no **REFUTED**: the methodology"));
    assert_true(says(f, "text", "UNDECIDED  copies are done in L1"));
    assert_true(says(f, "markdown", "no REFUTED: the methodology is flawed (`method"));
}

static void experiments_tell_their_state(void **state)
{
    struct fixture *f = *state;
    assert_true(
        says(f, "markdown", "| 29.5 ns (contended) | 29.8 ns (contended) | | |"));
    assert_true(says(f, "markdown", "| failed: \\*\\*x\\*\\*\\|"));
    assert_true(says(f, "markdown", "## What Things Cost Here\n"));
    assert_true(says(f, "markdown", "### What Each Step Would Bring\n"));
    /* Even if a dump holds one, a contended trial shows no speedup. */
    for (size_t i = 0; i < f->result.n_experiments; i++) {
        f->result.experiments[i].state = HV_CONTENDED;
        f->result.experiments[i].speedup.present = true;
        f->result.experiments[i].speedup.value = 7.375;
    }
    for (size_t w = 0; w < hv_n_writers; w++)
        assert_false(says(f, hv_writers[w].name, "7.37"));
    f->result.n_experiments = 0;
    assert_false(says(f, "markdown", "What Things Cost Here"));
    assert_false(says(f, "markdown", "What Each Step"));
    assert_true(says(f, "markdown", "No experiment was made."));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(causes_and_the_rest_are_told),
        TEST(verdicts_look_different),
        TEST(experiments_tell_their_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
