/* SPDX-License-Identifier: MIT */
/* Starting one worker: a fresh process of little privilege. */
#ifndef HV_MEASURE_SPAWN_H
#define HV_MEASURE_SPAWN_H

#include <sys/types.h>

struct hv_opener;

/* Descriptors a spawn takes, in this order; the numbers the worker finds them at are
 * HV_FD_* of wire.h (output becomes its 1 and 2). */
enum { HV_SPAWN_JOB, HV_SPAWN_FRAMES, HV_SPAWN_OUTPUT, HV_SPAWN_BEACON, HV_SPAWN_FDS };

/* Forks and executes this tool's binary by descriptor as hv_worker_main, without root,
 * without the opener's socket, in a session of its own. Of the plugins it gets number
 * set - 1 only (set 0: none): one plugin must not read another. The pid, or -errno. */
pid_t hv_spawn_worker(const struct hv_opener *opener, unsigned set,
                      const int fds[HV_SPAWN_FDS]);

/* argv[0] a worker is started with. */
#define HV_WORKER_NAME "hvperf-worker"

#endif
