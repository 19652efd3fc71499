/* SPDX-License-Identifier: MIT */
/* Every arm's entry is where its placement says, and its code is the same at all of
 * them. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <gelf.h>

#include "kernels/builtin.h"

enum { MAX_CODES = 64, MAX_SIZE = 65536, PLACES_AND_TWINS = 2 * HV_PLACES };

/* One function of an object file. Fields that the linker fills in are zero in bytes,
 * and zero in mask; all other bytes of mask are 0xff. */
struct code {
    char name[64];
    uint64_t offset; /* in its section */
    uint64_t align;  /* of the section: without 64, the linker may move the entry */
    size_t size;
    uint8_t bytes[MAX_SIZE], mask[MAX_SIZE];
};

struct object {
    struct code code[MAX_CODES];
    size_t n;
};

/* ---- reading an object file ------------------------------------------------------ */

static void mask_field(struct code *code, uint64_t offset, uint32_t type)
{
    uint64_t from = offset, to = offset + (type == R_X86_64_64 ? 8 : 4);
    /* The linker may turn a call through the GOT into a direct one: its opcode too. */
    if (type == R_X86_64_GOTPCRELX || type == R_X86_64_REX_GOTPCRELX)
        from -= 2;
    for (uint64_t i = from; i < to; i++)
        if (i >= code->offset && i < code->offset + code->size)
            code->mask[i - code->offset] = code->bytes[i - code->offset] = 0;
}

static void mask_section(Elf *elf, size_t section, struct code *code)
{
    Elf_Scn *scn = NULL;
    while ((scn = elf_nextscn(elf, scn))) {
        GElf_Shdr header;
        assert_non_null(gelf_getshdr(scn, &header));
        if (header.sh_type != SHT_RELA || header.sh_info != section)
            continue;
        Elf_Data *data = elf_getdata(scn, NULL);
        GElf_Rela rela;
        for (int i = 0; gelf_getrela(data, i, &rela); i++)
            mask_field(code, rela.r_offset, (uint32_t)GELF_R_TYPE(rela.r_info));
    }
}

static void read_code(Elf *elf, const GElf_Sym *symbol, const char *name,
                      struct code *code)
{
    Elf_Scn *section = elf_getscn(elf, symbol->st_shndx);
    GElf_Shdr header;
    assert_non_null(gelf_getshdr(section, &header));
    code->align = header.sh_addralign;
    Elf_Data *text = elf_getdata(section, NULL);
    assert_non_null(text);
    assert_true(symbol->st_value + symbol->st_size <= text->d_size);
    assert_true(strlen(name) < sizeof code->name);
    snprintf(code->name, sizeof code->name, "%s", name);
    code->offset = symbol->st_value;
    code->size = symbol->st_size;
    assert_in_range(code->size, 1, MAX_SIZE);
    memcpy(code->bytes, (const uint8_t *)text->d_buf + code->offset, code->size);
    memset(code->mask, 0xff, code->size);
    mask_section(elf, symbol->st_shndx, code);
}

static void read_object(const char *path, struct object *object)
{
    assert_true(elf_version(EV_CURRENT) != EV_NONE);
    const int fd = open(path, O_RDONLY);
    if (fd < 0)
        fail_msg("no %s", path);
    Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
    assert_non_null(elf);
    Elf_Scn *scn = NULL;
    object->n = 0;
    while ((scn = elf_nextscn(elf, scn))) {
        GElf_Shdr header;
        assert_non_null(gelf_getshdr(scn, &header));
        if (header.sh_type != SHT_SYMTAB)
            continue;
        Elf_Data *data = elf_getdata(scn, NULL);
        GElf_Sym symbol;
        for (int i = 0; gelf_getsym(data, i, &symbol); i++) {
            if (GELF_ST_TYPE(symbol.st_info) != STT_FUNC ||
                symbol.st_shndx == SHN_UNDEF)
                continue;
            assert_true(object->n < MAX_CODES);
            read_code(elf, &symbol, elf_strptr(elf, header.sh_link, symbol.st_name),
                      &object->code[object->n++]);
        }
    }
    elf_end(elf);
    close(fd);
}

static const struct code *find_code(const struct object *object, const char *name)
{
    for (size_t i = 0; i < object->n; i++)
        if (!strcmp(object->code[i].name, name))
            return &object->code[i];
    return NULL;
}

/* The folder of the object files: above this program, wherever the build folder is. */
static void find_objects(char *folder, size_t folder_bytes)
{
    char path[4000];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    assert_true(length > 0);
    path[length] = '\0';
    for (char *slash; (slash = strrchr(path, '/')) && slash != path;) {
        *slash = '\0';
        snprintf(folder, folder_bytes, "%s/kernels/pairs", path);
        if (!access(folder, X_OK))
            return;
    }
    fail_msg("no folder kernels/pairs above this program");
}

static void read_row(const struct hv_pair *pair, size_t place, bool twin,
                     struct object *object)
{
    char folder[4096], path[5000];
    find_objects(folder, sizeof folder);
    snprintf(path, sizeof path, "%s/%s.%s.%zu%s.o", folder, pair->name, pair->isa,
             16 * place, twin ? ".twin" : "");
    read_object(path, object);
}

/* Steps and insights have fewer places, and no twins: NULL. */
static const struct hv_pair *pair_at(const struct hv_kernel_row *row, size_t p)
{
    return p < HV_PLACES ? row->at[p] : row->twin[p - HV_PLACES];
}

/* ---- tests ---------------------------------------------------------------------- */

/* Called around the timed region only; everything else must be placed. */
static bool is_unplaced(const char *name)
{
    static const char *const last_word[] = {"setup", "check", "teardown"};
    const char *word = strrchr(name, '_'); /* ratio_setup is one, too */
    word = word ? word + 1 : name;
    for (size_t i = 0; i < sizeof last_word / sizeof last_word[0]; i++)
        if (!strcmp(word, last_word[i]))
            return true;
    return false;
}

static void expect_same_code(const struct object *object, const struct object *first,
                             size_t place)
{
    assert_int_equal(object->n, first->n);
    for (size_t i = 0; i < object->n; i++) {
        const struct code *code = &object->code[i];
        if (is_unplaced(code->name))
            continue;
        const struct code *other = find_code(first, code->name);
        const bool same = other && code->size == other->size &&
                          !memcmp(code->bytes, other->bytes, code->size) &&
                          !memcmp(code->mask, other->mask, code->size);
        if (!same || code->align % 64 || code->offset % 64 != 16 * place)
            fail_msg("%s at place %zu: %s", code->name, 16 * place,
                     same ? "its entry is elsewhere" : "its code is another");
    }
}

static void same_code_at_every_place(void **state)
{
    (void)state;
    for (size_t r = 0; r < hv_builtin_kernels.n_rows; r++) {
        const struct hv_pair *pair = hv_builtin_kernels.rows[r].at[0];
        static struct object first, object;
        read_row(pair, 0, false, &first);
        assert_true(first.n >= 5); /* two arms, setup, check, teardown */
        for (size_t p = 0; p < PLACES_AND_TWINS; p++) {
            if (!pair_at(&hv_builtin_kernels.rows[r], p))
                continue;
            read_row(pair, p % HV_PLACES, p >= HV_PLACES, &object);
            expect_same_code(&object, &first, p % HV_PLACES);
        }
    }
}

static bool is_linked_as(const struct code *code, const uint8_t *memory)
{
    for (size_t i = 0; i < code->size; i++)
        if ((memory[i] & code->mask[i]) != code->bytes[i])
            return false;
    return true;
}

/* What runs is what was compared above, at the place that was asked for. */
static void expect_linked(hv_run_fn *run, size_t place, const struct object *object)
{
    const uint8_t *memory = (const uint8_t *)(uintptr_t)run;
    assert_int_equal((uintptr_t)memory % 64, 16 * place);
    size_t i = 0;
    while (i < object->n && !is_linked_as(&object->code[i], memory))
        i++;
    assert_true(i < object->n);
    assert_false(is_unplaced(object->code[i].name));
}

static void linked_where_they_belong(void **state)
{
    (void)state;
    for (size_t r = 0; r < hv_builtin_kernels.n_rows; r++)
        for (size_t p = 0; p < PLACES_AND_TWINS; p++) {
            const size_t place = p % HV_PLACES;
            const struct hv_pair *pair = pair_at(&hv_builtin_kernels.rows[r], p);
            static struct object object;
            if (!pair)
                continue;
            read_row(pair, place, p >= HV_PLACES, &object);
            expect_linked(pair->baseline.run, place, &object);
            expect_linked(pair->candidate.run, place, &object);
            for (uint32_t e = 0; e < pair->n_experiments; e++) {
                expect_linked(pair->experiments[e].baseline.run, place, &object);
                expect_linked(pair->experiments[e].candidate.run, place, &object);
            }
        }
}

static int by_address(const void *a, const void *b)
{
    const uintptr_t x = *(const uintptr_t *)a, y = *(const uintptr_t *)b;
    return x < y ? -1 : x > y;
}

static size_t add_arms(const struct hv_pair *pair, uintptr_t *address)
{
    size_t n = 0;
    address[n++] = (uintptr_t)pair->baseline.run;
    address[n++] = (uintptr_t)pair->candidate.run;
    for (uint32_t e = 0; e < pair->n_experiments; e++) {
        const struct hv_experiment *experiment = &pair->experiments[e];
        address[n++] = (uintptr_t)experiment->candidate.run;
        if (!strcmp(experiment->name, "isolated")) /* else it is an arm from above */
            address[n++] = (uintptr_t)experiment->baseline.run;
    }
    return n;
}

/* Also that nothing merged two arms with equal bodies (control_equal has such, and
 * copies made in line are as wide as they are read at some ISAs). */
static void no_two_arms_share_an_address(void **state)
{
    (void)state;
    const size_t arms = (size_t)2 * (1 + HV_EXPERIMENTS);
    uintptr_t *address = calloc(
        (size_t)PLACES_AND_TWINS * hv_builtin_kernels.n_rows * arms, sizeof *address);
    size_t n = 0;
    assert_non_null(address);
    for (size_t r = 0; r < hv_builtin_kernels.n_rows; r++)
        for (size_t p = 0; p < PLACES_AND_TWINS; p++) {
            const struct hv_pair *pair = pair_at(&hv_builtin_kernels.rows[r], p);
            if (pair)
                n += add_arms(pair, address + n);
        }
    qsort(address, n, sizeof *address, by_address);
    for (size_t i = 1; i < n; i++)
        assert_true(address[i - 1] != address[i]);
    free(address);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_code_at_every_place),
        cmocka_unit_test(linked_where_they_belong),
        cmocka_unit_test(no_two_arms_share_an_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
