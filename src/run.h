/* SPDX-License-Identifier: MIT */
/* What a run observed, raw: struct hv_run. measure/ fills it, dump/ stores it, analyse/
 * reads it. Nothing here is derived: ticks and counts stay as they were read, so that
 * every figure can be computed again from the dump.
 *
 * Lifetime: everything hangs on the hv_arena the run was made with. */
#ifndef HV_RUN_H
#define HV_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/hypothesis.h"
#include "src/run_trace.h"

enum hv_arm_id { HV_BASELINE, HV_CANDIDATE, HV_ARMS };

enum {
    HV_MAX_PLACES = 4,      /* entry offsets mod 64 an arm may exist at */
    HV_SAMPLE_CAP = 600000, /* integers of samples and probes in one dump */
    HV_MIN_QUIET = 20,      /* quiet samples a cell needs before its layout counts */
    HV_MIN_LAYOUTS = 8,     /* complete layouts a speedup needs */
    HV_MAX_LAYOUTS = 32,    /* layouts after which a run stops whatever its precision */
    HV_GATE_PERCENT = 4,    /* a probe is quiet within so much of 1/k chain cycles */
    HV_SLOW_PERCENT = 12,   /* and slow, if slower than that, up to so much */
    HV_MAX_CONTROLS = 128,  /* controls a run has room for */
    HV_MAX_EXPERIMENTS = 128, /* ... and experiments */
    HV_APART = 8,             /* quiet probes a layout needs for each slow one */
};

/* Whether the quiet state is one of its own in a layout, and not the tail of a busy
 * one: so many of its probes were quiet, so many slow. On Zen 5 the probes of a busy
 * core reach down into the gate: a third of the samples may pass it then, up to 26 %
 * too slow. Such layouts had at most 6 quiet probes for each slow one (of 287; the good
 * ones 10 to 240, but for three). */
static inline bool hv_stands_apart(uint64_t quiet, uint64_t slow)
{
    return quiet > HV_APART * slow;
}

/* Samples of one kind in the order they were taken. ticks[i] == 0: dropped, because the
 * worker was switched out or migrated in that visit. probe[i] is the throughput probe
 * just before sample i; the one after it is the probe before the next item of the
 * sequence (see hv_sequence_at). All values are clock ticks. */
struct hv_series {
    uint32_t *ticks, *probe;
    size_t len;
};

/* One fresh process: its own ASLR, stack and heap offset. Every series has one entry a
 * visit; a visit goes once over all placements, then takes one chain and one empty
 * sample. */
struct hv_layout {
    struct hv_series cell[HV_ARMS][HV_MAX_PLACES];
    struct hv_series chain; /* dependent adds: the clock */
    struct hv_series empty; /* an arm with no body, at empty_n[visit % 2] iterations */
    uint32_t closing_probe; /* the probe after the last item */
    uint32_t
        stack_offset;  /* where the stack was put against the pair's ctx, mod 4096 */
    uint32_t switched; /* visits dropped: context switch noticed */
    uint32_t migrated; /* visits dropped: the CPU changed */
    double seconds;    /* wall time of the worker */
};

/* The clock and the gate, as qualified at the start of the run. */
struct hv_clock {
    double ticks_per_ns;  /* 0: unknown */
    const char *source;   /* e.g. "rdtsc against CLOCK_MONOTONIC_RAW" */
    uint32_t granule;     /* smallest step between two reads, ticks */
    uint32_t chain_adds;  /* dependent adds in one chain sample */
    uint32_t probe_adds;  /* independent adds in one probe */
    uint32_t empty_n[2];  /* iterations of the two empty samples */
    double adders;        /* adds per cycle the quiet core sustains in the probe */
    bool adders_verified; /* from the CPU table; else learned in this run */
};

/* The data caches of the CPU measured on, bytes; 0: unknown, or there is none. */
struct hv_caches {
    uint64_t line, l1d, l2, l3;
    const char *source; /* NULL: nothing is known */
};

/* The order in which a worker takes items. Visit v begins at placement v / 2 (mod their
 * number) and goes round; at each, baseline goes first when v is even, candidate when v
 * is odd (so A B B A over two visits); then one chain and one empty sample. What
 * follows those two differs (bind's candidate ran up to 11 % faster there): a first
 * placement that never changed had all of it. */
enum hv_item_kind { HV_ITEM_ARM, HV_ITEM_CHAIN, HV_ITEM_EMPTY };
struct hv_item {
    enum hv_item_kind kind;
    enum hv_arm_id arm;
    unsigned place;
    size_t visit;
};
/* items a visit has */
static inline size_t hv_sequence_stride(unsigned places)
{
    return 2 * (size_t)places + 2;
}
/* item number index, counted from 0 over all visits; places > 0 */
static inline struct hv_item hv_sequence_at(unsigned places, size_t index)
{
    const size_t stride = hv_sequence_stride(places), step = index % stride;
    struct hv_item item = {.visit = index / stride};
    if (step >= 2 * (size_t)places) {
        item.kind = step == 2 * (size_t)places ? HV_ITEM_CHAIN : HV_ITEM_EMPTY;
        return item;
    }
    item.kind = HV_ITEM_ARM;
    item.place = (unsigned)((step / 2 + item.visit / 2) % places);
    item.arm = (step + item.visit) % 2 ? HV_CANDIDATE : HV_BASELINE;
    return item;
}

/* One reading of a counter over a batch; times in ns as the kernel gives them. */
struct hv_reading {
    uint64_t value, enabled, running;
};

/* Who vouches for an event: a control with a known answer, or nobody. Only what is
 * qualified, or kept by the kernel in software, may support a verdict. */
enum hv_qualification {
    HV_UNQUALIFIED, /* no control for it, or its control did not run */
    HV_QUALIFIED,   /* counted what its control made */
    HV_DEAD,        /* opened, and counted nothing where its control made some */
    HV_OS_COUNTER,  /* nothing of it can be dead in silicon */
    HV_BIASED,      /* counted a multiple of what its control made */
    HV_ERRATIC,     /* counted, but neither that nor any multiple of it */
    HV_SILENT,      /* has no control of its own, and read 0 in all there are */
    HV_UNOPENED,    /* could not be opened for its control */
    HV_QUALIFICATIONS
};

/* One event of one counter pass. reads[arm][i] belongs to iterations[arm] iterations;
 * reads[HV_ARMS] is the empty batch (0 iterations): the cost of reading itself. */
struct hv_event_run {
    const char
        *figure;       /* "cycles", "instructions", "l1d_misses", or the event's name */
    const char *event; /* native name, e.g. "MEM_LOAD_RETIRED:L1_MISS" */
    const char *source; /* "perf_event: <pmu>, config 0x..."; told beside the figure */
    int status;         /* 0, or -errno of the step that failed */
    const char *why;    /* words for a failure, an unscheduled event, or what its
                         * control found; else NULL */
    enum hv_qualification qualification;
    double factor; /* counts for each one made: of a biased event, else 0 */
    struct hv_reading *reads[HV_ARMS + 1];
    size_t n_reads;
};

/* One counter pass: a group that was scheduled together. */
struct hv_group_run {
    const char *name;
    uint64_t iterations[HV_ARMS]; /* per reading */
    struct hv_event_run *events;
    size_t n_events;
};

/* Calls through the GOT of the kernels, over iterations[arm] iterations. */
enum hv_call_family {
    HV_CALL_COPY,
    HV_CALL_SET,
    HV_CALL_ALLOC,
    HV_CALL_FREE,
    HV_CALLS
};
struct hv_calls {
    uint64_t calls[HV_CALLS], bytes[HV_CALLS];
};
struct hv_meter_run {
    bool present;
    const char *why; /* when not present: e.g. a static binary has no GOT to patch */
    const char *source;
    uint64_t iterations[HV_ARMS];
    struct hv_calls arm[HV_ARMS];
};

/* getrusage(RUSAGE_THREAD) over iterations[arm] iterations. */
struct hv_usage_run {
    bool present;
    uint64_t iterations[HV_ARMS];
    uint64_t minor_faults[HV_ARMS], major_faults[HV_ARMS];
    uint64_t voluntary_switches[HV_ARMS], involuntary_switches[HV_ARMS];
};

/* Why a pair was measured. */
enum hv_purpose {
    HV_PURPOSE_PAIR,       /* which of its arms is faster */
    HV_PURPOSE_EXPERIMENT, /* what one change of an arm does to it */
    HV_PURPOSE_AA,         /* a pair's candidate against a second copy of itself */
    HV_PURPOSE_FOOTPRINT,  /* the same pair, walking over more memory or less */
    HV_PURPOSE_BUSY,       /* the same pair, while the CPUs around are kept busy */
    HV_PURPOSE_INSIGHT,    /* what something costs on this machine */
    HV_PURPOSE_STEP,       /* what a step would bring, before anybody takes it */
    HV_PURPOSES
};

enum hv_stop {
    HV_STOP_NONE,
    HV_STOP_PRECISION,
    HV_STOP_BUDGET,
    HV_STOP_SAMPLES,
    HV_STOP_INTERRUPTED
};

struct hv_arm_run {
    const char *name;
    uint64_t n; /* iterations per sample */
    const char
        *code_sha256; /* of the machine code at its first placement; NULL: unknown */
    bool declares_copies;         /* declared_copy_bytes was given by the pair */
    uint64_t declared_copy_bytes; /* bytes an iteration's source asks to copy */
    struct hv_trace_run trace;
};

/* One pair, at one ISA, as it ran. */
struct hv_pair_run {
    const char *name, *kernel_set, *isa, *question;
    double predicted; /* speedup the pair itself names; 0: none */
    bool control;     /* a known answer, not part of the hypothesis */
    enum hv_purpose purpose;
    const char *of;         /* the pair that an experiment is about; else NULL */
    const char *experiment; /* what it changes: "copy_away", ...; else NULL */
    bool differs;           /* the changed arm leaves another result, by design */
    uint64_t
        asked_footprint; /* bytes that setup was asked to walk over; 0: as defined */
    uint64_t footprint;  /* bytes that the iterations together walk over; 0: not told */
    uint64_t items, bytes; /* per iteration: items handled, bytes touched; 0: unknown */
    struct hv_arm_run arm[HV_ARMS];
    unsigned places;                      /* entries used in place_offset */
    uint32_t place_offset[HV_MAX_PLACES]; /* entry address mod 64 */
    const char *failure; /* NULL, or why there is no figure (crash, wrong result) */
    enum hv_stop stop;
    struct hv_layout *layouts;
    size_t n_layouts;
    struct hv_group_run *groups;
    size_t n_groups;
    struct hv_meter_run meter;
    struct hv_usage_run usage;
};

/* A kernel with a known answer, run to qualify a clock, an event or the probe. */
struct hv_control {
    const char *name, *what, *unit;
    bool ran;
    double expected, got, tolerance; /* tolerance is relative */
    bool passed;
    const char *why; /* when it did not run or did not pass */
    bool doubled;    /* it ran a second time, twice as long: */
    double got_doubled;
};

/* One fact about the machine or the build; value NULL: unknown, why says so. */
struct hv_fact {
    const char *key, *value, *why;
};

/* What the user asked for, as far as the analysis or the reader needs it. */
struct hv_settings {
    uint64_t seed;
    uint32_t dim_bits;
    double precision;      /* relative half-width asked for, e.g. 0.01 */
    double budget_seconds; /* wall seconds of timing per pair */
    uint32_t layouts;      /* 0: decided by precision */
    bool counters, quick, aa;
    bool why; /* every experiment, not only those that the evidence calls for */
};

struct hv_run {
    const char *version;
    const char *const *command;
    size_t n_command;
    struct hv_settings settings;
    struct hv_hypothesis hypothesis; /* what the run tests */
    struct hv_fact *environment;
    size_t n_environment;
    struct hv_control *controls;
    size_t n_controls;
    struct hv_clock clock;
    struct hv_caches caches;
    struct hv_pair_run *pairs;
    size_t n_pairs;
    struct hv_pair_run *experiments; /* all that is no pair in its own right */
    size_t n_experiments;
    bool interrupted;
};

#endif
