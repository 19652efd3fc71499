/* SPDX-License-Identifier: MIT */
/* The call meter: exact counts through the GOT of the program and of a shared object.
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
#include <jansson.h>
#include <stdio.h>

#include "counters/got.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* Sizes the compiler cannot see: a call of known size would be inlined. */
static volatile size_t hundred = 100, seven = 7;

static char from[256], to[256];

/* Where every block goes: a compiler may leave out what nobody could have seen. */
static void *volatile kept;

static void *keep(void *block)
{
    kept = block;
    return kept;
}

static void work(void)
{
    void *aligned = NULL;
    memcpy(to, from, hundred);
    memmove(to + 1, to, seven);
    mempcpy(to, from, seven);
    memset(to, 3, hundred);
    free(keep(realloc(keep(malloc(hundred)), 2 * hundred)));
    free(keep(calloc(seven, hundred)));
    free(keep(aligned_alloc(64, 64 * seven)));
    if (!posix_memalign(&aligned, 64, hundred))
        free(keep(aligned));
}

static struct hv_got *attach(const void *address)
{
    struct hv_got *got;
    struct hv_error error = {""};
    if (hv_got_attach(&got, address, &error))
        fail_msg("%s", error.text);
    return got;
}

static void *address_of(const char *symbol)
{
    void *address = dlsym(RTLD_DEFAULT, symbol); /* not the program's own PLT stub */
    assert_non_null(address);
    return address;
}

static void calls_of_the_program_are_exact(void **state)
{
    (void)state;
    if (SANITIZED)
        skip(); /* the sanitizer calls functions of its own instead */
    static const struct hv_calls expected = {
        .calls = {[HV_CALL_COPY] = 3,
                  [HV_CALL_SET] = 1,
                  [HV_CALL_ALLOC] = 5,
                  [HV_CALL_FREE] = 4},
        .bytes = {[HV_CALL_COPY] = 114,
                  [HV_CALL_SET] = 100,
                  [HV_CALL_ALLOC] = 100 + 700 + 200 + 448 + 100},
    };
    struct hv_calls calls;
    struct hv_got *got = attach(to);
    work();
    hv_got_read(got, &calls);
    hv_got_detach(got);
    assert_memory_equal(&calls, &expected, sizeof calls);

    got = attach(to); /* a new meter starts from zero, and after reset again */
    work();
    hv_got_reset(got);
    work();
    work();
    hv_got_read(got, &calls);
    hv_got_detach(got);
    for (int i = 0; i < HV_CALLS; i++) {
        assert_int_equal(calls.calls[i], 2 * expected.calls[i]);
        assert_int_equal(calls.bytes[i], 2 * expected.bytes[i]);
    }
}

static void copies_still_copy(void **state)
{
    (void)state;
    memset(from, 5, sizeof from);
    memset(to, 0, sizeof to);
    struct hv_got *got = attach(to);
    memcpy(to, from, hundred);
    hv_got_detach(got);
    assert_int_equal(to[99], 5);
    assert_int_equal(to[100], 0);
}

/* A GOT of another object: only its own calls count. */
static void calls_of_a_shared_object_are_its_own(void **state)
{
    (void)state;
    struct hv_calls calls;
    struct hv_got *got = attach(address_of("_test_malloc")); /* of cmocka */
    work();
    hv_got_read(got, &calls);
    assert_int_equal(calls.calls[HV_CALL_COPY], 0);
    assert_int_equal(calls.calls[HV_CALL_ALLOC], 0);
    void *block = _test_malloc(1000, __FILE__, __LINE__);
    _test_free(block, __FILE__, __LINE__);
    hv_got_read(got, &calls);
    hv_got_detach(got);
    assert_int_equal(calls.calls[HV_CALL_ALLOC], 1);
    assert_in_range(calls.bytes[HV_CALL_ALLOC], 1000, 2000);
    assert_int_equal(calls.calls[HV_CALL_FREE], 1);
}

static void *own_malloc(size_t bytes)
{
    return calloc(1, bytes);
}

/* jansson calls malloc through a variable that the loader fills and the user may set.
 */
static void function_pointers_in_data_are_followed(void **state)
{
    (void)state;
    struct hv_calls calls;
    const void *address = address_of("json_integer");
    struct hv_got *got = attach(address);
    json_decref(json_integer(5));
    hv_got_read(got, &calls);
    hv_got_detach(got);
    assert_int_equal(calls.calls[HV_CALL_ALLOC], 1);
    assert_int_equal(calls.calls[HV_CALL_FREE], 1);

    json_malloc_t allocate;
    json_free_t release;
    json_set_alloc_funcs(own_malloc, free);
    got = attach(address); /* must leave the user's function where it is */
    json_decref(json_integer(5));
    hv_got_read(got, &calls);
    hv_got_detach(got);
    assert_int_equal(calls.calls[HV_CALL_ALLOC], 0);
    json_get_alloc_funcs(&allocate, &release);
    assert_true(allocate == own_malloc);
    json_set_alloc_funcs(malloc, free);

    got = attach(address); /* set while the meter is on: stays as the user wants it */
    json_set_alloc_funcs(own_malloc, free);
    hv_got_detach(got);
    json_get_alloc_funcs(&allocate, &release);
    assert_true(allocate == own_malloc);
    json_set_alloc_funcs(malloc, free);
}

/* Permissions and names of all mappings of files. */
static void read_maps(char *text, size_t size)
{
    char line[512];
    size_t used = 0;
    FILE *file = fopen("/proc/self/maps", "re");
    assert_non_null(file);
    text[0] = '\0';
    while (fgets(line, sizeof line, file))
        if (strchr(line, '/') && used + strlen(line) < size) {
            memcpy(text + used, line, strlen(line) + 1);
            used += strlen(line);
        }
    fclose(file);
}

static void page_protection_is_put_back(void **state)
{
    (void)state;
    static char before[65536], during[65536], after[65536];
    const void *const addresses[] = {to, address_of("_test_malloc"),
                                     address_of("json_integer")};
    read_maps(before, sizeof before);
    for (size_t i = 0; i < HV_LEN(addresses); i++) {
        struct hv_got *got = attach(addresses[i]);
        read_maps(during, sizeof during);
        hv_got_detach(got);
        read_maps(after, sizeof after);
        assert_string_equal(before, during);
        assert_string_equal(before, after);
    }
}

static void nothing_is_counted_after_detach(void **state)
{
    (void)state;
    struct hv_calls calls;
    struct hv_got *got = attach(address_of("json_integer"));
    hv_got_detach(got);
    got = attach(to); /* takes the place of the meter */
    json_decref(json_integer(5));
    hv_got_read(got, &calls);
    hv_got_detach(got);
    assert_int_equal(calls.calls[HV_CALL_ALLOC], 0);
    hv_got_detach(NULL);
}

static void failures_are_told(void **state)
{
    (void)state;
    struct hv_error error = {""};
    struct hv_got *first = attach(to), *second = first;
    assert_non_null(strstr(hv_got_source(first), "GOT of"));
    const int busy = hv_got_attach(&second, to, &error);
    hv_got_detach(first);
    assert_int_equal(busy, -EBUSY);
    assert_null(second);

    void *heap = malloc(16);
    const int rc = hv_got_attach(&second, heap, &error);
    free(heap);
    assert_int_equal(rc, -ENOENT);
    assert_non_null(strstr(error.text, "no loaded object"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_of_the_program_are_exact),
        cmocka_unit_test(copies_still_copy),
        cmocka_unit_test(calls_of_a_shared_object_are_its_own),
        cmocka_unit_test(function_pointers_in_data_are_followed),
        cmocka_unit_test(page_protection_is_put_back),
        cmocka_unit_test(nothing_is_counted_after_detach),
        cmocka_unit_test(failures_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
