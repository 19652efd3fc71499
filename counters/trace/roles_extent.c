/* SPDX-License-Identifier: MIT */
/* How far a function reaches whose object has no symbol for it. A stripped C library
 * names neither memcpy's variant for this CPU nor its size, but the table by which
 * exceptions are unwound says where every function begins. */
#include <stdint.h>
#include <string.h>

#include "counters/object.h"
#include "counters/trace/roles.h"

/* .eh_frame_hdr in the only shape that linkers write: a version, three encodings, a
 * pointer, the number of entries, and the entries by rising address. */
enum {
    VERSION = 1,
    COUNT_ENCODING = 0x03, /* udata4 */
    TABLE_ENCODING = 0x3b, /* sdata4, relative to the table's own section */
    COUNT_AT = 8,
    TABLE_AT = 12,
};
struct row {
    int32_t function, description;
};

static const unsigned char *find_table(const struct hv_object *object, size_t *n)
{
    for (size_t i = 0; i < object->n_segments; i++) {
        const ElfW(Phdr) *segment = &object->segments[i];
        if (segment->p_type != PT_GNU_EH_FRAME || segment->p_memsz < TABLE_AT)
            continue;
        const unsigned char *at =
            (const unsigned char *)(object->base + segment->p_vaddr);
        uint32_t count;
        memcpy(&count, at + COUNT_AT, sizeof count);
        if (at[0] != VERSION || at[2] != COUNT_ENCODING || at[3] != TABLE_ENCODING ||
            count > (segment->p_memsz - TABLE_AT) / sizeof(struct row))
            continue;
        *n = count;
        return at;
    }
    return NULL;
}

static uint64_t begin_of(const unsigned char *table, size_t i)
{
    struct row row;
    memcpy(&row, table + TABLE_AT + i * sizeof row, sizeof row);
    return (uint64_t)(uintptr_t)table + (uint64_t)(int64_t)row.function;
}

uint64_t hv_roles_extent(uint64_t entry)
{
    struct hv_object object;
    size_t n = 0;
    if (hv_object_at((const void *)(uintptr_t)entry, &object))
        return entry;
    const unsigned char *table = find_table(&object, &n);
    size_t low = 0, high = n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (begin_of(table, middle) < entry)
            low = middle + 1;
        else
            high = middle;
    }
    /* an entry in the middle of a function is not its name */
    if (low + 1 >= n || begin_of(table, low) != entry)
        return entry;
    return begin_of(table, low + 1);
}
