/* SPDX-License-Identifier: MIT */
/* Files appear whole or not at all, and numbers and text survive the trip. */
#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "src/base/arena.h"
#include "src/base/file.h"
#include "src/base/number.h"
#include "src/base/utf8.h"
#include "src/dump/dump.h"
#include "tests/unit/sample_result.h"

static int make_dir(void **state)
{
    char *dir = strdup("/tmp/hvperf-test-XXXXXX");
    *state = dir;
    return mkdtemp(dir) ? 0 : -1;
}

static const char *in(const char *dir, const char *name, char path[512])
{
    snprintf(path, 512, "%.200s/%.255s", dir, name);
    return path;
}

static unsigned entries(const char *dir, bool delete)
{
    unsigned n = 0;
    DIR *folder = opendir(dir);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[512];
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        n++;
        if (delete)
            remove(in(dir, entry->d_name, path));
    }
    closedir(folder);
    return n;
}

static int remove_dir(void **state)
{
    chmod(*state, 0700);
    entries(*state, true);
    rmdir(*state);
    free(*state);
    return 0;
}

static void expect_content(const char *dir, const char *name, const char *expected)
{
    char path[512], *bytes;
    size_t n;
    assert_int_equal(hv_file_read(in(dir, name, path), 100, &bytes, &n, NULL), 0);
    assert_string_equal(bytes, expected);
    free(bytes);
}

static void replaces(void **state)
{
    struct hv_error error = {""};
    assert_int_equal(hv_file_writable(*state, "a", &error), 0);
    assert_int_equal(entries(*state, false), 0);
    assert_int_equal(hv_file_replace(*state, "a", "one", 3, &error), 0);
    assert_int_equal(hv_file_replace(*state, "a", "two!", 4, &error), 0);
    expect_content(*state, "a", "two!");
    assert_int_equal(entries(*state, false), 1);
    struct stat info;
    char path[512];
    const mode_t mask = umask(022);
    umask(mask);
    assert_int_equal(stat(in(*state, "a", path), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0666 & ~mask);
}

/* A write that fails midway, as on a full disk: the old file stays, nothing is left. */
static void fails_cleanly(void **state)
{
    struct hv_error error = {""};
    struct rlimit old;
    static char big[20000];
    assert_int_equal(hv_file_replace(*state, "a", "old", 3, &error), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    const struct rlimit small = {10000, old.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const int rc = hv_file_replace(*state, "a", big, sizeof big, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(rc, -EFBIG);
    assert_non_null(strstr(error.text, "/a: File too large"));
    expect_content(*state, "a", "old");
    assert_int_equal(entries(*state, false), 1);
}

static void refuses_folders(void **state)
{
    struct hv_error error = {""};
    char path[512];
    assert_int_equal(mkdir(in(*state, "sub", path), 0700), 0);
    assert_int_equal(hv_file_writable(*state, "sub", &error), -EISDIR);
    assert_true(hv_file_replace(*state, "sub", "x", 1, &error) < 0);
    assert_int_equal(entries(*state, false), 1);
    assert_int_equal(hv_file_writable(in(*state, "none", path), "a", &error), -ENOENT);
    assert_non_null(strstr(error.text, "/none: No such file"));
    assert_int_equal(hv_file_replace("/dev/null", "a", "x", 1, &error), -ENOTDIR);
    char *bytes;
    size_t n;
    assert_int_equal(hv_file_read(*state, 100, &bytes, &n, &error), -EISDIR);
    assert_null(bytes);
}

static void needs_permission(void **state)
{
    struct hv_error error = {""};
    if (geteuid() == 0)
        skip();
    assert_int_equal(chmod(*state, 0500), 0);
    assert_int_equal(hv_file_writable(*state, "a", &error), -EACCES);
    assert_int_equal(hv_file_replace(*state, "a", "x", 1, &error), -EACCES);
}

static void reads_up_to_a_limit(void **state)
{
    struct hv_error error = {""};
    static char big[200001];
    char path[512], *bytes;
    size_t n;
    assert_int_equal(hv_file_replace(*state, "a", big, sizeof big - 1, &error), 0);
    in(*state, "a", path);
    assert_int_equal(hv_file_read(path, sizeof big - 1, &bytes, &n, &error), 0);
    assert_int_equal(n, sizeof big - 1);
    free(bytes);
    assert_int_equal(hv_file_read(path, sizeof big - 2, &bytes, &n, &error), -EFBIG);
}

static void dump_in_a_file(void **state)
{
    struct hv_arena *arena = hv_arena_open();
    struct hv_error error = {""};
    struct hv_run run, *read_run;
    struct hv_result result, *read_result;
    char *path = NULL, missing[512];
    sample_make(SAMPLE_FULL, arena, &run, &result);
    assert_int_equal(
        hv_dump_write(*state, HV_DUMP_NAME, &run, &result, arena, &path, &error), 0);
    assert_int_equal(hv_dump_read(path, arena, &read_run, &read_result, &error), 0);
    assert_string_equal(read_result->raw_sha256, result.raw_sha256);
    assert_string_equal(read_result->dump_sha256, result.dump_sha256);
    /* A report must not name a dump that is not there. */
    assert_true(hv_dump_write("/nowhere", HV_DUMP_NAME, &run, &result, arena, NULL,
                              &error) < 0);
    assert_null(result.dump_sha256);
    assert_int_equal(hv_dump_read(in(*state, "none.json", missing), arena, &read_run,
                                  &read_result, &error),
                     -ENOENT);
    /* A result about other pairs is refused before anything is written. */
    result.n_pairs--;
    assert_int_equal(
        hv_dump_write(*state, HV_DUMP_NAME, &run, &result, arena, &path, &error),
        -EINVAL);
    assert_int_equal(entries(*state, false), 1);
    hv_arena_close(arena);
}

static void numbers(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } rows[] = {
        {0.0,                    "0.0"                    },
        {-0.0,                   "-0.0"                   },
        {200,                    "200.0"                  },
        {0.1,                    "0.1"                    },
        {19.2125,                "19.2125"                },
        {-1.25e-7,               "-1.25e-07"              },
        {1e-4,                   "0.0001"                 },
        {9.999e-5,               "9.999e-05"              },
        {1e15,                   "1000000000000000.0"     },
        {1e16,                   "1e+16"                  },
        {123456789.123,          "123456789.123"          },
        {0.1 + 0.2,              "0.30000000000000004"    },
        {5e-324,                 "5e-324"                 },
        {1.7976931348623157e308, "1.7976931348623157e+308"},
    };
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        char text[HV_NUMBER_BYTES];
        hv_number_text(rows[i].value, text);
        assert_string_equal(text, rows[i].text);
    }
    uint64_t bits = 88172645463325252u;
    for (unsigned i = 0; i < 2000; i++) {
        bits ^= bits << 13, bits ^= bits >> 7, bits ^= bits << 17;
        double value;
        memcpy(&value, &bits, sizeof value);
        if (value - value != 0) /* infinite or not a number */
            continue;
        char text[HV_NUMBER_BYTES];
        hv_number_text(value, text);
        assert_true(strtod(text, NULL) == value);
    }
}

static void characters(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        uint32_t code;
        size_t length;
    } rows[] = {
        {"A",                0x41,        1},
        {"\xc2\xb5",         0xB5,        2},
        {"\xe2\x89\xa5",     0x2265,      3},
        {"\xf0\x9f\x98\x80", 0x1F600,     4},
        {"\xff",             HV_UTF8_BAD, 1},
        {"\x80",             HV_UTF8_BAD, 1}, /* continuation first */
        {"\xc2",             HV_UTF8_BAD, 1}, /* cut off */
        {"\xe2\x89",         HV_UTF8_BAD, 1},
        {"\xc0\x80",         HV_UTF8_BAD, 1}, /* overlong */
        {"\xe0\x80\x80",     HV_UTF8_BAD, 1},
        {"\xed\xa0\x80",     HV_UTF8_BAD, 1}, /* surrogate */
        {"\xf4\x90\x80\x80", HV_UTF8_BAD, 1}, /* past 10FFFF */
        {"",                 7,           0},
    };
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        uint32_t code = 7;
        char back[4];
        assert_int_equal(hv_utf8_next(rows[i].bytes, &code), rows[i].length);
        assert_int_equal(code, rows[i].code);
        if (code == HV_UTF8_BAD || !rows[i].length)
            continue;
        assert_int_equal(hv_utf8_put(code, back), rows[i].length);
        assert_memory_equal(back, rows[i].bytes, rows[i].length);
    }
}

#define WITH_DIR(test) cmocka_unit_test_setup_teardown(test, make_dir, remove_dir)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_DIR(replaces),
        WITH_DIR(fails_cleanly),
        WITH_DIR(refuses_folders),
        WITH_DIR(needs_permission),
        WITH_DIR(reads_up_to_a_limit),
        WITH_DIR(dump_in_a_file),
        cmocka_unit_test(numbers),
        cmocka_unit_test(characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
