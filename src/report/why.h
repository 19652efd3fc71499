/* SPDX-License-Identifier: MIT */
/* Words for gaps, causes, verdicts and experiments, and who belongs to whom. Everything
 * returned that is no literal lives in the arena. */
#ifndef HV_REPORT_WHY_H
#define HV_REPORT_WHY_H

#include "src/base/arena.h"
#include "src/result.h"

/* "copied bytes" ...; never NULL. */
const char *hv_part_title(enum hv_part part);

/* "copies (inlined, in L1)"; a cause of another name: that name. */
const char *hv_cause_title(struct hv_arena *arena, const struct hv_cause *cause);

/* "its copies left out"; an experiment of another name, also NULL: "". */
const char *hv_experiment_title(const char *experiment);

/* ns, without the unit: less than half a picosecond is 0.000. */
const char *hv_format_ns(struct hv_arena *arena, double ns);
/* "2.59 to 2.66"; "": no interval. */
const char *hv_format_ns_range(struct hv_arena *arena,
                               const struct hv_evidence *evidence);

/* "98 %"; "-" where the interval of the gap includes 0, so that nothing can be a share
 * of it, or where the part is absent. */
const char *hv_gap_share(struct hv_arena *arena, const struct hv_gap *gap,
                         const struct hv_gap_part *part);
bool hv_gap_excludes_0(const struct hv_gap *gap);

/* Why there is no gap; a dump does not hold hv_gap.why. */
const char *hv_gap_absence(const struct hv_pair_result *pair);

/* The part HV_PART_REST, or NULL. */
const struct hv_gap_part *hv_gap_rest(const struct hv_gap *gap);

/* The pair that the experiment is of, or NULL. */
const struct hv_pair_result *hv_pair_of_trial(const struct hv_result *result,
                                              const struct hv_pair_result *trial);
/* What the experiment showed about its pair, or NULL. */
const struct hv_effect *hv_effect_of_trial(const struct hv_pair_result *pair,
                                           const struct hv_pair_result *trial);
/* The variant of the pair without the work that both arms share, or NULL. */
const struct hv_pair_result *hv_isolated_trial(const struct hv_result *result,
                                               const struct hv_pair_result *pair);
/* Whether the trial is that variant. */
bool hv_is_isolated(const struct hv_pair_result *trial);

/* Whether any experiment was made for that purpose. */
bool hv_has_purpose(const struct hv_result *result, enum hv_purpose purpose);

/* The checklist's row of that item and pair (NULL: over all), or NULL. */
const struct hv_check *hv_check_of(const struct hv_result *result, const char *id,
                                   const char *pair);
/* Whether no earlier row is of the same item, or of the same pair. */
bool hv_check_opens_item(const struct hv_result *result, size_t i);
bool hv_check_opens_pair(const struct hv_result *result, size_t i);

#endif
