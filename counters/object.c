/* SPDX-License-Identifier: MIT */
/* A loaded ELF object as it stands in memory: where it is, and its relocated slots. */
#include "counters/object.h"

#include <elf.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "counters/tree.h"

#if defined(__x86_64__)
enum { JUMP = R_X86_64_JUMP_SLOT, GOT = R_X86_64_GLOB_DAT, DATA = R_X86_64_64 };
#elif defined(__aarch64__)
enum { JUMP = R_AARCH64_JUMP_SLOT, GOT = R_AARCH64_GLOB_DAT, DATA = R_AARCH64_ABS64 };
#elif defined(__riscv) && __riscv_xlen == 64
/* Its GOT entries are filled by the same relocation as data. */
enum { JUMP = R_RISCV_JUMP_SLOT, GOT = -1, DATA = R_RISCV_64 };
#else
enum { JUMP = -1, GOT = -2, DATA = -3 };
#define UNKNOWN_ARCHITECTURE 1
#endif

struct search {
    uintptr_t address;
    struct hv_object *out;
    bool first; /* the program comes first */
};

static bool holds(const struct dl_phdr_info *info, uintptr_t address)
{
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        const uintptr_t begin = info->dlpi_addr + segment->p_vaddr;
        if (segment->p_type == PT_LOAD && address - begin < segment->p_memsz)
            return true;
    }
    return false;
}

static void describe(const struct dl_phdr_info *info, struct hv_object *out)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    out->base = info->dlpi_addr;
    out->segments = info->dlpi_phdr;
    out->n_segments = info->dlpi_phnum;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        const uintptr_t begin = out->base + segment->p_vaddr;
        if (segment->p_type == PT_DYNAMIC)
            out->dynamic = (const ElfW(Dyn) *)begin;
        if (segment->p_type == PT_INTERP)
            out->has_interpreter = true;
        if (segment->p_type == PT_GNU_RELRO) { /* rounded as the loader does it */
            out->relro_begin = begin & ~(page - 1);
            out->relro_end = (begin + segment->p_memsz) & ~(page - 1);
        }
    }
}

static int visit(struct dl_phdr_info *info, size_t size, void *user)
{
    struct search *search = user;
    const bool is_program = search->first;
    (void)size; /* the fields used are in every version */
    search->first = false;
    if (!holds(info, search->address))
        return 0;
    memset(search->out, 0, sizeof *search->out);
    describe(info, search->out);
    search->out->is_program = is_program;
    hv_put(search->out->name, sizeof search->out->name, "%s",
           is_program ? "/proc/self/exe" : info->dlpi_name);
    return 1;
}

int hv_object_at(const void *address, struct hv_object *out)
{
    struct search search = {(uintptr_t)address, out, true};
    return dl_iterate_phdr(visit, &search) ? 0 : -ENOENT;
}

/* Most loaders add the base to the addresses in the dynamic section, some do not. */
static const void *at(const struct hv_object *object, ElfW(Addr) address)
{
    return (const void *)(address < object->base ? address + object->base : address);
}

static bool is_writable(const struct hv_object *object, uintptr_t slot)
{
    for (size_t i = 0; i < object->n_segments; i++) {
        const ElfW(Phdr) *segment = &object->segments[i];
        if (segment->p_type == PT_LOAD && segment->p_flags & PF_W &&
            slot - (object->base + segment->p_vaddr) < segment->p_memsz)
            return true;
    }
    return false;
}

/* What the dynamic section says about names and relocations. */
struct tables {
    const ElfW(Sym) * symbols;
    const char *strings;
    const ElfW(Rela) * rela, *jump;
    size_t rela_bytes, jump_bytes;
    bool without_addends; /* DT_REL: another layout, of 32-bit machines */
};

static void read_tables(const struct hv_object *object, struct tables *out)
{
    memset(out, 0, sizeof *out);
    for (const ElfW(Dyn) *entry = object->dynamic; entry->d_tag != DT_NULL; entry++) {
        switch (entry->d_tag) {
        case DT_SYMTAB: out->symbols = at(object, entry->d_un.d_ptr); break;
        case DT_STRTAB: out->strings = at(object, entry->d_un.d_ptr); break;
        case DT_RELA: out->rela = at(object, entry->d_un.d_ptr); break;
        case DT_RELASZ: out->rela_bytes = entry->d_un.d_val; break;
        case DT_JMPREL: out->jump = at(object, entry->d_un.d_ptr); break;
        case DT_PLTRELSZ: out->jump_bytes = entry->d_un.d_val; break;
        case DT_REL: out->without_addends = true; break;
        default: break;
        }
    }
}

static void walk(const struct hv_object *object, const struct tables *tables,
                 const ElfW(Rela) * rela, size_t bytes, hv_slot_fn *tell, void *user)
{
    for (size_t i = 0; i < bytes / sizeof *rela; i++) {
        const int type = (int)ELF64_R_TYPE(rela[i].r_info);
        const size_t symbol = ELF64_R_SYM(rela[i].r_info);
        const uintptr_t slot = object->base + rela[i].r_offset;
        if (!symbol || (type != JUMP && type != GOT && type != DATA))
            continue;
        /* A symbol plus an offset is no function's address, and a relocation of the
         * text is none of ours. */
        if (rela[i].r_addend || !is_writable(object, slot))
            continue;
        tell((void **)slot, tables->strings + tables->symbols[symbol].st_name,
             type == DATA, user);
    }
}

int hv_object_slots(const struct hv_object *object, hv_slot_fn *tell, void *user)
{
    struct tables tables;
#ifdef UNKNOWN_ARCHITECTURE
    return -ENOTSUP;
#endif
    if (!object->dynamic)
        return -ENOTSUP;
    read_tables(object, &tables);
    if (tables.without_addends || !tables.symbols || !tables.strings)
        return -ENOTSUP;
    if (tables.rela)
        walk(object, &tables, tables.rela, tables.rela_bytes, tell, user);
    if (tables.jump)
        walk(object, &tables, tables.jump, tables.jump_bytes, tell, user);
    return 0;
}

int hv_object_unlock(const struct hv_object *object, bool writable)
{
    const size_t bytes = object->relro_end - object->relro_begin;
    if (object->relro_end <= object->relro_begin)
        return 0;
    const int protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
    return mprotect((void *)object->relro_begin, bytes, protection) ? -errno : 0;
}
