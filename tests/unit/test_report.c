/* SPDX-License-Identifier: MIT */
/* Every format on made-up results, byte by byte against tests/data. To rewrite the
 * expected files after a change that was meant, run this program from the top folder
 * with HV_GOLDEN=write and look at the difference. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "src/base/arena.h"
#include "src/base/file.h"
#include "src/dump/dump.h"
#include "src/report/glyph.h"
#include "src/report/out.h"
#include "src/report/writer.h"
#include "tests/unit/sample_result.h"

static const struct hv_style utf8 = {false, false}, ascii = {false, true},
                             color = {true, false};

static const struct {
    const char *file, *format;
    enum sample sample;
    const struct hv_style *style;
} goldens[] = {
    {"sample.txt",       "text",     SAMPLE_FULL,    &utf8 },
    {"sample.ascii.txt", "text",     SAMPLE_FULL,    &ascii},
    {"two_isa.txt",      "text",     SAMPLE_TWO_ISA, &utf8 },
    {"bare.txt",         "text",     SAMPLE_BARE,    &utf8 },
    {"sample.md",        "markdown", SAMPLE_FULL,    &utf8 },
    {"two_isa.md",       "markdown", SAMPLE_TWO_ISA, &utf8 },
    {"bare.md",          "markdown", SAMPLE_BARE,    &utf8 },
    {"sample.csv",       "csv",      SAMPLE_FULL,    &utf8 },
};

static char *render(const struct hv_result *result, const char *format,
                    const struct hv_style *style)
{
    char *text = NULL;
    size_t n = 0;
    FILE *file = open_memstream(&text, &n);
    assert_non_null(file);
    assert_int_equal(hv_writer_find(format)->write(result, file, style), 0);
    fclose(file);
    return text;
}

static char *render_sample(enum sample sample, const char *format,
                           const struct hv_style *style)
{
    struct hv_arena *arena = hv_arena_open();
    struct hv_run run;
    struct hv_result result;
    sample_make(sample, arena, &run, &result);
    char *dump;
    size_t n;
    assert_int_equal(hv_dump_encode(&run, &result, arena, &dump, &n, NULL), 0);
    free(dump); /* what it was for: the hashes */
    char *text = render(&result, format, style);
    hv_arena_close(arena);
    return text;
}

static void expect_golden(const char *name, const char *bytes, size_t n)
{
    const char *mode = getenv("HV_GOLDEN");
    struct hv_error error = {""};
    if (mode && !strcmp(mode, "write")) {
        assert_int_equal(hv_file_replace("tests/data", name, bytes, n, &error), 0);
        return;
    }
    char path[256], *golden;
    size_t size;
    snprintf(path, sizeof path, "tests/data/%s", name);
    if (hv_file_read(path, 1 << 20, &golden, &size, &error))
        fail_msg("%s", error.text);
    if (size != n || memcmp(golden, bytes, n) != 0)
        fail_msg("%s differs; HV_GOLDEN=write shows how", path);
    free(golden);
}

static void formats(void **state)
{
    (void)state;
    for (size_t i = 0; i < HV_LEN(goldens); i++) {
        char *text =
            render_sample(goldens[i].sample, goldens[i].format, goldens[i].style);
        expect_golden(goldens[i].file, text, strlen(text));
        free(text);
    }
}

/* The dump that the command-line tests read. */
static void dump(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_run run;
    struct hv_result result;
    char *bytes;
    size_t n;
    sample_make(SAMPLE_FULL, arena, &run, &result);
    assert_int_equal(hv_dump_encode(&run, &result, arena, &bytes, &n, NULL), 0);
    expect_golden("sample.json", bytes, n);
    free(bytes);
    hv_arena_close(arena);
}

/* A report made from a dump equals the one made from the result itself. (In ASCII: JSON
 * has no place for the sample's byte that is no UTF-8.) */
static void same_from_dump(void **state)
{
    (void)state;
    for (unsigned sample = 0; sample < SAMPLES; sample++) {
        struct hv_arena *arena = hv_arena_open();
        struct hv_run run, *read_run;
        struct hv_result result, *read_result;
        char *bytes;
        size_t n;
        sample_make((enum sample)sample, arena, &run, &result);
        assert_int_equal(hv_dump_encode(&run, &result, arena, &bytes, &n, NULL), 0);
        assert_int_equal(hv_dump_decode(bytes, n, arena, &read_run, &read_result, NULL),
                         0);
        for (size_t w = 0; w < hv_n_writers; w++) {
            char *direct = render(&result, hv_writers[w].name, &ascii);
            char *from_dump = render(read_result, hv_writers[w].name, &ascii);
            assert_string_equal(direct, from_dump);
            free(direct);
            free(from_dump);
        }
        free(bytes);
        hv_arena_close(arena);
    }
}

static void lines_fit(void **state)
{
    (void)state;
    for (unsigned sample = 0; sample < SAMPLES; sample++) {
        char *text = render_sample((enum sample)sample, "text", &utf8);
        for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
            if (hv_text_columns(line, false) > HV_TEXT_COLUMNS ||
                line[strlen(line) - 1] == ' ')
                fail_msg("too wide, or blanks at its end: %s", line);
        free(text);
    }
}

static void ascii_is_ascii(void **state)
{
    (void)state;
    for (size_t w = 0; w < hv_n_writers; w++) {
        char *text = render_sample(SAMPLE_FULL, hv_writers[w].name, &ascii);
        for (const char *c = text; *c; c++)
            if (*c != '\n')
                assert_in_range(*c, ' ', '~');
        free(text);
    }
}

/* The sample holds escape sequences; only the style may bring any out. */
static void escapes_only_for_color(void **state)
{
    (void)state;
    for (size_t w = 0; w < hv_n_writers; w++) {
        char *text = render_sample(SAMPLE_FULL, hv_writers[w].name, &utf8);
        assert_null(strchr(text, '\x1b'));
        free(text);
    }
    char *colored = render_sample(SAMPLE_FULL, "text", &color);
    char *plain = render_sample(SAMPLE_FULL, "text", &utf8);
    assert_non_null(strstr(colored, "\x1b[31m"));
    /* Colours change nothing else. */
    char *to = colored;
    for (const char *from = colored; *from; from++)
        if (*from == '\x1b')
            from = strchr(from, 'm');
        else
            *to++ = *from;
    *to = '\0';
    assert_string_equal(colored, plain);
    free(colored);
    free(plain);
}

static void extreme_texts_fit(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_run run;
    struct hv_result result;
    sample_make(SAMPLE_TWO_ISA, arena, &run, &result);
    char *endless = hv_arena_alloc(arena, 5001);
    memset(endless, 'x', 5000);
    for (size_t i = 0; i < result.n_pairs; i++) {
        struct hv_pair_result *pair = &result.pairs[i];
        pair->kernel_set = endless;
        pair->isa = hv_arena_printf(arena, "isa%zu_%.300s", i, endless);
        pair->failure = endless;
        pair->speedup.value *= 1e200;
        for (size_t f = 0; f < pair->arm[0].n_figures; f++)
            pair->arm[0].figures[f].evidence.unit = endless;
    }
    char *text = render(&result, "text", &utf8);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        if (hv_text_columns(line, false) > HV_TEXT_COLUMNS)
            fail_msg("too wide: %s", line);
    free(text);
    hv_arena_close(arena);
}

/* Even if a dump holds one, no speedup of a pair that is not quiet is shown as such. */
static void only_quiet_speedups(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_run run;
    struct hv_result result;
    sample_make(SAMPLE_TWO_ISA, arena, &run, &result);
    for (size_t i = 0; i < result.n_pairs; i++) {
        struct hv_speedup *speedup = &result.pairs[i].speedup;
        speedup->present = true;
        speedup->value = speedup->ci95[0] = speedup->ci95[1] = 7.375;
        speedup->placement_band[0] = speedup->layout_band[0] = 7.375;
        speedup->placement_band[1] = speedup->layout_band[1] = 7.375;
        result.pairs[i].state = i % 2 ? HV_CONTENDED : HV_FAILED;
    }
    for (size_t w = 0; w < hv_n_writers; w++) {
        char *text = render(&result, hv_writers[w].name, &utf8);
        assert_null(strstr(text, "7.37"));
        free(text);
    }
    hv_arena_close(arena);
}

static void full_disk_is_told(void **state)
{
    (void)state;
    struct hv_arena *arena = hv_arena_open();
    struct hv_run run;
    struct hv_result result;
    sample_make(SAMPLE_FULL, arena, &run, &result);
    for (size_t w = 0; w < hv_n_writers; w++) {
        FILE *full = fopen("/dev/full", "w");
        if (!full)
            skip();
        assert_true(hv_writers[w].write(&result, full, &utf8) < 0);
        fclose(full);
    }
    hv_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats),           cmocka_unit_test(dump),
        cmocka_unit_test(same_from_dump),    cmocka_unit_test(lines_fit),
        cmocka_unit_test(ascii_is_ascii),    cmocka_unit_test(escapes_only_for_color),
        cmocka_unit_test(extreme_texts_fit), cmocka_unit_test(only_quiet_speedups),
        cmocka_unit_test(full_disk_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
