/* SPDX-License-Identifier: MIT */
/* Every ISA's HV16 equals the scalar reference, on random and on adversarial inputs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernels/hv16_reference.h"
#include "kernels/isa.h"

enum { MAX_BYTES = 8192, MAX_K = 257, GUARD = 64 };

static const size_t sizes[] = {64, 128, 192, 256, 1024, 2048, 8192};
#define N_SIZES (sizeof sizes / sizeof sizes[0])

static const struct hv_hv16_ops *ops;

/* For the ISA of this group; cmocka keeps the state pointer for itself. */
static int choose(void **state)
{
    const struct hv_isa *isa = *state;
    ops = isa->ops;
    return 0;
}

/* ---- inputs --------------------------------------------------------------------- */

/* Patterns that a wrong lane, a missing carry or a swapped block cannot survive: 251 is
 * the largest prime below 256, so no two blocks of the last ones are alike. */
enum {
    ZEROS,
    ONES,
    ALTERNATING,
    NIBBLES,
    LOW_BITS,
    PERIOD_251,
    PERIOD_7,
    RANDOM,
    PATTERNS
};

static void fill(uint8_t *out, size_t bytes, int pattern)
{
    static const uint8_t constant[] = {0x00, 0xff, 0xaa, 0x0f, 0x01};
    if (pattern == RANDOM) {
        hv_reference_random(out, bytes, 99);
        return;
    }
    for (size_t i = 0; i < bytes; i++)
        out[i] = pattern == PERIOD_251 ? (uint8_t)(i % 251)
                 : pattern == PERIOD_7 ? (uint8_t)(37 * (i % 7))
                                       : constant[pattern];
}

static void *room(size_t bytes)
{
    void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
    assert_non_null(memory);
    return memory;
}

/* ---- tests ---------------------------------------------------------------------- */

static void random_equals(void **state)
{
    (void)state;
    static const uint64_t seeds[] = {0, 1, 42, 255, 256, UINT32_MAX, UINT64_MAX};
    uint8_t *got = room(MAX_BYTES), *want = room(MAX_BYTES);
    for (size_t s = 0; s < N_SIZES; s++)
        for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++) {
            ops->random(got, sizes[s], seeds[i]);
            hv_reference_random(want, sizes[s], seeds[i]);
            assert_memory_equal(got, want, sizes[s]);
        }
    free(got);
    free(want);
}

static void bind_and_similarity_equal(void **state)
{
    (void)state;
    uint8_t *a = room(MAX_BYTES), *b = room(MAX_BYTES), *got = room(MAX_BYTES + GUARD),
            *want = room(MAX_BYTES);
    for (size_t s = 0; s < N_SIZES; s++)
        for (int pair = 0; pair < PATTERNS * PATTERNS; pair++) {
            const size_t bytes = sizes[s];
            fill(a, bytes, pair / PATTERNS);
            fill(b, bytes, pair % PATTERNS);
            memset(got, 0x5a, bytes + GUARD);
            ops->bind(got, a, b, bytes);
            hv_reference_bind(want, a, b, bytes);
            assert_memory_equal(got, want, bytes);
            assert_int_equal(got[bytes], 0x5a);
            const float share = ops->similarity(a, b, bytes),
                        expected = hv_reference_similarity(a, b, bytes);
            assert_memory_equal(&share, &expected, sizeof share);
        }
    free(a);
    free(b);
    free(got);
    free(want);
}

/* One bit that differs, at every position: the others must not move. */
static void every_single_bit(void **state)
{
    (void)state;
    uint8_t *a = room(MAX_BYTES), *b = room(MAX_BYTES), *got = room(MAX_BYTES),
            *zero = room(MAX_BYTES);
    memset(zero, 0, MAX_BYTES);
    fill(a, MAX_BYTES, PERIOD_251);
    memcpy(b, a, MAX_BYTES);
    for (size_t s = 0; s < N_SIZES; s++) {
        const size_t bytes = sizes[s], bits = 8 * bytes;
        const float expected = 1.0f - 1.0f / (float)bits;
        assert_true(ops->similarity(a, b, bytes) == 1.0f);
        for (size_t i = 0; i < bits; i++) {
            const uint8_t bit = (uint8_t)(1u << (i % 8));
            b[i / 8] ^= bit;
            assert_true(ops->similarity(a, b, bytes) == expected);
            ops->bind(got, a, b, bytes);
            assert_int_equal(got[i / 8], bit);
            got[i / 8] = 0;
            assert_int_equal(memcmp(got, zero, bytes), 0);
            b[i / 8] ^= bit;
        }
    }
    free(a);
    free(b);
    free(got);
    free(zero);
}

static const size_t counts[] = {0,  1,  2,  3,  4,  5,   7,   8,   9,  15,
                                16, 17, 31, 64, 99, 100, 101, 256, 257};
#define N_COUNTS (sizeof counts / sizeof counts[0])

/* Bit i is set in the first i % (k + 1) vectors, so every count from 0 to k occurs: the
 * threshold, and the tie below it, are where they should be. */
static void bundle_counts_every_sum(void **state)
{
    (void)state;
    const size_t bytes = 256, bits = 8 * bytes;
    uint8_t *vectors = room(MAX_K * bytes), *got = room(bytes);
    for (size_t n = 0; n < N_COUNTS; n++) {
        const size_t k = counts[n];
        memset(vectors, 0, MAX_K * bytes);
        for (size_t i = 0; i < bits; i++)
            for (size_t v = 0; v < i % (k + 1); v++)
                vectors[v * bytes + i / 8] |= (uint8_t)(1u << (i % 8));
        ops->bundle(got, vectors, k, bytes);
        for (size_t i = 0; i < bits; i++)
            assert_int_equal(got[i / 8] >> (i % 8) & 1, 2 * (i % (k + 1)) > k);
    }
    free(vectors);
    free(got);
}

static void bundle_equals(void **state)
{
    (void)state;
    uint8_t *vectors = room(101 * (size_t)MAX_BYTES), *got = room(MAX_BYTES + GUARD),
            *want = room(MAX_BYTES);
    for (size_t s = 0; s < N_SIZES; s++)
        for (size_t n = 0; n < N_COUNTS && counts[n] <= 101; n++) {
            const size_t bytes = sizes[s], k = counts[n];
            if (bytes > 1024 && k != 3 && k != 100)
                continue; /* the reference takes its time */
            for (size_t v = 0; v < k; v++)
                hv_reference_random(vectors + v * bytes, bytes, v);
            memset(got, 0x5a, bytes + GUARD);
            ops->bundle(got, vectors, k, bytes);
            hv_reference_bundle(want, vectors, k, bytes);
            assert_memory_equal(got, want, bytes);
            assert_int_equal(got[bytes], 0x5a);
        }
    free(vectors);
    free(got);
    free(want);
}

static void unaligned_addresses_will_do(void **state)
{
    (void)state;
    const size_t bytes = 256, plenty = 16 * bytes;
    uint8_t *memory = room(plenty), *got = room(2 * bytes), want[256];
    hv_reference_random(memory, plenty, 5);
    for (size_t shift = 1; shift < 64; shift += 13) {
        const uint8_t *a = memory + shift, *b = memory + 2 * bytes + 3 * shift;
        ops->bind(got + shift, a, b, bytes);
        hv_reference_bind(want, a, b, bytes);
        assert_memory_equal(got + shift, want, bytes);
        assert_true(ops->similarity(a, b, bytes) ==
                    hv_reference_similarity(a, b, bytes));
        ops->bundle(got + shift, a, 9, bytes);
        hv_reference_bundle(want, a, 9, bytes);
        assert_memory_equal(got + shift, want, bytes);
    }
    free(memory);
    free(got);
}

/* The kernel's list names what a row needs; it hides what the system does not save. */
static void availability_agrees_with_the_kernel(void **state)
{
    (void)state;
    static const struct {
        const char *isa, *flag;
    } needs[] = {
        {"avx2",     " avx2 "            },
        {"avx512",   " avx512bw "        },
        {"avx512vp", " avx512_vpopcntdq "},
        {"neon",     " asimd "           },
    };
#if defined(__aarch64__)
    static const char list[] = "Features";
#else
    static const char list[] = "flags";
#endif
    FILE *file = fopen("/proc/cpuinfo", "r");
    static char line[8192];
    line[0] = '\0';
    while (file && fgets(line, sizeof line, file) && strncmp(line, list, strlen(list)))
        continue;
    if (file)
        fclose(file);
    line[strcspn(line, "\n")] = ' '; /* the last word ends like the others */
    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++) {
        const struct hv_isa *isa = hv_isa_find(needs[i].isa);
        if (isa && !strncmp(line, list, strlen(list)))
            assert_int_equal(hv_isa_available(isa),
                             strstr(line, needs[i].flag) != NULL);
    }
}

static void the_table(void **state)
{
    (void)state;
    size_t count;
    const struct hv_isa *isas = hv_isas(&count);
    assert_true(count >= 1);
    assert_string_equal(isas[0].name, "portable");
    assert_true(hv_isa_available(&isas[0]));
    assert_true(hv_isa_available(hv_isa_best()));
    assert_null(hv_isa_find("avx"));
    assert_null(hv_isa_find(""));
    for (size_t i = 0; i < count; i++)
        assert_ptr_equal(hv_isa_find(isas[i].name), &isas[i]);
}

int main(void)
{
    const struct CMUnitTest once[] = {
        cmocka_unit_test(the_table),
        cmocka_unit_test(availability_agrees_with_the_kernel),
    };
    int failed = cmocka_run_group_tests_name("isa table", once, NULL, NULL);

    size_t count;
    const struct hv_isa *isas = hv_isas(&count);
    for (size_t i = 0; i < count; i++) {
        void *isa = (void *)&isas[i];
        const struct CMUnitTest tests[] = {
            cmocka_unit_test_prestate_setup_teardown(random_equals, choose, NULL, isa),
            cmocka_unit_test_prestate_setup_teardown(bind_and_similarity_equal, choose,
                                                     NULL, isa),
            cmocka_unit_test_prestate_setup_teardown(every_single_bit, choose, NULL,
                                                     isa),
            cmocka_unit_test_prestate_setup_teardown(bundle_counts_every_sum, choose,
                                                     NULL, isa),
            cmocka_unit_test_prestate_setup_teardown(bundle_equals, choose, NULL, isa),
            cmocka_unit_test_prestate_setup_teardown(unaligned_addresses_will_do,
                                                     choose, NULL, isa),
        };
        if (hv_isa_available(&isas[i]))
            failed += cmocka_run_group_tests_name(isas[i].name, tests, NULL, NULL);
        else
            printf("# %s: not on this CPU\n", isas[i].name);
    }
    return failed != 0;
}
