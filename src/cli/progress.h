/* SPDX-License-Identifier: MIT */
/* A progress bar on stderr, on a terminal only. */
#ifndef HV_CLI_PROGRESS_H
#define HV_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

struct hv_progress;

/* NULL when there is nobody to look at it; every call takes NULL. */
struct hv_progress *hv_progress_open(bool off);
void hv_progress_close(struct hv_progress *progress);

/* Pair number done (from 0) of all begins. Drawn before the pair is timed: while it is,
 * main sleeps. */
void hv_progress_step(struct hv_progress *progress, size_t done, size_t all,
                      const char *name);
void hv_progress_clear(struct hv_progress *progress);

#endif
