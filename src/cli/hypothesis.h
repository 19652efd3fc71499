/* SPDX-License-Identifier: MIT */
/* The hypothesis a run tests: the user's file, or the built-in one. */
#ifndef HV_CLI_HYPOTHESIS_H
#define HV_CLI_HYPOTHESIS_H

#include "src/measure/measure.h"

/* Sets m->run->hypothesis from the file at path (NULL: the built-in one), and checks
 * that each pair it names is in m->catalogue. Only to be called once privileges are
 * dropped (hv_session_open). -EINVAL or what the file system says, with the file, its
 * line and the key. */
int hv_cli_hypothesis(struct hv_measurement *m, const char *path,
                      struct hv_error *error);

#endif
