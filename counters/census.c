/* SPDX-License-Identifier: MIT */
/* Words of the census that are the same on every architecture. */
#include "counters/census.h"

#include <errno.h>
#include <string.h>

const char *hv_call_route_name(enum hv_call_route route)
{
    static const char *const names[HV_CALL_ROUTES] = {
        [HV_ROUTE_DIRECT] = "direct",   [HV_ROUTE_PLT] = "PLT",
        [HV_ROUTE_GOT] = "GOT",         [HV_ROUTE_REGISTER] = "register",
        [HV_ROUTE_UNKNOWN] = "unknown",
    };
    return (unsigned)route < HV_CALL_ROUTES ? names[route] : "?";
}

/* A star at the end: any text may follow; at the beginning: any may go before. Leading
 * underscores of the others are not looked at. */
static const struct {
    const char *name;
    enum hv_call_family family;
} families[] = {
    {"memcpy",               HV_CALL_COPY },
    {"memmove",              HV_CALL_COPY },
    {"mempcpy",              HV_CALL_COPY },
    {"bcopy",                HV_CALL_COPY },
    {"memcpy_*",             HV_CALL_COPY }, /* _chk, _avx_unaligned_erms, ... */
    {"memmove_*",            HV_CALL_COPY },
    {"mempcpy_*",            HV_CALL_COPY },
    {"memset",               HV_CALL_SET  },
    {"bzero",                HV_CALL_SET  },
    {"memset_*",             HV_CALL_SET  },
    {"malloc",               HV_CALL_ALLOC},
    {"calloc",               HV_CALL_ALLOC},
    {"realloc",              HV_CALL_ALLOC},
    {"reallocarray",         HV_CALL_ALLOC},
    {"aligned_alloc",        HV_CALL_ALLOC},
    {"memalign",             HV_CALL_ALLOC},
    {"posix_memalign",       HV_CALL_ALLOC},
    {"valloc",               HV_CALL_ALLOC},
    {"libc_malloc",          HV_CALL_ALLOC},
    {"libc_calloc",          HV_CALL_ALLOC},
    {"libc_realloc",         HV_CALL_ALLOC},
    {"Znw*",                 HV_CALL_ALLOC}, /* operator new */
    {"Zna*",                 HV_CALL_ALLOC},
    {"*__rust_alloc",        HV_CALL_ALLOC}, /* mangled since Rust 1.87 */
    {"*__rust_alloc_zeroed", HV_CALL_ALLOC},
    {"*__rust_realloc",      HV_CALL_ALLOC},
    {"*__rdl_alloc",         HV_CALL_ALLOC},
    {"*__rdl_alloc_zeroed",  HV_CALL_ALLOC},
    {"*__rdl_realloc",       HV_CALL_ALLOC},
    {"free",                 HV_CALL_FREE },
    {"cfree",                HV_CALL_FREE },
    {"libc_free",            HV_CALL_FREE },
    {"Zdl*",                 HV_CALL_FREE }, /* operator delete */
    {"Zda*",                 HV_CALL_FREE },
    {"*__rust_dealloc",      HV_CALL_FREE },
    {"*__rdl_dealloc",       HV_CALL_FREE },
};

static bool matches(const char *name, const char *pattern)
{
    const size_t length = strlen(name);
    if (pattern[0] == '*') {
        const size_t wanted = strlen(++pattern);
        return length >= wanted && !strcmp(name + length - wanted, pattern);
    }
    name += strspn(name, "_");
    const size_t wanted = strcspn(pattern, "*");
    return !strncmp(name, pattern, wanted) && (pattern[wanted] || !name[wanted]);
}

enum hv_call_family hv_census_family(const char *name)
{
    for (size_t i = 0; i < HV_LEN(families); i++)
        if (matches(name, families[i].name))
            return families[i].family;
    return HV_CALLS;
}

#if !defined(__x86_64__) && !defined(__aarch64__)
static int unknown(struct hv_error *error)
{
    return hv_fail(error, -ENOTSUP,
                   "the machine code of this architecture is not read");
}

int hv_census(const struct hv_symbols *symbols, const void *address,
              struct hv_census *out, struct hv_error *error)
{
    (void)symbols, (void)address;
    memset(out, 0, sizeof *out);
    return unknown(error);
}

int hv_census_tree(const struct hv_symbols *symbols, const void *address,
                   struct hv_census *rows, size_t room, size_t *n,
                   struct hv_error *error)
{
    (void)symbols, (void)address, (void)rows, (void)room;
    *n = 0;
    return unknown(error);
}

int hv_census_listing(const struct hv_symbols *symbols, const void *address,
                      hv_census_line_fn *tell, void *user, struct hv_error *error)
{
    (void)symbols, (void)address, (void)tell, (void)user;
    return unknown(error);
}
#endif
