/* SPDX-License-Identifier: MIT */
/* What somebody claims, in figures that a run can refute: struct hv_hypothesis.
 * hypothesis/ reads it from a file, dump/ stores it with the raw data, analyse/ judges
 * by it, report/ quotes it. Nothing here was measured.
 *
 * Lifetime: everything hangs on the hv_arena it was read into. */
#ifndef HV_HYPOTHESIS_H
#define HV_HYPOTHESIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/error.h"

enum {
    HV_MAX_PREDICTIONS = 16,
    HV_MAX_RULES = 8,         /* rows of the matrix */
    HV_MAX_TALLIES = 1 << 14, /* what the rules of one table can count, see below */
    HV_HYPOTHESIS_MAX_BITS = 65536,
    HV_USUAL_BITS = 2048, /* vectors of a run that is not asked for others */
};

/* How a prediction is judged unless the hypothesis says otherwise. */
#define HV_MATCH_SHARE  0.5
#define HV_PARTIAL_FROM 1.5

enum hv_scenario {
    HV_SCENARIO_UNDECIDED,
    HV_SCENARIO_NONE,
    HV_PESSIMISTIC,
    HV_REALISTIC,
    HV_OPTIMISTIC,
};
const char *hv_scenario_name(enum hv_scenario scenario); /* "pessimistic" ... */

/* Lines are those of the file, from 1; 0: not from a file. They are not dumped. */

/* What is said of one pair. Arrays are indexed by enum hv_arm_id. */
struct hv_predicted {
    const char *pair;    /* "bind": built in; "set:pair": a plugin's */
    double speedup;      /* above 0 */
    double time_ns[2];   /* of an iteration; 0: not told */
    bool tells_bytes[2]; /* 0 bytes is a prediction too */
    double bytes[2];     /* an iteration copies */
    uint32_t line;
};

/* What the claim took for granted about single operations; 0: not told. */
struct hv_thought {
    double bind_ns; /* one bind of two vectors */
    double copy_ns; /* one copy of copy_bytes */
    double copy_bytes;
    double copy_in_l1_ns; /* a copy that is faster was done in L1 */
};

/* MATCH: at least match_share of what was predicted. PARTIAL: at least partial_from. */
struct hv_thresholds {
    double match_share;  /* above 0, at most 1 */
    double partial_from; /* at least 1 */
};

/* At least `pairs` pairs have a speedup in [from, below); below 0: no upper end.
 * pairs 0: holds always. */
struct hv_count_rule {
    uint32_t pairs;
    double from, below;
    uint32_t line;
};

struct hv_step {
    const char *text;
    const char *measured_by; /* pair that measures what the step would bring, or NULL */
    uint32_t line;
};

/* The first row whose rules hold is the scenario. */
struct hv_scenario_row {
    enum hv_scenario id; /* HV_PESSIMISTIC to HV_OPTIMISTIC, each at most once */
    const char *words;   /* the rules in words */
    const char *action;  /* a name of what it asks for */
    struct hv_count_rule rule, also;
    struct hv_step *steps;
    size_t n_steps;
    uint32_t line;
};

/* The first row whose rule holds is what the matrix says. */
struct hv_matrix_row {
    struct hv_count_rule rule;
    const char *words, *action, *step; /* action: that of a scenario */
    uint32_t line;
};

/* One figure that nobody measured, and where it comes from; value 0: not told. */
struct hv_assumption {
    double value;
    const char *source;
};

/* What a break-even with a GPU is computed from. */
struct hv_gpu {
    struct hv_assumption
        launch_ns; /* start of a kernel until its end is known, empty */
    struct hv_assumption transfer_gb_per_s; /* host to device, 10^9 bytes */
    struct hv_assumption memory_gb_per_s;   /* of the device */
    struct hv_assumption item_bytes;        /* that an item moves to the device */
};

struct hv_hypothesis {
    bool present; /* false: the rest means nothing */
    const char *name, *claim;
    double share;  /* of the time that the claim calls wasted, e.g. 0.99; 0: not told */
    uint32_t bits; /* vectors it is about; 0: any */
    struct hv_predicted *predictions;
    size_t n_predictions; /* 1 to HV_MAX_PREDICTIONS */
    struct hv_thought thought;
    struct hv_thresholds thresholds;
    struct hv_scenario_row *scenarios;
    size_t n_scenarios;
    struct hv_step *otherwise; /* steps where no scenario fits */
    size_t n_otherwise;
    struct hv_matrix_row *matrix;
    size_t n_matrix; /* 1 to HV_MAX_RULES */
    struct hv_gpu gpu;
};

/* Whether its parts fit together and the analysis may rely on the limits above:
 * -EINVAL and what does not, with its line if it has one. The product of pairs + 1 over
 * all rules of a table is at most HV_MAX_TALLIES. */
int hv_hypothesis_check(const struct hv_hypothesis *hypothesis, struct hv_error *error);

/* The prediction about that pair, or NULL. A bare name means the built-in pair
 * (kernel_set "builtin" or NULL), "set:pair" the pair of that plugin: a plugin's pair
 * is never taken for a built-in one of the same name. */
const struct hv_predicted *hv_predicted_of(const struct hv_hypothesis *hypothesis,
                                           const char *kernel_set, const char *pair);

/* Whether a hypothesis that calls a pair `name` means this one. */
bool hv_means_pair(const char *name, const char *kernel_set, const char *pair);

#endif
