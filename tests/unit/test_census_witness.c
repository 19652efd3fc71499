/* SPDX-License-Identifier: MIT */
/* The census against another disassembler: objdump's instructions, calls, jumps and
 * vector registers of every function of this program, and of compiled ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#include "counters/census.h"
#include "counters/object.h"
#include "kernels/builtin.h"
#include "tests/unit/compiled.h"

enum value {
    INSTRUCTIONS,
    CALLS,
    JUMPS,
    REP_MOVS,
    REP_STOS,
    NARROW,
    XMM,
    YMM,
    ZMM,
    VALUES
};
static const char *const value_names[VALUES] = {"instructions", "calls",    "jumps",
                                                "rep movs",     "rep stos", "narrow",
                                                "xmm",          "ymm",      "zmm"};

/* A function as far as its lines were read. */
struct counted {
    uint64_t start, size;
    const char *name;
    uint32_t value[VALUES];
};

#if defined(__x86_64__)
#define OBJDUMP "objdump -M intel"
static bool is_prefix(const char *word)
{
    static const char *const words[] = {"rep", "repz",   "repnz",  "lock",  "bnd",
                                        "cs",  "ds",     "es",     "ss",    "fs",
                                        "gs",  "data16", "addr32", "rex.W", "notrack"};
    for (size_t i = 0; i < HV_LEN(words); i++)
        if (!strcmp(word, words[i]))
            return true;
    return !strncmp(word, "rex", 3);
}

/* "rep movs QWORD PTR es:[rdi],..." or "call 1234 <memcpy@plt>". */
static void count_line(char *text, struct counted *out)
{
    char *save = NULL, *symbol = strpbrk(text, "<#");
    bool repeated = false;
    if (symbol)
        *symbol = '\0';
    out->value[INSTRUCTIONS]++;
    if (strstr(text, "zmm"))
        out->value[ZMM]++;
    else if (strstr(text, "ymm"))
        out->value[YMM]++;
    else if (strstr(text, "xmm"))
        out->value[XMM]++;
    char *word = strtok_r(text, " \t\n", &save);
    for (; word && is_prefix(word); word = strtok_r(NULL, " \t\n", &save))
        repeated |= !strcmp(word, "rep");
    if (!word)
        return;
    out->value[CALLS] += !strcmp(word, "call");
    out->value[JUMPS] += word[0] == 'j' || !strncmp(word, "loop", 4);
    out->value[REP_MOVS] += repeated && !strncmp(word, "movs", 4);
    out->value[REP_STOS] += repeated && !strncmp(word, "stos", 4);
}

#else
#define OBJDUMP "$(command -v aarch64-linux-gnu-objdump || echo objdump) -M no-aliases"
/* "v0.16b", "{v0.d}[1]": a vector register is used as a whole, or as half of one. */
static bool has_register(const char *text, const char *letters, bool is_vector)
{
    for (const char *at = text; *at; at++) {
        const bool begins = at == text || strchr(" \t,{[-", at[-1]);
        if (!begins || !strchr(letters, *at) || at[1] < '0' || at[1] > '9')
            continue;
        const char *end = at + 1 + strspn(at + 1, "0123456789");
        if ((*end == '.') == is_vector &&
            (is_vector || !strchr("abcdefx", *end) || !*end))
            return true;
    }
    return false;
}

/* One element: "{v0.d}[1]" is of 128 bits if its upper half is used; ins writes into a
 * whole register, umov and smov read one if they fill a whole register. */
static bool is_wide_element(const char *word, const char *text)
{
    const char *element = strstr(text, "}[");
    if (!strcmp(word, "ins"))
        return true;
    if (!strcmp(word, "umov") || !strcmp(word, "smov"))
        return text[strspn(text, " \t")] == 'x';
    if (!element || element == text)
        return false;
    static const char sizes[] = "bhsd";
    const char *size = strchr(sizes, element[-1]);
    return size && (strtoul(element + 2, NULL, 10) + 1) << (size - sizes) > 8;
}

/* Branches and what makes an address: behind them stand numbers, "d10" among them. */
static bool has_address(const char *word)
{
    static const char *const words[] = {"b",   "bl",   "cbz", "cbnz",
                                        "tbz", "tbnz", "adr", "adrp"};
    for (size_t i = 0; i < HV_LEN(words); i++)
        if (!strcmp(word, words[i]))
            return true;
    return !strncmp(word, "b.", 2);
}

/* "bl 1234 <memcpy@plt>" */
static void count_line(char *text, struct counted *out)
{
    char *save = NULL, *comment = strpbrk(text, "</");
    if (comment)
        *comment = '\0';
    out->value[INSTRUCTIONS]++;
    const char *word = strtok_r(text, " \t\n", &save);
    if (!word)
        return;
    const bool is_call = !strcmp(word, "bl") || !strcmp(word, "blr");
    out->value[CALLS] += is_call;
    out->value[JUMPS] +=
        !is_call && (!strcmp(word, "br") || (has_address(word) && word[0] != 'a'));
    if (!save || has_address(word))
        return;
    if (has_register(save, "q", false) || strstr(save, ".16b") || strstr(save, ".8h") ||
        strstr(save, ".4s") || strstr(save, ".2d") || is_wide_element(word, save))
        out->value[XMM]++;
    else if (has_register(save, "bhsd", false) || has_register(save, "v", true))
        out->value[NARROW]++;
}
#endif

static void compare(const struct hv_symbols *symbols, const struct counted *expected)
{
    struct hv_census census;
    struct hv_error error = {""};
    if (hv_census(symbols, (const void *)expected->start, &census, &error))
        fail_msg("%s: %s", expected->name, error.text);
    uint32_t tails = 0;
    for (uint32_t i = 0; i < census.n_callees; i++)
        tails += census.callee[i].tail ? census.callee[i].calls : 0;
    if (census.n_callees == HV_CENSUS_CALLEES) /* others may be tail calls, too */
        tails = census.calls - expected->value[CALLS];
    const uint32_t found[VALUES] = {
        census.instructions, census.calls - tails, census.branches,
        census.rep_movs,     census.rep_stos,      expected->value[NARROW],
        census.width[2],     census.width[3],      census.width[4]};
#if defined(__aarch64__)
    if (census.width[1] != expected->value[NARROW])
        fail_msg("%s: %u narrow, objdump says %u", expected->name, census.width[1],
                 expected->value[NARROW]);
#endif
    for (int i = 0; i < VALUES; i++)
        if (found[i] != expected->value[i])
            fail_msg("%s: %u %s, objdump says %u", expected->name, found[i],
                     value_names[i], expected->value[i]);
    assert_int_equal(census.undecoded, 0);
}

/* How many functions of the object were compared. */
static unsigned compare_all(const struct hv_symbols *symbols, const char *path,
                            const void *address)
{
    struct hv_object object;
    struct counted now = {.start = 0};
    char command[512], line[1024];
    unsigned compared = 0;
    assert_int_equal(hv_object_at(address, &object), 0);
    snprintf(command, sizeof command, OBJDUMP " -d -w --no-show-raw-insn '%s'", path);
    FILE *lines = popen(command, "r"); /* NOLINT(cert-env33-c) */
    assert_non_null(lines);
    while (fgets(line, sizeof line, lines)) {
        char *end;
        const uint64_t offset = strtoull(line, &end, 16);
        if (line[0] != ' ' || end[0] != ':' || end[1] != '\t')
            continue;
        const struct hv_symbol symbol = hv_symbols_find(symbols, object.base + offset);
        if (symbol.start != now.start) {
            /* not a function with another one inside */
            if (now.start && object.base + offset >= now.start + now.size) {
                compare(symbols, &now);
                compared++;
            }
            now = (struct counted){
                .start = symbol.start, .size = symbol.size, .name = symbol.name};
            if (symbol.start != object.base + offset)
                now.start = 0; /* its beginning was not seen */
        }
        if (now.start)
            count_line(end + 2, &now);
    }
    pclose(lines);
    return compared;
}

static bool has_objdump(void)
{
    /* NOLINTNEXTLINE(cert-env33-c) */
    if (!system(OBJDUMP " --version >/dev/null 2>&1"))
        return true;
    print_message("# skip: there is no objdump\n");
    return false;
}

/* The kernels are among them, for all instruction sets. */
static void every_function_of_this_program(void **state)
{
    (void)state;
    struct hv_symbols *symbols;
    if (!has_objdump())
        skip();
    assert_int_equal(hv_symbols_open(&symbols, NULL, 0), 0);
    char path[400]; /* not the link: its self is objdump, or an emulator's own file */
    const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    assert_in_range(length, 1, sizeof path - 2);
    path[length] = '\0';
    const unsigned n = compare_all(symbols, path, &hv_builtin_kernels);
    hv_symbols_close(symbols);
    print_message("# %u functions\n", n);
    assert_true(n > 100);
}

static const char source[] =
    "#include <string.h>\n"
    "struct block { char byte[256]; };\n"
    "void copy(struct block *to, const struct block *from) { *to = *from; }\n"
    "void set(struct block *to) { memset(to, 0, sizeof *to); }\n"
    "void add(float *a, const float *b, long n) { while (n--) a[n] += b[n]; }\n"
    "void pick(int *a, const int *b, const int *at, long n)\n"
    "{ for (long i = 0; i < n; i++) a[i] = b[at[i]]; }\n"
    "int strings(const char *a, const char *b) { return strlen(a) < strlen(b); }\n"
    "void take(struct block);\n"
    "void pass(const struct block *from) { take(*from); take(*from); }\n"
    "void take(struct block given) { __asm__ volatile(\"\" :: \"r\"(&given)); }\n"
    "int choose(int x, int (*f)(int))\n"
    "{ switch (x) { case 0: return f(3); case 1: return f(x) * 7; case 2: return 9;\n"
    "  case 3: return f(1) + f(2); case 4: return -f(9); case 5: return f(7) / 3; }\n"
    "  return f(x) + f(x + 1); }\n";

static void what_compilers_make(void **state)
{
    (void)state;
    static const char *const flags[] = {
        "-O0",
        "-Os",
        "-O2 -fno-plt",
#if defined(__x86_64__)
        "-O3 -march=x86-64-v3",
        "-O3 -march=x86-64-v4 -mprefer-vector-width=512",
#else
        "-O3",
        "-O2 -march=armv8.1-a",
#endif
    };
    if (!has_objdump())
        skip();
    for (size_t i = 0; i < HV_LEN(flags); i++) {
        struct compiled object;
        if (!compiled_open(&object, "witness.c", source, flags[i]))
            skip();
        const unsigned n =
            compare_all(object.symbols, object.path, compiled_at(&object, "copy"));
        assert_true(n >= 9);
        compiled_close(&object);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_function_of_this_program),
        cmocka_unit_test(what_compilers_make),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
