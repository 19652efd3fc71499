/* SPDX-License-Identifier: MIT */
/* Counts memcpy-family and allocation calls of one loaded object through its GOT. */
#include "counters/got.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "counters/object.h"
#include "counters/tree.h"

enum symbol {
    MEMCPY,
    MEMMOVE,
    MEMPCPY,
    MEMPCPY_ALIAS,
    BCOPY,
    MEMCPY_CHK,
    MEMMOVE_CHK,
    MEMPCPY_CHK,
    MEMSET,
    MEMSET_CHK,
    MALLOC,
    CALLOC,
    REALLOC,
    ALIGNED_ALLOC,
    MEMALIGN,
    POSIX_MEMALIGN,
    FREE,
    SYMBOLS
};

typedef void any_fn(void);
typedef void *copy_fn(void *to, const void *from, size_t n);
typedef void *copy_chk_fn(void *to, const void *from, size_t n, size_t room);
typedef void bcopy_fn(const void *from, void *to, size_t n);
typedef void *set_fn(void *to, int byte, size_t n);
typedef void *set_chk_fn(void *to, int byte, size_t n, size_t room);
typedef void *malloc_fn(size_t n);
typedef void *two_sizes_fn(size_t a, size_t b);
typedef void *realloc_fn(void *old, size_t n);
typedef int posix_fn(void **out, size_t align, size_t n);
typedef void free_fn(void *old);

struct patch {
    void **slot, *old, *hook;
};

struct hv_got {
    struct hv_object object;
    struct hv_calls calls;
    any_fn *real[SYMBOLS];
    struct patch *patches;
    size_t n_patches, room;
    char source[320];
};

/* A hook gets no argument that could lead it to its meter, so this one file has a
 * variable: the meter that is attached. */
static struct hv_got *active;

static any_fn *count(enum hv_call_family family, size_t bytes, enum symbol symbol)
{
    active->calls.calls[family]++;
    active->calls.bytes[family] += bytes;
    return active->real[symbol];
}

#define COPY_HOOK(name, symbol)                                                        \
    static void *name(void *to, const void *from, size_t n)                            \
    {                                                                                  \
        return ((copy_fn *)count(HV_CALL_COPY, n, symbol))(to, from, n);               \
    }
COPY_HOOK(hook_memcpy, MEMCPY)
COPY_HOOK(hook_memmove, MEMMOVE)
COPY_HOOK(hook_mempcpy, MEMPCPY)
COPY_HOOK(hook_mempcpy_alias, MEMPCPY_ALIAS)

#define COPY_CHK_HOOK(name, symbol)                                                    \
    static void *name(void *to, const void *from, size_t n, size_t room)               \
    {                                                                                  \
        return ((copy_chk_fn *)count(HV_CALL_COPY, n, symbol))(to, from, n, room);     \
    }
COPY_CHK_HOOK(hook_memcpy_chk, MEMCPY_CHK)
COPY_CHK_HOOK(hook_memmove_chk, MEMMOVE_CHK)
COPY_CHK_HOOK(hook_mempcpy_chk, MEMPCPY_CHK)

static void hook_bcopy(const void *from, void *to, size_t n)
{
    ((bcopy_fn *)count(HV_CALL_COPY, n, BCOPY))(from, to, n);
}

static void *hook_memset(void *to, int byte, size_t n)
{
    return ((set_fn *)count(HV_CALL_SET, n, MEMSET))(to, byte, n);
}

static void *hook_memset_chk(void *to, int byte, size_t n, size_t room)
{
    return ((set_chk_fn *)count(HV_CALL_SET, n, MEMSET_CHK))(to, byte, n, room);
}

static void *hook_malloc(size_t n)
{
    return ((malloc_fn *)count(HV_CALL_ALLOC, n, MALLOC))(n);
}

static void *hook_calloc(size_t items, size_t size)
{
    return ((two_sizes_fn *)count(HV_CALL_ALLOC, items * size, CALLOC))(items, size);
}

static void *hook_realloc(void *old, size_t n)
{
    return ((realloc_fn *)count(HV_CALL_ALLOC, n, REALLOC))(old, n);
}

static void *hook_aligned_alloc(size_t align, size_t n)
{
    return ((two_sizes_fn *)count(HV_CALL_ALLOC, n, ALIGNED_ALLOC))(align, n);
}

static void *hook_memalign(size_t align, size_t n)
{
    return ((two_sizes_fn *)count(HV_CALL_ALLOC, n, MEMALIGN))(align, n);
}

static int hook_posix_memalign(void **out, size_t align, size_t n)
{
    return ((posix_fn *)count(HV_CALL_ALLOC, n, POSIX_MEMALIGN))(out, align, n);
}

static void hook_free(void *old)
{
    ((free_fn *)count(HV_CALL_FREE, 0, FREE))(old);
}

static const struct {
    const char *name;
    any_fn *hook;
} hooks[SYMBOLS] = {
    [MEMCPY] = {"memcpy",         (any_fn *)hook_memcpy        },
    [MEMMOVE] = {"memmove",        (any_fn *)hook_memmove       },
    [MEMPCPY] = {"mempcpy",        (any_fn *)hook_mempcpy       },
    [MEMPCPY_ALIAS] = {"__mempcpy",      (any_fn *)hook_mempcpy_alias },
    [BCOPY] = {"bcopy",          (any_fn *)hook_bcopy         },
    [MEMCPY_CHK] = {"__memcpy_chk",   (any_fn *)hook_memcpy_chk    },
    [MEMMOVE_CHK] = {"__memmove_chk",  (any_fn *)hook_memmove_chk   },
    [MEMPCPY_CHK] = {"__mempcpy_chk",  (any_fn *)hook_mempcpy_chk   },
    [MEMSET] = {"memset",         (any_fn *)hook_memset        },
    [MEMSET_CHK] = {"__memset_chk",   (any_fn *)hook_memset_chk    },
    [MALLOC] = {"malloc",         (any_fn *)hook_malloc        },
    [CALLOC] = {"calloc",         (any_fn *)hook_calloc        },
    [REALLOC] = {"realloc",        (any_fn *)hook_realloc       },
    [ALIGNED_ALLOC] = {"aligned_alloc",  (any_fn *)hook_aligned_alloc },
    [MEMALIGN] = {"memalign",       (any_fn *)hook_memalign      },
    [POSIX_MEMALIGN] = {"posix_memalign", (any_fn *)hook_posix_memalign},
    [FREE] = {"free",           (any_fn *)hook_free          },
};

/* ISO C keeps data and function pointers apart; dlsym and the GOT do not. */
static void *as_data(any_fn *function)
{
    void *data;
    memcpy(&data, &function, sizeof data);
    return data;
}

static void resolve(struct hv_got *got)
{
    for (size_t i = 0; i < SYMBOLS; i++) {
        void *address = dlsym(RTLD_DEFAULT, hooks[i].name);
        memcpy(&got->real[i], &address, sizeof address);
    }
}

/* Notes the slot if it leads to a function that is counted. Nothing is patched while
 * the list still grows: growing it allocates, perhaps through these very slots. */
static void note(void **slot, const char *name, bool is_data, void *user)
{
    struct hv_got *got = user;
    for (size_t i = 0; i < SYMBOLS; i++) {
        if (strcmp(name, hooks[i].name) || !got->real[i])
            continue;
        if (is_data && *slot != as_data(got->real[i]))
            return; /* the program has pointed it elsewhere */
        if (got->n_patches < got->room)
            got->patches[got->n_patches] =
                (struct patch){slot, *slot, as_data(hooks[i].hook)};
        got->n_patches++;
        return;
    }
}

static int collect(struct hv_got *got)
{
    int rc = hv_object_slots(&got->object, note, got);
    if (rc || !got->n_patches)
        return rc;
    got->patches = calloc(got->n_patches, sizeof *got->patches);
    if (!got->patches)
        return -ENOMEM;
    got->room = got->n_patches;
    got->n_patches = 0;
    return hv_object_slots(&got->object, note, got);
}

static int apply(struct hv_got *got)
{
    const int rc = hv_object_unlock(&got->object, true);
    if (rc)
        return rc;
    active = got;
    for (size_t i = 0; i < got->n_patches; i++)
        *got->patches[i].slot = got->patches[i].hook;
    return hv_object_unlock(&got->object, false);
}

/* A slot that the program has changed meanwhile stays as the program wants it. */
static void restore(struct hv_got *got)
{
    if (hv_object_unlock(&got->object, true))
        return; /* the hooks stay, and keep counting into this meter */
    for (size_t i = 0; i < got->n_patches; i++)
        if (*got->patches[i].slot == got->patches[i].hook)
            *got->patches[i].slot = got->patches[i].old;
    (void)hv_object_unlock(&got->object, false); /* was possible a moment ago */
    active = NULL;
}

static int prepare(struct hv_got *got, const void *address, struct hv_error *error)
{
    int rc = hv_object_at(address, &got->object);
    if (rc)
        return hv_fail(error, rc, "no loaded object holds the address %p", address);
    if (got->object.is_program && !got->object.has_interpreter)
        return hv_fail(error, -ENOTSUP,
                       "the program is linked statically: its calls go through no GOT");
    resolve(got);
    rc = collect(got);
    if (rc)
        return hv_fail(error, rc, "the GOT of %s cannot be read: %s", got->object.name,
                       strerror(-rc));
    hv_put(got->source, sizeof got->source, "GOT of %s: %zu slots", got->object.name,
           got->n_patches);
    return 0;
}

int hv_got_attach(struct hv_got **out, const void *address_in_object,
                  struct hv_error *error)
{
    *out = NULL;
    if (active)
        return hv_fail(error, -EBUSY, "another call meter is attached");
    struct hv_got *got = calloc(1, sizeof *got);
    if (!got)
        return hv_fail(error, -ENOMEM, "no memory for a call meter");
    int rc = prepare(got, address_in_object, error);
    if (rc)
        goto out;
    rc = apply(got);
    if (rc) {
        hv_fail(error, rc, "the GOT of %s cannot be written: %s", got->object.name,
                strerror(-rc));
        goto out;
    }
    *out = got;
    return 0;
out:
    hv_got_detach(got);
    return rc;
}

/* Volatile: a compiler copies or clears a struct, or the loop that does it, by calling
 * memcpy or memset, which may be the very slots that are counted. */
void hv_got_read(const struct hv_got *got, struct hv_calls *calls)
{
    const volatile struct hv_calls *counted = &got->calls;
    for (size_t i = 0; i < HV_CALLS; i++) {
        calls->calls[i] = counted->calls[i];
        calls->bytes[i] = counted->bytes[i];
    }
}

void hv_got_reset(struct hv_got *got)
{
    volatile struct hv_calls *counted = &got->calls;
    for (size_t i = 0; i < HV_CALLS; i++) {
        counted->calls[i] = 0;
        counted->bytes[i] = 0;
    }
}

void hv_got_detach(struct hv_got *got)
{
    if (!got)
        return;
    if (active == got)
        restore(got);
    if (active == got)
        return; /* still hooked: freeing it would crash the next call */
    free(got->patches);
    free(got);
}

const char *hv_got_source(const struct hv_got *got)
{
    return got->source;
}
