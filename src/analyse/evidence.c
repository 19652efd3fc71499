/* SPDX-License-Identifier: MIT */
/* Makers of struct hv_evidence that cannot forget a reason, and the growing list of
 * figures of one arm. */
#include "src/analyse/evidence.h"

#include <math.h>
#include <string.h>

struct hv_evidence hv_absent(const char *unit, const char *why)
{
    return (struct hv_evidence){
        .provenance = HV_ABSENT,
        .unit = unit,
        .why = why ? why : "no reason was recorded",
    };
}

struct hv_evidence hv_value(enum hv_provenance provenance, double value,
                            const char *unit, const char *source)
{
    if (!isfinite(value))
        return hv_absent(unit, "the raw values do not give a finite number");
    return (struct hv_evidence){
        .provenance = provenance,
        .value = value,
        .unit = unit,
        .source = source,
    };
}

void hv_add_witness(struct hv_arena *arena, struct hv_evidence *evidence,
                    struct hv_evidence witness)
{
    if (witness.provenance == HV_ABSENT)
        return;
    struct hv_evidence *grown =
        hv_arena_array(arena, evidence->n_witnesses + 1, sizeof *grown);
    if (evidence->n_witnesses)
        memcpy(grown, evidence->witnesses, evidence->n_witnesses * sizeof *grown);
    grown[evidence->n_witnesses] = witness;
    evidence->witnesses = grown;
    evidence->n_witnesses++;
}

struct hv_evidence hv_prefer(struct hv_arena *arena, struct hv_evidence first,
                             const char *other_name, struct hv_evidence other)
{
    if (first.provenance == HV_MEASURED || other.provenance == HV_ABSENT) {
        if (first.provenance == HV_ABSENT && strcmp(first.why, other.why) != 0)
            first.why =
                hv_arena_printf(arena, "%s; %s: %s", first.why, other_name, other.why);
        hv_add_witness(arena, &first, other);
        return first;
    }
    other.why =
        hv_arena_printf(arena, "not measured: %s",
                        first.provenance == HV_ABSENT ? first.why : first.source);
    for (size_t i = 0; i < first.n_witnesses; i++)
        hv_add_witness(arena, &other, first.witnesses[i]);
    first.witnesses = NULL;
    first.n_witnesses = 0;
    hv_add_witness(arena, &other, first);
    return other;
}

enum hv_provenance hv_weakest(enum hv_provenance a, enum hv_provenance b)
{
    return a < b ? a : b;
}

struct hv_evidence *hv_add_figure(struct hv_figure_list *list, const char *name,
                                  struct hv_evidence evidence)
{
    if (list->count == list->room) {
        list->room = list->room ? 2 * list->room : 32;
        struct hv_figure *grown =
            hv_arena_array(list->arena, list->room, sizeof *grown);
        if (list->count)
            memcpy(grown, list->figures, list->count * sizeof *grown);
        list->figures = grown;
    }
    list->figures[list->count] = (struct hv_figure){.name = name, .evidence = evidence};
    return &list->figures[list->count++].evidence;
}

const struct hv_evidence *hv_find_figure(const struct hv_figure_list *list,
                                         const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->figures[i].name, name) == 0)
            return &list->figures[i].evidence;
    return NULL;
}
