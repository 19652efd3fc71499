/* SPDX-License-Identifier: MIT */
/* Whom a call calls: through stubs, slots and registers to a name. */
#include "counters/census_calls.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "counters/elf_file.h"

struct filling {
    struct hv_census_object *object;
    bool failed;
};

static void keep_slot(void **slot, const char *symbol, bool is_data, void *user)
{
    struct filling *filling = user;
    struct hv_census_object *object = filling->object;
    if (object->n_slots == object->room) {
        const size_t room = 2 * object->room + 32;
        void *slots = reallocarray(object->slots, room, sizeof *object->slots);
        filling->failed |= !slots;
        if (!slots)
            return;
        object->slots = slots;
        object->room = room;
    }
    object->slots[object->n_slots++] =
        (struct hv_census_slot){(uintptr_t)slot, symbol, is_data};
}

static int by_address(const void *a, const void *b)
{
    const struct hv_census_slot *x = a, *y = b;
    return x->address < y->address ? -1 : x->address > y->address;
}

int hv_census_object_open(struct hv_census_object *object,
                          const struct hv_symbols *symbols, const void *address)
{
    struct filling filling = {object, false};
    memset(object, 0, sizeof *object);
    object->symbols = symbols;
    if (hv_object_at(address, &object->object))
        return -ENOENT;
    /* a static program has no slots: its calls are direct */
    (void)hv_object_slots(&object->object, keep_slot, &filling);
    if (filling.failed) {
        hv_census_object_close(object);
        return -ENOMEM;
    }
    if (object->n_slots)
        qsort(object->slots, object->n_slots, sizeof *object->slots, by_address);
    return 0;
}

void hv_census_object_close(struct hv_census_object *object)
{
    free(object->slots);
    object->slots = NULL;
}

const struct hv_census_slot *hv_census_slot_at(const struct hv_census_object *object,
                                               uint64_t address)
{
    const struct hv_census_slot key = {.address = address};
    return object->n_slots
               ? bsearch(&key, object->slots, object->n_slots, sizeof key, by_address)
               : NULL;
}

bool hv_census_is_readable(const struct hv_census_object *object, uint64_t address,
                           size_t bytes)
{
    return hv_object_maps(&object->object, address - object->object.base, bytes);
}

static bool is_in_object(const struct hv_census_object *object, uint64_t address)
{
    return hv_census_is_readable(object, address, 1);
}

/* What a function's address alone tells. */
static void name_by_address(const struct hv_census_object *object, uint64_t address,
                            struct hv_census_target *out)
{
    const struct hv_symbol symbol = hv_symbols_find(object->symbols, address);
    out->address = address;
    out->name = symbol.name;
    out->in_object = symbol.start && is_in_object(object, address);
}

/* Slots without a name hold functions of the object itself (Rust); they are constant
 * only if nobody can write there once the program runs. */
static bool is_constant(const struct hv_census_object *object, uint64_t address)
{
    return address >= object->object.relro_begin && address % 8 == 0 &&
           address + 8 <= object->object.relro_end &&
           hv_census_is_readable(object, address, 8);
}

bool hv_census_name_by_slot(const struct hv_census_object *object, uint64_t address,
                            struct hv_census_target *out)
{
    const struct hv_census_slot *slot = hv_census_slot_at(object, address);
    const bool constant = is_constant(object, address);
    uint64_t value;
    if (!constant && (!slot || slot->is_data))
        return false;
    memcpy(&value, (const void *)address, sizeof value);
    name_by_address(object, value, out);
    if (!slot)
        return true;
    /* before its first call a lazy slot holds an address of the stubs */
    if (!out->in_object && is_in_object(object, value))
        out->address = 0;
    out->name = slot->name;
    return true;
}

void hv_census_name_direct(const struct hv_census_object *object, uint64_t address,
                           struct hv_census_target *out)
{
    out->route = HV_ROUTE_DIRECT;
    name_by_address(object, address, out);
    /* some linkers give stubs names of their own: memcpy@plt, memcpy$plt */
    if (out->in_object && !strstr(out->name, "plt"))
        return;
    const uint64_t slot = hv_census_slot_of_stub(object, address);
    if (slot && hv_census_name_by_slot(object, slot, out))
        out->route = HV_ROUTE_PLT;
}

/* foo jumps to foo.cold, and foo.cold into the middle of foo: no calls. */
static bool is_part(const struct hv_census_object *object,
                    const struct hv_symbol *function, uint64_t address)
{
    const struct hv_symbol there = hv_symbols_find(object->symbols, address);
    const size_t length = strlen(function->name);
    if (!there.start) /* a stub, or nothing that is known */
        return !hv_census_slot_of_stub(object, address);
    return there.start != address || (!strncmp(there.name, function->name, length) &&
                                      !strncmp(there.name + length, ".cold", 5));
}

bool hv_census_target(const struct hv_census_object *object,
                      const struct hv_symbol *function,
                      const struct hv_census_decoded *decoded,
                      const struct hv_census_regs *regs, struct hv_census_target *out)
{
    const bool is_call = hv_census_is_call(decoded);
    uint64_t address;
    *out = (struct hv_census_target){.name = "?", .tail = !is_call};
    if (!is_call && !hv_census_is_branch(decoded))
        return false;
    if (!hv_census_goes_to(decoded, &address)) {
        out->route = HV_ROUTE_UNKNOWN;
        hv_census_name_indirect(object, function, decoded, regs, out);
        /* a jump to nowhere known is a switch */
        return is_call || out->route != HV_ROUTE_UNKNOWN;
    }
    if (!is_call && (address - function->start < function->size ||
                     is_part(object, function, address)))
        return false;
    hv_census_name_direct(object, address, out);
    return true;
}
