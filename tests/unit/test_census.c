/* SPDX-License-Identifier: MIT */
/* Counts of a function's instructions, code that is none, and what cannot be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>

#include "counters/census.h"
#include "tests/unit/compiled.h"

#if defined(__x86_64__)
static const struct compiled_function functions[] = {
    {"empty",       "ret"                                                              },
    {"strings",     "rep movsb; rep movsq; rep stosd; rep stosb; rep stosb; "
                "repne scasb; repe cmpsb; movsb; movsd xmm0, [rsi]; ret"},
    {"widths",      "add rax, rbx; movq mm0, [rsi]; paddb xmm0, xmm1; "
               "vpaddb ymm0, ymm1, ymm2; vpaddb zmm0, zmm1, zmm2; "
               "vextracti64x4 ymm1, zmm0, 1; movd eax, xmm0; ret"        },
    {"gathering",   "vpgatherdd ymm0, [rsi+ymm1*4], ymm2; "
                  "vgatherqps ymm0{k1}, [rsi+zmm1*4]; "
                  "vpscatterdq [rdi+ymm1*8]{k1}, zmm0; prefetchnta [rsi]; "
                  "ret"                                               },
    {"streaming",   "movnti [rdi], rax; movntps [rdi], xmm0; "
                  "vmovntdq [rdi], zmm0; movntdqa xmm0, [rsi]; ret"   },
    {"looping",     "1: dec ecx; jz 3f; 2: dec edx; jnz 2b; jmp 1b; "
                "3: loop 1b; ret"                                       },
    {"itself",      "1: jmp 1b"                                                        },
    {"frame",       "push rbx; push r12; sub rsp, 0x100; mov [rsp], rax; "
              "add rsp, 0x100; pop r12; pop rbx; push rax; ret"           },
    {"pushes",      "push rax; pop rax; push rax; pop rax; ret"                        },
    {"odd_frame",   "add rsp, -128; nop; sub rsp, -128; ret"                           },
 /* one way takes more than the other */
    {"late_frame",  "jz 1f; sub rsp, 8; call empty; add rsp, 8; ret; "
                   "1: sub rsp, 0x28; call empty; add rsp, 0x28; ret"},
    {"damaged",     "nop; nop; .byte 0x06; nop; nop; ret"                              },
    {"cut_off",     "nop; .byte 0x48, 0x8b"                                            },
    {"into_itself", "1: jmp 1b + 1; jmp 2f + 1; 2: mov eax, 5; ret"                    },
    {"huge",        ".fill 1048577, 1, 0x90"                                           },
};
#else
static const struct compiled_function functions[] = {
    {"empty",       "ret"                                                                           },
    {"strings",     ".arch armv8.8-a+mops; cpyfp [x0]!, [x1]!, x2!; "
                "cpyfm [x0]!, [x1]!, x2!; cpyfe [x0]!, [x1]!, x2!; "
                "cpyp [x0]!, [x1]!, x2!; cpymwn [x0]!, [x1]!, x2!; "
                "cpye [x0]!, [x1]!, x2!; setp [x0]!, x1!, x2; setm [x0]!, x1!, x2; "
                "sete [x0]!, x1!, x2; .arch armv8-a; ret"                            },
    {"widths",      "add x0, x0, x1; add v0.8b, v0.8b, v1.8b; add v0.16b, v0.16b, v1.16b; "
               "fadd d0, d0, d1; ldr q0, [x0]; mov w0, v0.s[1]; stp s0, s1, [x0]; ret"},
    {"two_widths",
     ".arch armv8-a+crypto; xtn v0.8b, v1.8h; saddl v0.8h, v1.8b, v2.8b; "
     "shrn v0.8b, v1.8h, #1; sshll v0.8h, v1.8b, #1; shll v0.8h, v1.8b, #8; "
     "sqxtn v0.8b, v1.8h; fcvtl v0.4s, v1.4h; fcvtn v0.4h, v1.4s; addp d0, v1.2d; "
     "faddp d0, v1.2d; sha1c q0, s1, v2.4s; sha256su0 v0.4s, v1.4s; .arch armv8-a; "
     "faddp s0, v1.2s; tbl v0.8b, {v1.16b}, v2.8b; uaddlp v0.4h, v1.8b; movi v0.2s, "
     "#1; shl v0.8b, v1.8b, #1; ret"                                                                },
    {"scalable",    ".inst 0x04200000; ret"                                                         }, /* add z0.b, z0.b, z0.b */
    {"streaming",   "stnp q0, q1, [x0]; ldnp q0, q1, [x0]; stp q0, q1, [x0]; "
                  "stnp x0, x1, [x2]; ret"                                         },
    {"looping",     "1: subs w0, w0, #1; b.eq 3f; 2: subs w1, w1, #1; b.ne 2b; b 1b; "
                "3: cbnz x2, 1b; ret"                                                },
    {"testing",     "1: tbz x0, #40, 2f; tbnz w0, #3, 1b; 2: cbz w0, 1b; ret"                       },
    {"itself",      "1: b 1b"                                                                       },
    {"switching",   "adr x1, 1f; add x1, x1, x0; br x1; 1: ret"                                     },
    {"goto",        "adr x1, 1f; br x1; 1: ret"                                                     },
    {"frame",       "stp x29, x30, [sp, #-32]!; str x19, [sp, #16]; sub sp, sp, #0x100; "
              "add sp, sp, #0x100; ldp x29, x30, [sp], #32; str x0, [sp, #-16]!; ret"  },
    {"pushes",      "str x0, [sp, #-16]!; ldr x0, [sp], #16; stp q0, q1, [sp, #-32]!; "
               "ldp q0, q1, [sp], #32; ret"                                           },
    {"odd_frame",   "sub sp, sp, #1, lsl #12; nop; add sp, sp, #1, lsl #12; ret"                    },
 /* one way takes more than the other */
    {"late_frame",  "cbz x0, 1f; sub sp, sp, #16; bl empty; add sp, sp, #16; ret; "
                   "1: sub sp, sp, #0x30; bl empty; add sp, sp, #0x30; ret"       },
    {"damaged",     "nop; nop; .inst 0; nop; ret"                                                   },
    {"large_frame", "mov x12, #0x82f0; movk x12, #1, lsl #16; sub sp, sp, x12; nop; "
                    "add sp, sp, x12; ret"                                       },
    {"huge",        ".fill 1048580, 1, 0x1f"                                                        },
    {"cut_off",     "nop; .byte 1, 2"                                                               },
};
#endif

static bool open_functions(struct compiled *object)
{
    return compiled_functions(object, functions, HV_LEN(functions), NULL, "");
}

#define AT(member) offsetof(struct hv_census, member)

static const struct {
    const char *function;
    struct {
        const char *name;
        size_t member;
        uint32_t value;
    } row[8];
} expected[] = {
#if defined(__x86_64__)
    {"empty",
                           {{"instructions", AT(instructions), 1},
      {"size", AT(size), 1},
      {"branches", AT(branches), 0},
      {"frame", AT(frame_bytes), 0},
      {"callees", AT(n_callees), 0},
      {"copies", AT(n_copies), 0}}                                                                   },
    {"strings",
                           {{"instructions", AT(instructions), 10},
      {"movs", AT(rep_movs), 2},
      {"stos", AT(rep_stos), 3},
      {"small", AT(small_pairs), 1}}                                                                 },
    {"widths",
                           {{"none", AT(width[0]), 2},
      {"64", AT(width[1]), 1},
      {"128", AT(width[2]), 2},
      {"256", AT(width[3]), 1},
      {"512", AT(width[4]), 2}}                                                                      },
    {"gathering",
                           {{"gathers", AT(gathers), 2},
      {"scatters", AT(scatters), 1},
      {"none", AT(width[0]), 2},
      {"256", AT(width[3]), 1},
      {"512", AT(width[4]), 2}}                                                                      },
    {"streaming",   {{"streams", AT(non_temporal), 3}}                         },
    {"looping",
                           {{"branches", AT(branches), 4},
      {"backward", AT(backward), 3},
      {"loops", AT(loops), 2},
      {"indirect", AT(indirect), 0}}                                                                 },
    {"frame",       {{"frame", AT(frame_bytes), 0x110}}                        },
    {"odd_frame",   {{"frame", AT(frame_bytes), 128}}                          },
    {"late_frame",  {{"frame", AT(frame_bytes), 0x28}, {"calls", AT(calls), 2}}},
    {"damaged",
                           {{"instructions", AT(instructions), 2},
      {"size", AT(size), 6},
      {"undecoded", AT(undecoded), 4}}                                                               },
    {"cut_off",
                           {{"instructions", AT(instructions), 1}, {"undecoded", AT(undecoded), 2}}  },
    {"into_itself",
                           {{"instructions", AT(instructions), 4}, {"branches", AT(branches), 2}}    },
    {"itself",      {{"backward", AT(backward), 1}, {"loops", AT(loops), 1}}   },
    {"pushes",      {{"frame", AT(frame_bytes), 8}}                            },
#else
    {"empty",
     {{"instructions", AT(instructions), 1},
      {"size", AT(size), 4},
      {"branches", AT(branches), 0},
      {"frame", AT(frame_bytes), 0},
      {"callees", AT(n_callees), 0},
      {"copies", AT(n_copies), 0}}},
    {"strings",
     {{"instructions", AT(instructions), 10},
      {"movs", AT(rep_movs), 2},
      {"stos", AT(rep_stos), 1}}},
    {"widths",
     {{"none", AT(width[0]), 2}, {"64", AT(width[1]), 4}, {"128", AT(width[2]), 2}}},
    {"two_widths",
     {{"none", AT(width[0]), 1}, {"64", AT(width[1]), 4}, {"128", AT(width[2]), 13}}},
    {"scalable", {{"none", AT(width[0]), 1}, {"128", AT(width[2]), 1}}},
    {"streaming", {{"streams", AT(non_temporal), 2}}},
    {"looping",
     {{"branches", AT(branches), 4},
      {"backward", AT(backward), 3},
      {"loops", AT(loops), 2},
      {"indirect", AT(indirect), 0}}},
    {"testing",
     {{"branches", AT(branches), 3},
      {"backward", AT(backward), 2},
      {"loops", AT(loops), 1}}},
    {"itself", {{"backward", AT(backward), 1}, {"loops", AT(loops), 1}}},
    {"switching",
     {{"branches", AT(branches), 1},
      {"indirect", AT(indirect), 1},
      {"calls", AT(calls), 0}}},
    {"goto", {{"indirect", AT(indirect), 1}, {"calls", AT(calls), 0}}},
    {"frame", {{"frame", AT(frame_bytes), 0x120}}},
    {"pushes", {{"frame", AT(frame_bytes), 32}}},
    {"large_frame", {{"frame", AT(frame_bytes), 0x182f0}}},
    {"odd_frame", {{"frame", AT(frame_bytes), 4096}}},
    {"late_frame", {{"frame", AT(frame_bytes), 0x30}, {"calls", AT(calls), 2}}},
    {"damaged",
     {{"instructions", AT(instructions), 2},
      {"size", AT(size), 20},
      {"undecoded", AT(undecoded), 12}}},
    {"cut_off",
     {{"instructions", AT(instructions), 1}, {"undecoded", AT(undecoded), 2}}},
#endif
};

static void known_counts(void **state)
{
    (void)state;
    struct compiled object;
    if (!open_functions(&object))
        skip();
    for (size_t i = 0; i < HV_LEN(expected); i++) {
        struct hv_census census;
        const char *function = expected[i].function;
        const void *entry = compiled_at(&object, function);
        assert_int_equal(hv_census(object.symbols, entry, &census, NULL), 0);
        assert_string_equal(census.symbol, function);
        assert_int_equal(census.entry, (uintptr_t)entry);
        for (size_t k = 0; k < 8 && expected[i].row[k].name; k++) {
            uint32_t found;
            memcpy(&found, (char *)&census + expected[i].row[k].member, sizeof found);
            if (found != expected[i].row[k].value)
                fail_msg("%s: %s is %u, not %u", function, expected[i].row[k].name,
                         found, expected[i].row[k].value);
        }
    }
    compiled_close(&object);
}

static void any_address_of_a_function_will_do(void **state)
{
    (void)state;
    struct compiled object;
    struct hv_census first, last;
    if (!open_functions(&object))
        skip();
    const unsigned char *entry = compiled_at(&object, "looping");
    assert_int_equal(hv_census(object.symbols, entry, &first, NULL), 0);
    assert_int_equal(hv_census(object.symbols, entry + first.size - 1, &last, NULL), 0);
    assert_memory_equal(&first, &last, sizeof first);
    compiled_close(&object);
}

static void what_cannot_be_read(void **state)
{
    (void)state;
    struct compiled object;
    struct hv_census census;
    struct hv_error error = {""};
    if (!open_functions(&object))
        skip();
    assert_int_equal(hv_census(object.symbols, &object, &census, &error), -ENOENT);
    assert_non_null(strstr(error.text, "no symbol"));
    assert_int_equal(hv_census(object.symbols, NULL, &census, NULL), -ENOENT);
    assert_int_equal(
        hv_census(object.symbols, compiled_at(&object, "huge"), &census, &error),
        -E2BIG);
    assert_non_null(strstr(error.text, "huge"));
    assert_int_equal(census.instructions, 0);
    compiled_close(&object);
}

/* ---- hostile code ---------------------------------------------------------------- */

static int count_bytes(const struct hv_census_line *line, void *user)
{
    uint32_t *bytes = user;
    assert_int_equal(line->offset, *bytes);
    assert_true(line->n_bytes > 0 && strlen(line->text) > 0);
    *bytes += line->n_bytes;
    return 0;
}

static void check_consistent(const struct hv_symbols *symbols, const void *entry)
{
    struct hv_census census;
    uint32_t bytes = 0, calls = 0, width = 0;
    assert_int_equal(hv_census(symbols, entry, &census, NULL), 0);
    assert_true(census.n_callees <= HV_CENSUS_CALLEES);
    assert_true(census.n_copies <= HV_CENSUS_COPIES);
    for (uint32_t i = 0; i < census.n_callees; i++)
        calls += census.callee[i].calls;
    for (size_t i = 0; i < HV_CENSUS_WIDTHS; i++)
        width += census.width[i];
    assert_int_equal(calls, census.calls);
    assert_int_equal(width, census.instructions);
    assert_true(census.backward <= census.branches);
    assert_true(census.loops <= census.backward);
    assert_true(census.undecoded <= census.size);
    assert_int_equal(hv_census_listing(symbols, entry, count_bytes, &bytes, NULL), 0);
    assert_int_equal(bytes, census.size);
}

/* Functions of random bytes; many begin with one that makes a branch or a call. Their
 * constants lead anywhere: to unmapped pages, too. */
static void functions_of_noise(void **state)
{
    (void)state;
    enum { FUNCTIONS = 400, BYTES = 96 };
#if defined(__x86_64__)
    static const unsigned char likely[] = {0xe8, 0xe9, 0xeb, 0x75, 0xff, 0x48,
                                           0x8b, 0x0f, 0xc5, 0x62, 0xf3, 0x89,
                                           0x05, 0x15, 0x25, 0x1d};
    enum { EVERY = 1 };
#else /* the last byte of a word says what it is: branches, addresses, memory */
    static const unsigned char likely[] = {0x14, 0x94, 0x54, 0x36, 0xd6, 0x90,
                                           0x91, 0xf9, 0xa9, 0xad, 0x3d, 0x4c,
                                           0x0d, 0xaa, 0x17, 0x97};
    enum { EVERY = 4 };
#endif
    const size_t room = 1 << 20;
    char *text = malloc(room);
    uint32_t random = 99;
    assert_non_null(text);
    size_t used = (size_t)snprintf(
        text, room, ".section .note.GNU-stack,\"\",%%progbits\n.text\n.p2align 2\n");
    for (int i = 0; i < FUNCTIONS; i++) {
        used += (size_t)snprintf(text + used, room - used,
                                 ".globl f%d\n.type f%d, %%function\nf%d:\n.byte 0x90",
                                 i, i, i);
        for (int k = 1; k < BYTES; k++) {
            random = random * 1664525 + 1013904223;
            const bool is_likely = random >> 28 < (EVERY == 1 ? 6 : 14);
            const unsigned byte = k % EVERY == EVERY - 1 && is_likely
                                      ? likely[random >> 24 & 15]
                                  : random >> 28 < 9 ? 0
                                                     : random >> 16 & 255;
            used += (size_t)snprintf(text + used, room - used, ",%u", byte);
        }
        used +=
            (size_t)snprintf(text + used, room - used, "\n.size f%d, . - f%d\n", i, i);
    }
    struct compiled object;
    const bool is_built = compiled_open(&object, "noise.S", text, "");
    free(text);
    if (!is_built)
        skip();
    for (int i = 0; i < FUNCTIONS; i++) {
        char name[16];
        snprintf(name, sizeof name, "f%d", i);
        check_consistent(object.symbols, compiled_at(&object, name));
    }
    compiled_close(&object);
}

/* As many branches as there can be, none of which settles what another one needs. */
static void a_maze(void **state)
{
    (void)state;
    struct compiled object;
    static const char maze[] =
        ".section .note.GNU-stack,\"\",%progbits\n.text\n.globl maze\n"
        ".type maze, %function\nmaze: .rept 20000\n"
#if defined(__x86_64__)
        ".byte 0x75, 0x80\n.byte 0x75, 0x7e\n mov (%rdi), %rax\n"
#else
        "b.ne . - 128\nb.ne . + 124\nldr x0, [x1]\n"
#endif
        ".endr\n.size maze, . - maze\n";
    if (!compiled_open(&object, "maze.S", maze, ""))
        skip();
    check_consistent(object.symbols, compiled_at(&object, "maze"));
    compiled_close(&object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_counts),
        cmocka_unit_test(any_address_of_a_function_will_do),
        cmocka_unit_test(what_cannot_be_read),
        cmocka_unit_test(functions_of_noise),
        cmocka_unit_test(a_maze),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
