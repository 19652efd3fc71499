/* SPDX-License-Identifier: MIT */
/* From addresses to functions: the program, a shared object, wrong and damaged files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "counters/elf.h"

__attribute__((noinline, used)) static int marked_function(int x)
{
    return x * 3 + 1;
}

static const unsigned char *entry(void)
{
    int (*function)(int) = marked_function;
    const unsigned char *address;
    memcpy(&address, &function, sizeof address);
    return address;
}

static void a_function_of_the_program(void **state)
{
    (void)state;
    struct hv_code code, inside;
    struct hv_error error = {""};
    if (hv_elf_code(-1, entry(), &code, &error))
        fail_msg("%s", error.text);
    assert_non_null(
        strstr(code.symbol, "marked_function")); /* a compiler may add .isra */
    assert_ptr_equal(code.bytes, entry());
    assert_in_range(code.size, 2, 4096);
    /* its last byte is still the function, the next one is not */
    assert_int_equal(hv_elf_code(-1, entry() + code.size - 1, &inside, NULL), 0);
    assert_ptr_equal(inside.bytes, code.bytes);
    const int rc = hv_elf_code(-1, entry() + code.size, &inside, NULL);
    assert_true(rc == -ENOENT || inside.bytes != code.bytes);
}

static void by_descriptor(void **state)
{
    (void)state;
    struct hv_code code;
    const int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(lseek(fd, 7, SEEK_SET), 7);
    assert_int_equal(hv_elf_code(fd, entry(), &code, NULL), 0);
    assert_ptr_equal(code.bytes, entry());
    assert_int_equal(lseek(fd, 0, SEEK_CUR), 7);

    /* the right file for another object is the wrong one for this */
    void *other = dlsym(RTLD_DEFAULT, "_test_malloc");
    assert_non_null(other);
    struct hv_error error = {""};
    assert_int_equal(hv_elf_code(fd, other, &code, &error), -ESTALE);
    assert_null(code.bytes);
    assert_int_equal(code.size, 0);
    close(fd);
}

/* Installed libraries have no .symtab: their exported functions are found all the same.
 */
static void a_function_of_a_shared_object(void **state)
{
    (void)state;
    struct hv_code code;
    struct hv_error error = {""};
    const void *address = dlsym(RTLD_DEFAULT, "_test_malloc");
    if (hv_elf_code(-1, address, &code, &error))
        fail_msg("%s", error.text);
    assert_string_equal(code.symbol, "_test_malloc");
    assert_ptr_equal(code.bytes, address);
    assert_true(code.size > 16);
}

static void addresses_that_are_no_code(void **state)
{
    (void)state;
    static const char data[64] = "not a function";
    struct hv_code code;
    void *heap = calloc(1, 16);
    assert_int_equal(hv_elf_code(-1, heap, &code, NULL), -ENOENT);
    free(heap);
    assert_int_equal(hv_elf_code(-1, data, &code, NULL), -ENOENT);
    assert_int_equal(hv_elf_code(-1, NULL, &code, NULL), -ENOENT);
}

static int file_of(const void *bytes, size_t size)
{
    const int fd = memfd_create("elf", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_true(write(fd, bytes, size) == (ssize_t)size);
    return fd;
}

static unsigned char *read_self(size_t *size)
{
    const int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    struct stat status;
    assert_true(self >= 0 && !fstat(self, &status));
    *size = (size_t)status.st_size;
    unsigned char *bytes = malloc(*size);
    assert_non_null(bytes);
    assert_true(pread(self, bytes, *size, 0) == (ssize_t)*size);
    close(self);
    return bytes;
}

static void files_that_are_no_elf(void **state)
{
    (void)state;
    static const char text[] = "#!/bin/sh\necho no\n", magic[] = "\177ELF";
    struct hv_code code;
    struct hv_error error = {""};
    int fd = file_of(text, sizeof text);
    assert_int_equal(hv_elf_code(fd, entry(), &code, &error), -ENOEXEC);
    assert_true(error.text[0]);
    close(fd);
    fd = file_of(magic, sizeof magic - 1);
    assert_true(hv_elf_code(fd, entry(), &code, NULL) < 0);
    close(fd);
    fd = file_of("", 0);
    assert_true(hv_elf_code(fd, entry(), &code, NULL) < 0);
    close(fd);
    assert_true(hv_elf_code(9999, entry(), &code, NULL) < 0);
}

/* A size that reaches beyond the object: what it covers must not be read. */
static void a_size_that_cannot_be(void **state)
{
    (void)state;
    struct hv_code code;
    Dl_info info;
    assert_int_equal(hv_elf_code(-1, entry(), &code, NULL), 0);
    assert_true(dladdr(entry(), &info));
    const uint64_t entry_in_file = (uintptr_t)entry() - (uintptr_t)info.dli_fbase;
    const uint64_t wanted[2] = {entry_in_file, code.size}, huge = UINT64_MAX / 2;

    size_t size;
    unsigned char *bytes = read_self(&size);
    unsigned found = 0; /* debug information may hold the same pair */
    for (unsigned char *at = bytes;
         (at = memmem(at, size - (size_t)(at - bytes), wanted, sizeof wanted)); found++)
        memcpy(at + sizeof huge, &huge, sizeof huge);
    assert_true(found > 0);
    const int fd = file_of(bytes, size);
    assert_int_equal(hv_elf_code(fd, entry(), &code, NULL), -ENOEXEC);
    assert_null(code.bytes);
    assert_int_equal(code.size, 0);
    close(fd);
    free(bytes);
}

/* Its own file, cut or with bytes changed: an error or an answer inside the object,
 * never a crash. Seeded, so that a failure repeats. */
static void damaged_files(void **state)
{
    (void)state;
    enum { ROUNDS = 300, HEADERS = 4096 };
    size_t size;
    unsigned char *const whole = read_self(&size), *bytes = malloc(size);
    assert_non_null(bytes);
    uint32_t random = 12345;
    for (int round = 0; round < ROUNDS; round++) {
        memcpy(bytes, whole, size);
        for (int i = 0; i < 8; i++) {
            random = random * 1664525 + 1013904223;
            /* headers are at both ends of the file */
            const size_t at = random >> 4 & (HEADERS - 1);
            bytes[round % 2 ? at : size - 1 - at] = (unsigned char)(random >> 20);
        }
        const size_t kept = round % 3 ? size : random % size;
        struct hv_code code;
        const int fd = file_of(bytes, kept);
        if (!hv_elf_code(fd, entry(), &code, NULL)) {
            const unsigned char *begin = code.bytes;
            assert_true(entry() >= begin && entry() < begin + code.size);
            volatile unsigned char last = begin[code.size - 1]; /* must be mapped */
            (void)last;
        }
        close(fd);
    }
    free(bytes);
    free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_function_of_the_program),
        cmocka_unit_test(by_descriptor),
        cmocka_unit_test(a_function_of_a_shared_object),
        cmocka_unit_test(addresses_that_are_no_code),
        cmocka_unit_test(files_that_are_no_elf),
        cmocka_unit_test(a_size_that_cannot_be),
        cmocka_unit_test(damaged_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
