/* SPDX-License-Identifier: MIT */
/* What a run means: struct hv_result. analyse/ makes it from an hv_run, dump/ stores
 * it, report/ reads nothing else. Lifetime: the hv_arena it was made with. */
#ifndef HV_RESULT_H
#define HV_RESULT_H

#include "src/run.h"

/* Weakest first; zeroed memory means absent. A derived figure carries the weakest of
 * its inputs. Names: hv_provenance_name(). */
enum hv_provenance {
    HV_ABSENT,
    HV_DECLARED,
    HV_MODELLED,
    HV_ESTIMATED,
    HV_SCALED,
    HV_DECODED,
    HV_TRACED,
    HV_MEASURED,
};

/* A figure and where it comes from. HV_ABSENT: value means nothing and why is set;
 * else why is NULL, or tells why the value was not measured. */
struct hv_evidence {
    enum hv_provenance provenance;
    double value;
    const char *unit;
    const char *source;
    bool has_ci;
    double ci95[2];
    const char *why;
    struct hv_evidence *witnesses;
    size_t n_witnesses;
};

struct hv_figure {
    const char *name; /* "time", "cycles", "instructions", "l1d_misses", ... */
    struct hv_evidence evidence;
};

/* One function's part of an iteration, exclusive of what it calls. */
struct hv_who {
    const char *name, *group; /* group: hv_trace_group_name() */
    double calls, instructions, load_bytes, store_bytes, copied;
    double share; /* of the iteration's instructions */
    /* share x time: as if every instruction took as long. An estimate, no more. */
    struct hv_evidence time;
};

/* A place that copies, and what an iteration copies there. */
struct hv_copying {
    const char *function; /* that holds the place */
    uint32_t offset;      /* of the place in it */
    bool called;          /* through memcpy or its like; else inlined */
    double copies, bytes;
    uint64_t smallest, largest; /* bytes of one copy, in the calls followed */
};

/* Who did it: the trace of one iteration by function and by place. */
struct hv_breakdown {
    bool present;
    const char *why;    /* when not present */
    const char *source; /* how it was traced, compared, and what an iteration is */
    struct hv_who *who; /* by falling instructions */
    size_t n_who;
    struct hv_copying *copying; /* by falling bytes */
    size_t n_copying;
    double group[HV_TRACE_GROUPS]; /* instructions, inclusive of what is called */
};

struct hv_arm_result {
    const char *name, *code_sha256;
    uint64_t n;
    struct hv_figure *figures;
    size_t n_figures;
    struct hv_breakdown breakdown;
};

/* DESIGN's estimator: exp(median over layouts of s_l); see docs/methodology.md. */
struct hv_speedup {
    bool present;
    double value, ci95[2];
    double placement_band[2]; /* min and max over equal placements */
    double layout_band[2];    /* 10 % and 90 % of the layouts */
    uint32_t layouts;         /* complete layouts it rests on */
    uint32_t rounds;          /* rounds whose two samples were both quiet */
    const char *statistic;    /* "p25" */
};

/* What a gap between two arms can be made of. HV_PART_REST: what no experiment
 * explains. */
enum hv_part {
    HV_PART_NONE, /* an experiment that explains no part: a control, or a comparison */
    HV_PART_COPY,
    HV_PART_FORWARD,
    HV_PART_ALIAS,
    HV_PART_ALLOC,
    HV_PART_FAULTS,
    HV_PART_MISSES,
    HV_PART_PLACEMENT,
    HV_PART_REST,
    HV_PARTS
};

enum hv_state { HV_QUIET, HV_CONTENDED, HV_FAILED };
enum hv_match { HV_UNDECIDED, HV_MATCH, HV_PARTIAL, HV_FAIL };

struct hv_prediction {
    double speedup; /* 0: nothing was predicted */
    enum hv_match verdict;
    const char *rule; /* a sentence: the rule that decided, with its figures */
};

/* A figure of one arm that was predicted as well; the figure itself is the arm's. */
struct hv_arm_prediction {
    enum hv_arm_id arm;
    const char *figure, *unit; /* "time", "ns"; "memcpy_bytes", "bytes" */
    double predicted;
    enum hv_match verdict; /* never HV_PARTIAL */
    const char *rule;      /* the rule that decided, or why none could */
};

/* A closed list (analyse/warnings.c); advice says what to do next. */
struct hv_warning {
    const char *id, *text, *advice;
};

/* What one experiment showed about an arm. */
struct hv_effect {
    const char *experiment; /* "copy_away", ...; "footprint" */
    enum hv_part part;
    enum hv_arm_id arm; /* of the pair */
    /* ns an iteration: the arm as it is less the arm so changed. Absent: the experiment
     * failed, was contended, or its witness says that nothing was changed. */
    struct hv_evidence time;
    double share[2]; /* of the arm's time, over interval and placements; if present */
    const char *witness; /* what showed that the change was made; NULL: nothing could */
};

/* A part of a gap; the last is HV_PART_REST. */
struct hv_gap_part {
    enum hv_part part;
    const char *experiment;  /* that took it away; NULL: none, or see time.source */
    struct hv_evidence time; /* ns an iteration; absent: neither tested nor excluded */
    double share;            /* of the gap; 0 if absent */
};

/* Baseline's time less candidate's, and what it is made of. */
struct hv_gap {
    bool present;
    const char *why; /* when not present */
    struct hv_evidence time;
    struct hv_gap_part *parts;
    size_t n_parts;
};

/* The one cause that a pair's gap, or its absence, is put down to. */
struct hv_cause {
    const char *id;    /* "none", "copy", ...: analyse/cause.c; never NULL */
    const char *how;   /* of copies: "called" or "inlined"; else NULL */
    const char *level; /* of copies and misses: "L1", "L2", "L3" or "RAM"; else NULL */
    const char *because; /* a sentence */
};

struct hv_pair_result {
    const char *name, *kernel_set, *isa, *question;
    bool control;
    enum hv_purpose purpose;
    const char *of, *experiment;         /* as in hv_pair_run */
    uint64_t asked_footprint, footprint; /* likewise */
    enum hv_state state;
    enum hv_state times; /* whose samples the time figures rest on; HV_FAILED: none */
    const char *failure; /* set when HV_FAILED */
    bool has_kept_share;
    double kept_share; /* quiet samples / all samples of the arms */
    enum hv_stop stop;
    struct hv_arm_result arm[HV_ARMS];
    struct hv_speedup speedup; /* absent unless HV_QUIET */
    struct hv_speedup
        contended; /* the other state's speedup; absent if too few samples */
    struct hv_prediction prediction;
    struct hv_arm_prediction *arm_predictions;
    size_t n_arm_predictions;
    uint64_t items; /* an iteration handles; 0: not told */
    struct hv_effect *effects;
    size_t n_effects;
    struct hv_gap gap;
    struct hv_cause cause; /* id NULL: of a pair only */
    struct hv_warning *warnings;
    size_t n_warnings;
};

/* What a size of a sweep costs; n iterations walk over so many bytes each. */
struct hv_sweep_point {
    uint64_t bytes;
    enum hv_state state;
    struct hv_evidence time[HV_ARMS], per_byte[HV_ARMS];
};

/* Between two sizes a byte becomes dearer. */
struct hv_knee {
    uint64_t from, to;    /* bytes: the last size before, the first size after */
    double before, after; /* ns/byte: the cheapest before, and the first after */
    const char *level;    /* what holds the sizes up to it: "L1", ...; NULL: unknown */
};

struct hv_sweep {
    const char *pair, *isa, *arm[HV_ARMS];
    struct hv_sweep_point *points; /* by rising size */
    size_t n_points;
    struct hv_knee *knees;
    size_t n_knees;
};

enum hv_verdict { HV_VERDICT_UNDECIDED, HV_SUPPORTED, HV_REFUTED };

struct hv_check {
    const char *id, *item, *pair; /* pair NULL: over all */
    enum hv_verdict verdict;
    const char *because;
    struct hv_evidence *evidence;
    size_t n_evidence;
};

/* Whether the matrix asks for what the scenario asks for. */
enum hv_accord {
    HV_ACCORD_NONE, /* no scenario that asks for anything */
    HV_AGREES,
    HV_MAY_DIFFER, /* the matrix is undecided between the same and others */
    HV_DIFFERS,    /* another action, or no row holds */
};

/* Items a batch must have before a GPU is faster; see analyse/break_even.h. */
struct hv_break_even {
    bool present;
    struct hv_evidence cpu;         /* ns an item, measured */
    struct hv_evidence transferred; /* items, each sent to the device */
    struct hv_evidence resident;    /* items, all on the device already */
};

/* A step of the hypothesis that a pair of this run measured beforehand. */
struct hv_foretaste {
    const char *step, *pair; /* pair: of result->experiments, purpose step */
    struct hv_evidence gain; /* x, its speedup; absent: not measured, or contended */
};

struct hv_decision {
    enum hv_scenario scenario;
    enum hv_accord accord;
    const char *matrix; /* the first row of the matrix that holds, in words */
    const char *rule;   /* why: the counts that decided, or what would settle it */
    const char **next;
    size_t n_next;
    struct hv_foretaste *foretastes; /* whatever the scenario: what each step brings */
    size_t n_foretastes;
    struct hv_break_even gpu;
};

struct hv_result {
    const char *version;
    const char *const *command;
    size_t n_command;
    struct hv_settings settings;
    const struct hv_hypothesis *hypothesis; /* the run's; NULL: none */
    struct hv_clock clock;
    struct hv_caches caches;
    const struct hv_fact *environment;
    size_t n_environment;
    const struct hv_control *controls;
    size_t n_controls;
    const char *raw_sha256; /* set by dump/; NULL before */
    /* of the dump as a file, as sha256sum prints it; set by dump/; NULL: no dump */
    const char *dump_sha256;
    bool interrupted;
    struct hv_pair_result *pairs;
    size_t n_pairs;
    struct hv_pair_result *experiments;
    size_t n_experiments;
    struct hv_sweep *sweeps;
    size_t n_sweeps;
    struct hv_check *checklist;
    size_t n_checklist;
    struct hv_decision decision;
};

/* The word each value has in the dump and in every report. Never NULL. */
const char *hv_provenance_name(enum hv_provenance provenance);
const char *hv_state_name(enum hv_state state);       /* "quiet" ... */
const char *hv_match_name(enum hv_match match);       /* "MATCH" ... */
const char *hv_verdict_name(enum hv_verdict verdict); /* "SUPPORTED" ... */
const char *hv_accord_name(enum hv_accord accord);    /* "agrees" ... */
const char *hv_arm_name(enum hv_arm_id arm);          /* "baseline", "candidate" */
const char *hv_stop_name(enum hv_stop stop);          /* "precision" ... */
const char *hv_purpose_name(enum hv_purpose purpose); /* "experiment" ... */

const char *hv_part_name(enum hv_part part); /* "copy" ... */

/* The figure of that name, or NULL. */
const struct hv_evidence *hv_arm_figure(const struct hv_arm_result *arm,
                                        const char *name);

#endif
