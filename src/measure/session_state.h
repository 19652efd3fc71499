/* SPDX-License-Identifier: MIT */
/* The inside of a session, shared by session.c and run_job.c only. */
#ifndef HV_MEASURE_SESSION_STATE_H
#define HV_MEASURE_SESSION_STATE_H

#include <signal.h>
#include <sys/types.h>

#include "src/measure/session.h"

struct hv_session {
    const struct hv_plan *plan;
    int socket;  /* to the opener */
    int signals; /* signalfd of SIGINT, SIGTERM, SIGHUP */
    int beacon_fd;
    struct hv_beacon *beacon;
    pid_t opener;
    uint32_t slot; /* of the newest worker */
    bool interrupted;
    sigset_t mask, watched; /* the mask before; what `signals` reads */
};

#endif
