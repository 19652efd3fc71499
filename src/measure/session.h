/* SPDX-License-Identifier: MIT */
/* Main's side of the privilege split: starts the opener, drops, and has workers run one
 * job at a time. */
#ifndef HV_MEASURE_SESSION_H
#define HV_MEASURE_SESSION_H

#include "src/base/error.h"
#include "src/measure/plan.h"
#include "src/measure/wire.h"

struct hv_session;

/* Opens the tool's own binary and the plugins, forks the opener, drops privileges.
 * Nothing of the user's may have been read before. 0, or -errno with *error set. */
int hv_session_open(struct hv_session **session, const struct hv_plan *plan,
                    struct hv_error *error);

/* Ends opener and workers; nobody is left when it returns. No job can follow. */
void hv_session_stop(struct hv_session *session);

/* For when everything worth keeping is on disk: Ctrl-C and its like end the process
 * again. True: one came meanwhile (and stays blocked). */
bool hv_session_release(struct hv_session *session);

/* Stops the session if need be and frees it. NULL is ignored. */
void hv_session_close(struct hv_session *session);

/* The events a job counts; status and the leader are filled in as they are opened. */
struct hv_job_events {
    const struct hv_event *event;
    unsigned n;
    int status[HV_GROUP_EVENTS]; /* 0, or -errno of the open */
};

/* Called for every frame a worker sends but HELLO, DONE, FAILED and CRASH. bytes is
 * what the frame's kind demands; the content is untrusted. Non-zero ends the worker. */
typedef int hv_frame_fn(void *user, enum hv_frame_kind kind, const void *payload,
                        size_t bytes);

/* Runs one job in a fresh worker. limit_seconds: a worker that takes longer hangs, and
 * is killed. 0; -EINTR after Ctrl-C (or SIGTERM, SIGHUP), then and in every later call;
 * -EBADMSG when the worker said why it failed; -ECHILD when it crashed, hung or was
 * killed; -ECONNRESET when the opener is gone. *error holds the sentence. */
int hv_session_run(struct hv_session *session, struct hv_job *job,
                   struct hv_job_events *events, double limit_seconds,
                   hv_frame_fn *on_frame, void *user, struct hv_error *error);

#endif
