/* SPDX-License-Identifier: MIT */
/* A loaded ELF object as it stands in memory: where it is, and its relocated slots. */
#ifndef HV_COUNTERS_OBJECT_H
#define HV_COUNTERS_OBJECT_H

#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Valid as long as the object stays loaded. */
struct hv_object {
    uintptr_t base; /* load bias: run-time address minus address in the file */
    const ElfW(Phdr) * segments;
    size_t n_segments;
    const ElfW(Dyn) * dynamic;        /* NULL: static */
    uintptr_t relro_begin, relro_end; /* whole pages that are read-only after loading */
    bool is_program;
    bool has_interpreter; /* a program without one is static, static-pie included */
    char name[256];       /* path it was loaded by; "/proc/self/exe" for the program */
};

/* The object whose segments hold this address; -ENOENT. */
int hv_object_at(const void *address, struct hv_object *out);

/* Called for every slot that the loader filled with the address of a named symbol.
 * is_data: an ordinary pointer with an initial value, which the program may have
 * changed since; else a GOT entry. */
typedef void hv_slot_fn(void **slot, const char *symbol, bool is_data, void *user);

/* -ENOTSUP: no dynamic section, or an architecture whose relocations are not known. */
int hv_object_slots(const struct hv_object *object, hv_slot_fn *tell, void *user);

/* Makes the read-only-after-relocation pages writable, or read-only again. Pages
 * outside PT_GNU_RELRO are left alone: a lazily bound GOT shares its pages with .data.
 * 0 or -errno. */
int hv_object_unlock(const struct hv_object *object, bool writable);

#endif
