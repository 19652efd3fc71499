/* SPDX-License-Identifier: MIT */
/* Runs of copies: pairs of a load and a store that move adjoining places. */
#include "counters/census_copies.h"

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

/* The run as if the pair were its first. */
static struct hv_copy_run begin_run(const struct hv_census_insn *insn,
                                    const struct hv_census_pair *pair)
{
    return (struct hv_copy_run){
        .pair = *pair,
        .copy = {.first = insn->decoded->offset,
                 .pairs = 1,
                 .bytes = pair->bytes,
                 .width = (uint16_t)pair->width,
                 .loops =
                     insn->loops < UINT16_MAX ? (uint16_t)insn->loops : UINT16_MAX}
    };
}

static bool is_same_run(const struct hv_census_pair *a, const struct hv_census_pair *b)
{
    return a->base[0] == b->base[0] && a->base[1] == b->base[1] &&
           a->index[0] == b->index[0] && a->index[1] == b->index[1] &&
           a->delta == b->delta;
}

static void add_pair(struct hv_census_copies *copies, const struct hv_census_insn *insn,
                     const struct hv_census_pair *pair, struct hv_census *out)
{
    unsigned i = 0;
    while (i < copies->n && !is_same_run(&copies->run[i].pair, pair))
        i++;
    if (i == HV_OPEN_RUNS) {
        hv_census_copies_end(copies, out);
        i = 0;
    }
    if (i == copies->n) {
        copies->run[copies->n++] = begin_run(insn, pair);
        return;
    }
    struct hv_census_copy *copy = &copies->run[i].copy;
    copy->pairs++;
    copy->bytes += pair->bytes;
    if (pair->width > copy->width)
        copy->width = (uint16_t)pair->width;
}

void hv_census_copies_add(struct hv_census_copies *copies,
                          const struct hv_census_insn *insn, struct hv_census *out)
{
    if (insn->marks & HV_MARK_TARGET)
        hv_census_copies_end(copies, out);
    for (unsigned i = 0; i < insn->n_pairs; i++)
        add_pair(copies, insn, &insn->pair[i], out);
    if (insn->marks & (HV_MARK_BRANCH | HV_MARK_CALL))
        hv_census_copies_end(copies, out);
}
