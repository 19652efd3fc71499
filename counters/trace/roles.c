/* SPDX-License-Identifier: MIT */
/* Finds the functions of the C library that a trace knows by what they do. */
#include "counters/trace/roles.h"

#include <dlfcn.h>
#include <malloc.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "src/base/error.h"

/* bcopy is left out: its arguments stand the other way round. */
static const struct hv_role known[] = {
    {0, HV_CALL_COPY,  HV_BYTES_THIRD,   "memcpy"        },
    {0, HV_CALL_COPY,  HV_BYTES_THIRD,   "memmove"       },
    {0, HV_CALL_COPY,  HV_BYTES_THIRD,   "mempcpy"       },
    {0, HV_CALL_COPY,  HV_BYTES_THIRD,   "__memcpy_chk"  },
    {0, HV_CALL_COPY,  HV_BYTES_THIRD,   "__memmove_chk" },
    {0, HV_CALL_COPY,  HV_BYTES_THIRD,   "__mempcpy_chk" },
    {0, HV_CALL_SET,   HV_BYTES_THIRD,   "memset"        },
    {0, HV_CALL_SET,   HV_BYTES_THIRD,   "__memset_chk"  },
    {0, HV_CALL_ALLOC, HV_BYTES_FIRST,   "malloc"        },
    {0, HV_CALL_ALLOC, HV_BYTES_PRODUCT, "calloc"        },
    {0, HV_CALL_ALLOC, HV_BYTES_SECOND,  "realloc"       },
    {0, HV_CALL_ALLOC, HV_BYTES_SECOND,  "aligned_alloc" },
    {0, HV_CALL_ALLOC, HV_BYTES_SECOND,  "memalign"      },
    {0, HV_CALL_ALLOC, HV_BYTES_THIRD,   "posix_memalign"},
    {0, HV_CALL_FREE,  HV_BYTES_NONE,    "free"          },
};
_Static_assert(HV_LEN(known) <= HV_MAX_ROLES, "there is room for all");

/* Where a program is linked statically, no name can be looked up: these are what it was
 * linked with. */
static const struct {
    const char *name;
    void (*code)(void);
} linked[] = {
#define LINKED(name)                                                                   \
    {                                                                                  \
#name, (void (*)(void))(name)                                                  \
    }
    LINKED(memcpy),        LINKED(memmove),  LINKED(mempcpy),        LINKED(memset),
    LINKED(malloc),        LINKED(calloc),   LINKED(realloc),        LINKED(free),
    LINKED(aligned_alloc), LINKED(memalign), LINKED(posix_memalign),
#undef LINKED
};

static uint64_t linked_at(const char *name)
{
    for (size_t i = 0; i < HV_LEN(linked); i++)
        if (!strcmp(linked[i].name, name))
            return (uint64_t)(uintptr_t)linked[i].code;
    return 0;
}

/* The first whose entry is not below the address. */
static unsigned place_of(const struct hv_roles *roles, uint64_t address)
{
    unsigned low = 0, high = roles->n;
    while (low < high) {
        const unsigned middle = (low + high) / 2;
        if (roles->role[middle].entry < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* memcpy and memmove are often one: the first name stays. */
static void insert(struct hv_roles *roles, const struct hv_role *role, uint64_t entry)
{
    const unsigned at = place_of(roles, entry);
    if (at < roles->n && roles->role[at].entry == entry)
        return;
    memmove(&roles->role[at + 1], &roles->role[at],
            (roles->n - at) * sizeof *roles->role);
    roles->role[at] = *role;
    roles->role[at].entry = entry;
    roles->n++;
}

void hv_roles_resolve(struct hv_roles *roles)
{
    roles->n = 0;
    for (size_t i = 0; i < HV_LEN(known); i++) {
        /* dlsym runs an ifunc's resolver: this is where calls really arrive */
        const void *found = dlsym(RTLD_DEFAULT, known[i].name);
        const uint64_t entry =
            found ? (uint64_t)(uintptr_t)found : linked_at(known[i].name);
        if (entry)
            insert(roles, &known[i], entry);
    }
    for (unsigned i = 0; i < roles->n; i++)
        roles->end[i] = hv_roles_extent(roles->role[i].entry);
}

const struct hv_role *hv_roles_at(const struct hv_roles *roles, uint64_t address)
{
    const unsigned at = place_of(roles, address);
    return at < roles->n && roles->role[at].entry == address ? &roles->role[at] : NULL;
}

const struct hv_role *hv_roles_around(const struct hv_roles *roles, uint64_t address)
{
    const unsigned after = place_of(roles, address);
    if (after < roles->n && roles->role[after].entry == address)
        return &roles->role[after];
    return after && address < roles->end[after - 1] ? &roles->role[after - 1] : NULL;
}
