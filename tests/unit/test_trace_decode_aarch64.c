/* SPDX-License-Identifier: MIT */
/* Descriptions of single A64 instructions: known answers for every kind of row, as the
 * assembler encodes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/skip_all.h"

#if defined(__aarch64__)

#include <errno.h>
#include <stdio.h>

#include "counters/trace/decode.h"
#include "src/base/error.h"
#include "tests/unit/decode_forms_aarch64.h"
#include "tests/unit/decode_text.h"

enum { PC = 0x1000 };

struct form {
    const char *text, *want;
};

/* The assembler's words in their order, and what is wanted of them. */
#define ASSEMBLE(text, want) text "\n"
#define WANT(text, want)     {text, want},
#define FORMS(name, LIST)                                                              \
    __asm__(".pushsection .rodata\n.p2align 2\n"                                       \
            ".arch armv8.5-a+fp16+sve+memtag+crypto+sha3\n"                            \
            ".globl a64_" #name "\na64_" #name ":\n" LIST(ASSEMBLE) ".popsection\n");  \
    extern const uint32_t a64_##name[];                                                \
    static const struct form name##_forms[] = {LIST(WANT)}

FORMS(single, A64_SINGLE);
FORMS(pair, A64_PAIR);
FORMS(atomic, A64_ATOMIC);
FORMS(structure, A64_STRUCTURE);
FORMS(general, A64_GENERAL);
FORMS(vector, A64_VECTOR);
FORMS(control, A64_CONTROL);
FORMS(unknown, A64_UNKNOWN);

static const char *describe(uint32_t word, char *text, size_t bytes)
{
    static struct hv_block_builder builder;
    struct hv_decoded decoded;
    assert_int_equal(hv_decode(&word, sizeof word, PC, &decoded), 0);
    hv_block_begin(&builder);
    assert_int_equal(hv_block_append(&builder, &decoded, false), 0);
    const struct hv_block block = hv_block_view(&builder);
    return decode_text(&block, 0, text, bytes);
}

static void compare(const uint32_t *word, const struct form *form, size_t n)
{
    char text[1024];
    unsigned wrong = 0;
    for (size_t i = 0; i < n; i++) {
        describe(word[i], text, sizeof text);
        if (!strcmp(text, form[i].want))
            continue;
        print_message("%s:\n  is     %s\n  wanted %s\n", form[i].text, text,
                      form[i].want);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

#define TEST(name)                                                                     \
    static void test_##name(void **state)                                              \
    {                                                                                  \
        (void)state;                                                                   \
        compare(a64_##name, name##_forms, HV_LEN(name##_forms));                       \
    }
TEST(single)
TEST(pair)
TEST(atomic)
TEST(structure)
TEST(general)
TEST(vector)
TEST(control)
TEST(unknown)

/* Its block is as large as this CPU says: a power of two, aligned. */
static void zero_blocks(void **state)
{
    (void)state;
    char text[256], want[64];
    uint64_t block;
    __asm__("mrs %0, dczid_el0" : "=r"(block));
    const unsigned bytes = 4u << (block & 15);
    snprintf(want, sizeof want, "W%u[x3&-%u] |", bytes, bytes);
    assert_string_equal(describe(0xd50b7423, text, sizeof text), want);
}

static void no_instructions(void **state)
{
    (void)state;
    struct hv_decoded decoded;
    static const uint32_t word[] = {0, 0xffff, 0x02000000, 0x06000000};
    for (size_t i = 0; i < HV_LEN(word); i++)
        assert_int_equal(hv_decode(&word[i], sizeof word[i], PC, &decoded), -EILSEQ);
    assert_int_equal(hv_decode(word, 3, PC, &decoded), -EMSGSIZE);
}

/* sp, x0, x1, x2 come first, and the stack pointer not twice. */
static void entries(void **state)
{
    (void)state;
    static const uint8_t number[] = {31, 0, 1, 2};
    static struct hv_block_builder builder;
    struct hv_decoded decoded;
    const uint32_t ret = 0xd65f03c0;
    assert_int_equal(hv_decode(&ret, sizeof ret, PC, &decoded), 0);
    hv_block_begin(&builder);
    assert_int_equal(hv_block_append(&builder, &decoded, true), 0);
    assert_int_equal(builder.n_words, HV_LEN(number));
    for (size_t i = 0; i < HV_LEN(number); i++) {
        assert_int_equal(builder.word[i].kind, HV_WORD_REGISTER);
        assert_int_equal(builder.word[i].base, number[i]);
    }
    assert_true(builder.insn[0].flags & HV_INSN_ENTRY);
    assert_true(builder.insn[0].flags & HV_INSN_LINK);
}

/* A block takes instructions until the next might not fit, and then says so. */
static void full_blocks(void **state)
{
    (void)state;
    static struct hv_block_builder builder;
    struct hv_decoded decoded;
    const uint32_t ld4 = 0x4c400020;
    unsigned n = 0;
    assert_int_equal(hv_decode(&ld4, sizeof ld4, PC, &decoded), 0);
    hv_block_begin(&builder);
    while (!hv_block_append(&builder, &decoded, false))
        n++;
    assert_in_range(n, 1, HV_BLOCK_INSNS);
    assert_int_equal(builder.n_flow, 64 * n);
    assert_int_equal(builder.n_insns, n);
}

static void targets(void **state)
{
    (void)state;
    static const struct {
        uint32_t word;
        uint64_t target;
        bool always;
    } rows[] = {
        {0x14000002, PC + 8,  true },
        {0x17ffffff, PC - 4,  true },
        {0x54000040, PC + 8,  false},
        {0xb4ffffc0, PC - 8,  false},
        {0x35000060, PC + 12, false},
        {0x36180040, PC + 8,  false},
    };
    for (size_t i = 0; i < HV_LEN(rows); i++) {
        struct hv_decoded decoded;
        uint64_t target;
        bool always;
        assert_int_equal(hv_decode(&rows[i].word, 4, PC, &decoded), 0);
        assert_true(hv_a64_target(&decoded, &target, &always));
        assert_int_equal(target, rows[i].target);
        assert_int_equal(always, rows[i].always);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_single),  cmocka_unit_test(test_pair),
        cmocka_unit_test(test_atomic),  cmocka_unit_test(test_structure),
        cmocka_unit_test(test_general), cmocka_unit_test(test_vector),
        cmocka_unit_test(test_control), cmocka_unit_test(test_unknown),
        cmocka_unit_test(zero_blocks),  cmocka_unit_test(no_instructions),
        cmocka_unit_test(entries),      cmocka_unit_test(full_blocks),
        cmocka_unit_test(targets),
    };
    return cmocka_run_group_tests_name("trace_decode_aarch64", tests, NULL, NULL);
}
#else
int main(void)
{
    return skip_all("not AArch64");
}
#endif
