/* SPDX-License-Identifier: MIT */
/* Blocks of several instructions: indices, limits, entries, and steps of the dataflow
 * that are left out because nothing can come of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/skip_all.h"

#if defined(__x86_64__)

#include <errno.h>

#include "counters/trace/decode.h"
#include "tests/unit/decode_forms.h"
#include "tests/unit/decode_text.h"

static struct hv_block_builder builder;

static struct hv_decoded find(const char *text)
{
    struct hv_decoded decoded = {0};
    struct decode_form form;
    for (int list = 0; list < DECODE_LISTS; list++)
        for (size_t i = 0; !decode_form((enum decode_list)list, i, &form); i++)
            if (!strcmp(form.text, text)) {
                hv_decode(form.code, form.length, DECODE_FORM_PC, &decoded);
                return decoded;
            }
    fail_msg("no form %s", text);
    return decoded;
}

static int append(const char *text, bool entry)
{
    struct hv_decoded decoded = find(text);
    return hv_block_append(&builder, &decoded, entry);
}

static void expect(unsigned i, const char *want)
{
    char text[1024];
    struct hv_block block = hv_block_view(&builder);
    assert_in_range(i, 0, block.n_insns - 1u);
    assert_string_equal(decode_text(&block, i, text, sizeof text), want);
}

/* ---- indices --------------------------------------------------------------------- */

static void parts_follow_each_other(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "mov ax, [rbx + rcx*2 - 4]",
        "push qword ptr [rsp + 8]",
        "vmovdqu8 [rbx]{k1}, zmm1",
        "rep movsb",
        "add [rbx], rax",
        "vmovdqu16 ymm1{k2}, [rbx]",
        "xchg [rbx], eax",
        "pop qword ptr [rsp + rcx*2]",
        "mov rax, fs:[0x28]",
        "vpcompressd [rbx]{k1}, zmm1",
        "call qword ptr [rbx]",
    };
    hv_block_begin(&builder);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(append(texts[i], false), 0);
    struct hv_block block = hv_block_view(&builder);
    unsigned words = 0, accesses = 0, flow = 0;
    for (unsigned i = 0; i < block.n_insns; i++) {
        const struct hv_insn *insn = &block.insn[i];
        assert_int_equal(insn->first_word, words);
        assert_int_equal(insn->first_access, accesses);
        assert_int_equal(insn->first_flow, flow);
        words += insn->n_words;
        accesses += insn->n_accesses;
        flow += insn->n_flow;
        for (unsigned a = insn->first_access; a < accesses; a++) {
            const struct hv_access *access = &block.access[a];
            if (access->word != HV_NO_WORD)
                assert_in_range(access->word, insn->first_word, words - 1);
            if (access->mask_word != HV_NO_WORD)
                assert_in_range(access->mask_word, insn->first_word, words - 1);
        }
        for (unsigned f = insn->first_flow; f < flow; f++) {
            const struct hv_flow *step = &block.flow[f];
            assert_int_equal(step->insn, i);
            if (step->kind != HV_FLOW_MOVE && step->kind != HV_FLOW_CLEAR)
                assert_in_range(step->access, insn->first_access, accesses - 1);
        }
    }
    assert_int_equal(words, block.n_words);
    assert_int_equal(accesses, block.n_accesses);
    assert_int_equal(flow, block.n_flow);
    /* The same as alone, but for what was clear already. */
    expect(2, "v64 W64[rbx]{k1/1} | m0:64=v1.0{k1/1}");
    expect(3, "rep R1[rsi] W1[rdi] | m1:=m0 rcx.0:8=0 rsi.0:8=0 rdi.0:8=0");
}

static void entries(void **state)
{
    (void)state;
    static const uint8_t argument[] = {4, 7, 6, 2};
    hv_block_begin(&builder);
    assert_int_equal(append("rep movsb", true), 0);
    struct hv_block block = hv_block_view(&builder);
    assert_int_equal(block.insn[0].flags, HV_INSN_ENTRY | HV_INSN_REP);
    assert_int_equal(block.n_words, 10);
    assert_int_equal(block.insn[0].n_words, 10);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(block.word[i].kind, HV_WORD_REGISTER);
        assert_int_equal(block.word[i].base, argument[i]);
    }
    /* The six of the rep are the last ones. */
    static const uint8_t rep[] = {1, 6, 7};
    for (unsigned i = 0; i < 6; i++) {
        assert_int_equal(block.word[4 + i].kind,
                         i < 3 ? HV_WORD_REGISTER : HV_WORD_AFTER);
        assert_int_equal(block.word[4 + i].base, rep[i % 3]);
    }
    assert_int_equal(block.access[0].word, 5);
    assert_int_equal(block.access[1].word, 6);
    hv_block_begin(&builder);
    assert_int_equal(append("mov rax, [rbx]", true), 0);
    expect(0, "entry R8[rbx] | rax.0:8=m0");
}

/* ---- limits ---------------------------------------------------------------------- */

/* Nothing is appended, not a byte. */
static void expect_full(const char *text)
{
    static struct hv_block_builder before;
    before = builder;
    assert_int_equal(append(text, false), -ENOSPC);
    assert_memory_equal(&before, &builder, sizeof builder);
}

static void limits(void **state)
{
    (void)state;
    hv_block_begin(&builder);
    for (unsigned i = 0; i < HV_BLOCK_INSNS; i++)
        assert_int_equal(append("endbr64", false), 0);
    expect_full("endbr64");
    hv_block_begin(&builder);
    for (unsigned i = 0; i < HV_BLOCK_WORDS / 6; i++)
        assert_int_equal(append("rep movsb", false), 0);
    expect_full("rep movsb");
    assert_int_equal(append("movsb", false), 0);
    expect_full("mov rax, [rbx]");
    assert_int_equal(append("mov rax, [rip + 0x10]", false), 0);
    hv_block_begin(&builder);
    builder.n_accesses = HV_BLOCK_ACCESSES - 1;
    expect_full("push qword ptr [rbx]");
    assert_int_equal(append("push rax", false), 0);
    hv_block_begin(&builder);
    builder.n_flow = HV_BLOCK_FLOW - 15;
    expect_full("vzeroupper");
    builder.n_flow = HV_BLOCK_FLOW - 16;
    assert_int_equal(append("vzeroupper", false), 0);
    assert_int_equal(builder.n_flow, HV_BLOCK_FLOW);
}

/* ---- what is left out ------------------------------------------------------------ */

struct line {
    const char *text, *want;
};

static void expect_lines(const struct line *line, size_t n)
{
    hv_block_begin(&builder);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(append(line[i].text, false), 0);
        expect((unsigned)i, line[i].want);
    }
}
#define EXPECT(...)                                                                    \
    do {                                                                               \
        static const struct line lines[] = {__VA_ARGS__};                              \
        expect_lines(lines, sizeof lines / sizeof *lines);                             \
    } while (0)

static void what_is_clear_stays_clear(void **state)
{
    (void)state;
    EXPECT({"push rax", "W8[rsp-8] | m0:8=rax.0 rsp.0:8=0"},
           {"push r9", "W8[rsp-8] | m0:8=r9.0"}, {"pop rax", "R8[rsp] | rax.0:8=m0"},
           {"pop rsp", "R8[rsp] | rsp.0:8=m0"},
           {"push r9", "W8[rsp-8] | m0:8=r9.0 rsp.0:8=0"});
    EXPECT({"xor eax, eax", "| rax.0:8=0"}, {"add al, dl", "|"},
           {"mov [rbx], ah", "W1[rbx] |"}, {"mov [rbx], rax", "W8[rbx] |"},
           {"mov rax, rdx", "| rax.0:8=rdx.0"},
           {"mov [rbx], rax", "W8[rbx] | m0:8=rax.0"});
    EXPECT({"vpxor xmm1, xmm1, xmm1", "v16 | v1.0:64=0"}, {"pxor xmm1, xmm1", "v16 |"},
           {"vmovdqa [rbx], xmm1", "v16 W16[rbx] |"},
           {"movhpd xmm1, [rbx]", "v16 R8[rbx] | v1.8:8=m0"},
           {"movlps [rbx], xmm1", "v16 W8[rbx] |"},
           {"movhpd [rbx], xmm1", "v16 W8[rbx] | m0:8=v1.8"},
           {"vmovups [rbx], ymm1", "v32 W32[rbx] | m0:32=v1.0"});
}

static void computed_stays_computed(void **state)
{
    (void)state;
    EXPECT({"neg edx", "| rdx.0:8=0"}, {"mov rax, rdx", "| rax.0:8=0"},
           {"mov [rbx], rax", "W8[rbx] |"},
           {"xchg rax, rdx", "| tmp.0:8=0"}, /* all three are clear */
           {"movq xmm1, rax", "v16 | v1.0:8=0 v1.8:8=0"}, {"mov al, dl", "|"},
           {"mov ah, [rbx]", "R1[rbx] | rax.1:1=m0"},
           {"mov [rbx], rax", "W8[rbx] | m0:8=rax.0"},
           {"mov dl, ah", "| rdx.0:1=rax.1"}, {"mov rax, rdx", "| rax.0:8=rdx.0"});
    /* Under a mask the other elements keep what they have. */
    EXPECT({"vpxor xmm1, xmm1, xmm1", "v16 | v1.0:64=0"},
           {"vmovdqu64 xmm1{k3}{z}, xmm1", "v16 | v1.0:16=v1.0{k3/8z}"},
           {"vpaddd zmm1, zmm2, [rbx]", "v64 R64[rbx] | v1.0:64=0"},
           {"vmovdqu8 zmm1{k1}, [rbx]", "v64 R64[rbx]{k1/1} | v1.0:64=m0{k1/1}"},
           {"vmovdqu8 [rbx], zmm1", "v64 W64[rbx] | m0:64=v1.0"});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_follow_each_other),
        cmocka_unit_test(entries),
        cmocka_unit_test(limits),
        cmocka_unit_test(what_is_clear_stays_clear),
        cmocka_unit_test(computed_stays_computed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else
int main(void)
{
    return skip_all("not x86-64");
}
#endif
