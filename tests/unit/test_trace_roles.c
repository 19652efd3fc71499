/* SPDX-License-Identifier: MIT */
/* The C library's functions by what they do, at the addresses where calls arrive. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dlfcn.h>

#include "counters/trace/roles.h"

static uint64_t address_of(const char *symbol)
{
    void *found = dlsym(RTLD_DEFAULT, symbol);
    assert_non_null(found);
    return (uint64_t)(uintptr_t)found;
}

static void known_functions_have_their_roles(void **state)
{
    static const struct {
        const char *symbol;
        enum hv_call_family family;
        enum hv_role_bytes bytes;
    } rows[] = {
        {"memcpy",         HV_CALL_COPY,  HV_BYTES_THIRD  },
        {"memmove",        HV_CALL_COPY,  HV_BYTES_THIRD  },
        {"mempcpy",        HV_CALL_COPY,  HV_BYTES_THIRD  },
        {"memset",         HV_CALL_SET,   HV_BYTES_THIRD  },
        {"malloc",         HV_CALL_ALLOC, HV_BYTES_FIRST  },
        {"calloc",         HV_CALL_ALLOC, HV_BYTES_PRODUCT},
        {"realloc",        HV_CALL_ALLOC, HV_BYTES_SECOND },
        {"posix_memalign", HV_CALL_ALLOC, HV_BYTES_THIRD  },
        {"free",           HV_CALL_FREE,  HV_BYTES_NONE   },
    };
    struct hv_roles roles;
    (void)state;
    hv_roles_resolve(&roles);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const uint64_t entry = address_of(rows[i].symbol);
        const struct hv_role *role = hv_roles_at(&roles, entry);
        assert_non_null(role);
        assert_int_equal(role->entry, entry);
        assert_int_equal(role->family, rows[i].family);
        assert_int_equal(role->bytes, rows[i].bytes);
        const struct hv_role *other = hv_roles_at(&roles, entry + 1);
        assert_true(!other || other->entry == entry + 1);
    }
}

/* A search by halves needs order; one address in two roles would count twice. */
static void entries_rise(void **state)
{
    struct hv_roles roles;
    (void)state;
    memset(&roles, 0xff, sizeof roles);
    hv_roles_resolve(&roles);
    assert_true(roles.n > 5 && roles.n <= HV_MAX_ROLES);
    for (unsigned i = 1; i < roles.n; i++)
        assert_true(roles.role[i - 1].entry < roles.role[i].entry);
}

static void other_addresses_have_none(void **state)
{
    struct hv_roles roles;
    (void)state;
    hv_roles_resolve(&roles);
    assert_null(hv_roles_at(&roles, 0));
    assert_null(hv_roles_at(&roles, UINT64_MAX));
    assert_null(hv_roles_at(&roles, address_of("strlen")));
    roles.n = 0;
    assert_null(hv_roles_at(&roles, address_of("memcpy")));
}

/* Where a role's function ends another begins; its inside is the role's as well. */
static void functions_have_an_inside(void **state)
{
    struct hv_roles roles;
    unsigned known = 0;
    (void)state;
    hv_roles_resolve(&roles);
    for (unsigned i = 0; i < roles.n; i++) {
        const struct hv_role *role = &roles.role[i];
        assert_ptr_equal(hv_roles_around(&roles, role->entry), role);
        if (roles.end[i] == role->entry)
            continue;
        known++;
        assert_true(i + 1 == roles.n || roles.end[i] <= roles.role[i + 1].entry);
        assert_true(roles.end[i] - role->entry < 65536);
        assert_ptr_equal(hv_roles_around(&roles, roles.end[i] - 1), role);
        assert_ptr_not_equal(hv_roles_around(&roles, roles.end[i]), role);
    }
    assert_true(known > 0);
    assert_null(hv_roles_around(&roles, 0));
    assert_null(hv_roles_around(&roles, roles.role[0].entry - 1));
    assert_null(hv_roles_around(&roles, UINT64_MAX));
}

static int ends_here(int n)
{
    return n > 1 ? n * ends_here(n - 1) : 1;
}

static void an_extent_is_of_an_entry(void **state)
{
    const uint64_t entry = (uint64_t)(uintptr_t)functions_have_an_inside;
    int (*volatile other)(int) = ends_here;
    (void)state;
    assert_true(hv_roles_extent(entry) > entry);
    assert_int_equal(hv_roles_extent(entry + 1), entry + 1);
    assert_int_equal(hv_roles_extent(8), 8); /* no object is there */
    const uint64_t small = (uint64_t)(uintptr_t)other;
    assert_true(hv_roles_extent(small) - small < 4096);
    assert_int_equal(other(3), 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_functions_have_their_roles),
        cmocka_unit_test(entries_rise),
        cmocka_unit_test(other_addresses_have_none),
        cmocka_unit_test(functions_have_an_inside),
        cmocka_unit_test(an_extent_is_of_an_entry),
    };
    return cmocka_run_group_tests_name("trace_roles", tests, NULL, NULL);
}
