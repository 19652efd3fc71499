/* SPDX-License-Identifier: MIT */
/* Whom a function calls: every way by which code of compilers finds its target, and
 * what is not known must not be named. */
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
#define CALL "call"
#define NOTE ""
static const struct compiled_function functions[] = {
    {"-helper",          "call deeper; ret"                                             },
    {"-deeper",          "call memset@PLT; call qsort@PLT; call helper; ret"            },
    {"direct",           "call helper; call helper; call direct; jmp helper"            },
    {"conditional",      "test edi, edi; jz helper; jnz conditional.cold; ret"          },
    {"conditional.cold", "nop; jmp conditional + 2"                                     },
    {"stubs",            "call memcpy@PLT; call mempcpy@PLT; call memcpy@PLT; "
              "jmp free@PLT"                                               },
    {"slots",            "call [rip+memcpy@GOTPCREL]; call [rip+malloc@GOTPCREL]; "
              "jmp [rip+free@GOTPCREL]"                                    },
 /* the loop is entered at its end, as compilers do it */
    {"hoisted",          "mov rbx, [rip+memcpy@GOTPCREL]; jmp 2f; 1: call rbx; "
                "inc ebp; 2: cmp ebp, 9; jl 1b; ret"                     },
    {"moved",            "mov rax, [rip+memmove@GOTPCREL]; mov r12, rax; call rax; "
              "call r12; ret"                                              },
 /* what a function may change is not known after a call */
    {"clobbered",        "mov rax, [rip+memcpy@GOTPCREL]; call rax; call rax; ret"      },
    {"overwritten",      "mov rbx, [rip+memcpy@GOTPCREL]; 1: call rbx; "
                    "mov rbx, [rdi]; dec ebp; jnz 1b; ret"           },
    {"two_ways",         "jz 1f; mov rbx, [rip+memset@GOTPCREL]; jmp 2f; "
                 "1: mov rbx, [rip+memset@GOTPCREL]; 2: call rbx; ret"  },
    {"two_slots",        "jz 1f; mov rbx, [rip+memset@GOTPCREL]; jmp 2f; "
                  "1: mov rbx, [rip+memcpy@GOTPCREL]; 2: call rbx; ret"},
    {"half",             "mov rbx, [rip+memcpy@GOTPCREL]; mov bl, 1; call rbx; ret"     },
 /* the tail of a function after its epilogue */
    {"cold_end",         "push rbx; mov rbx, [rip+malloc@GOTPCREL]; js 1f; pop rbx; "
                 "ret; 1: call rbx; ud2"                                },
    {"by_address",       "lea rbx, [rip+helper]; call rbx; ret"                         },
    {"pointers",         "call rdi; call [rsi+8]; call [rip+variable]; "
                 "call [rip+constant]; call [rip+outside]; ret"         },
 /* reached through a table only: what its registers hold is unknown */
    {"switching",        "mov rbx, [rip+memcpy@GOTPCREL]; jmp [rsi+rdi*8]; "
                  "call rbx; jmp [rsi+rdi*8]"                          },
};
#else
#define CALL "bl"
/* It may be linked with stubs that begin with bti. */
#define NOTE                                                                           \
    ".section .note.gnu.property, \"a\"\n.p2align 3\n.word 4, 16, 5\n"                 \
    ".asciz \"GNU\"\n.word 0xc0000000, 4, 1, 0\n"
static const struct compiled_function functions[] = {
    {"-macros",          "ret\n.macro slot reg, name\nadrp \\reg, :got:\\name\n"
                "ldr \\reg, [\\reg, :got_lo12:\\name]\n.endm\n"
                ".macro cell reg, name\nadrp \\reg, \\name\n"
                "ldr \\reg, [\\reg, :lo12:\\name]\n.endm\n"                 },
    {"-helper",          "bl deeper; ret"                                                  },
    {"-deeper",          "bl memset; bl qsort; bl helper; ret"                             },
    {"direct",           "bl helper; bl helper; bl direct; b helper"                       },
    {"conditional",      "cbz x0, helper; b conditional.cold; ret"                         },
    {"conditional.cold", "nop; b conditional + 8"                                          },
    {"stubs",            "bl memcpy; bl mempcpy; bl memcpy; b free"                        },
    {"slots",
     "slot x16, memcpy; blr x16; slot x8, malloc; blr x8; slot x1, free; br x1"            },
    {"hoisted",          "slot x19, memcpy; b 2f; 1: blr x19; add w20, w20, #1; "
                "2: cmp w20, #9; b.lt 1b; ret"                              },
    {"moved",            "slot x0, memmove; mov x21, x0; blr x0; blr x21; ret"             },
    {"clobbered",        "slot x0, memcpy; blr x0; blr x0; ret"                            },
    {"overwritten",      "slot x19, memcpy; 1: blr x19; ldr x19, [x0]; subs w20, w20, #1; "
                    "b.ne 1b; ret"                                      },
    {"two_ways",         "cbz x0, 1f; slot x19, memset; b 2f; 1: slot x19, memset; "
                 "2: blr x19; ret"                                         },
    {"two_slots",        "cbz x0, 1f; slot x19, memset; b 2f; 1: slot x19, memcpy; "
                  "2: blr x19; ret"                                       },
    {"half",             "slot x19, memcpy; movk x19, #1; blr x19; ret"                    },
    {"cold_end",         "stp x19, x30, [sp, #-16]!; slot x19, malloc; b.mi 1f; "
                 "ldp x19, x30, [sp], #16; ret; 1: blr x19; brk #1000"     },
    {"trapped",          "slot x19, malloc; b.mi 1f; mov x19, x0; brk #1; 1: blr x19; ret" },
    {"by_address",       "adrp x19, helper; add x19, x19, :lo12:helper; blr x19; ret"      },
    {"by_place",         "adr x19, helper; mov x20, x19; br x20"                           },
    {"pointers",         "blr x0; ldr x1, [x1, #8]; blr x1; cell x2, variable; blr x2; "
                 "cell x3, constant; blr x3; cell x4, outside; blr x4; ret"},
    {"switching",        "slot x19, memcpy; ldr x2, [x1, x0, lsl #3]; br x2; blr x19; "
                  "ldr x2, [x1, x0, lsl #3]; br x2"                       },
};
#endif

static const char data[] = ".data\n.p2align 3\n"
                           "variable: .quad helper\n"
                           "outside: .quad memcpy\n"
                           ".section .data.rel.ro, \"aw\"\n"
                           ".p2align 3\nconstant: .quad helper\n" NOTE;

static bool open_functions(struct compiled *object, const char *flags)
{
    return compiled_functions(object, functions, HV_LEN(functions), data, flags);
}

/* What is expected of one row: as "route name xN[ tail][ own]". */
static void print_row(const struct hv_census_callee *row, char *text, size_t bytes)
{
    snprintf(text, bytes, "%s %s x%u%s%s", hv_call_route_name(row->route), row->name,
             row->calls, row->tail ? " tail" : "", row->in_object ? " own" : "");
}

struct expected {
    const char *function;
    uint32_t calls;
    const char *row[4];
};

static const struct expected whole[] = {
    {"direct",
     4,                     {"direct helper x2 own", "direct direct x1 own", "direct helper x1 tail own"}},
    {"conditional",      1, {"direct helper x1 tail own"}                                                },
    {"conditional.cold", 0, {NULL}                                                                       },
    {"stubs",            4, {"PLT memcpy x2", "PLT mempcpy x1", "PLT free x1 tail"}                      },
    {"slots",            3, {"GOT memcpy x1", "GOT malloc x1", "GOT free x1 tail"}                       },
#if defined(__x86_64__)
    {"hoisted",          1, {"register memcpy x1"}                                                       },
    {"moved",            2, {"register memmove x2"}                                                      },
    {"clobbered",        2, {"register memcpy x1", "unknown ? x1"}                                       },
    {"overwritten",      1, {"unknown ? x1"}                                                             },
    {"two_ways",         1, {"register memset x1"}                                                       },
    {"two_slots",        1, {"unknown ? x1"}                                                             },
    {"half",             1, {"unknown ? x1"}                                                             },
    {"cold_end",         1, {"register malloc x1"}                                                       },
    {"by_address",       1, {"register helper x1 own"}                                                   },
#else  /* a call through a slot always goes through a register */
    {"hoisted", 1, {"GOT memcpy x1"}},
    {"moved", 2, {"GOT memmove x2"}},
    {"clobbered", 2, {"GOT memcpy x1", "unknown ? x1"}},
    {"overwritten", 1, {"unknown ? x1"}},
    {"two_ways", 1, {"GOT memset x1"}},
    {"two_slots", 1, {"unknown ? x1"}},
    {"half", 1, {"unknown ? x1"}},
    {"cold_end", 1, {"GOT malloc x1"}},
    {"trapped", 1, {"GOT malloc x1"}},
    {"by_address", 1, {"register helper x1 own"}},
    {"by_place", 1, {"register helper x1 tail own"}},
#endif
    {"pointers",         5, {"unknown ? x4", "GOT helper x1 own"}                                        },
    {"switching",        1, {"unknown ? x1"}                                                             },
};

/* Without names of local functions: a jump to one cannot be told from any other. */
static const struct expected stripped[] = {
    {"direct",      3, {"direct ? x2", "direct direct x1 own"}                },
    {"conditional", 0, {NULL}                                                 },
    {"stubs",       4, {"PLT memcpy x2", "PLT mempcpy x1", "PLT free x1 tail"}},
    {"slots",       3, {"GOT memcpy x1", "GOT malloc x1", "GOT free x1 tail"} },
#if defined(__x86_64__)
    {"hoisted",     1, {"register memcpy x1"}                                 },
#endif
    {"by_address",  1, {"register ? x1"}                                      },
};

static void census_of(const struct compiled *object, const char *function,
                      struct hv_census *out)
{
    struct hv_error error = {""};
    if (hv_census(object->symbols, compiled_at(object, function), out, &error))
        fail_msg("%s: %s", function, error.text);
    assert_string_equal(out->symbol, function);
    assert_int_equal(out->undecoded, 0);
}

static void check_rows(const struct compiled *object, const char *flags,
                       const struct expected *expected)
{
    struct hv_census census;
    census_of(object, expected->function, &census);
    for (uint32_t k = 0; k < HV_LEN(expected->row); k++) {
        const char *wanted = expected->row[k] ? expected->row[k] : "absent";
        char row[160] = "absent";
        if (k < census.n_callees)
            print_row(&census.callee[k], row, sizeof row);
        if (strcmp(row, wanted))
            fail_msg("%s, %s: row %u is %s, not %s", flags, expected->function, k, row,
                     wanted);
    }
    assert_int_equal(census.calls, expected->calls);
}

static void every_route(void **state)
{
    (void)state;
    static const struct {
        const char *flags;
        const struct expected *rows;
        size_t n;
    } linking[] = {
        {"-Wl,-z,lazy",               whole,    HV_LEN(whole)   },
        {"-Wl,-z,now",                whole,    HV_LEN(whole)   },
#if defined(__x86_64__)
        {"-Wl,-z,lazy -Wl,-z,ibtplt", whole,    HV_LEN(whole)   }, /* .plt.sec */
#else  /* its stubs begin with bti */
        {"-nostartfiles -Wl,-z,force-bti", whole, HV_LEN(whole)},
        {"-nostartfiles -Wl,-z,pac-plt", whole, HV_LEN(whole)},
#endif
        {"-Wl,-z,now -Wl,-s",         stripped, HV_LEN(stripped)},
    };
    for (size_t i = 0; i < HV_LEN(linking); i++) {
        struct compiled object;
        if (!open_functions(&object, linking[i].flags))
            skip();
        for (size_t k = 0; k < linking[i].n; k++)
            check_rows(&object, linking[i].flags, &linking[i].rows[k]);
        compiled_close(&object);
    }
}

static void families(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum hv_call_family family;
    } rows[] = {
        {"memcpy",                                     HV_CALL_COPY },
        {"__memmove_avx512_unaligned_erms",            HV_CALL_COPY },
        {"__memcpy_chk",                               HV_CALL_COPY },
        {"memset",                                     HV_CALL_SET  },
        {"posix_memalign",                             HV_CALL_ALLOC},
        {"_Znwm",                                      HV_CALL_ALLOC},
        {"__rust_alloc",                               HV_CALL_ALLOC},
        {"_RNvCsfLfy6EI15iL_7___rustc12___rust_alloc", HV_CALL_ALLOC},
        {"__rust_dealloc",                             HV_CALL_FREE },
        {"_ZdlPvm",                                    HV_CALL_FREE },
        {"free",                                       HV_CALL_FREE },
        {"memcpyx",                                    HV_CALLS     },
        {"memcmp",                                     HV_CALLS     },
        {"freeaddrinfo",                               HV_CALLS     },
        {"my_malloc",                                  HV_CALLS     },
        {"?",                                          HV_CALLS     },
        {"",                                           HV_CALLS     },
    };
    for (size_t i = 0; i < HV_LEN(rows); i++)
        if (hv_census_family(rows[i].name) != rows[i].family)
            fail_msg("%s", rows[i].name);
    struct compiled object;
    struct hv_census census;
    if (!open_functions(&object, ""))
        skip();
    census_of(&object, "stubs", &census);
    assert_int_equal(census.family[HV_CALL_COPY], 3);
    assert_int_equal(census.family[HV_CALL_FREE], 1);
    assert_int_equal(census.callee[0].family, HV_CALL_COPY);
    census_of(&object, "slots", &census);
    assert_int_equal(census.family[HV_CALL_COPY], 1);
    assert_int_equal(census.family[HV_CALL_ALLOC], 1);
    compiled_close(&object);
}

/* An address is told only where it is the function's: not that of a lazy stub. */
static void addresses_of_targets(void **state)
{
    (void)state;
    struct compiled object;
    struct hv_census census;
    if (!open_functions(&object, "-Wl,-z,lazy"))
        skip();
    census_of(&object, "stubs", &census);
    assert_string_equal(census.callee[1].name, "mempcpy"); /* has no other slot */
    assert_int_equal(census.callee[1].target, 0);
    compiled_close(&object);
    if (!open_functions(&object, "-Wl,-z,now"))
        skip();
    census_of(&object, "stubs", &census);
    assert_int_not_equal(census.callee[1].target, 0);
    census_of(&object, "direct", &census);
    assert_int_equal(census.callee[1].target,
                     (uintptr_t)compiled_at(&object, "direct"));
    assert_int_equal(census.callee[1].target, census.entry);
    assert_int_equal(census.callee[0].first, 0);
    assert_int_equal(census.callee[1].first, strcmp(CALL, "bl") ? 10 : 8);
    compiled_close(&object);
}

static void more_callees_than_rows(void **state)
{
    (void)state;
    enum { FUNCTIONS = HV_CENSUS_CALLEES + 10 };
    char names[FUNCTIONS][16], text[FUNCTIONS * 24];
    struct compiled_function many[FUNCTIONS + 1] = {
        {"many", text}
    };
    size_t used = 0;
    for (int i = 0; i < FUNCTIONS; i++) {
        snprintf(names[i], sizeof names[i], "-f%d", i);
        many[i + 1] = (struct compiled_function){names[i], "ret"};
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 CALL " f%d;" CALL " f%d;", i, i);
    }
    struct compiled object;
    struct hv_census census;
    if (!compiled_functions(&object, many, HV_LEN(many), NULL, ""))
        skip();
    census_of(&object, "many", &census);
    assert_int_equal(census.calls, 2 * FUNCTIONS);
    assert_int_equal(census.n_callees, HV_CENSUS_CALLEES);
    const struct hv_census_callee *rest = &census.callee[HV_CENSUS_CALLEES - 1];
    assert_string_equal(rest->name, "(others)");
    assert_int_equal(rest->in_object, 0);
    assert_int_equal(rest->calls, 2 * (FUNCTIONS - HV_CENSUS_CALLEES + 1));
    uint32_t sum = 0;
    for (uint32_t i = 0; i < census.n_callees; i++)
        sum += census.callee[i].calls;
    assert_int_equal(sum, census.calls);
    compiled_close(&object);
}

static void the_tree_of_callees(void **state)
{
    (void)state;
    static const char *const names[] = {"direct", "helper", "deeper"};
    struct compiled object;
    struct hv_census rows[8];
    size_t n;
    if (!open_functions(&object, "-Wl,-z,now"))
        skip();
    const void *entry = compiled_at(&object, "direct");
    /* recursion ends; qsort has a symbol, but in another object */
    assert_int_equal(hv_census_tree(object.symbols, entry, rows, 8, &n, NULL), 0);
    assert_int_equal(n, HV_LEN(names));
    for (size_t i = 0; i < n; i++)
        assert_string_equal(rows[i].symbol, names[i]);
    assert_int_equal(hv_census_tree(object.symbols, entry, rows, 2, &n, NULL), 0);
    assert_int_equal(n, 2);
    assert_int_equal(hv_census_tree(object.symbols, &n, rows, 8, &n, NULL), -ENOENT);
    assert_int_equal(n, 0);
    compiled_close(&object);
}

static const char rust[] =
    "#![no_std]\n"
    "#[panic_handler] fn panic(_: &core::panic::PanicInfo) -> ! { loop {} }\n"
    "use core::{hint::black_box, ptr::copy_nonoverlapping};\n"
    "#[no_mangle] pub unsafe extern \"C\" fn hoisted(\n"
    "    to: *mut u8, from: *const u8, n: usize) {\n"
    "    copy_nonoverlapping(from, to, n);\n"
    "    black_box(to);\n"
    "    copy_nonoverlapping(from, to.add(n), n);\n"
    "    black_box(to);\n"
    "    copy_nonoverlapping(from, to.add(2 * n), n);\n"
    "}\n";

/* Rust loads the address of memcpy once and calls it through a register. */
static void rust_calls_through_a_register(void **state)
{
    (void)state;
    struct compiled object;
    struct hv_census census;
    memset(&object, 0, sizeof object);
#if !defined(__x86_64__)
    skip();
#endif
    if (!compiled_by(&object, "rustc",
                     "--edition 2021 --crate-type cdylib -C panic=abort -O",
                     "hoisted.rs", rust))
        skip();
    compiled_load(&object);
    census_of(&object, "hoisted", &census);
    assert_int_equal(census.family[HV_CALL_COPY], 3);
    assert_int_equal(census.calls, 3);
    assert_string_equal(census.callee[0].name, "memcpy");
    assert_in_range(census.callee[0].route, HV_ROUTE_GOT, HV_ROUTE_REGISTER);
    compiled_close(&object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route),
        cmocka_unit_test(families),
        cmocka_unit_test(addresses_of_targets),
        cmocka_unit_test(more_callees_than_rows),
        cmocka_unit_test(the_tree_of_callees),
        cmocka_unit_test(rust_calls_through_a_register),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
