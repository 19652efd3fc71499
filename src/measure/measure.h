/* SPDX-License-Identifier: MIT */
/* The steps of a measurement, in the order cli/ takes them. Each adds to a struct
 * hv_run; none interprets it. Errors as of hv_session_run, if nothing else is said. */
#ifndef HV_MEASURE_H
#define HV_MEASURE_H

#include "kernels/hvperf.h"
#include "src/base/arena.h"
#include "src/measure/session.h"

/* An experiment that a row offers: an arm against the same arm with one change. */
struct hv_row_experiment {
    const char *name;
    const char *arm[HV_ARMS];
    bool differs;
};

/* One row of a kernel set, as a worker described it. */
struct hv_row {
    uint32_t set, row;
    bool available, control; /* available: this CPU has its ISA */
    unsigned places;
    double predicted;
    const char *pair, *isa, *set_name, *question, *build;
    const char *arm[HV_ARMS];
    enum hv_purpose purpose;
    bool sweeps; /* its footprint can be chosen */
    struct hv_row_experiment experiments[HV_EXPERIMENTS];
    uint32_t n_experiments;
};

struct hv_catalogue {
    struct hv_row *rows;
    size_t n;
};

/* How much a target may cost, and how well it is to be known. */
struct hv_limits {
    double budget_seconds, precision;
    uint32_t layouts; /* most complete ones */
    size_t integers;  /* samples and probes */
    bool busy;        /* a core that is not quiet is wanted: none is waited for */
};

/* A row that is to be measured, and where its observations go. */
struct hv_target {
    const struct hv_row *row;
    uint32_t experiment; /* 0: the pair itself; i: its experiment i - 1 */
    bool aa;             /* its candidate against a second copy of itself */
    struct hv_limits limits;
    struct hv_pair_run *run;
    double sample_ns[HV_ARMS]; /* what a sample took when it was calibrated */
    double spent;              /* wall seconds of timing so far */
    size_t integers;           /* samples and probes so far */
    uint32_t complete;         /* layouts that reached their quiet samples */
};

/* What the controls said about one event of one group. */
struct hv_vouched {
    const char *group, *figure;
    enum hv_qualification verdict;
    double factor;   /* of HV_BIASED */
    const char *why; /* NULL: qualified, or there is nothing to say */
};

/* How counts are read, of the first group that any event of was opened. */
struct hv_ways {
    bool told;               /* false: no event could be opened */
    bool by_page;            /* by the user page, else by read(2) */
    const char *group;       /* whose reading was timed */
    unsigned events;         /* of it */
    double call_ns, page_ns; /* one reading of all of them; 0: unknown */
    const char *why;         /* NULL: by_page */
};

/* What all steps share. */
struct hv_measurement {
    struct hv_session *session;
    const struct hv_plan *plan;
    struct hv_arena *arena;
    struct hv_run *run;
    struct hv_catalogue catalogue;
    struct hv_target *targets;
    size_t n_targets;
    int cpu;                    /* the one chosen */
    struct hv_vouched *vouched; /* by hv_measure_qualify */
    size_t n_vouched;
    struct hv_ways ways; /* by hv_measure_qualify, else by the first counter pass */
};

/* Every row of the built-in set and of the plugins. */
int hv_measure_describe(struct hv_measurement *m, struct hv_error *error);

/* The plan's pairs and ISA among the catalogue, in its order. -EINVAL names what is
 * unknown and what there is. */
int hv_measure_select(struct hv_measurement *m, struct hv_error *error);

/* Whether the plan's ISA is the row's, or the row is the best of its name that this CPU
 * can run. */
bool hv_measure_is_chosen(const struct hv_measurement *m, const struct hv_row *row);

/* A row that is no pair of the plan's, or a pair once more under another condition. */
struct hv_extra {
    const struct hv_row *row;
    enum hv_purpose purpose;
    uint32_t experiment; /* as in hv_target */
    uint64_t footprint;
    struct hv_limits limits;
};

/* Appends it to the run's experiments and makes its target. -E2BIG: there are
 * HV_MAX_EXPERIMENTS already. */
int hv_measure_extra(struct hv_measurement *m, const struct hv_extra *extra,
                     struct hv_target *target);

/* Chooses the CPU; qualifies clock, chain and probe. */
int hv_measure_survey(struct hv_measurement *m, struct hv_error *error);

/* Share of quiet probes of each allowed CPU right now, for doctor: fills at most max
 * rows, returns how many or -errno. quiet is -1 where the core's adders are unknown. */
struct hv_quiet_share {
    int cpu;
    double quiet;
};
int hv_measure_quiet(struct hv_measurement *m, struct hv_quiet_share *shares, int max,
                     struct hv_error *error);

/* Verifies both arms and finds n. A pair that fails gets run->failure and -ECHILD or
 * -EBADMSG is returned; others may go on. */
int hv_measure_prepare(struct hv_measurement *m, struct hv_target *target,
                       struct hv_error *error);

/* Adds layouts until `goal` of them are complete, the pair's budget is spent, or its
 * share of the sample cap is; run->stop says which (HV_STOP_NONE: the goal). */
int hv_measure_time(struct hv_measurement *m, struct hv_target *target, uint32_t goal,
                    struct hv_error *error);

/* Where the CPU table does not know the core's adders: learns them anew from all
 * samples so far. The run keeps saying that they are not verified. */
void hv_measure_learn(struct hv_measurement *m);

/* The counters' own controls: which events may support a figure, by the group they will
 * be counted in; which way of reading counts is taken. Once a run; adds to the run's
 * controls. */
int hv_measure_qualify(struct hv_measurement *m, struct hv_error *error);

/* For whoever makes no counter pass: where hv_measure_qualify could open no hardware
 * event, m->ways tells of the software events. A pass tells that by itself. */
int hv_measure_software_ways(struct hv_measurement *m, struct hv_error *error);

/* What they said about the event of that figure, in that group if it was there; NULL:
 * none has run. */
const struct hv_vouched *hv_measure_vouched(const struct hv_measurement *m,
                                            const char *group, const char *figure);

/* The tracer's controls. Once a run; a tracer that cannot work is a control that did
 * not run. */
int hv_measure_trace_controls(struct hv_measurement *m, struct hv_error *error);

/* One call of each arm with 1, 2 and 3 iterations, instruction by instruction. What
 * could not be traced has its reason in the run; a failure costs nothing else. */
int hv_measure_trace(struct hv_measurement *m, struct hv_target *target,
                     struct hv_error *error);

/* The machine code of both arms and of what they call in their own object. function is
 * called for each, then line for each of its instructions; what they get is made safe
 * and valid during the call only. */
struct hv_inspector {
    void (*function)(void *user, const struct hv_census_frame *frame);
    void (*line)(void *user, const struct hv_line_frame *line);
};
int hv_measure_inspect(struct hv_measurement *m, struct hv_target *target,
                       const struct hv_inspector *inspector, void *user,
                       struct hv_error *error);

/* All counter passes of a pair: groups, calls through the GOT, getrusage. */
int hv_measure_count(struct hv_measurement *m, struct hv_target *target,
                     struct hv_error *error);

#endif
