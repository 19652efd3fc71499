/* SPDX-License-Identifier: MIT */
/* Walks over the instructions of one function: what its registers hold at every branch
 * target is worked out first, until nothing changes any more. */
#include "counters/census_walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "counters/elf_file.h"

enum {
    LARGEST = 1 << 20, /* bytes of a function */
    /* Each pass carries news over one more backward branch; compilers' code needs 2 or
     * 3. What is not known by then is taken as unknown. */
    PASSES = 16,
};

/* Numbers the targets, and finds the loops around each byte. */
static int find_targets(struct hv_census_walk *walk)
{
    struct hv_census_decoded decoded;
    uint32_t to;
    for (uint32_t at = 0; hv_census_decode(walk->code, walk->size, at, &decoded);
         at += decoded.length) {
        if (!hv_census_leads_to(walk, &decoded, &to))
            continue;
        if (!walk->places[to].state)
            walk->places[to].state = ++walk->n_states;
        if (to <= at)
            walk->places[to].end = at + 1;
    }
    for (uint32_t at = 0; at < walk->size; at++) {
        if (!walk->places[at].end)
            continue;
        walk->places[at].deeper++;
        walk->places[walk->places[at].end].deeper--;
    }
    walk->states = calloc(walk->n_states + 1, sizeof *walk->states);
    return walk->states ? 0 : -ENOMEM;
}

/* The state with which the instruction at an offset begins; regs: the one that the
 * instruction before it leaves. Code that nobody seems to reach may be reached through
 * a table of addresses, with anything in its registers; but not before some pass has
 * seen the branch if it is the target of one. */
static void arrive(const struct hv_census_walk *walk, uint32_t offset,
                   struct hv_census_regs *regs)
{
    const uint32_t state = walk->places[offset].state;
    if (state) {
        *regs = walk->states[state - 1];
        return;
    }
    if (!regs->reached)
        hv_census_regs_forget(regs);
    regs->reached = true;
}

static bool meet(struct hv_census_walk *walk, uint32_t target,
                 const struct hv_census_regs *regs)
{
    struct hv_census_regs *there = &walk->states[walk->places[target].state - 1];
    return hv_census_regs_merge(there, regs, walk->code, walk->size);
}

/* One pass over all instructions. True: something was learnt. */
static bool spread(struct hv_census_walk *walk)
{
    struct hv_census_regs regs = {.reached = true};
    struct hv_census_decoded decoded;
    bool changed = false, waits = false; /* for the branch that leads here */
    uint32_t to;
    for (uint32_t at = 0; hv_census_decode(walk->code, walk->size, at, &decoded);
         at += decoded.length) {
        const uint32_t state = walk->places[at].state;
        if (state && regs.reached)
            changed |= meet(walk, at, &regs);
        if (state || !waits) {
            arrive(walk, at, &regs);
            waits = !regs.reached;
        }
        if (!waits) {
            hv_census_regs_step(&regs, walk->code, walk->size, &decoded);
            if (hv_census_leads_to(walk, &decoded, &to))
                changed |= meet(walk, to, &regs);
        }
        if (hv_census_is_end(&decoded))
            regs.reached = waits = false;
    }
    return changed;
}

static void settle(struct hv_census_walk *walk)
{
    for (int pass = 0; pass < PASSES; pass++)
        if (!spread(walk))
            return;
    for (uint32_t i = 0; i < walk->n_states; i++)
        hv_census_regs_forget(&walk->states[i]);
}

static int mark_load(const struct hv_census_walk *walk,
                     const struct hv_census_insn *insn, void *user)
{
    (void)user;
    for (unsigned i = 0; i < insn->n_pairs; i++)
        walk->places[insn->pair[i].load].copied = true;
    return 0;
}

int hv_census_walk_visit(const struct hv_census_walk *walk, hv_census_visit *visit,
                         void *user, uint32_t *decoded_bytes)
{
    struct hv_census_regs regs = {.reached = true};
    struct hv_census_decoded decoded;
    int32_t loops = 0;
    int rc = 0;
    uint32_t at = 0;
    while (!rc && hv_census_decode(walk->code, walk->size, at, &decoded)) {
        struct hv_census_insn insn = {.decoded = &decoded, .regs = &regs};
        /* a branch into the middle of an instruction counts for the next one */
        loops += walk->places[at].deeper;
        arrive(walk, at, &regs);
        insn.loops = loops > 0 ? (uint32_t)loops : 0;
        hv_census_understand(walk, &insn);
        rc = visit(walk, &insn, user);
        hv_census_regs_step(&regs, walk->code, walk->size, &decoded);
        regs.reached = !hv_census_is_end(&decoded);
        for (uint32_t i = 1; i < decoded.length; i++)
            loops += walk->places[at + i].deeper;
        at += decoded.length;
    }
    *decoded_bytes = at;
    return rc;
}

/* ---- opening --------------------------------------------------------------------- */

static int find_function(struct hv_census_walk *walk, const struct hv_symbols *symbols,
                         const void *address, struct hv_error *error)
{
    walk->function = hv_symbols_find(symbols, (uintptr_t)address);
    const int rc = hv_census_object_open(&walk->object, symbols, address);
    if (rc == -ENOMEM)
        return hv_fail(error, rc, "no memory to read %s", walk->function.name);
    if (rc || !walk->function.start)
        return hv_fail(error, -ENOENT, "no symbol covers %p in %s (stripped?)", address,
                       walk->function.object);
    if (walk->function.size > LARGEST)
        return hv_fail(
            error, -E2BIG, "%s has %llu bytes: more than the %d that are read",
            walk->function.name, (unsigned long long)walk->function.size, LARGEST);
    if (!hv_object_maps(&walk->object.object,
                        walk->function.start - walk->object.object.base,
                        walk->function.size))
        return hv_fail(error, -EACCES, "the code of %s cannot be read",
                       walk->function.name);
    walk->code = (const unsigned char *)walk->function.start;
    walk->size = (uint32_t)walk->function.size;
    return 0;
}

int hv_census_walk_open(struct hv_census_walk *walk, const struct hv_symbols *symbols,
                        const void *address, struct hv_error *error)
{
    uint32_t decoded;
    memset(walk, 0, sizeof *walk);
    int rc = find_function(walk, symbols, address, error);
    if (rc)
        goto out;
    walk->places = calloc((size_t)walk->size + 1, sizeof *walk->places);
    if (!walk->places || find_targets(walk)) {
        rc = hv_fail(error, -ENOMEM, "no memory to read %s", walk->function.name);
        goto out;
    }
    settle(walk);
    (void)hv_census_walk_visit(walk, mark_load, NULL, &decoded);
out:
    if (rc)
        hv_census_walk_close(walk);
    return rc;
}

void hv_census_walk_close(struct hv_census_walk *walk)
{
    free(walk->places);
    free(walk->states);
    hv_census_object_close(&walk->object);
    memset(walk, 0, sizeof *walk);
}
