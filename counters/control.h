/* SPDX-License-Identifier: MIT */
/* Code that makes a known number of something, and what events must say of it. A
 * counter is believed only after it has counted what is known. */
#ifndef HV_COUNTERS_CONTROL_H
#define HV_COUNTERS_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "counters/event.h"
#include "src/run.h"

/* Geometry that the assembly and the tables share. */
enum {
    HV_WALK_BYTES = 512 << 10, /* several times any L1 data cache */
    HV_WALK_STEPS = 2048,      /* steps that touch every line of it once */
    HV_WALK_PAGES = 8192,      /* more than any TLB holds (Zen 5: 4096) */
    HV_PAGE_BYTES = 4096,
};

/* One function each, in one assembly file so that no compiler changes what they make.
 * n > 0; memory is the walk buffer, for hv_known_pages the pages. An n makes */
void hv_known_loads(uint64_t n, void *memory);   /* 8 loads */
void hv_known_stores(uint64_t n, void *memory);  /* 8 stores */
void hv_known_refill(uint64_t n, void *memory);  /* 4 lines from L2, 2 loads on each */
void hv_known_taken(uint64_t n, void *memory);   /* 4 branches, all taken */
void hv_known_random(uint64_t n, void *memory);  /* a branch nobody can foresee */
void hv_known_splits(uint64_t n, void *memory);  /* 4 loads across two lines */
void hv_known_aliases(uint64_t n, void *memory); /* 4 loads 4 KiB after a store */
void hv_known_narrow(uint64_t n, void *memory); /* a load wider than the store before */
void hv_known_pages(uint64_t n, void *memory);  /* a load from another page */

enum hv_control_id {
    HV_CONTROL_LOOP,
    HV_CONTROL_CHAIN,
    HV_CONTROL_LOADS,
    HV_CONTROL_STORES,
    HV_CONTROL_REFILL,
    HV_CONTROL_TAKEN,
    HV_CONTROL_RANDOM,
    HV_CONTROL_SPLITS,
    HV_CONTROL_ALIASES,
    HV_CONTROL_NARROW,
    HV_CONTROL_PAGES,
    HV_CONTROLS
};

/* Each control runs at two sizes, n and 2 n: what does not grow with it counts nothing,
 * and what grows by a factor of its own can be told. */
enum { HV_CONTROL_SIZES = 2, HV_CONTROL_REPEATS = 5 };

struct hv_control_info {
    const char *what;
    uint64_t n; /* of the first size */
};
const struct hv_control_info *hv_control_info(enum hv_control_id id);

/* What the kernels walk over; zeroed: not mapped. The pages cost 4 us each on a virtual
 * machine inside another: without them, hv_known_pages must not run. */
struct hv_control_memory {
    unsigned char *walk, *pages;
};
int hv_control_map(struct hv_control_memory *memory, bool pages);
void hv_control_unmap(struct hv_control_memory *memory);

/* Runs n of one control; n == 0 or HV_CONTROLS runs nothing: the empty batch. */
void hv_control_run(enum hv_control_id id, uint64_t n,
                    const struct hv_control_memory *memory);

/* What hv_control_run ran last in this process: the backend "fake" counts it. */
struct hv_control_batch {
    bool any; /* false: no call yet */
    enum hv_control_id id;
    uint64_t n;
};
struct hv_control_batch hv_control_last(void);

/* What kind of thing an event counts, and what a control must make it say. */
struct hv_event_kind {
    const char *counts; /* "loads", ...; for the figures of reports their name */
    const char *names;  /* comma list of figures and of native and perf names */
    enum hv_control_id control;
    double each;      /* of it in one n of the control */
    double tolerance; /* relative */
    const char *why;  /* the tolerance is what it is */
};

/* By figure or name, else (vendor not NULL) by the raw code of that vendor's CPUs.
 * NULL: there is no control for it. */
const struct hv_event_kind *hv_event_kind_of(const struct hv_event *event,
                                             const char *vendor);
const struct hv_event_kind *hv_event_kinds(size_t *n);

/* Median counts of one event in its control, of n and of 2 n, the empty batch taken
 * off; expected is of n. *factor is set for HV_BIASED, else 1. */
enum hv_qualification hv_control_judge(double expected, double tolerance, double once,
                                       double twice, double *factor);

#endif
