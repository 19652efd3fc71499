/* SPDX-License-Identifier: MIT */
/* A worker while it runs, as main sees it: shared by the files that talk to it and to
 * the opener about it. */
#ifndef HV_MEASURE_CONVERSATION_H
#define HV_MEASURE_CONVERSATION_H

#include "src/measure/last_words.h"
#include "src/measure/session_state.h"

struct hv_conversation {
    struct hv_session *session;
    struct hv_job *job;
    struct hv_job_events *events;
    hv_frame_fn *on_frame;
    void *user;
    int socket, frames, output; /* main's ends */
    int opened[HV_GROUP_EVENTS];
    unsigned n_opened;
    unsigned char *buffer;
    size_t used, size, total, printed;
    bool greeted, delivered, done, exited, hung;
    bool frames_ended, output_ended; /* a pipe at its end stays readable for ever */
    struct hv_last_words last;
};

/* Seconds of a clock that only goes forward. */
double hv_seconds_now(void);

/* Sends the opener a request and waits for its answer; *opened (may be NULL) is the
 * descriptor that came along, or -1. What the opener answers, -ECONNRESET when it is
 * gone, -ETIMEDOUT when it does not answer, -EINTR after Ctrl-C. */
int hv_ask(struct hv_conversation *c, const struct hv_request *request, const int *fds,
           unsigned n_fds, int *opened);

/* Takes what the opener says by itself: that the worker has ended. */
int hv_take_reply(struct hv_conversation *c);

/* 0 also when the worker is gone already. */
int hv_kill_worker(struct hv_conversation *c, int number);

/* Opens the worker's events and hands it its job; called for its first frame. */
int hv_hand_over(struct hv_conversation *c);

/* Takes the frames, or the text, that the worker has written so far. */
int hv_read_frames(struct hv_conversation *c);
void hv_pass_output_on(struct hv_conversation *c);

#endif
