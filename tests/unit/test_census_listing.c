/* SPDX-License-Identifier: MIT */
/* The disassembly: text, names and remarks of every line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>

#include "counters/census.h"
#include "tests/unit/compiled.h"

#if defined(__x86_64__)
static const struct compiled_function functions[] = {
    {"callee", "ret"                                                           },
    {"lines",  "1: vmovdqu64 zmm0, [rsi]; vmovdqu64 [rdi+64], zmm0; "
              "vmovdqu ymm1, [rsi]; vpxor ymm1, ymm1, ymm1; "
              "mov rbx, [rip+memcpy@GOTPCREL]; call rbx; "
              "call [rip+malloc@GOTPCREL]; call memset@PLT; call callee; "
              "call rax; rep movsb; rep stosq; vmovntdq [rdi], ymm1; "
              "lea rax, [rip+callee]; mov eax, [rip+cell]; je 2f; "
              "jne 1b; 2: jmp [rdi]; jmp callee; .byte 0x06, 0x90"},
};
#else
static const struct compiled_function functions[] = {
    {"callee", "ret"                                    },
    {"lines",
     ".arch armv8.1-a; 1: ldp q0, q1, [x1]; stp q0, q1, [x0, #64]; ldr q2, [x1, x2, "
     "lsl #4]; "
     "eor v2.16b, v2.16b, v2.16b; adrp x19, :got:memcpy; "
     "ldr x19, [x19, :got_lo12:memcpy]; blr x19; bl memset; bl callee; blr x0; "
     "stnp q0, q1, [x0]; adrp x3, callee; add x3, x3, :lo12:callee; adr x3, callee; "
     "ldrsw x4, [x0, #-4]!; strb wzr, [sp], #1; ld1 {v31.8h, v0.8h}, [x1], x2; "
     "ldp w4, w5, [x6, #-8]; sub sp, sp, #1, lsl #12; mov x5, sp; cmp x5, x6; "
     "movk w5, #7, lsl #16; add x1, x2, x3, lsl #3; lsr w1, w2, #4; "
     "ldaddal x1, x2, [x3]; addv b0, v1.16b; b.eq 2f; "
     "tbz x1, #33, 1b; 2: br x5; b callee; .inst 0; nop"},
};
#endif

/* What the text of a line ends with, where the address before it may be any. */
static const char *ending_of(const char *text)
{
    if (!strncmp(text, "ldr x19, [x19, #", 16))
        return " <memcpy@GOT>";
    return strncmp(text, "add x3, x3, #", 13) ? "" : " <callee>";
}

static const char data[] = ".data\n"
                           "cell: .long 1\n";

static bool open_functions(struct compiled *object, const char *flags)
{
    return compiled_functions(object, functions, HV_LEN(functions), data, flags);
}

static const char *const expected[][2] = {
#if defined(__x86_64__)
    {"vmovdqu64 zmm0, zmmword ptr [rsi]",      "copy load"                },
    {"vmovdqu64 zmmword ptr [rdi+0x40], zmm0", "copy store 64"            },
    {"vmovdqu ymm1, [rsi]",                    ""                         },
    {"vpxor ymm1, ymm1, ymm1",                 ""                         },
    {"mov rbx, [memcpy@GOT]",                  ""                         },
    {"call rbx",                               "call memcpy (register)"   },
    {"call [malloc@GOT]",                      "call malloc (GOT)"        },
    {"call memset@plt",                        "call memset (PLT)"        },
    {"call callee",                            "call callee (direct)"     },
    {"call rax",                               "call ? (unknown)"         },
    {"rep movsb",                              "rep movs"                 },
    {"rep stosq",                              "rep stos"                 },
    {"vmovntdq [rdi], ymm1",                   "non-temporal store"       },
    {"lea rax, [callee]",                      ""                         },
    {"mov eax, [0x",                           ""                         }, /* an address in the file */
    {"jz +0x",                                 ""                         },
    {"jnz +0x0",                               "loop"                     },
    {"jmp [rdi]",                              "switch"                   },
    {"jmp callee",                             "tail call callee (direct)"},
#else
    {"ldp q0, q1, [x1]", "copy load"},
    {"stp q0, q1, [x0, #64]", "copy store 32"},
    {"ldr q2, [x1, x2, lsl #4]", ""},
    {"eor v2.16b, v2.16b, v2.16b", ""},
    {"adrp x19, 0x", ""}, /* an address in the file */
    {"ldr x19, [x19, #", ""},
    {"blr x19", "call memcpy (GOT)"},
    {"bl memset@plt", "call memset (PLT)"},
    {"bl callee", "call callee (direct)"},
    {"blr x0", "call ? (unknown)"},
    {"stnp q0, q1, [x0]", "non-temporal store"},
    {"adrp x3, ", ""},
    {"add x3, x3, #0x", ""},
    {"adr x3, callee", ""},
    {"ldrsw x4, [x0, #-4]!", ""},
    {"strb wzr, [sp], #1", ""},
    {"ld1 {v31.8h - v0.8h}, [x1], x2", ""},
    {"ldp w4, w5, [x6, #-8]", ""},
    {"sub sp, sp, #0x1000", ""},
    {"mov x5, sp", ""},
    {"cmp x5, x6", ""},
    {"movk w5, #0x7, lsl #16", ""},
    {"add x1, x2, x3, lsl #3", ""},
    {"ubfm w1, w2, #4, #31", ""},
    {".inst 0xf8e10062", ""},
    {".inst 0x4e31b820", ""},
    {"b.eq +0x70", ""},
    {"tbz x1, #33, +0x0", "loop"},
    {"br x5", "switch"},
    {"b callee", "tail call callee (direct)"},
#endif
    {"(undecoded)",                            ""                         },
};

struct seen {
    const unsigned char *entry;
    uint32_t lines, bytes, stop_after;
};

/* Of an address only the beginning is compared. */
static int check_line(const struct hv_census_line *line, void *user)
{
    struct seen *seen = user;
    assert_in_range(seen->lines, 0, HV_LEN(expected) - 1);
    const char *text = expected[seen->lines][0], *remark = expected[seen->lines][1];
    const char *ending = ending_of(line->text);
    if (strncmp(line->text, text, strlen(text)) || strcmp(line->remark, remark) ||
        strlen(line->text) < strlen(ending) ||
        strcmp(line->text + strlen(line->text) - strlen(ending), ending))
        fail_msg("line %u is \"%s\" \"%s\", not \"%s\" \"%s\"", seen->lines, line->text,
                 line->remark, text, remark);
    assert_int_equal(line->offset, seen->bytes);
    assert_memory_equal(line->bytes, seen->entry + line->offset, line->n_bytes);
    seen->bytes += line->n_bytes;
    return ++seen->lines == seen->stop_after ? -ECANCELED : 0;
}

static void every_line(void **state)
{
    (void)state;
    static const char *const flags[] = {"-Wl,-z,lazy", "-Wl,-z,now"};
    for (size_t i = 0; i < HV_LEN(flags); i++) {
        struct compiled object;
        struct hv_census census;
        if (!open_functions(&object, flags[i]))
            skip();
        struct seen seen = {.entry = compiled_at(&object, "lines")};
        assert_int_equal(
            hv_census_listing(object.symbols, seen.entry, check_line, &seen, NULL), 0);
        assert_int_equal(seen.lines, HV_LEN(expected));
        assert_int_equal(hv_census(object.symbols, seen.entry, &census, NULL), 0);
        assert_int_equal(seen.bytes, census.size);
        assert_int_equal(seen.lines, census.instructions + 1);

        seen = (struct seen){.entry = seen.entry, .stop_after = 3};
        assert_int_equal(
            hv_census_listing(object.symbols, seen.entry, check_line, &seen, NULL),
            -ECANCELED);
        assert_int_equal(seen.lines, 3);
        compiled_close(&object);
    }
}

struct text {
    char all[8192];
    size_t used;
};

static int append(const struct hv_census_line *line, void *user)
{
    struct text *text = user;
    text->used +=
        (size_t)snprintf(text->all + text->used, sizeof text->all - text->used,
                         "%x %s # %s\n", line->offset, line->text, line->remark);
    assert_true(text->used < sizeof text->all);
    return 0;
}

/* The same object at two addresses gives the same text. */
static void it_does_not_depend_on_the_address(void **state)
{
    (void)state;
    static struct text first, second;
    struct compiled a, b;
    if (!open_functions(&a, ""))
        skip();
    if (!open_functions(&b, ""))
        skip();
    assert_ptr_not_equal(compiled_at(&a, "lines"), compiled_at(&b, "lines"));
    assert_int_equal(
        hv_census_listing(a.symbols, compiled_at(&a, "lines"), append, &first, NULL),
        0);
    assert_int_equal(
        hv_census_listing(b.symbols, compiled_at(&b, "lines"), append, &second, NULL),
        0);
    assert_string_equal(first.all, second.all);
    compiled_close(&a);
    compiled_close(&b);
}

static void nothing_to_list(void **state)
{
    (void)state;
    struct compiled object;
    struct hv_error error = {""};
    struct text text = {.used = 0};
    if (!open_functions(&object, ""))
        skip();
    assert_int_equal(hv_census_listing(object.symbols, &object, append, &text, &error),
                     -ENOENT);
    assert_true(error.text[0]);
    assert_int_equal(text.used, 0);
    compiled_close(&object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line),
        cmocka_unit_test(it_does_not_depend_on_the_address),
        cmocka_unit_test(nothing_to_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
