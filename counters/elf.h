/* SPDX-License-Identifier: MIT */
/* The machine code that ran: from an address to the bytes of its function. */
#ifndef HV_COUNTERS_ELF_H
#define HV_COUNTERS_ELF_H

#include <stddef.h>

#include "src/base/error.h"

/* bytes point into the running image and live as long as the object stays loaded. */
struct hv_code {
    const void *bytes;
    size_t size; /* of the symbol, bytes */
    char symbol[96];
};

/* The function that covers a run-time address. fd: the file of the object, whose symbol
 * tables (.symtab, then .dynsym) are read; its offset is not moved; -1 opens it by the
 * name it was loaded under, which a process with dropped privileges may not be able to.
 * -ENOENT: no object or no sized symbol covers the address (stripped?); -ESTALE: the
 * file is not the object that is loaded; -ENOEXEC: no ELF file; or -errno of open. */
int hv_elf_code(int fd, const void *address, struct hv_code *out,
                struct hv_error *error);

#endif
