/* SPDX-License-Identifier: MIT */
/* The parts that a gap can have, and what the figures of the arms exclude of them: a
 * part cannot be where a witness that looked saw nothing of it. A new one is a row. */
#ifndef HV_ANALYSE_PARTS_H
#define HV_ANALYSE_PARTS_H

#include "src/base/arena.h"
#include "src/result.h"

/* Hazards that could cost less than this share of an arm's time, at the most one can
 * cost, are excluded as a cause. */
#define HV_BOUND_SHARE 0.05

struct hv_part_row {
    enum hv_part part, inside; /* inside: the part it lies inside of */
    const char *figure;        /* without which it cannot be */
    double above;              /* the figure must exceed this in an arm */
    double
        worst_ns; /* what one of it can cost at most, declared; 0: no bound. A blocked
                     load waits until its stores have left the core, 15 to 25 cycles
                     on every core that has been measured; an aliased one less. */
};

enum { HV_PART_ROWS = 6 };
extern const struct hv_part_row hv_part_rows[HV_PART_ROWS];

/* NULL: a part that no figure tells of (placement, rest). */
const struct hv_part_row *hv_part_row(enum hv_part part);

/* Whether the figure looked at all: a declaration did not, and an event that nobody
 * qualified supports no verdict. NULL: no. */
bool hv_is_witness(const struct hv_evidence *figure);

/* A figure of a trace in which some instructions were not understood: there may be more
 * of it than it says. */
bool hv_is_lower_bound(const struct hv_pair_result *pair,
                       const struct hv_evidence *figure);

/* The functions below: part is one of the rows. */

/* The figure that looked and shows that the arm has nothing of the part; NULL: none. */
const struct hv_evidence *hv_none_in(const struct hv_pair_result *pair,
                                     enum hv_part part, enum hv_arm_id arm);

/* So few that the most they can cost, *most ns an iteration, is less than
 * HV_BOUND_SHARE of the arm's time. */
bool hv_few_in(const struct hv_pair_result *pair, enum hv_part part, enum hv_arm_id arm,
               double *most);

/* Whether figures of one traced iteration cannot exclude the part. Misses are modelled
 * for one iteration: iterations that walk on find nothing near. A trace saw one place
 * of the stack; where layouts differ, another may alias. */
bool hv_may_be_elsewhere(const struct hv_result *result,
                         const struct hv_pair_result *pair, enum hv_part part);

/* Whether both arms have nothing of it without the work that they share; *provenance:
 * the weakest of the figures that say so. */
bool hv_none_isolated(const struct hv_result *result, const struct hv_pair_result *pair,
                      enum hv_part part, enum hv_provenance *provenance);

/* A witness's exclusion: of the arms; or, where both share work that has some, of the
 * arms without it; or, declared, there are too few to matter: they cost at most bound
 * ns an iteration. Absent: not excluded. Also of a pair without a quiet speedup, and of
 * any part: what is no row is not excluded. */
struct hv_exclusion {
    enum hv_provenance provenance;
    const char *source;
    double bound;
};
void hv_exclude(const struct hv_result *result, const struct hv_pair_result *pair,
                enum hv_part part, struct hv_arena *arena, struct hv_exclusion *out);

/* Bytes that the arm's iterations walk over: what the kernel declares, else the lines
 * of one traced call. 0: unknown. */
double hv_footprint_of(const struct hv_result *result,
                       const struct hv_pair_result *pair, enum hv_arm_id arm);

#endif
