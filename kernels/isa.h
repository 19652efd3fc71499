/* SPDX-License-Identifier: MIT */
/* The instruction sets the built-in pairs are compiled for. */
#ifndef HV_KERNELS_ISA_H
#define HV_KERNELS_ISA_H

#include <stdbool.h>
#include <stddef.h>

#include "kernels/hv16_ops.h"

struct hv_isa {
    const char *name;  /* "portable", "avx2", ... */
    const char *what;  /* a few words for a listing */
    const char *flags; /* what the compiler was given for it; may be "" */
    /* Whether this CPU has it *and* the system saves its registers (XCR0). */
    bool (*available)(void);
    const struct hv_hv16_ops *ops;
};

/* The rows of this build, worst first; there is always at least "portable". Static. */
const struct hv_isa *hv_isas(size_t *count);

/* NULL: this build has no such ISA. The CPU may still lack the one found. */
const struct hv_isa *hv_isa_find(const char *name);
bool hv_isa_available(const struct hv_isa *isa);

/* The last row that this CPU can run; never NULL. */
const struct hv_isa *hv_isa_best(void);

#endif
