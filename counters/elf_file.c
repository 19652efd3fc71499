/* SPDX-License-Identifier: MIT */
/* Whether a file is the one that a loaded object came from. */
#include "counters/elf_file.h"

#include <string.h>

bool hv_object_maps(const struct hv_object *object, GElf_Addr start, size_t size)
{
    for (size_t i = 0; i < object->n_segments; i++) {
        const ElfW(Phdr) *segment = &object->segments[i];
        const GElf_Addr offset = start - segment->p_vaddr;
        if (segment->p_type == PT_LOAD && segment->p_flags & PF_R &&
            offset < segment->p_memsz && size <= segment->p_memsz - offset)
            return true;
    }
    return false;
}

/* Two builds of one source often have the same segments, but not the same build id. */
static bool same_note(Elf *elf, const GElf_Phdr *note, const struct hv_object *object)
{
    if (!note->p_filesz || !hv_object_maps(object, note->p_vaddr, note->p_filesz))
        return true; /* nothing to compare with */
    const Elf_Data *data =
        elf_getdata_rawchunk(elf, (int64_t)note->p_offset, note->p_filesz, ELF_T_BYTE);
    return data && data->d_size == note->p_filesz &&
           !memcmp(data->d_buf, (const void *)(object->base + note->p_vaddr),
                   note->p_filesz);
}

bool hv_elf_is_object(Elf *elf, const struct hv_object *object)
{
    size_t n;
    if (elf_getphdrnum(elf, &n) || n != object->n_segments)
        return false;
    for (size_t i = 0; i < n; i++) {
        GElf_Phdr segment;
        const ElfW(Phdr) *loaded = &object->segments[i];
        if (!gelf_getphdr(elf, (int)i, &segment) || segment.p_type != loaded->p_type ||
            segment.p_vaddr != loaded->p_vaddr || segment.p_memsz != loaded->p_memsz ||
            (segment.p_type == PT_NOTE && !same_note(elf, &segment, object)))
            return false;
    }
    return true;
}
