/* SPDX-License-Identifier: MIT */
/* Runs with a known truth, made by a seeded generator: what the analysis is tested on.
 */
#ifndef HV_TESTS_SYNTHETIC_RUN_H
#define HV_TESTS_SYNTHETIC_RUN_H

#include "src/base/arena.h"
#include "src/run.h"

/* xorshift64*: the same numbers everywhere. */
struct synthetic_random {
    uint64_t state;
};
double synthetic_uniform(struct synthetic_random *random); /* [0, 1) */
double synthetic_normal(struct synthetic_random *random);

/* The truth of one pair. Costs in ticks; zeroed members mean none of it. */
struct synthetic_truth {
    uint64_t seed;
    size_t layouts, visits;
    unsigned places;
    uint64_t n[HV_ARMS];
    double ticks[HV_ARMS];                /* of one iteration, quiet core */
    double place[HV_ARMS][HV_MAX_PLACES]; /* factor - 1 */
    double fixed;                         /* of every sample */
    double slow_probe_share;              /* of quiet probes that read 8 % slow */
    double loop;                          /* of an iteration of the empty arm */
    double layout_sd;                     /* of ln speedup between layouts */
    double noise;                         /* mean of the exponential tail, relative */
    double busy_share, busy_items;        /* of the time; mean length of a burst */
    double busy_factor[HV_ARMS];          /* on the time of an arm */
    double hidden_share;                  /* bursts inside a sample, unseen by probes */
    double drop_share;
};

/* bind-like: ratio 2, four placements, 24 layouts, 40 % busy. */
struct synthetic_truth synthetic_bind(uint64_t seed);

/* A run of one pair "bind", kernel set "builtin", the built-in hypothesis, clock of 4
 * adders, 4 ticks a ns, 2048 bits, precision 1 %. */
struct hv_run *synthetic_run(const struct synthetic_truth *truth,
                             struct hv_arena *arena);

/* Appends one more layout's worth of samples; for tests of partial sequences. */
void synthetic_fill_layout(const struct synthetic_truth *truth,
                           struct synthetic_random *random, struct hv_arena *arena,
                           struct hv_layout *out);

#endif
