/* SPDX-License-Identifier: MIT */
/* What to measure: cli/ makes it from argv, measure/ carries it out. */
#ifndef HV_MEASURE_PLAN_H
#define HV_MEASURE_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "counters/backend.h"
#include "src/run.h"

enum { HV_MAX_PLUGINS = 8 };

struct hv_plan {
    struct hv_settings settings;
    const char *pairs; /* comma list; NULL: all but the controls */
    const char *isa;   /* NULL: the best this CPU has; "all": every one it has */
    int cpu;           /* -1: the quietest allowed one */
    const char *plugins[HV_MAX_PLUGINS];
    unsigned n_plugins;
    const char *events; /* comma list beside the default sets; NULL: none */
    bool kernel_mode;   /* count kernel mode too */
    const struct hv_backend *backend;
    double hang_seconds; /* a worker silent for longer than it may be is killed */
};

#endif
