/* SPDX-License-Identifier: MIT */
/* What the commands that measure share: a session, a run that grows, and what is told
 * of it at the end. */
#ifndef HV_CLI_MEASURING_H
#define HV_CLI_MEASURING_H

#include "src/cli/commands.h"
#include "src/cli/progress.h"
#include "src/measure/measure.h"
#include "src/result.h"

/* A run while it is made. */
struct hv_measuring {
    const struct hv_options *options;
    struct hv_measurement m;
    struct hv_run run;
    struct hv_progress *progress;
    int rc; /* the first failure that did not end the run */
};

/* What a command leaves behind. report NULL: no report is written. */
struct hv_leaves {
    const char *dump, *report;
    int (*print)(const struct hv_measuring *job, const struct hv_result *result,
                 struct hv_error *error);
};

/* Ctrl-C and a lost helper end the whole run; a kernel that failed ends its pair. */
bool hv_ends_run(int rc);

/* Notes Ctrl-C, tells everything else on stderr. */
void hv_note_failure(struct hv_measuring *job, int rc, const struct hv_error *error);

/* Verifies, times and, with counters, counts and traces one target. */
int hv_measure_target(struct hv_measuring *job, struct hv_target *target,
                      struct hv_error *error);

/* The same of something beside the pairs: a failure has its reason in the run; only
 * what ends a run is returned. user: the struct hv_measuring. */
int hv_measure_beside(void *user, struct hv_target *target, struct hv_error *error);

/* Opens the session, lets `begin` and then `measure` work, writes dump and report and
 * prints. begin's error ends the command before anything is measured. Returns the exit
 * code. */
int hv_measuring_run(const struct hv_options *options, int argc, char **argv,
                     int (*begin)(struct hv_measuring *job, struct hv_error *error),
                     void (*measure)(struct hv_measuring *job),
                     const struct hv_leaves *leaves);

/* Makes the folder of --output if its last part is missing; finds out before anything
 * is measured whether both files can be put there. */
int hv_prepare_folder(const struct hv_options *options, const struct hv_leaves *leaves,
                      struct hv_error *error);

#endif
