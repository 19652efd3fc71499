/* SPDX-License-Identifier: MIT */
/* From addresses to functions, in all objects at once: the program, the C library, the
 * vDSO, and objects compiled here whose tables are known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <sys/auxv.h>

#include "counters/elf.h"
#include "counters/trace/symbols.h"
#include "tests/unit/compiled.h"

__attribute__((noinline, used)) static int marked_function(int x)
{
    return x * 3 + 1;
}

static uint64_t entry(void)
{
    int (*function)(int) = marked_function;
    uint64_t address;
    memcpy(&address, &function, sizeof address);
    return address;
}

static struct hv_symbols *opened(const int *fds, unsigned n)
{
    struct hv_symbols *symbols;
    assert_int_equal(hv_symbols_open(&symbols, fds, n), 0);
    assert_non_null(symbols);
    return symbols;
}

static void a_function_of_the_program(void **state)
{
    (void)state;
    struct hv_symbols *symbols = opened(NULL, 0);
    struct hv_code code;
    const struct hv_symbol first = hv_symbols_find(symbols, entry());
    assert_non_null(strstr(first.name, "marked_function"));
    assert_int_equal(first.start, entry());
    assert_int_equal(hv_elf_code(-1, (const void *)entry(), &code, NULL), 0);
    assert_int_equal(first.size, code.size);
    assert_int_equal(strncmp(first.object, "test_trace_symbols", 18), 0);
    const struct hv_symbol last = hv_symbols_find(symbols, entry() + first.size - 1);
    assert_int_equal(last.start, first.start);
    assert_ptr_equal(last.name, first.name);
    assert_int_not_equal(hv_symbols_find(symbols, entry() + first.size).start,
                         first.start);
    hv_symbols_close(symbols);
}

static void addresses_that_are_no_code(void **state)
{
    (void)state;
    static const char data[64] = "not a function";
    struct hv_symbols *symbols = opened(NULL, 0);
    void *heap = malloc(16);
    const uint64_t nowhere[] = {0, 1, UINT64_MAX, (uintptr_t)heap, (uintptr_t)&symbols};
    for (size_t i = 0; i < HV_LEN(nowhere); i++) {
        const struct hv_symbol found = hv_symbols_find(symbols, nowhere[i]);
        assert_int_equal(found.start, 0);
        assert_int_equal(found.size, 0);
        assert_string_equal(found.name, "?");
        assert_string_equal(found.object, "?");
    }
    const struct hv_symbol found = hv_symbols_find(symbols, (uintptr_t)data);
    assert_int_equal(found.start, 0);
    assert_int_equal(strncmp(found.object, "test_trace_symbols", 18), 0);
    free(heap);
    hv_symbols_close(symbols);
    hv_symbols_close(NULL);
}

struct segment {
    uint64_t begin, end;
};

static int text_of_libc(struct dl_phdr_info *info, size_t size, void *user)
{
    struct segment *text = user;
    (void)size;
    if (!strstr(info->dlpi_name, "/libc.so.6"))
        return 0;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (segment->p_type == PT_LOAD && segment->p_flags & PF_X) {
            text->begin = info->dlpi_addr + segment->p_vaddr;
            text->end = text->begin + segment->p_memsz;
        }
    }
    return 1;
}

/* The loader's own search is another witness. */
static void as_dladdr_says(void **state)
{
    (void)state;
    enum { STEP = 176 };
    struct segment text = {0, 0};
    struct hv_symbols *symbols = opened(NULL, 0);
    unsigned named = 0;
    dl_iterate_phdr(text_of_libc, &text);
    for (uint64_t at = text.begin; at < text.end; at += STEP) {
        Dl_info info;
        void *entry = NULL;
        const struct hv_symbol found = hv_symbols_find(symbols, at);
        assert_string_equal(found.object, "libc.so.6");
        if (!dladdr1((const void *)at, &info, &entry, RTLD_DL_SYMENT) ||
            !info.dli_saddr)
            continue; /* a local function: only a .symtab knows it */
        if (ELF64_ST_TYPE(((const ElfW(Sym) *)entry)->st_info) == STT_OBJECT)
            continue; /* read-only data in the segment of the code */
        assert_int_equal(found.start, (uintptr_t)info.dli_saddr);
        assert_in_range(at, found.start, found.start + found.size - 1);
        named++;
    }
    hv_symbols_close(symbols);
    if (!text.begin)
        skip(); /* no glibc */
    assert_true(named > 100);
}

static void the_public_name_of_several(void **state)
{
    (void)state;
    struct hv_symbols *symbols = opened(NULL, 0);
    void *libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
    if (!libc) {
        hv_symbols_close(symbols);
        skip(); /* no glibc */
    }
    static const char *const names[] = {"malloc", "free", "qsort", "read"};
    for (size_t i = 0; i < HV_LEN(names); i++)
        assert_string_equal(
            hv_symbols_find(symbols, (uintptr_t)dlsym(libc, names[i])).name, names[i]);
    dlclose(libc);
    hv_symbols_close(symbols);
}

static void the_vdso(void **state)
{
    (void)state;
    const uint64_t image = getauxval(AT_SYSINFO_EHDR);
    struct hv_symbols *symbols = opened(NULL, 0);
    bool found = false;
    for (uint64_t at = image; image && at < image + 4096; at += 16) {
        const struct hv_symbol symbol = hv_symbols_find(symbols, at);
        assert_string_equal(symbol.object, "linux-vdso.so.1");
        found |= symbol.start && strstr(symbol.name, "clock_gettime");
    }
    hv_symbols_close(symbols);
    if (!image)
        skip(); /* the kernel maps none */
    assert_true(found);
}

/* ---- tables made for the purpose ------------------------------------------------- */

static const char functions[] = ".text\n"
                                ".macro function name, size\n"
                                ".type \\name, @function\n"
                                ".size \\name, \\size\n"
                                ".endm\n"
                                ".globl anchor, outer, inner, __alias, sizeless, next\n"
                                "anchor: .fill 32, 1, 0x90\n"
                                "function anchor, 32\n"
                                "outer: .fill 16, 1, 0x90\n"
                                "inner: .fill 16, 1, 0x90\n"
                                ".fill 32, 1, 0x90\n"
                                "function outer, 64\n"
                                "function inner, 16\n"
                                ".set __alias, inner\n"
                                "function __alias, 16\n"
                                "sizeless: .fill 24, 1, 0x90\n"
                                ".type sizeless, @function\n"
                                "next: .fill 8, 1, 0x90\n"
                                "function next, 8\n"
                                "hidden.constprop.0: .fill 8, 1, 0x90\n"
                                "function hidden.constprop.0, 8\n"
                                "sizeless.cold: hidden.cold: .fill 8, 1, 0x90\n"
                                "function hidden.cold, 8\n"
                                ".type sizeless.cold, @function\n"
                                "data: .fill 8, 1, 0x90\n"
                                ".type data, @object\n"
                                ".size data, 8\n"
                                "versioned_1: .fill 8, 1, 0x90\n"
                                "function versioned_1, 8\n"
                                ".symver versioned_1, versioned@@V1, remove\n"
                                "last: .fill 8, 1, 0x90\n"
                                ".type last, @function\n"
                                ".section .text_after, \"ax\"\n"
                                ".fill 16, 1, 0x90\n"
                                ".section .note.GNU-stack,\"\",@progbits\n";

/* Offset from the symbol anchor, and the function there. */
struct place {
    uint64_t at;
    const char *name;
    uint64_t start, size;
};

static void check_places(const struct compiled *object, const struct place *places,
                         size_t n)
{
    const uint64_t anchor = (uintptr_t)compiled_at(object, "anchor");
    for (size_t i = 0; i < n; i++) {
        const struct hv_symbol found =
            hv_symbols_find(object->symbols, anchor + places[i].at);
        assert_string_equal(found.name, places[i].name);
        assert_int_equal(found.start, places[i].size ? anchor + places[i].start : 0);
        assert_int_equal(found.size, places[i].size);
        assert_string_equal(found.object, "functions.S.so");
    }
}

static bool build_functions(struct compiled *object, const char *flags)
{
    memset(object, 0, sizeof *object);
    fixture_tree_open(&object->tree);
    fixture_tree_write(&object->tree, "/version", "V1 { global: *; };\n");
    char all[256];
    snprintf(all, sizeof all, "-nostdlib -Wl,--version-script=%s/version %s",
             object->tree.root, flags);
    if (compiled_build(object, "functions.S", functions, all))
        return true;
    compiled_close(object);
    return false;
}

static void nested_aliased_and_sizeless(void **state)
{
    (void)state;
    static const struct place places[] = {
        {0,   "anchor",             0,   32},
        {31,  "anchor",             0,   32},
        {32,  "outer",              32,  64},
        {47,  "outer",              32,  64},
        {48,  "inner",              48,  16}, /* not outer, not __alias */
        {63,  "inner",              48,  16},
        {64,  "outer",              32,  64},
        {95,  "outer",              32,  64},
        {96,  "sizeless",           96,  24}, /* up to the next one */
        {119, "sizeless",           96,  24},
        {120, "next",               120, 8 },
        {128, "hidden.constprop.0", 128, 8 },
        {136, "hidden.cold",        136, 8 },
        {144, "?",                  0,   0 }, /* data in the text; not sizeless.cold */
        {152, "versioned",          152, 8 }, /* not versioned@@V1 */
        {160, "last",               160, 8 }, /* up to the end of its section */
        {168, "?",                  0,   0 },
    };
    struct compiled object;
    if (!build_functions(&object, ""))
        skip();
    compiled_load(&object);
    check_places(&object, places, HV_LEN(places));
    compiled_close(&object);
}

static void a_stripped_object(void **state)
{
    (void)state;
    static const struct place places[] = {
        {48,  "inner", 48,  16},
        {64,  "outer", 32,  64},
        {120, "next",  120, 8 },
        {128, "?",     0,   0 },
        {136, "?",     0,   0 },
    };
    struct compiled object;
    if (!build_functions(&object, "-s"))
        skip();
    compiled_load(&object);
    check_places(&object, places, HV_LEN(places));
    compiled_close(&object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_function_of_the_program),
        cmocka_unit_test(addresses_that_are_no_code),
        cmocka_unit_test(as_dladdr_says),
        cmocka_unit_test(the_public_name_of_several),
        cmocka_unit_test(the_vdso),
        cmocka_unit_test(nested_aliased_and_sizeless),
        cmocka_unit_test(a_stripped_object),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
