/* SPDX-License-Identifier: MIT */
/* What the gap between two arms is made of, and what is left over. */
#ifndef HV_ANALYSE_GAP_H
#define HV_ANALYSE_GAP_H

#include "src/base/arena.h"
#include "src/result.h"

/* Fills pair->gap from pair->effects and the arms' figures. The parts add up to the gap
 * by construction: what no experiment explains is the last, HV_PART_REST.
 *
 * A part is measured by an experiment that takes it away; or 0 and traced, where a
 * witness excludes it in both arms (no copied byte, no fault); or 0 and declared, where
 * there are too few of a hazard to matter, its interval being what they can cost at
 * most; or absent, where nothing of that was done: then it hides in the rest, which
 * says so. Where one arm was tested and the other may have some of it all the same, the
 * part is what the one showed, and its source and the rest say which is open.
 *
 * Parts inside others are taken off them: what leaving out a copy saves includes the
 * stalls and misses that the copy brought along, and a hoisted allocation saves its
 * page faults. One that is clearly more than the part it should lie inside of, or works
 * against it (misses of data that nobody copies), stands beside it. Intervals add end
 * to end, which is wide: the experiments are
 * independent, but nothing is known of how their errors hang together. */
void hv_split_gap(const struct hv_result *result, struct hv_pair_result *pair,
                  struct hv_arena *arena);

/* 0 where a witness shows that neither arm has anything of the part, also of a pair
 * without a quiet speedup; else absent. */
struct hv_evidence hv_excluded_part(const struct hv_result *result,
                                    const struct hv_pair_result *pair,
                                    enum hv_part part, struct hv_arena *arena);

/* An experiment's effect on the arm, if it can be the part's: where a witness shows
 * that there was nothing to take away, what the change did is something else. NULL: no.
 */
const struct hv_effect *hv_told_effect(const struct hv_result *result,
                                       const struct hv_pair_result *pair,
                                       enum hv_part part, enum hv_arm_id arm);

/* Whether no witness shows that the arm has none of the part, or too few to matter. */
bool hv_part_is_open(const struct hv_result *result, const struct hv_pair_result *pair,
                     enum hv_part part, enum hv_arm_id arm);

/* Names of the parts that in one arm at least were neither tested nor excluded, with
 * commas; NULL: none. Needs pair->effects. */
const char *hv_untested_parts(const struct hv_result *result,
                              const struct hv_pair_result *pair,
                              struct hv_arena *arena);

/* Whether the part is taken off the one it lies inside of, and not off the rest. Needs
 * pair->effects. */
bool hv_part_is_nested(const struct hv_result *result,
                       const struct hv_pair_result *pair, enum hv_part part,
                       struct hv_arena *arena);

/* The part of that kind, or NULL. */
const struct hv_gap_part *hv_gap_part_of(const struct hv_gap *gap, enum hv_part part);

#endif
