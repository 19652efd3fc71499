/* SPDX-License-Identifier: MIT */
/* The opener: the one process that keeps root. It spawns and reaps workers and opens
 * perf events on them; it parses nothing, loads nothing and writes no file. */
#ifndef HV_MEASURE_OPENER_H
#define HV_MEASURE_OPENER_H

#include "counters/backend.h"
#include "src/measure/plan.h"
#include "src/measure/privilege.h"

struct hv_opener {
    int socket; /* SOCK_SEQPACKET, the other end is main's */
    int tool;   /* this tool's own binary, open for reading */
    int plugins[HV_MAX_PLUGINS];
    unsigned n_plugins;
    struct hv_identity worker; /* whom workers run as */
    const struct hv_backend *backend;
};

/* Serves requests until main is gone, then kills every descendant and exits. Called in
 * the child of a fork; all other descriptors should be closed before. */
_Noreturn void hv_opener_serve(const struct hv_opener *opener);

#endif
