/* SPDX-License-Identifier: MIT */
/* Inlined copies: what is one, what is not, and how many bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "counters/census.h"
#include "tests/unit/census_copies_aarch64.h"
#include "tests/unit/compiled.h"

struct row {
    struct compiled_function function;
    uint32_t copy_pairs, copy_bytes, small_pairs, small_bytes;
    uint32_t runs, width; /* of the first run */
};

#if defined(__x86_64__)
#define ONE_MORE "movdqu xmm0, [rsi+%d]; movdqu [rdi+%d], xmm0\n"
static const struct row rows[] = {
    {{"one_word", "mov rax, [rsi]; mov [rdi], rax; ret"},                                  0, 0,  1, 8,  0, 0 },
    {{"words", ".set i, 0; .rept 8; mov rax, [rsi+i]; mov [rdi+i], rax; "
               ".set i, i+8; .endr; ret"},
     8,                                                                                       64,
     0,                                                                                              0,
     1,                                                                                                     8 },
    {{"one_byte", "mov al, [rsi]; mov [rdi], al; ret"},                                    0, 0,  1, 1,  0, 0 },
    {{"xmm", "movdqu xmm1, [rsi]; movups [rdi], xmm1; ret"},                               1, 16, 0, 0,  1, 16},
    {{"four", "vmovdqu ymm0, [rsi]; vmovdqu ymm1, [rsi+32]; "
              "vmovdqu [rdi], ymm0; vmovdqu [rdi+32], ymm1; ret"},
     2,                                                                                       64,
     0,                                                                                              0,
     1,                                                                                                     32},
    {{"zmm", "vmovdqu64 zmm17, [rsi]; vmovdqu64 [rdi], zmm17; ret"},
     1,                                                                                       64,
     0,                                                                                              0,
     1,                                                                                                     64},
    {{"masked", "vmovdqu8 zmm1{k1}{z}, [rsi]; vmovdqu8 [rdi]{k1}, zmm1; "
                "ret"},
     1,                                                                                       64,
     0,                                                                                              0,
     1,                                                                                                     64},
    {{"constant", "movaps xmm0, [rip+one_word]; movaps [rdi], xmm0; ret"},
     1,                                                                                       16,
     0,                                                                                              0,
     1,                                                                                                     16},
    {{"stream", "vmovdqu ymm0, [rsi]; vmovntdq [rdi], ymm0; ret"},                         1, 32, 0, 0,  1, 32},
    {{"parts", "vmovdqu ymm0, [rsi]; vmovdqu [rdi], xmm0; "
               "vextracti128 [rdi+16], ymm0, 1; ret"},
     2,                                                                                       32,
     0,                                                                                              0,
     2,                                                                                                     16},
    {{"through", "vmovdqu ymm0, [rsi]; vmovdqa ymm9, ymm0; "
                 "vmovdqu [rdi], ymm9; ret"},
     1,                                                                                       32,
     0,                                                                                              0,
     1,                                                                                                     32},
    {{"through_general", "mov rax, [rsi]; mov r9, rax; mov [rdi], r9; ret"},
     0,                                                                                       0,
     1,                                                                                              8,
     0,                                                                                                     0 },
    {{"half", "movsd xmm1, [rsi]; movsd xmm0, xmm1; movq [rdi], xmm0; ret"},
     0,                                                                                       0,
     1,                                                                                              8,
     0,                                                                                                     0 },
    {{"pushed", ".set i, 0; .rept 8; push [rdi+i]; .set i, i+8; .endr; "
                "add rsp, 64; ret"},
     8,                                                                                       64,
     0,                                                                                              0,
     1,                                                                                                     8 },
    {{"moved", "movsq; movsd; movsb; ret"},                                                0, 0,  3, 13, 0, 0 },
    {{"twice", "movdqu xmm0, [rsi]; movdqu [rdi], xmm0; "
               "movdqu [rdx], xmm0; ret"},
     2,                                                                                       32,
     0,                                                                                              0,
     2,                                                                                                     16},
    {{"apart", "movdqu xmm0, [rsi]; movdqu [rdi], xmm0; "
               "movdqu xmm0, [rsi+16]; movdqu [rdi+64], xmm0; ret"},
     2,                                                                                       32,
     0,                                                                                              0,
     2,                                                                                                     16},
    {{"nested", "1: movdqu xmm0, [rsi+rax]; movdqu [rdi+rax], xmm0; "
                "2: movdqu xmm1, [r8]; movdqu [r9], xmm1; dec ecx; jnz 2b; "
                "dec edx; jnz 1b; ret"},
     2,                                                                                       32,
     0,                                                                                              0,
     2,                                                                                                     16},
    {{"over_branches", "movdqu xmm0, [rsi]; movdqu [rdi], xmm0; jz 1f; "
                       "movdqu xmm0, [rsi+16]; movdqu [rdi+16], xmm0; "
                       "1: movdqu xmm0, [rsi+32]; movdqu [rdi+32], xmm0; ret"},
     3,                                                                                       48,
     0,                                                                                              0,
     3,                                                                                                     16},
    {{"after", "1: dec ecx; jnz 1b; movdqu xmm0, [rsi]; movdqu [rdi], xmm0; ret"},
     1,                                                                                       16,
     0,                                                                                              0,
     1,                                                                                                     16},
    {{"both_ways", "movdqu xmm0, [rsi]; jz 1f; inc rdi; "
                   "1: movdqu [rdi], xmm0; ret"},
     1,                                                                                       16,
     0,                                                                                              0,
     1,                                                                                                     16},
 /* no copies */
    {{"narrow", "movzx eax, byte ptr [rsi]; mov [rdi], al; ret"},                          0, 0,  0, 0,  0, 0 },
    {{"changed", "movdqu xmm0, [rsi]; pxor xmm0, xmm1; movdqu [rdi], xmm0; "
                 "ret"},
     0,                                                                                       0,
     0,                                                                                              0,
     0,                                                                                                     0 },
    {{"changed_in_part", "mov rax, [rsi]; mov ah, 1; mov [rdi], rax; ret"},
     0,                                                                                       0,
     0,                                                                                              0,
     0,                                                                                                     0 },
    {{"extended", "movsx rax, byte ptr [rsi]; mov [rdi], rax; ret"},                       0, 0,  0, 0,  0, 0 },
    {{"widened", "mov eax, [rsi]; mov [rdi], rax; ret"},                                   0, 0,  0, 0,  0, 0 },
    {{"widened_by_move", "vmovdqu ymm0, [rsi]; vmovdqa xmm1, xmm0; "
                         "vmovdqu [rdi], ymm1; ret"},
     0,                                                                                       0,
     0,                                                                                              0,
     0,                                                                                                     0 },
    {{"broadcast", "vpbroadcastd ymm0, [rsi]; vmovdqu [rdi], ymm0; ret"},
     0,                                                                                       0,
     0,                                                                                              0,
     0,                                                                                                     0 },
    {{"over_a_call", "movdqu xmm0, [rsi]; call one_word; movdqu [rdi], xmm0; "
                     "ret"},
     0,                                                                                       0,
     0,                                                                                              0,
     0,                                                                                                     0 },
    {{"one_way", "jz 1f; movdqu xmm0, [rsi]; 1: movdqu [rdi], xmm0; ret"},
     0,                                                                                       0,
     0,                                                                                              0,
     0,                                                                                                     0 },
    {{"computed", "xor eax, eax; mov [rdi], rax; mov [rdi+8], rdx; "
                  "mov qword ptr [rdi+16], 7; lea rax, [rip+one_word]; "
                  "mov [rdi+24], rax; ret"},
     0,                                                                                       0,
     0,                                                                                              0,
     0,                                                                                                     0 },
    {{"other_half",
      "movdqu xmm1, [rsi]; vmovsd xmm0, xmm1, xmm2; movq [rdi], xmm0; ret"},
     0,                                                                                       0,
     0,                                                                                              0,
     0,                                                                                                     0 },
    {{"masked_move",
      "vmovdqu64 zmm1, [rsi]; vmovdqu64 zmm0{k1}, zmm1; vmovdqu64 [rdi], zmm0; ret"},
     0,                                                                                       0,
     0,                                                                                              0,
     0,                                                                                                     0 },
    {{"half_kept",
      "movdqu xmm0, [rsi]; movdqu xmm1, [rdx]; movsd xmm0, xmm1; movdqu [rdi], xmm0; "
      "ret"},
     0,                                                                                       0,
     0,                                                                                              0,
     0,                                                                                                     0 },
    {{"repeated", "rep movsq; rep stosb; ret"},                                            0, 0,  0, 0,  0, 0 },
};
#endif

#if defined(__aarch64__)
#define ONE_MORE "ldr q0, [x1, #%d]; str q0, [x0, #%d]\n"
#define ROW(name, body, pairs, bytes, small, small_bytes, runs, width)                 \
    {                                                                                  \
        {name, body}, pairs, bytes, small, small_bytes, runs, width                    \
    }
static const struct row rows[] = {A64_COPIES(ROW), A64_NO_COPIES(ROW)};
#endif

static bool open_rows(struct compiled *object)
{
    struct compiled_function functions[HV_LEN(rows)];
    for (size_t i = 0; i < HV_LEN(rows); i++)
        functions[i] = rows[i].function;
    return compiled_functions(object, functions, HV_LEN(rows), NULL, "");
}

static void census_of(const struct compiled *object, const char *function,
                      struct hv_census *out)
{
    struct hv_error error = {""};
    if (hv_census(object->symbols, compiled_at(object, function), out, &error))
        fail_msg("%s: %s", function, error.text);
    assert_int_equal(out->undecoded, 0);
}

static void what_is_a_copy(void **state)
{
    (void)state;
    struct compiled object;
    if (!open_rows(&object))
        skip();
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        struct hv_census census;
        census_of(&object, rows[i].function.name, &census);
        const uint32_t found[] = {census.copy_pairs,  census.copy_bytes,
                                  census.small_pairs, census.small_bytes,
                                  census.n_copies,    census.copy[0].width};
        const uint32_t wanted[] = {rows[i].copy_pairs,  rows[i].copy_bytes,
                                   rows[i].small_pairs, rows[i].small_bytes,
                                   rows[i].runs,        rows[i].width};
        for (size_t k = 0; k < HV_LEN(wanted); k++)
            if (found[k] != wanted[k])
                fail_msg("%s: value %zu is %u, not %u", rows[i].function.name, k,
                         found[k], wanted[k]);
    }
    compiled_close(&object);
}

static void where_the_copies_are(void **state)
{
    (void)state;
    struct compiled object;
    struct hv_census census;
    if (!open_rows(&object))
        skip();
    census_of(&object, "nested", &census);
    /* after the load, of which A64 shows the length */
    assert_int_equal(census.copy[0].first, strstr(ONE_MORE, "ldr") ? 4 : 5);
    assert_int_equal(census.copy[0].loops, 1);
    assert_int_equal(census.copy[1].loops, 2);
    assert_int_equal(census.loops, 2);
    assert_int_equal(census.copy[1].bytes, 16);
    census_of(&object, "after", &census);
    assert_int_equal(census.loops, 1);
    assert_int_equal(census.copy[0].loops, 0);
    census_of(&object, "four", &census);
    assert_int_equal(census.copy[0].pairs, 2);
    assert_int_equal(census.copy[0].bytes, 64);
    assert_int_equal(census.copy[0].loops, 0);
    census_of(&object, "stream", &census);
    assert_int_equal(census.non_temporal, 1);
    compiled_close(&object);
}

/* As many runs as there are rows, and more; all bytes stay in the sums. */
static void more_runs_than_rows(void **state)
{
    (void)state;
    enum { RUNS = HV_CENSUS_COPIES + 20 };
    char text[8192];
    size_t used = 0;
    for (int i = 0; i < RUNS; i++)
        used +=
            (size_t)snprintf(text + used, sizeof text - used, ONE_MORE, 16 * i, 64 * i);
    const struct compiled_function many = {"many", text};
    struct compiled object;
    struct hv_census census;
    if (!compiled_functions(&object, &many, 1, NULL, ""))
        skip();
    census_of(&object, "many", &census);
    assert_int_equal(census.copy_bytes, 16 * RUNS);
    assert_int_equal(census.n_copies, HV_CENSUS_COPIES);
    uint32_t sum = 0;
    for (uint32_t i = 0; i < census.n_copies; i++)
        sum += census.copy[i].bytes;
    assert_int_equal(sum, census.copy_bytes);
    compiled_close(&object);
}

/* ---- what compilers make of it --------------------------------------------------- */

static const char copies_in_c[] =
    "struct block { char byte[256]; };\n"
    "void assign(struct block *restrict to, const struct block *restrict from)\n"
    "{ *to = *from; }\n"
    "void in_loop(struct block *to, const struct block *from, long n)\n"
    "{ for (long i = 0; i < n; i++) { to[i] = from[i];\n"
    "    __asm__ volatile(\"\" ::: \"memory\"); } }\n"
    "void mix(char *restrict to, const char *restrict from)\n"
    "{ for (int i = 0; i < 256; i++) to[i] ^= from[i]; }\n";

/* 256 bytes are copied one way or another, and none where all of them change. */
static void compilers_copies(void **state)
{
    (void)state;
    static const char *const flags[] = {
        "-O2",
        "-O3",
#if defined(__aarch64__)
        "-Os",
        "-O2 -march=armv8-a+nosimd",
#else
        "-O3 -march=x86-64-v2",
        "-O3 -march=x86-64-v3",
        "-O3 -march=x86-64-v4",
        "-O3 -march=x86-64-v4 -mprefer-vector-width=512",
#endif
    };
    for (size_t i = 0; i < HV_LEN(flags); i++) {
        struct compiled object;
        struct hv_census census;
        if (!compiled_open(&object, "copies.c", copies_in_c, flags[i]))
            skip();
        static const char *const names[] = {"assign", "in_loop"};
        for (size_t k = 0; k < HV_LEN(names); k++) {
            census_of(&object, names[k], &census);
            assert_int_equal(census.copy_bytes + 256 * census.family[HV_CALL_COPY],
                             256);
            assert_int_equal(census.small_bytes, 0);
            assert_int_equal(census.loops, k);
            if (census.n_copies)
                assert_int_equal(census.copy[0].loops, k);
            const uint32_t width = census.copy_pairs * census.copy[0].width;
            if (census.n_copies) /* A64 stores one register or two */
                assert_true(
                    census.copy_bytes == width ||
                    (strstr(ONE_MORE, "ldr") && census.copy_bytes <= 2 * width));
        }
        census_of(&object, "mix", &census);
        assert_int_equal(census.copy_bytes, 0);
        assert_int_equal(census.small_bytes, 0);
        compiled_close(&object);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_a_copy),
        cmocka_unit_test(where_the_copies_are),
        cmocka_unit_test(more_runs_than_rows),
        cmocka_unit_test(compilers_copies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
