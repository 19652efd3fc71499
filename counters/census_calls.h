/* SPDX-License-Identifier: MIT */
/* Whom a call calls: through stubs, slots and registers to a name. */
#ifndef HV_COUNTERS_CENSUS_CALLS_H
#define HV_COUNTERS_CENSUS_CALLS_H

#include "counters/census.h"
#include "counters/census_regs.h"
#include "counters/object.h"

/* A slot that the loader fills with the address of a named function. */
struct hv_census_slot {
    uint64_t address;
    const char *name;
    bool is_data;
};

/* The object that holds the code, and its slots by ascending address. Names live as
 * long as the object stays loaded. */
struct hv_census_object {
    const struct hv_symbols *symbols;
    struct hv_object object;
    struct hv_census_slot *slots;
    size_t n_slots, room;
};

/* -ENOENT: no object holds the address; -ENOMEM. */
int hv_census_object_open(struct hv_census_object *object,
                          const struct hv_symbols *symbols, const void *address);
void hv_census_object_close(struct hv_census_object *object);

struct hv_census_target {
    const char *name;
    uint64_t address; /* 0: unknown */
    enum hv_call_route route;
    bool tail, in_object;
};

/* The slot at an address, or NULL. */
const struct hv_census_slot *hv_census_slot_at(const struct hv_census_object *object,
                                               uint64_t address);

/* True if the instruction is a call or a tail call; jumps within the function, or into
 * another part of it (".cold"), are none. */
bool hv_census_target(const struct hv_census_object *object,
                      const struct hv_symbol *function,
                      const struct hv_census_decoded *decoded,
                      const struct hv_census_regs *regs, struct hv_census_target *out);

/* ---- for the architectures' own part ------------------------------------------------
 */

bool hv_census_is_readable(const struct hv_census_object *object, uint64_t address,
                           size_t bytes);

/* A call of a known address; a stub is named by what it calls. */
void hv_census_name_direct(const struct hv_census_object *object, uint64_t address,
                           struct hv_census_target *out);

/* A call of what the slot holds. False: that may change while the program runs. */
bool hv_census_name_by_slot(const struct hv_census_object *object, uint64_t address,
                            struct hv_census_target *out);

/* ... which is this: the slot that a stub jumps through; 0: no stub. */
uint64_t hv_census_slot_of_stub(const struct hv_census_object *object,
                                uint64_t address);

/* A call or jump through a register or memory: fills out, which says unknown, if what
 * is there is known. */
void hv_census_name_indirect(const struct hv_census_object *object,
                             const struct hv_symbol *function,
                             const struct hv_census_decoded *decoded,
                             const struct hv_census_regs *regs,
                             struct hv_census_target *out);

#endif
