/* SPDX-License-Identifier: MIT */
/* The backend "fake": see hv_backend_find for its script. */
#ifndef HV_COUNTERS_FAKE_H
#define HV_COUNTERS_FAKE_H

#include <sys/types.h>

#include "counters/event.h"
#include "src/run.h"

int hv_fake_open(const struct hv_event *event, pid_t pid, int cpu, int group_fd);
int hv_fake_reset_enable(int leader);
int hv_fake_disable(int leader);
int hv_fake_read(int leader, unsigned n, struct hv_reading out[]);

#endif
