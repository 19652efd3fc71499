/* SPDX-License-Identifier: MIT */
/* Which function an address belongs to, for every object that is loaded. */
#include "counters/trace/symbols.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "counters/elf_file.h"
#include "counters/trace/symbols_table.h"
#include "counters/tree.h"

/* A symbol of a file, in the addresses of the file: how far it may reach at most. */
static uint64_t limit_of(Elf *elf, const GElf_Sym *symbol,
                         const struct hv_object *object)
{
    GElf_Shdr section;
    uint64_t room = 0;
    for (size_t i = 0; i < object->n_segments; i++) {
        const ElfW(Phdr) *segment = &object->segments[i];
        const uint64_t offset = symbol->st_value - segment->p_vaddr;
        if (segment->p_type == PT_LOAD && offset < segment->p_memsz)
            room = segment->p_memsz - offset;
    }
    if (symbol->st_size)
        return symbol->st_size < room ? symbol->st_size : room;
    if (!gelf_getshdr(elf_getscn(elf, symbol->st_shndx), &section) ||
        symbol->st_value - section.sh_addr >= section.sh_size)
        return 0;
    const uint64_t left = section.sh_addr + section.sh_size - symbol->st_value;
    return left < room ? left : room;
}

static int add(struct hv_symbols *all, Elf *elf, const GElf_Sym *symbol,
               const char *name, const struct hv_object *object)
{
    const int type = GELF_ST_TYPE(symbol->st_info);
    if ((type != STT_FUNC && type != STT_GNU_IFUNC) || symbol->st_shndx == SHN_UNDEF ||
        !name || !name[0])
        return 0;
    const uint64_t bytes = limit_of(elf, symbol, object);
    const uint64_t start = object->base + symbol->st_value;
    return bytes ? hv_symbols_add(all, name, start, start + bytes, !symbol->st_size)
                 : 0;
}

static int read_table(struct hv_symbols *all, Elf *elf, Elf_Scn *section,
                      const GElf_Shdr *header, const struct hv_object *object)
{
    Elf_Data *data = elf_getdata(section, NULL);
    const size_t n = header->sh_entsize ? header->sh_size / header->sh_entsize : 0;
    for (size_t i = 0; data && i < n; i++) {
        GElf_Sym symbol;
        if (!gelf_getsym(data, (int)i, &symbol))
            return 0; /* the table is shorter than its header says */
        const char *name = elf_strptr(elf, header->sh_link, symbol.st_name);
        if (add(all, elf, &symbol, name, object))
            return -ENOMEM;
    }
    return 0;
}

static int read_tables(struct hv_symbols *all, Elf *elf, GElf_Word type,
                       const struct hv_object *object)
{
    for (Elf_Scn *section = elf_nextscn(elf, NULL); section;
         section = elf_nextscn(elf, section)) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) && header.sh_type == type &&
            read_table(all, elf, section, &header, object))
            return -ENOMEM;
    }
    return 0;
}

/* ---- the files of the loaded objects ----------------------------------------- */

/* NULL: not a file of this object. */
static Elf *open_elf(int fd, const struct hv_object *object)
{
    Elf *elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ_MMAP, NULL);
    if (elf && elf_kind(elf) == ELF_K_ELF && hv_elf_is_object(elf, object))
        return elf;
    if (elf)
        elf_end(elf);
    return NULL;
}

/* The vDSO has no file: the kernel maps all of it, sections included. */
static Elf *open_vdso(const struct hv_object *object,
                      const struct hv_symbol_object *row)
{
    if (row->begin != getauxval(AT_SYSINFO_EHDR))
        return NULL;
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t bytes = (size_t)(row->end - row->begin + page - 1) & ~(page - 1);
    Elf *elf = elf_memory((char *)row->begin, bytes);
    if (elf && hv_elf_is_object(elf, object))
        return elf;
    if (elf)
        elf_end(elf);
    return NULL;
}

static int read_elf(struct hv_symbols *all, Elf *elf, const struct hv_object *object)
{
    const size_t before = all->n_rows;
    int rc = read_tables(all, elf, SHT_SYMTAB, object);
    if (!rc && all->n_rows == before)
        rc = read_tables(all, elf, SHT_DYNSYM, object);
    return rc;
}

struct opening {
    struct hv_symbols *all;
    const int *fds;
    unsigned n_fds;
    bool program; /* the first object that is told */
};

static int read_object(const struct opening *opening, const struct hv_object *object,
                       struct hv_symbol_object *row)
{
    int file = -1, rc = 0;
    Elf *elf = open_vdso(object, row);
    for (unsigned i = 0; !elf && i < opening->n_fds; i++)
        elf = open_elf(opening->fds[i], object);
    if (!elf && object->name[0]) {
        file = open(object->name, O_RDONLY | O_CLOEXEC);
        elf = open_elf(file, object);
    }
    row->first = opening->all->n_rows;
    if (elf) {
        rc = read_elf(opening->all, elf, object);
        elf_end(elf);
    }
    row->n = opening->all->n_rows - row->first;
    hv_symbols_arrange(opening->all->rows + row->first, row->n);
    if (file >= 0)
        close(file); /* read only: nothing can be lost */
    return rc;
}

/* "libc.so.6"; of the program and of what was loaded by descriptor the file's name. */
static int name_object(struct hv_symbols *all, const char *path, uint32_t *out)
{
    char real[4096];
    if (!strncmp(path, "/proc/", 6)) {
        const ssize_t n = readlink(path, real, sizeof real - 1);
        real[n > 0 ? n : 0] = '\0';
        char *deleted = strstr(real, " (deleted)");
        if (deleted)
            *deleted = '\0';
        path = real[0] ? real : path;
    }
    const char *slash = strrchr(path, '/');
    return hv_symbols_name(all, slash ? slash + 1 : path, out);
}

static int visit(struct dl_phdr_info *info, size_t size, void *user)
{
    struct opening *opening = user;
    struct hv_symbols *all = opening->all;
    struct hv_object object = {.base = info->dlpi_addr,
                               .segments = info->dlpi_phdr,
                               .n_segments = info->dlpi_phnum};
    struct hv_symbol_object row = {.begin = UINT64_MAX};
    (void)size; /* the fields used are in every version */
    hv_put(object.name, sizeof object.name, "%s",
           opening->program ? "/proc/self/exe" : info->dlpi_name);
    opening->program = false;
    for (size_t i = 0; i < object.n_segments; i++) {
        const uint64_t begin = object.base + object.segments[i].p_vaddr;
        if (object.segments[i].p_type != PT_LOAD)
            continue;
        row.begin = begin < row.begin ? begin : row.begin;
        if (begin + object.segments[i].p_memsz > row.end)
            row.end = begin + object.segments[i].p_memsz;
    }
    if (name_object(all, object.name, &row.name) ||
        read_object(opening, &object, &row) || hv_symbols_add_object(all, &row))
        return -ENOMEM;
    return 0;
}

int hv_symbols_open(struct hv_symbols **symbols, const int *fds, unsigned n_fds)
{
    struct hv_symbols *all = calloc(1, sizeof *all);
    struct opening opening = {all, fds, n_fds, true};
    *symbols = NULL;
    if (!all)
        return -ENOMEM;
    if (elf_version(EV_CURRENT) != EV_NONE && dl_iterate_phdr(visit, &opening)) {
        hv_symbols_close(all);
        return -ENOMEM;
    }
    *symbols = all;
    return 0;
}

void hv_symbols_close(struct hv_symbols *symbols)
{
    if (!symbols)
        return;
    free(symbols->rows);
    free(symbols->objects);
    free(symbols->text);
    free(symbols);
}

struct hv_symbol hv_symbols_find(const struct hv_symbols *symbols, uint64_t address)
{
    struct hv_symbol found = {.name = "?", .object = "?"};
    for (size_t i = 0; i < symbols->n_objects; i++) {
        const struct hv_symbol_object *object = &symbols->objects[i];
        if (address < object->begin || address >= object->end)
            continue;
        const struct hv_symbol_row *symbol =
            hv_symbols_covering(symbols->rows + object->first, object->n, address);
        found.object = symbols->text + object->name;
        found.object_start = object->begin;
        if (!symbol)
            return found;
        found.start = symbol->start;
        found.size = symbol->end - symbol->start;
        found.name = symbols->text + symbol->name;
        return found;
    }
    return found;
}
