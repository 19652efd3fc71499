/* SPDX-License-Identifier: MIT */
/* Counts what the instructions of a function are. */
#include "counters/census.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "counters/census_copies.h"
#include "counters/census_walk.h"
#include "counters/tree.h"

/* One write to a pipe takes so many bytes or none. */
static_assert(sizeof(struct hv_census) <= 4096, "a census is one record of a pipe");

struct counting {
    struct hv_census *out;
    struct hv_census_copies copies;
};

static bool is_callee(const struct hv_census_callee *row,
                      const struct hv_census_target *target)
{
    char name[HV_CENSUS_NAME];
    hv_put(name, sizeof name, "%s", target->name); /* as truncated as the row's */
    return row->target == target->address && row->route == target->route &&
           row->tail == target->tail && !strcmp(row->name, name);
}

static void begin_callee(struct hv_census_callee *row,
                         const struct hv_census_target *target, uint32_t offset)
{
    memset(row, 0, sizeof *row);
    hv_put(row->name, sizeof row->name, "%s", target->name);
    row->target = target->address;
    row->first = offset;
    row->route = (uint8_t)target->route;
    row->tail = target->tail;
    row->in_object = target->in_object;
    row->family = (uint8_t)hv_census_family(target->name);
}

static void count_call(const struct hv_census_insn *insn, struct hv_census *out)
{
    const struct hv_census_target *target = &insn->target;
    const enum hv_call_family family = hv_census_family(target->name);
    uint32_t i = 0;
    out->calls++;
    if (family < HV_CALLS)
        out->family[family]++;
    while (i < out->n_callees && !is_callee(&out->callee[i], target))
        i++;
    if (i == HV_CENSUS_CALLEES) {
        static const struct hv_census_target rest = {.name = "(others)",
                                                     .route = HV_ROUTE_UNKNOWN};
        const uint32_t calls = out->callee[--i].calls, first = out->callee[i].first;
        begin_callee(&out->callee[i], &rest, first);
        out->callee[i].calls = calls;
    } else if (i == out->n_callees) {
        begin_callee(&out->callee[out->n_callees++], target, insn->decoded->offset);
    }
    struct hv_census_callee *row = &out->callee[i];
    row->calls++;
    row->loops = insn->loops > row->loops ? insn->loops : row->loops;
}

static size_t width_index(unsigned bytes)
{
    size_t i = 0;
    for (unsigned width = 8; i + 1 < HV_CENSUS_WIDTHS && bytes >= width; width *= 2)
        i++;
    return i;
}

/* A mark and the counter of the instructions that have it. */
static const struct {
    unsigned mark;
    size_t counter;
} counters[] = {
    {HV_MARK_BRANCH,       offsetof(struct hv_census, branches)    },
    {HV_MARK_BACKWARD,     offsetof(struct hv_census, backward)    },
    {HV_MARK_LOOP,         offsetof(struct hv_census, loops)       },
    {HV_MARK_INDIRECT,     offsetof(struct hv_census, indirect)    },
    {HV_MARK_REP_MOVS,     offsetof(struct hv_census, rep_movs)    },
    {HV_MARK_REP_STOS,     offsetof(struct hv_census, rep_stos)    },
    {HV_MARK_NON_TEMPORAL, offsetof(struct hv_census, non_temporal)},
    {HV_MARK_GATHER,       offsetof(struct hv_census, gathers)     },
    {HV_MARK_SCATTER,      offsetof(struct hv_census, scatters)    },
};

static int count(const struct hv_census_walk *walk, const struct hv_census_insn *insn,
                 void *user)
{
    struct counting *counting = user;
    struct hv_census *out = counting->out;
    (void)walk;
    out->instructions++;
    out->width[width_index(insn->vector_bytes)]++;
    for (size_t i = 0; i < HV_LEN(counters); i++)
        if (insn->marks & counters[i].mark)
            ++*(uint32_t *)(void *)((char *)out + counters[i].counter);
    if (insn->marks & HV_MARK_CALL)
        count_call(insn, out);
    if (insn->regs->depth > (int32_t)out->frame_bytes)
        out->frame_bytes = (uint32_t)insn->regs->depth;
    hv_census_copies_add(&counting->copies, insn, out);
    return 0;
}

int hv_census(const struct hv_symbols *symbols, const void *address,
              struct hv_census *out, struct hv_error *error)
{
    struct hv_census_walk walk;
    struct counting counting = {.out = out, .copies = {.n = 0}};
    uint32_t decoded;
    memset(out, 0, sizeof *out);
    const int rc = hv_census_walk_open(&walk, symbols, address, error);
    if (rc)
        return rc;
    hv_put(out->symbol, sizeof out->symbol, "%s", walk.function.name);
    out->entry = walk.function.start;
    out->size = walk.size;
    (void)hv_census_walk_visit(&walk, count, &counting, &decoded);
    hv_census_copies_end(&counting.copies, out);
    out->undecoded = walk.size - decoded;
    hv_census_walk_close(&walk);
    return 0;
}

static bool is_listed(const struct hv_census *rows, size_t n, uint64_t entry)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i].entry == entry)
            return true;
    return false;
}

int hv_census_tree(const struct hv_symbols *symbols, const void *address,
                   struct hv_census *rows, size_t room, size_t *n,
                   struct hv_error *error)
{
    *n = 0;
    int rc = room ? hv_census(symbols, address, rows, error) : -EINVAL;
    if (rc)
        return rc;
    *n = 1;
    for (size_t i = 0; i < *n; i++) {
        for (uint32_t k = 0; k < rows[i].n_callees && *n < room; k++) {
            const struct hv_census_callee *callee = &rows[i].callee[k];
            if (!callee->in_object || is_listed(rows, *n, callee->target))
                continue;
            rc = hv_census(symbols, (const void *)callee->target, &rows[*n], NULL);
            if (rc == -ENOMEM)
                return hv_fail(error, rc, "no memory to read %s", callee->name);
            if (!rc)
                ++*n;
        }
    }
    return 0;
}
