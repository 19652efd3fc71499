/* SPDX-License-Identifier: MIT */
/* Functions of the C library that a trace knows by what they do: the copying, setting
 * and allocating ones, at the addresses they have in this process. */
#ifndef HV_COUNTERS_TRACE_ROLES_H
#define HV_COUNTERS_TRACE_ROLES_H

#include <stdint.h>

#include "src/run.h"

/* Where a call's bytes stand among rdi, rsi, rdx (0, 1, 2). */
enum hv_role_bytes {
    HV_BYTES_NONE,   /* free */
    HV_BYTES_FIRST,  /* malloc(n) */
    HV_BYTES_SECOND, /* realloc(p, n), aligned_alloc(a, n), memalign(a, n) */
    HV_BYTES_THIRD,  /* memcpy(d, s, n), memset(d, c, n), posix_memalign(p, a, n) */
    HV_BYTES_PRODUCT /* calloc(n, m) */
};
struct hv_role {
    uint64_t entry; /* resolved: past PLT and ifunc */
    enum hv_call_family family;
    enum hv_role_bytes bytes;
    const char *name; /* "memcpy"; the first of several names for one address */
};
enum { HV_MAX_ROLES = 48 };
struct hv_roles {
    struct hv_role role[HV_MAX_ROLES]; /* by ascending entry */
    unsigned n;
    uint64_t end[HV_MAX_ROLES]; /* of the function that begins there; entry or 0:
                                   unknown */
};

/* Resolves what this process has. Never fails: what is not there is left out. */
void hv_roles_resolve(struct hv_roles *roles);

/* The role entered at this address, or NULL. */
const struct hv_role *hv_roles_at(const struct hv_roles *roles, uint64_t address);

/* The role whose function holds the address, as far as that is known; or NULL. Calls no
 * allocator. */
const struct hv_role *hv_roles_around(const struct hv_roles *roles, uint64_t address);

/* Where the function ends that begins at entry, by the unwind table of its object;
 * entry itself where there is none. */
uint64_t hv_roles_extent(uint64_t entry);

#endif
