/* SPDX-License-Identifier: MIT */
/* Which file is read for a loaded object: by descriptor, replaced and damaged ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "counters/trace/symbols.h"
#include "tests/unit/compiled.h"

static const char source[] = "int anchor(int x) { return x + 1; }\n"
                             "static int local(int x) { return x * 7; }\n"
                             "int (*choose(void))(int) { return local; }\n";

static bool build(struct compiled *object, const char *flags)
{
    memset(object, 0, sizeof *object);
    return compiled_build(object, "files.c", source, flags);
}

static struct hv_symbols *opened(const int *fds, unsigned n)
{
    struct hv_symbols *symbols;
    assert_int_equal(hv_symbols_open(&symbols, fds, n), 0);
    assert_non_null(symbols);
    return symbols;
}

static bool is_named(const struct hv_symbols *symbols, const struct compiled *object,
                     const char *name)
{
    const uint64_t anchor = (uintptr_t)compiled_at(object, "anchor");
    return !strcmp(hv_symbols_find(symbols, anchor).name, name);
}

/* A plugin that was loaded as root from where the worker may not go. */
static void a_file_that_is_reached_by_descriptor_only(void **state)
{
    (void)state;
    struct compiled object;
    if (!build(&object, ""))
        skip();
    const int own = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    const int file = open(object.path, O_RDONLY | O_CLOEXEC);
    const int fds[] = {-1, own, file};
    assert_true(own >= 0 && file >= 0);
    compiled_load(&object);
    assert_int_equal(unlink(object.path), 0);

    struct hv_symbols *symbols = opened(fds, 2);
    assert_true(is_named(symbols, &object, "?"));
    hv_symbols_close(symbols);
    symbols = opened(fds, 3);
    assert_true(is_named(symbols, &object, "anchor"));
    hv_symbols_close(symbols);
    close(own);
    close(file);
    compiled_close(&object);
}

static void an_object_that_was_loaded_by_descriptor(void **state)
{
    (void)state;
    struct compiled object;
    char path[96];
    if (!build(&object, ""))
        skip();
    const int file = open(object.path, O_RDONLY | O_CLOEXEC);
    snprintf(path, sizeof path, "%s", object.path);
    snprintf(object.path, sizeof object.path, "/proc/self/fd/%d", file);
    compiled_load(&object);
    const uint64_t anchor = (uintptr_t)compiled_at(&object, "anchor");
    const struct hv_symbol found = hv_symbols_find(object.symbols, anchor);
    assert_string_equal(found.name, "anchor");
    assert_string_equal(found.object, strrchr(path, '/') + 1);
    close(file);
    compiled_close(&object);
}

/* The same segments, other code: only the build id tells. */
static void a_file_that_was_built_anew(void **state)
{
    (void)state;
    struct compiled object;
    if (!build(&object, "-Wl,--build-id=0x0102"))
        skip();
    compiled_load(&object);
    assert_true(is_named(object.symbols, &object, "anchor"));

    char *renamed = strdup(source), *name = strstr(renamed, "anchor");
    name[0] = 'b';
    struct compiled other = {.tree = object.tree};
    assert_int_equal(unlink(object.path), 0);
    assert_true(compiled_build(&other, "files.c", renamed, "-Wl,--build-id=0x0103"));
    const int file = open(other.path, O_RDONLY | O_CLOEXEC);
    struct hv_symbols *symbols = opened(&file, 1);
    free(renamed);
    assert_true(is_named(symbols, &object, "?"));
    hv_symbols_close(symbols);
    close(file);
    compiled_close(&object);
}

/* ---- damage ---------------------------------------------------------------------- */

static unsigned char *read_file(const char *path, size_t *size)
{
    struct stat status;
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(file >= 0 && !fstat(file, &status));
    *size = (size_t)status.st_size;
    unsigned char *bytes = malloc(*size);
    assert_non_null(bytes);
    assert_true(read(file, bytes, *size) == status.st_size);
    close(file);
    return bytes;
}

static void check_sane(const int file, uint64_t anchor)
{
    struct hv_symbols *symbols = opened(&file, 1);
    for (uint64_t at = anchor - 64; at < anchor + 256; at += 4) {
        const struct hv_symbol found = hv_symbols_find(symbols, at);
        assert_true(strlen(found.name) < 4096);
        if (!found.start)
            continue;
        assert_in_range(at, found.start, found.start + found.size - 1);
        /* its bytes are mapped */
        volatile unsigned char first = *(const unsigned char *)found.start;
        volatile unsigned char last =
            *(const unsigned char *)(found.start + found.size - 1);
        (void)first, (void)last;
    }
    hv_symbols_close(symbols);
}

/* A size that reaches beyond the object: what it covers must be mapped. */
static void a_size_that_cannot_be(void **state)
{
    (void)state;
    static const uint64_t huge = UINT64_MAX / 2;
    struct compiled object;
    size_t size;
    if (!build(&object, ""))
        skip();
    compiled_load(&object);
    Dl_info info;
    const uint64_t anchor = (uintptr_t)compiled_at(&object, "anchor");
    const struct hv_symbol right = hv_symbols_find(object.symbols, anchor);
    assert_true(dladdr((const void *)anchor, &info));
    const uint64_t row[2] = {anchor - (uintptr_t)info.dli_fbase, right.size};
    unsigned char *bytes = read_file(object.path, &size);
    for (unsigned char *at = bytes;
         (at = memmem(at, size - (size_t)(at - bytes), row, sizeof row));)
        memcpy(at + sizeof huge, &huge, sizeof huge);
    assert_int_equal(unlink(object.path), 0);
    const int file = memfd_create("elf", MFD_CLOEXEC);
    assert_true(file >= 0 && write(file, bytes, size) == (ssize_t)size);
    struct hv_symbols *symbols = opened(&file, 1);
    const struct hv_symbol found = hv_symbols_find(symbols, anchor);
    assert_int_equal(found.start, anchor);
    assert_in_range(found.size, right.size + 1, 65536);
    volatile unsigned char last = *(const unsigned char *)(anchor + found.size - 1);
    (void)last;
    hv_symbols_close(symbols);
    close(file);
    free(bytes);
    compiled_close(&object);
}

/* Cut files, and files with bytes changed at both ends, where the tables are. */
static void damaged_files(void **state)
{
    (void)state;
    enum { ROUNDS = 400 };
    struct compiled object;
    size_t size;
    uint32_t random = 4711;
    if (!build(&object, ""))
        skip();
    compiled_load(&object);
    const uint64_t anchor = (uintptr_t)compiled_at(&object, "anchor");
    unsigned char *whole = read_file(object.path, &size), *bytes = malloc(size);
    assert_non_null(bytes);
    assert_int_equal(unlink(object.path), 0);
    for (int round = 0; round < ROUNDS; round++) {
        memcpy(bytes, whole, size);
        for (int i = 0; i < 6; i++) {
            random = random * 1664525 + 1013904223;
            const size_t at = random >> 6 & 2047;
            bytes[round % 4 ? size - 1 - at : at] = (unsigned char)(random >> 20);
        }
        const size_t kept = round % 5 ? size : random % size;
        const int file = memfd_create("elf", MFD_CLOEXEC);
        assert_true(file >= 0 && write(file, bytes, kept) == (ssize_t)kept);
        check_sane(file, anchor);
        close(file);
    }
    free(bytes);
    free(whole);
    compiled_close(&object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_that_is_reached_by_descriptor_only),
        cmocka_unit_test(an_object_that_was_loaded_by_descriptor),
        cmocka_unit_test(a_file_that_was_built_anew),
        cmocka_unit_test(a_size_that_cannot_be),
        cmocka_unit_test(damaged_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
