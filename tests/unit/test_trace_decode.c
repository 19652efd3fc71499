/* SPDX-License-Identifier: MIT */
/* Descriptions of single instructions: known answers for several hundred forms, and
 * what else can be asked of one. */
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

static void compare_form(const struct decode_form *form)
{
    static struct hv_block_builder builder;
    struct hv_decoded decoded;
    char text[1024];
    /* More bytes than it has: the length is the decoder's own finding. */
    unsigned char code[32] = {0};
    memcpy(code, form->code, form->length);
    if (hv_decode(code, sizeof code, DECODE_FORM_PC, &decoded))
        fail_msg("%s: not decoded", form->text);
    if (decoded.insn.length != form->length)
        fail_msg("%s: has %u bytes", form->text, decoded.insn.length);
    builder.fs_base = DECODE_FORM_FS;
    hv_block_begin(&builder);
    assert_int_equal(hv_block_append(&builder, &decoded, false), 0);
    struct hv_block block = hv_block_view(&builder);
    decode_text(&block, 0, text, sizeof text);
    if (strcmp(text, form->want) != 0)
        fail_msg("%s:\n  is     %s\n  wanted %s", form->text, text, form->want);
}

static void compare_list(enum decode_list list, size_t least)
{
    struct decode_form form;
    size_t n = 0;
    for (; !decode_form(list, n, &form); n++)
        compare_form(&form);
    assert_in_range(n, least, 1000);
}

static void general_registers(void **state)
{
    (void)state;
    compare_list(DECODE_GENERAL, 120);
}

static void stack_and_strings(void **state)
{
    (void)state;
    compare_list(DECODE_STACK, 90);
}

static void vectors(void **state)
{
    (void)state;
    compare_list(DECODE_VECTOR, 130);
}

static void masked_vectors(void **state)
{
    (void)state;
    compare_list(DECODE_EVEX, 90);
}

/* ---- bytes that are no instruction ----------------------------------------------- */

static void incomplete(void **state)
{
    (void)state;
    static const unsigned char call[] = {0xe8, 1, 2, 3, 4};
    static const unsigned char invalid[] = {0x06, 0, 0, 0, 0, 0};
    static const unsigned char prefixes[32] = {
        0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
        0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x90,
    };
    struct hv_decoded decoded;
    for (size_t room = 0; room < sizeof call; room++)
        assert_int_equal(hv_decode(call, room, 0, &decoded), -EMSGSIZE);
    assert_int_equal(hv_decode(call, sizeof call, 0, &decoded), 0);
    assert_int_equal(hv_decode(invalid, sizeof invalid, 0, &decoded), -EILSEQ);
    assert_int_equal(hv_decode(prefixes, sizeof prefixes, 0, &decoded), -EILSEQ);
    assert_int_equal(hv_decode(prefixes, 15, 0, &decoded), -EILSEQ);
    assert_int_equal(hv_decode(prefixes, 14, 0, &decoded), -EMSGSIZE);
}

/* ---- questions to a form --------------------------------------------------------- */

static struct hv_decoded find(enum decode_list list, const char *text)
{
    struct hv_decoded decoded = {0};
    struct decode_form form;
    for (size_t i = 0; !decode_form(list, i, &form); i++)
        if (!strcmp(form.text, text)) {
            assert_int_equal(
                hv_decode(form.code, form.length, DECODE_FORM_PC, &decoded), 0);
            return decoded;
        }
    fail_msg("no form %s", text);
    return decoded;
}

enum {
    RAX = 1 << 0,
    RCX = 1 << 1,
    RDX = 1 << 2,
    RBX = 1 << 3,
    RSP = 1 << 4,
    RBP = 1 << 5,
    RSI = 1 << 6,
    RDI = 1 << 7,
    R8 = 1 << 8
};

static void general_registers_used(void **state)
{
    (void)state;
    static const struct {
        enum decode_list list;
        const char *text;
        unsigned gprs;
    } rows[] = {
        {DECODE_GENERAL, "mov ax, [rbx + rcx*2 - 4]", RAX | RBX | RCX      },
        {DECODE_GENERAL, "mov dl, ah",                RAX | RDX            },
        {DECODE_GENERAL, "mov sil, r8b",              RSI | R8             },
        {DECODE_GENERAL, ".byte 0xf3, 0x41, 0x90",    RAX | R8             },
        {DECODE_GENERAL, "pause",                     0                    },
        {DECODE_GENERAL, "mul dl",                    RAX | RDX            },
        {DECODE_GENERAL, "lock cmpxchg16b [rbx]",     RAX | RBX | RCX | RDX},
        {DECODE_GENERAL, "xlatb",                     0xffff               },
        {DECODE_GENERAL, "lea rax, [rip + 5]",        RAX                  },
        {DECODE_STACK,   "leave",                     RSP | RBP            },
        {DECODE_STACK,   "pushfq",                    RSP                  },
        {DECODE_STACK,   "call rax",                  RSP | RAX            },
        {DECODE_STACK,   "cmpsb",                     RAX | RCX | RSI | RDI},
        {DECODE_STACK,   "repne scasb",               RAX | RCX | RSI | RDI},
        {DECODE_STACK,   "syscall",                   0xfc7                },
        {DECODE_VECTOR,  "pcmpistri xmm1, [rbx], 3",  RBX | RCX            },
        {DECODE_VECTOR,  "maskmovdqu xmm1, xmm2",     RDI                  },
        {DECODE_EVEX,    "vmovdqu64 zmm1, zmm2",      0                    },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hv_decoded decoded = find(rows[i].list, rows[i].text);
        if (hv_decoded_gprs(&decoded) != rows[i].gprs)
            fail_msg("%s: %#x", rows[i].text, hv_decoded_gprs(&decoded));
    }
}

static void ends_of_blocks(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool ends;
    } rows[] = {
        {"call rax",                        true },
        {"call qword ptr [rbx]",            true },
        {"ret",                             true },
        {"ret 8",                           true },
        {"jmp rax",                         true },
        {".byte 0x0f, 0x85, 0x20, 0, 0, 0", true },
        {".byte 0xe2, 0xfe",                true }, /* loop */
        {".byte 0xe3, 0xfe",                true }, /* jrcxz */
        {"syscall",                         true },
        {"int3",                            true },
        {"int 0x80",                        true },
        {"ud2",                             true },
        {"hlt",                             true },
        {"iretq",                           true },
        {".byte 0xc7, 0xf8, 0, 0, 0, 0",    true }, /* xbegin */
        {"wrfsbase rax",                    true },
        {"push rax",                        false},
        {"leave",                           false},
        {"rep movsb",                       false},
        {"popfq",                           false},
        {"xsave [rbx]",                     false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hv_decoded decoded = find(DECODE_STACK, rows[i].text);
        if (hv_ends_block(&decoded) != rows[i].ends)
            fail_msg("%s", rows[i].text);
    }
}

static void words_for_people(void **state)
{
    (void)state;
    char text[64];
    struct hv_decoded decoded =
        find(DECODE_EVEX, "vpgatherdd zmm1{k1}, [rbx + zmm2*4]");
    assert_string_equal(hv_decoded_text(&decoded, text, sizeof text),
                        "vpgatherdd zmm1 {k1}, dword ptr [rbx+zmm2*4]");
    assert_string_equal(hv_decoded_text(&decoded, text, 6), "vpgat");
    assert_string_equal(hv_decoded_text(&decoded, text, 1), "");
    decoded = find(DECODE_GENERAL, "lea rax, [rip + 5]");
    assert_string_equal(hv_decoded_text(&decoded, text, sizeof text),
                        "lea rax, [0x000000000000100C]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(general_registers), cmocka_unit_test(stack_and_strings),
        cmocka_unit_test(vectors),           cmocka_unit_test(masked_vectors),
        cmocka_unit_test(incomplete),        cmocka_unit_test(general_registers_used),
        cmocka_unit_test(ends_of_blocks),    cmocka_unit_test(words_for_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else
int main(void)
{
    return skip_all("not x86-64");
}
#endif
