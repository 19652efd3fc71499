/* SPDX-License-Identifier: MIT */
/* From an address to the bytes of its function, through the symbols of the file. */
#include "counters/elf.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <unistd.h>

#include "counters/elf_file.h"
#include "counters/object.h"
#include "counters/tree.h"

static bool covers(const GElf_Sym *symbol, GElf_Addr address)
{
    return GELF_ST_TYPE(symbol->st_info) == STT_FUNC && symbol->st_shndx != SHN_UNDEF &&
           symbol->st_size && address - symbol->st_value < symbol->st_size;
}

/* Of several names for one place the smallest function wins, then the first. */
static bool search(Elf_Scn *section, const GElf_Shdr *header, Elf *elf,
                   GElf_Addr address, struct hv_code *out, GElf_Addr *start)
{
    Elf_Data *data = elf_getdata(section, NULL);
    const size_t n = header->sh_entsize ? header->sh_size / header->sh_entsize : 0;
    GElf_Sym best = {0};
    for (size_t i = 0; data && i < n; i++) {
        GElf_Sym symbol;
        if (gelf_getsym(data, (int)i, &symbol) && covers(&symbol, address) &&
            (!best.st_size || symbol.st_size < best.st_size))
            best = symbol;
    }
    if (!best.st_size)
        return false;
    const char *name = elf_strptr(elf, header->sh_link, best.st_name);
    hv_put(out->symbol, sizeof out->symbol, "%s", name ? name : "");
    out->size = best.st_size;
    *start = best.st_value;
    return true;
}

static bool search_type(Elf *elf, GElf_Word type, GElf_Addr address,
                        struct hv_code *out, GElf_Addr *start)
{
    for (Elf_Scn *section = elf_nextscn(elf, NULL); section;
         section = elf_nextscn(elf, section)) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) && header.sh_type == type &&
            search(section, &header, elf, address, out, start))
            return true;
    }
    return false;
}

static int find(Elf *elf, const struct hv_object *object, const void *address,
                struct hv_code *out, struct hv_error *error)
{
    const GElf_Addr wanted = (uintptr_t)address - object->base;
    GElf_Addr start;
    if (elf_kind(elf) != ELF_K_ELF)
        return hv_fail(error, -ENOEXEC, "%s is no ELF file", object->name);
    if (!hv_elf_is_object(elf, object))
        return hv_fail(error, -ESTALE,
                       "the file is not the %s that is loaded (rebuilt meanwhile?)",
                       object->name);
    if (!search_type(elf, SHT_SYMTAB, wanted, out, &start) &&
        !search_type(elf, SHT_DYNSYM, wanted, out, &start))
        return hv_fail(error, -ENOENT,
                       "no symbol of %s covers 0x%llx (stripped, or local?)",
                       object->name, (unsigned long long)wanted);
    if (!hv_object_maps(object, start, out->size))
        return hv_fail(error, -ENOEXEC, "%s: symbol %s lies outside of the file",
                       object->name, out->symbol);
    out->bytes = (const void *)(object->base + start);
    return 0;
}

int hv_elf_code(int fd, const void *address, struct hv_code *out,
                struct hv_error *error)
{
    struct hv_object object = {.base = 0};
    memset(out, 0, sizeof *out);
    int rc = hv_object_at(address, &object);
    if (rc)
        return hv_fail(error, rc, "no loaded object holds the address %p", address);
    if (elf_version(EV_CURRENT) == EV_NONE)
        return hv_fail(error, -ENOTSUP, "libelf: %s", elf_errmsg(-1));

    const int file = fd >= 0 ? fd : open(object.name, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return hv_fail(error, -errno, "cannot open %s: %s", object.name,
                       strerror(errno));
    Elf *elf = elf_begin(file, ELF_C_READ_MMAP, NULL);
    if (elf)
        rc = find(elf, &object, address, out, error);
    else
        rc = hv_fail(error, -ENOEXEC, "%s: libelf: %s", object.name, elf_errmsg(-1));
    if (elf)
        elf_end(elf);
    if (fd < 0)
        close(file); /* read only: nothing can be lost */
    if (rc)
        memset(out, 0, sizeof *out);
    return rc;
}
