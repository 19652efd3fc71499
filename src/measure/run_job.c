/* SPDX-License-Identifier: MIT */
/* One worker from spawn to end: hands it the job, takes its frames, outlives whatever
 * it does. */
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/measure/conversation.h"
#include "src/measure/spawn.h"

enum { GRACE_MS = 300 }; /* between asking a hung worker where it is and SIGKILL */
#define OVERSLEPT_SECONDS 0.25

static int spawn(struct hv_conversation *c)
{
    int job[2], frames[2], output[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, job))
        return -errno;
    c->socket = job[0];
    int rc = pipe2(frames, O_CLOEXEC) ? -errno : 0;
    if (rc) {
        close(job[1]);
        return rc;
    }
    c->frames = frames[0];
    rc = pipe2(output, O_CLOEXEC) ? -errno : 0;
    if (!rc) {
        c->output = output[0];
        fcntl(c->frames, F_SETFL, O_NONBLOCK);
        fcntl(c->output, F_SETFL, O_NONBLOCK);
        const int fds[HV_SPAWN_FDS] = {
            [HV_SPAWN_JOB] = job[1],
            [HV_SPAWN_FRAMES] = frames[1],
            [HV_SPAWN_OUTPUT] = output[1],
            [HV_SPAWN_BEACON] = c->session->beacon_fd,
        };
        memset(c->session->beacon, 0, sizeof *c->session->beacon);
        rc = hv_ask(c,
                    &(struct hv_request){.kind = HV_REQUEST_SPAWN, .set = c->job->set},
                    fds, HV_SPAWN_FDS, NULL);
        close(output[1]);
    }
    close(job[1]);
    close(frames[1]);
    return rc;
}

/* The worker runs: its events are opened, and it gets its job. */
int hv_hand_over(struct hv_conversation *c)
{
    struct hv_job_events *events = c->events;
    for (unsigned i = 0; events && i < events->n; i++) {
        struct hv_request request = {.kind = HV_REQUEST_OPEN,
                                     .slot = c->session->slot,
                                     .joins = c->n_opened > 0,
                                     .event = events->event[i]};
        request.event.user_read = request.event.type != PERF_TYPE_SOFTWARE;
        int fd = -1;
        events->status[i] = hv_ask(c, &request, NULL, 0, &fd);
        if (events->status[i] == -ECONNRESET)
            return -ECONNRESET;
        if (fd >= 0 && c->n_opened < HV_GROUP_EVENTS)
            c->opened[c->n_opened++] = fd;
        else if (fd >= 0)
            close(fd);
    }
    c->job->n_events = c->n_opened;
    int rc = hv_wire_send(c->socket, c->job, sizeof *c->job, c->opened, c->n_opened);
    return rc == -ECONNRESET ? 0 : rc; /* it died: its exit tells more */
}

/* Time is up: first the worker is asked where it is, then it is killed. */
static int press(struct hv_conversation *c)
{
    int number = c->hung ? SIGKILL : SIGALRM;
    c->hung = true;
    return hv_kill_worker(c, number);
}

/* Waits for one thing to happen, for at most so many seconds, and deals with it. */
static int step(struct hv_conversation *c, double seconds)
{
    struct pollfd watch[] = {
        {.fd = c->frames_ended ? -1 : c->frames, .events = POLLIN},
        {.fd = c->output_ended ? -1 : c->output, .events = POLLIN},
        {.fd = c->session->socket,               .events = POLLIN},
        {.fd = c->session->signals,              .events = POLLIN},
    };
    int ready = poll(watch, HV_LEN(watch), seconds > 0 ? (int)(seconds * 1000) + 1 : 0);
    if (ready <= 0)
        return ready == 0 || errno == EINTR ? 0 : -errno;
    if (watch[3].revents) {
        c->session->interrupted = true;
        return -EINTR;
    }
    if (watch[1].revents)
        hv_pass_output_on(c);
    int rc = watch[0].revents ? hv_read_frames(c) : 0;
    if (rc >= 0 && watch[2].revents)
        rc = hv_take_reply(c);
    return rc;
}

static int converse(struct hv_conversation *c, double limit_seconds)
{
    double end = hv_seconds_now() + limit_seconds;
    while (!c->exited) {
        const double start = hv_seconds_now(), wait = start < end ? end - start : 0;
        int rc = step(c, wait);
        const double overslept = hv_seconds_now() - start - wait;
        if (overslept > OVERSLEPT_SECONDS) {
            end += overslept; /* we were stopped (Ctrl-Z): the worker is not to blame */
        } else if (!rc && !c->exited && hv_seconds_now() >= end) {
            rc = press(c);
            end = hv_seconds_now() + GRACE_MS / 1000.0;
        }
        if (rc)
            return rc;
    }
    hv_pass_output_on(c);
    return hv_read_frames(c);
}

/* Kills a worker that is still there and waits for its end, so that the slot is free.
 */
static void put_down(struct hv_conversation *c)
{
    if (hv_kill_worker(c, SIGKILL))
        return;
    while (!c->exited)
        if (hv_take_reply(c))
            return;
}

static int judge(struct hv_conversation *c, int rc, struct hv_error *error)
{
    if (rc == -EINTR)
        return hv_fail(error, rc, "interrupted");
    if (rc == -ECONNRESET)
        return hv_fail(error, rc,
                       "the helper process that starts workers is gone (killed?)");
    if (rc == -ETIMEDOUT)
        return hv_fail(error, -ECONNRESET,
                       "the helper process that starts workers does not answer "
                       "(stopped?)");
    if (rc == -EPROTO)
        return hv_fail(error, -ECHILD, "the worker sent what no hvperf worker sends");
    if (rc)
        return hv_fail(error, rc, "%s", strerror(-rc));
    if (c->last.has_failed)
        return hv_fail(error, -EBADMSG, "%s",
                       hv_wire_text(c->last.failed.text, sizeof c->last.failed.text));
    if (c->done && !c->last.has_crash)
        return 0;
    c->last.beacon = *c->session->beacon;
    c->last.hung = c->hung;
    return hv_last_words(&c->last, error);
}

int hv_session_run(struct hv_session *session, struct hv_job *job,
                   struct hv_job_events *events, double limit_seconds,
                   hv_frame_fn *on_frame, void *user, struct hv_error *error)
{
    struct hv_conversation c = {.session = session,
                                .job = job,
                                .events = events,
                                .on_frame = on_frame,
                                .user = user,
                                .socket = -1,
                                .frames = -1,
                                .output = -1};
    if (session->interrupted)
        return hv_fail(error, -EINTR, "interrupted");
    int rc = spawn(&c);
    if (!rc) {
        rc = converse(&c, limit_seconds);
        if (!c.exited)
            put_down(&c);
    }
    rc = judge(&c, rc, error);
    const int mine[] = {c.socket, c.frames, c.output};
    for (size_t i = 0; i < HV_LEN(mine); i++)
        if (mine[i] >= 0)
            close(mine[i]);
    while (c.n_opened)
        close(c.opened[--c.n_opened]);
    free(c.buffer);
    return rc;
}
