/* SPDX-License-Identifier: MIT */
/* Runs of copies: pairs of a load and a store that move adjoining places (x86-64). */
#include "counters/census_copies.h"

#include <string.h>

/* The last row stands for all that have none. */
static void add_row(const struct hv_census_copy *copy, struct hv_census *out)
{
    if (out->n_copies < HV_CENSUS_COPIES) {
        out->copy[out->n_copies++] = *copy;
        return;
    }
    struct hv_census_copy *rest = &out->copy[HV_CENSUS_COPIES - 1];
    rest->pairs += copy->pairs;
    rest->bytes += copy->bytes;
    rest->width = copy->width > rest->width ? copy->width : rest->width;
    rest->loops = copy->loops > rest->loops ? copy->loops : rest->loops;
}

void hv_census_copies_end(struct hv_census_copies *copies, struct hv_census *out)
{
    for (unsigned i = 0; i < copies->n; i++) {
        const struct hv_census_copy *copy = &copies->run[i].copy;
        if (copy->width < 16 && copy->bytes < HV_CENSUS_SMALL) {
            out->small_pairs += copy->pairs;
            out->small_bytes += copy->bytes;
            continue;
        }
        out->copy_pairs += copy->pairs;
        out->copy_bytes += copy->bytes;
        add_row(copy, out);
    }
    copies->n = 0;
}

/* The run as if the pair were its first. Each push stores 8 bytes further down. */
static bool begin_run(const struct hv_census_walk *walk,
                      const struct hv_census_insn *insn, struct hv_copy_run *run)
{
    const struct hv_census_decoded *store = insn->decoded;
    struct hv_census_decoded load;
    const bool is_push = store->insn.mnemonic == ZYDIS_MNEMONIC_PUSH;
    if (!hv_census_decode(walk->code, walk->size, insn->load, &load))
        return false;
    const ZydisDecodedOperandMem *to = &hv_census_memory(store, true)->mem;
    const ZydisDecodedOperandMem *from = &hv_census_memory(&load, false)->mem;
    memset(run, 0, sizeof *run);
    run->base[0] = from->base;
    run->base[1] = to->base;
    run->index[0] = from->index;
    run->index[1] = to->index;
    run->delta = is_push ? 0 : to->disp.value - from->disp.value;
    run->copy = (struct hv_census_copy){
        .first = store->offset,
        .pairs = 1,
        .bytes = insn->copied,
        .width = (uint16_t)insn->copied,
        .loops = insn->loops < UINT16_MAX ? (uint16_t)insn->loops : UINT16_MAX};
    return true;
}

static bool is_same_run(const struct hv_copy_run *a, const struct hv_copy_run *b)
{
    return a->base[0] == b->base[0] && a->base[1] == b->base[1] &&
           a->index[0] == b->index[0] && a->index[1] == b->index[1] &&
           a->delta == b->delta;
}

void hv_census_copies_add(struct hv_census_copies *copies,
                          const struct hv_census_walk *walk,
                          const struct hv_census_insn *insn, struct hv_census *out)
{
    struct hv_copy_run run;
    if (insn->marks & HV_MARK_TARGET)
        hv_census_copies_end(copies, out);
    if (insn->marks & HV_MARK_COPY_STORE && begin_run(walk, insn, &run)) {
        unsigned i = 0;
        while (i < copies->n && !is_same_run(&copies->run[i], &run))
            i++;
        if (i == HV_OPEN_RUNS) {
            hv_census_copies_end(copies, out);
            i = 0;
        }
        if (i == copies->n) {
            copies->run[copies->n++] = run;
        } else {
            struct hv_census_copy *copy = &copies->run[i].copy;
            copy->pairs++;
            copy->bytes += run.copy.bytes;
            copy->width = run.copy.width > copy->width ? run.copy.width : copy->width;
        }
    }
    if (insn->marks & (HV_MARK_BRANCH | HV_MARK_CALL))
        hv_census_copies_end(copies, out);
}
