/* SPDX-License-Identifier: MIT */
/* The rules of the checklist: an item is a row of data, judged for each pair. */
#ifndef HV_ANALYSE_RULES_H
#define HV_ANALYSE_RULES_H

#include "src/base/arena.h"
#include "src/result.h"

/* How verdicts of pairs make one over all. */
enum hv_overall {
    HV_ANY, /* one pair is enough: a defect */
    HV_MOST /* more than half of the pairs it can be asked of: a claim about all */
};

struct hv_judging;

struct hv_rule {
    const char *id, *item; /* {size}: that of a vector in this run */
    void (*judge)(struct hv_judging *);
    enum hv_part part;        /* whose effect decides; HV_PART_NONE: see judge */
    bool below;               /* supported below the threshold, not above it */
    double supports, refutes; /* thresholds, in the unit of `measure` */
    const char *measure;      /* what the thresholds are of */
    enum hv_provenance needs; /* weakest evidence that may decide */
    const char *reason;       /* why these thresholds and this evidence */
    const char *settle;       /* what would decide what is open */
    enum hv_overall overall;
};

const struct hv_rule *hv_rules(size_t *count);

/* One item at one pair. judge sets verdict and because, and adds evidence. */
struct hv_judging {
    const struct hv_result *result;
    const struct hv_pair_result *pair;
    const struct hv_rule *rule;
    struct hv_check *check;
    struct hv_arena *arena;
};

/* For judges. Sentences end with a full stop. */
void hv_support(struct hv_judging *j, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void hv_refute(struct hv_judging *j, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The rule's own words of what would settle it follow. */
void hv_leave_open(struct hv_judging *j, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* By the rule's thresholds: every value of low to high on one side. true: decided; then
 * *verdict is set, and the judge words it. */
bool hv_decided(const struct hv_rule *rule, double low, double high,
                enum hv_verdict *verdict);

/* Adds evidence; source is completed by the arm's name. Absent ones are left out. */
void hv_add_evidence(struct hv_judging *j, const char *name,
                     const struct hv_evidence *evidence);
/* The figure of an arm if it is at least as strong as the rule needs, and adds it to
 * the evidence; else NULL. */
const struct hv_evidence *hv_strong_figure(struct hv_judging *j, enum hv_arm_id arm,
                                           const char *name);

/* Judges; each is named by the rows that use it. */
void hv_judge_part(struct hv_judging *j);
void hv_judge_dominates(struct hv_judging *j);
void hv_judge_elision(struct hv_judging *j);
void hv_judge_in_l1(struct hv_judging *j);
void hv_judge_bandwidth(struct hv_judging *j);
void hv_judge_allocation(struct hv_judging *j);
void hv_judge_simd(struct hv_judging *j);
void hv_judge_method(struct hv_judging *j);
void hv_judge_placement(struct hv_judging *j);

#endif
