/* SPDX-License-Identifier: MIT */
/* Makers of struct hv_evidence that cannot forget a reason, and the growing list of
 * figures of one arm. */
#ifndef HV_ANALYSE_EVIDENCE_H
#define HV_ANALYSE_EVIDENCE_H

#include "src/base/arena.h"
#include "src/result.h"

/* Not available; why is mandatory. */
struct hv_evidence hv_absent(const char *unit, const char *why);

/* A value that is not finite becomes absent. */
struct hv_evidence hv_value(enum hv_provenance provenance, double value,
                            const char *unit, const char *source);

/* Adds witness unless it is absent. */
void hv_add_witness(struct hv_arena *arena, struct hv_evidence *evidence,
                    struct hv_evidence witness);

/* The first if it was measured or the other is absent, else the other; the one not
 * taken stays as witness, and the other says why it was not measured. Both absent: the
 * reasons of both, the other's with its name.
 */
struct hv_evidence hv_prefer(struct hv_arena *arena, struct hv_evidence first,
                             const char *other_name, struct hv_evidence other);

enum hv_provenance hv_weakest(enum hv_provenance a, enum hv_provenance b);

/* Figures of one arm under construction; room doubles. */
struct hv_figure_list {
    struct hv_arena *arena;
    struct hv_figure *figures;
    size_t count, room;
};

/* name must outlive the result. Returns the evidence in its place, valid until the next
 * figure is added. */
struct hv_evidence *hv_add_figure(struct hv_figure_list *list, const char *name,
                                  struct hv_evidence evidence);

/* NULL: not in the list. */
const struct hv_evidence *hv_find_figure(const struct hv_figure_list *list,
                                         const char *name);

#endif
