/* SPDX-License-Identifier: MIT */
/* Real code: every exported function of the C library and of some others that are
 * there. Whatever is met, limits hold, and each register that Zydis says is written is
 * dealt with over all the bytes that change. Lengths are compared with objdump's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/skip_all.h"

#if defined(__x86_64__)

#include <ctype.h>
#include <fcntl.h>
#include <gelf.h>
#include <link.h>
#include <stdio.h>
#include <unistd.h>

#include "counters/trace/decode.h"
#include "tests/unit/decode_corpus.h"

enum { MOST = 400000 }; /* instructions of one library */

struct totals {
    unsigned long insns, functions, undecoded, unsupported;
    bool met[ZYDIS_MNEMONIC_MAX_VALUE + 1];
};

static struct hv_block_builder builder;

/* ---- one instruction ------------------------------------------------------------- */

static void check_parts(const struct hv_decoded *decoded)
{
    struct hv_block block = hv_block_view(&builder);
    const struct hv_insn *insn = &block.insn[0];
    assert_int_equal(insn->pc, decoded->pc);
    assert_in_range(insn->length, 1, 15);
    for (unsigned i = 0; i < block.n_accesses; i++) {
        const struct hv_access *access = &block.access[i];
        assert_in_range(access->bytes, 1, 512);
        if (access->word != HV_NO_WORD)
            assert_in_range(access->word, 0, block.n_words - 1u);
        if (access->mask_word == HV_NO_WORD)
            continue;
        assert_in_range(access->mask_word, 0, block.n_words - 1u);
        assert_in_range(access->element, 1, access->bytes);
        assert_int_equal(access->bytes % access->element, 0);
    }
    for (unsigned i = 0; i < block.n_flow; i++) {
        const struct hv_flow *flow = &block.flow[i];
        assert_in_range(flow->bytes, 1, HV_REG_BYTES);
        assert_in_range(flow->dst + flow->bytes, 1, HV_REG_BYTES);
        assert_in_range(flow->src + flow->bytes, 1, HV_REG_BYTES);
        if (flow->kind != HV_FLOW_MOVE && flow->kind != HV_FLOW_CLEAR)
            assert_in_range(flow->access, 0, block.n_accesses - 1u);
    }
}

static void check(struct totals *totals, const struct hv_decoded *decoded)
{
    hv_block_begin(&builder);
    assert_int_equal(hv_block_append(&builder, decoded, false), 0);
    check_parts(decoded);
    struct hv_block block = hv_block_view(&builder);
    const char *why = decode_corpus_uncovered(decoded, &block);
    if (why) {
        char text[128];
        fail_msg("%s: %s", hv_decoded_text(decoded, text, sizeof text), why);
    }
    totals->insns++;
    totals->met[decoded->insn.mnemonic] = true;
    totals->unsupported += (block.insn[0].flags & HV_INSN_UNSUPPORTED) != 0;
}

/* ---- libraries ------------------------------------------------------------------- */

/* Also as blocks: whole ones, to their ends or until they are full. */
static void check_block(const struct hv_decoded *decoded)
{
    static struct hv_block_builder whole;
    static bool open;
    if (!open)
        hv_block_begin(&whole);
    if (hv_block_append(&whole, decoded, false)) {
        assert_in_range(whole.n_insns, 1, HV_BLOCK_INSNS);
        hv_block_begin(&whole);
        assert_int_equal(hv_block_append(&whole, decoded, false), 0);
    }
    assert_in_range(whole.n_words, 0, HV_BLOCK_WORDS);
    assert_in_range(whole.n_accesses, 0, HV_BLOCK_ACCESSES);
    assert_in_range(whole.n_flow, 0, HV_BLOCK_FLOW);
    open = !hv_ends_block(decoded);
}

/* Tables between functions may have no instruction in them: the rest is left. */
static void check_function(struct totals *totals, const unsigned char *code,
                           size_t bytes)
{
    struct hv_decoded decoded;
    for (size_t at = 0; at < bytes && totals->insns < MOST;) {
        if (hv_decode(code + at, bytes - at, at, &decoded)) {
            totals->undecoded++;
            return;
        }
        check(totals, &decoded);
        check_block(&decoded);
        at += decoded.insn.length;
    }
    totals->functions++;
}

static void check_symbols(struct totals *totals, Elf *elf, Elf_Scn *section)
{
    GElf_Shdr header;
    GElf_Sym symbol;
    Elf_Data *data = elf_getdata(section, NULL);
    gelf_getshdr(section, &header);
    for (int i = 0;
         data && header.sh_entsize && (size_t)i < header.sh_size / header.sh_entsize;
         i++) {
        if (!gelf_getsym(data, i, &symbol) ||
            GELF_ST_TYPE(symbol.st_info) != STT_FUNC || !symbol.st_size)
            continue;
        Elf_Scn *text = elf_getscn(elf, symbol.st_shndx);
        GElf_Shdr place;
        Elf_Data *code = text ? elf_getdata(text, NULL) : NULL;
        if (!code || !code->d_buf || !gelf_getshdr(text, &place))
            continue;
        size_t at = symbol.st_value - place.sh_addr;
        if (at + symbol.st_size <= code->d_size)
            check_function(totals, (const unsigned char *)code->d_buf + at,
                           symbol.st_size);
    }
}

static void check_file(struct totals *totals, int fd)
{
    elf_version(EV_CURRENT);
    Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
    Elf_Scn *section = NULL;
    while (elf && (section = elf_nextscn(elf, section))) {
        GElf_Shdr header;
        gelf_getshdr(section, &header);
        if (header.sh_type == SHT_DYNSYM || header.sh_type == SHT_SYMTAB)
            check_symbols(totals, elf, section);
    }
    elf_end(elf);
}

static void check_library(const char *path, unsigned long least)
{
    struct totals totals = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        print_message("%s is not here\n", path);
        skip();
    }
    check_file(&totals, fd);
    close(fd);
    unsigned met = 0;
    for (size_t i = 0; i <= ZYDIS_MNEMONIC_MAX_VALUE; i++)
        met += totals.met[i];
    print_message("%s: %lu functions, %lu not to their end; %lu instructions of %u "
                  "kinds, %lu unsupported\n",
                  path, totals.functions, totals.undecoded, totals.insns, met,
                  totals.unsupported);
    assert_true(totals.insns >= least);
    assert_true(totals.undecoded * 50 <= totals.functions + 50);
}

static int find_libc(struct dl_phdr_info *info, size_t size, void *path)
{
    (void)size;
    if (strstr(info->dlpi_name, "libc.so"))
        snprintf(path, 256, "%s", info->dlpi_name);
    return 0;
}

static void c_library(void **state)
{
    (void)state;
    char path[256] = "none";
    dl_iterate_phdr(find_libc, path);
    check_library(path, 10000);
}

static void this_program(void **state)
{
    (void)state;
    check_library("/proc/self/exe", 1000);
}

static void cryptography(void **state)
{
    (void)state;
    check_library("/usr/lib/x86_64-linux-gnu/libcrypto.so.3", 10000);
}

/* ---- the other decoder ----------------------------------------------------------- */

/* "  4a10:\t48 89 e5 \tmov ...": pairs of digits, one space behind each. */
static size_t bytes_of_line(const char *line, unsigned char out[32])
{
    const char *at = strchr(line, '\t');
    size_t n = 0;
    for (at = at ? at + 1 : ""; n < 32 && isxdigit((unsigned char)*at); at += 3) {
        char *end;
        unsigned long value = strtoul(at, &end, 16);
        if (end != at + 2 || *end != ' ')
            break;
        out[n++] = (unsigned char)value;
    }
    return n;
}

static void lengths(void **state)
{
    (void)state;
    char path[256] = "none", command[320];
    dl_iterate_phdr(find_libc, path);
    snprintf(command, sizeof command, "objdump -d -w '%s' 2>/dev/null", path);
    FILE *list = popen(command, "r");
    char line[512];
    unsigned compared = 0;
    while (list && compared < 20000 && fgets(line, sizeof line, list)) {
        unsigned char code[48] = {0};
        struct hv_decoded decoded;
        size_t n = bytes_of_line(line, code);
        if (!n || strstr(line, "(bad)"))
            continue;
        if (hv_decode(code, sizeof code, 0, &decoded) || decoded.insn.length != n)
            fail_msg("%s", line);
        compared++;
    }
    if (list)
        pclose(list);
    if (!compared) {
        print_message("objdump is not here\n");
        skip();
    }
    assert_true(compared > 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(c_library),
        cmocka_unit_test(this_program),
        cmocka_unit_test(cryptography),
        cmocka_unit_test(lengths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else
int main(void)
{
    return skip_all("not x86-64");
}
#endif
