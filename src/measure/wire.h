/* SPDX-License-Identifier: MIT */
/* What main, the opener and the workers say to each other: fixed-size records only, so
 * that a process of more privilege never parses what one of less has written.
 *
 *   main   -> opener   struct hv_request    over a SOCK_SEQPACKET pair, descriptors
 * beside opener -> main     struct hv_reply      the same pair, a perf descriptor
 * beside main   -> worker   struct hv_job        over a SOCK_SEQPACKET pair,
 * descriptors beside worker -> main     struct hv_frame + payload over a pipe; all of
 * it untrusted */
#ifndef HV_MEASURE_WIRE_H
#define HV_MEASURE_WIRE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "counters/census.h"
#include "counters/event.h"
#include "kernels/hvperf.h"
#include "src/run.h"

enum {
    HV_WIRE_NAME = 48,
    HV_WIRE_TEXT = 256,
    HV_WIRE_FDS = 16,
    HV_WIRE_ROWS = 256,             /* kernel rows one set may have */
    HV_TRACE_COMPARED_QUICK = 2000, /* the same where there is no time for more */
    HV_TRACE_COMPARED = 20000, /* instructions that both tracers follow: 0.3 to 0.5 s */
};

/* Where a worker finds its descriptors; all others are closed. */
enum {
    HV_FD_JOB = 3,
    HV_FD_FRAMES = 4,
    HV_FD_BEACON = 5,
    HV_FD_TOOL = 6,   /* the tool's own binary */
    HV_FD_PLUGIN = 7, /* the one plugin of its job, if it has one */
};

enum hv_request_kind { HV_REQUEST_SPAWN, HV_REQUEST_KILL, HV_REQUEST_OPEN };

/* SPAWN: descriptors are {job, frames, output, beacon}; set is the kernel set of the
 * job (0: built in), whose file the worker gets; slot becomes the new worker. KILL:
 * signal to the worker. OPEN: one event on the worker's thread; joins 0 makes a new
 * group, else the event joins the group opened last. */
struct hv_request {
    uint32_t kind, slot, set, signal, joins;
    struct hv_event event;
};

enum hv_reply_kind { HV_REPLY_DONE, HV_REPLY_EXITED };

/* DONE answers a request: rc 0 or -errno. EXITED comes by itself: a worker is gone. */
struct hv_reply {
    uint32_t kind, slot;
    int32_t rc, wait_status;
};

enum hv_job_kind {
    HV_JOB_DESCRIBE, /* the rows of one kernel set */
    HV_JOB_SURVEY,   /* clock, chain, probe on job.cpu */
    HV_JOB_PREPARE,  /* verify both arms everywhere, find n, hash the code */
    HV_JOB_TIME,     /* one layout */
    HV_JOB_COUNT,    /* one counter group */
    HV_JOB_METER,    /* calls through the GOT, and getrusage */
    HV_JOB_QUALIFY,  /* a counter group over the control kernels */
    HV_JOB_CONTROLS, /* the tracer's controls */
    HV_JOB_TRACE,    /* both arms, instruction by instruction; their census before */
    HV_JOB_INSPECT,  /* the census of both arms, and their disassembly */
};

struct hv_job {
    uint32_t kind;
    uint32_t set;        /* 0: built in; i: plugin i - 1 */
    uint32_t row;        /* of that set */
    uint32_t aa;         /* candidate against a second copy of itself */
    uint32_t experiment; /* 0: the pair itself; i: its experiment i - 1 */
    uint32_t compared;   /* instructions of a trace that are stepped as well */
    uint64_t footprint;  /* of hv_size */
    int32_t cpu;         /* -1: do not pin */
    uint32_t dim_bits;
    uint64_t seed, layout_seed;
    uint32_t stack_offset; /* of hv_layout */
    uint64_t n[HV_ARMS];
    uint64_t limit_ns;      /* stop sampling after this long, */
    uint64_t hard_limit_ns; /* ... or this long for a layout on its way, */
    uint32_t visit_cap;     /* ... or after so many visits, */
    uint32_t quiet_goal;    /* ... or once all cells have so many quiet samples */
    uint32_t warm_visits;   /* before the first that is recorded */
    double adders;          /* of hv_clock; 0: unknown */
    double ticks_per_ns;    /* of hv_clock */
    uint32_t empty_n[2];
    uint32_t n_events, n_reads;
    uint32_t controls;   /* of qualify: bit i is control i of counters/control.h */
    uint32_t time_reads; /* of count: time both ways of reading; qualify always does */
    uint32_t fake_counters; /* read with the backend "fake", else with "perf" */
};

enum hv_frame_kind {
    HV_FRAME_HELLO = 1,  /* no payload: the worker runs, events may be opened on it */
    HV_FRAME_ROW,        /* struct hv_row_frame */
    HV_FRAME_EXPERIMENT, /* struct hv_experiment_frame */
    HV_FRAME_SURVEY,     /* struct hv_survey_frame */
    HV_FRAME_PREPARED,   /* struct hv_prepared_frame */
    HV_FRAME_LAYOUT,     /* struct hv_layout_frame */
    HV_FRAME_SERIES,     /* struct hv_series_frame, then ticks[len], probe[len] */
    HV_FRAME_WAYS,       /* struct hv_ways_frame, before the first reading */
    HV_FRAME_READING,    /* struct hv_reading_frame */
    HV_FRAME_METER,      /* struct hv_meter_frame */
    HV_FRAME_CONTROL,    /* struct hv_control_frame */
    HV_FRAME_CALL,       /* struct hv_call_frame */
    HV_FRAME_TRACE,      /* struct hv_trace_frame, after the calls of its arm */
    HV_FRAME_CENSUS,     /* struct hv_census_frame, the arm before what it calls */
    HV_FRAME_LINE,       /* struct hv_line_frame, of the function of the last census */
    HV_FRAME_FAILED,     /* struct hv_failed_frame */
    HV_FRAME_CRASH,      /* struct hv_crash_frame */
    HV_FRAME_DONE,       /* no payload: the job is complete */
};

struct hv_frame {
    uint32_t kind, bytes; /* bytes of payload */
};

struct hv_row_frame {
    uint32_t row, available; /* the CPU has the row's ISA */
    uint32_t control, places, purpose, sweeps;
    double predicted;
    char pair[HV_WIRE_NAME], isa[HV_WIRE_NAME], set[HV_WIRE_NAME];
    char arm[HV_ARMS][HV_WIRE_NAME];
    char question[HV_WIRE_TEXT], build[HV_WIRE_TEXT];
};

/* One experiment of the row told last. */
struct hv_experiment_frame {
    uint32_t row, experiment, differs;
    char name[HV_WIRE_NAME], arm[HV_ARMS][HV_WIRE_NAME];
};

struct hv_survey_frame {
    double ticks_per_ns;
    uint32_t granule, chain_p25, probe_p10;
    uint32_t samples, quiet; /* quiet by job.adders; 0 if that is 0 */
    double multiply_cycles;  /* 0: not measured here */
};

struct hv_prepared_frame {
    uint64_t n[HV_ARMS];
    double sample_ns[HV_ARMS]; /* what n iterations took when they were calibrated */
    uint64_t items, bytes, footprint, copied[HV_ARMS];
    uint32_t declares_copies, places;
    uint32_t place_offset[HV_MAX_PLACES];
    uint64_t entry[HV_ARMS][HV_MAX_PLACES];
    char code_sha256[HV_ARMS][65]; /* "" if unknown */
};

struct hv_layout_frame {
    uint32_t closing_probe, stack_offset, switched, migrated;
    uint32_t enough; /* every cell has HV_MIN_QUIET quiet samples */
};

/* kind: an hv_item_kind; arm and place only for arms. */
struct hv_series_frame {
    uint32_t kind, arm, place, len;
};

/* arm HV_ARMS: the empty batch. qualify: which control kernel instead of the arm. */
struct hv_reading_frame {
    uint32_t event, arm, index;
    int32_t rc;     /* 0, or -errno of the read */
    uint32_t paged; /* by the user page; else by read(2) */
    uint64_t iterations;
    struct hv_reading reading;
};

/* The two ways to read the group. Counts are those of a loop, the empty batch taken
 * off, both ways around the same one. */
struct hv_ways_frame {
    int32_t rc;               /* 0, or -errno of mapping or reading a page */
    uint32_t by_page, events; /* by_page: batches are counted that way */
    double call_ns, page_ns;  /* one reading of all events; 0: not measured */
    uint64_t call[HV_GROUP_EVENTS], page[HV_GROUP_EVENTS];
};

struct hv_meter_frame {
    uint32_t metered,
        used; /* for meter.present and usage.present: no bool from outside */
    struct hv_meter_run meter; /* pointers in it mean nothing */
    struct hv_usage_run usage;
    char why[HV_WIRE_TEXT], source[HV_WIRE_TEXT];
};

/* A control of the tracer's; pointers of a struct hv_control would mean nothing. */
struct hv_control_frame {
    uint32_t ran, passed;
    double expected, got, tolerance;
    char name[HV_WIRE_NAME], unit[HV_WIRE_NAME], what[HV_WIRE_TEXT], why[HV_WIRE_TEXT];
};

/* One call of an arm that was followed to its end. */
struct hv_call_frame {
    uint32_t arm;
    uint64_t iterations;
    struct hv_trace_totals totals;
};

/* How the tracing of an arm went; texts "" where there is nothing to say. */
struct hv_trace_frame {
    uint32_t arm, agreed, differs;
    struct hv_cache_shape l1;
    uint64_t compared;
    char tracer[HV_WIRE_NAME];
    char why[HV_WIRE_TEXT], fallback[HV_WIRE_TEXT], comparison[HV_WIRE_TEXT];
};

/* One function's machine code; sha256 of its bytes. */
struct hv_census_frame {
    uint32_t arm;
    char sha256[65];
    struct hv_census census;
};

/* One instruction of it. */
struct hv_line_frame {
    uint32_t offset, n_bytes;
    unsigned char bytes[16];
    char text[HV_WIRE_TEXT / 2], remark[HV_WIRE_TEXT / 2];
};

/* A sentence: why the worker can go no further, e.g. a wrong result. */
struct hv_failed_frame {
    char text[HV_WIRE_TEXT];
};

struct hv_crash_frame {
    int32_t signal, code;
    uint64_t address, instruction;
};

/* One page that worker and main share: where the worker is, for the words after a hang
 * or a crash. Every field is untrusted. */
struct hv_beacon {
    volatile uint32_t arm, place, phase; /* phase: an hv_phase */
    volatile uint64_t entry;             /* address of the function running now */
};
enum hv_phase {
    HV_PHASE_START,
    HV_PHASE_SETUP,
    HV_PHASE_VERIFY,
    HV_PHASE_CALIBRATE,
    HV_PHASE_TIME,
    HV_PHASE_COUNT,
    HV_PHASE_TRACE,
    HV_PHASES,
};

/* One record with up to HV_WIRE_FDS descriptors. Sending never waits (-EAGAIN: the
 * other side does not take what it was sent). 0 or -errno; -ECONNRESET when the other
 * side is gone, -EPROTO for a record of another size. *n_fds: room on entry, number
 * received on return; received ones are close-on-exec and belong to the caller.
 */
int hv_wire_send(int socket, const void *record, size_t bytes, const int *fds,
                 unsigned n_fds);
int hv_wire_receive(int socket, void *record, size_t bytes, int *fds, unsigned *n_fds);

/* Writes all of it, whatever the pipe takes at a time. 0 or -errno. */
int hv_wire_write(int fd, const void *bytes, size_t n);

/* The text of an untrusted fixed-size field: forces the terminating NUL and replaces
 * whatever is not printable ASCII. Returns field. */
char *hv_wire_text(char *field, size_t bytes);

#endif
