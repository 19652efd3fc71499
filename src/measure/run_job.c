/* SPDX-License-Identifier: MIT */
/* One worker from spawn to end: hands it the job, takes its frames, outlives whatever
 * it does. Everything a worker sends is bounded and checked before it is used. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "src/measure/last_words.h"
#include "src/measure/opener.h"
#include "src/measure/session_state.h"
#include "src/measure/spawn.h"

enum {
    FRAME_MAX = 8 << 20,  /* bytes of one payload */
    TOTAL_MAX = 64 << 20, /* bytes of one worker */
    OUTPUT_MAX = 4096,    /* bytes of a worker's own output that are passed on */
    GRACE_MS = 300,       /* between asking a hung worker where it is and SIGKILL */
};

/* A worker while it runs. */
struct conversation {
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
    bool done, exited, hung;
    bool frames_ended, output_ended; /* a pipe at its end stays readable for ever */
    int rc;                          /* of on_frame or the protocol */
    struct hv_last_words last;
};

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Sends a request and waits for its answer; an EXITED that comes first is remembered.
 */
static int ask(struct conversation *c, const struct hv_request *request, const int *fds,
               unsigned n_fds, int *opened)
{
    struct hv_session *s = c->session;
    int rc = hv_wire_send(s->socket, request, sizeof *request, fds, n_fds);
    while (!rc) {
        struct hv_reply reply;
        int fd = -1;
        unsigned n = 1;
        rc = hv_wire_receive(s->socket, &reply, sizeof reply, &fd, &n);
        if (rc)
            break;
        if (reply.kind == HV_REPLY_EXITED) {
            if (reply.slot == s->slot) {
                c->exited = true;
                c->last.wait_status = reply.wait_status;
            }
            continue;
        }
        if (request->kind == HV_REQUEST_SPAWN)
            s->slot = reply.slot;
        if (opened)
            *opened = n ? fd : -1;
        else if (n)
            close(fd);
        return reply.rc;
    }
    return rc == -EPROTO ? rc : -ECONNRESET;
}

static int kill_worker(struct conversation *c, int number)
{
    const struct hv_request request = {
        .kind = HV_REQUEST_KILL, .slot = c->session->slot, .signal = (uint32_t)number};
    int rc = ask(c, &request, NULL, 0, NULL);
    return rc == -ESRCH ? 0 : rc;
}

static int spawn(struct conversation *c)
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
        rc = ask(c, &(struct hv_request){.kind = HV_REQUEST_SPAWN}, fds, HV_SPAWN_FDS,
                 NULL);
        close(output[1]);
    }
    close(job[1]);
    close(frames[1]);
    return rc;
}

/* The worker runs: its events are opened, and it gets its job. */
static int hand_over(struct conversation *c)
{
    struct hv_job_events *events = c->events;
    for (unsigned i = 0; events && i < events->n; i++) {
        struct hv_request request = {.kind = HV_REQUEST_OPEN,
                                     .slot = c->session->slot,
                                     .joins = c->n_opened > 0,
                                     .event = events->event[i]};
        int fd = -1;
        events->status[i] = ask(c, &request, NULL, 0, &fd);
        if (events->status[i] == -ECONNRESET)
            return -ECONNRESET;
        if (fd >= 0)
            c->opened[c->n_opened++] = fd;
    }
    c->job->n_events = c->n_opened;
    int rc =
        hv_wire_send(c->socket, c->job, sizeof *c->job, c->opened, c->n_opened > 0);
    return rc == -ECONNRESET ? 0 : rc; /* it died: its exit tells more */
}

static size_t payload_of(uint32_t kind)
{
    static const size_t sizes[] = {
        [HV_FRAME_ROW] = sizeof(struct hv_row_frame),
        [HV_FRAME_SURVEY] = sizeof(struct hv_survey_frame),
        [HV_FRAME_PREPARED] = sizeof(struct hv_prepared_frame),
        [HV_FRAME_LAYOUT] = sizeof(struct hv_layout_frame),
        [HV_FRAME_READING] = sizeof(struct hv_reading_frame),
        [HV_FRAME_METER] = sizeof(struct hv_meter_frame),
        [HV_FRAME_FAILED] = sizeof(struct hv_failed_frame),
        [HV_FRAME_CRASH] = sizeof(struct hv_crash_frame),
        [HV_FRAME_DONE] = 0,
    };
    return kind < HV_LEN(sizes) ? sizes[kind] : FRAME_MAX;
}

static bool plausible(const struct hv_frame *frame)
{
    if (frame->kind < HV_FRAME_HELLO || frame->kind > HV_FRAME_DONE ||
        frame->bytes > FRAME_MAX)
        return false;
    if (frame->kind == HV_FRAME_SERIES)
        return frame->bytes >= sizeof(struct hv_series_frame);
    return frame->bytes == payload_of(frame->kind);
}

static int take_frame(struct conversation *c, const struct hv_frame *frame,
                      unsigned char *payload)
{
    switch (frame->kind) {
    case HV_FRAME_HELLO: return hand_over(c);
    case HV_FRAME_DONE: c->done = true; return 0;
    case HV_FRAME_FAILED:
        memcpy(&c->last.failed, payload, sizeof c->last.failed);
        c->last.has_failed = true;
        return 0;
    case HV_FRAME_CRASH:
        memcpy(&c->last.crash, payload, sizeof c->last.crash);
        c->last.has_crash = true;
        return 0;
    default: return c->on_frame(c->user, frame->kind, payload, frame->bytes);
    }
}

static int take_frames(struct conversation *c)
{
    size_t at = 0;
    struct hv_frame frame;
    while (c->used - at >= sizeof frame) {
        memcpy(&frame, c->buffer + at, sizeof frame);
        if (!plausible(&frame))
            return -EPROTO;
        if (c->used - at < sizeof frame + frame.bytes)
            break;
        /* Moved to the front, so that every payload is aligned. */
        memmove(c->buffer, c->buffer + at, c->used - at);
        c->used -= at;
        int rc = take_frame(c, &frame, c->buffer + sizeof frame);
        if (rc)
            return rc;
        at = sizeof frame + frame.bytes;
    }
    memmove(c->buffer, c->buffer + at, c->used - at);
    c->used -= at;
    return 0;
}

/* Reads what is there. 0 or -errno. */
static int read_frames(struct conversation *c)
{
    for (;;) {
        if (c->size - c->used < 65536) {
            size_t size = c->size ? 2 * c->size : 262144;
            if (size > 4 * (size_t)FRAME_MAX)
                return -EPROTO;
            void *grown = realloc(c->buffer, size);
            if (!grown)
                return -ENOMEM;
            c->buffer = grown;
            c->size = size;
        }
        ssize_t n = read(c->frames, c->buffer + c->used, c->size - c->used);
        if (n < 0)
            return errno == EAGAIN || errno == EINTR ? 0 : -errno;
        if (n == 0) {
            c->frames_ended = true;
            return 0;
        }
        c->used += (size_t)n;
        c->total += (size_t)n;
        int rc = c->total > TOTAL_MAX ? -EPROTO : take_frames(c);
        if (rc)
            return rc;
    }
}

/* A kernel may print: its text reaches stderr as text, never as terminal commands. */
static void pass_output_on(struct conversation *c)
{
    char text[1024];
    ssize_t n;
    while ((n = read(c->output, text, sizeof text)) > 0)
        for (ssize_t i = 0; i < n && c->printed < OUTPUT_MAX; i++, c->printed++) {
            bool plain = text[i] == '\n' || (text[i] >= ' ' && text[i] <= '~');
            fputc(plain ? text[i] : '?', stderr);
        }
    c->output_ended = n == 0 || errno != EAGAIN;
}

static int take_reply(struct conversation *c)
{
    struct hv_reply reply;
    int rc = hv_wire_receive(c->session->socket, &reply, sizeof reply, NULL, NULL);
    if (rc)
        return -ECONNRESET;
    if (reply.kind == HV_REPLY_EXITED && reply.slot == c->session->slot) {
        c->exited = true;
        c->last.wait_status = reply.wait_status;
    }
    return 0;
}

/* Time is up: first the worker is asked where it is, then it is killed. */
static int press(struct conversation *c)
{
    int number = c->hung ? SIGKILL : SIGALRM;
    c->hung = true;
    return kill_worker(c, number);
}

/* Waits for one thing to happen, for at most so many seconds, and deals with it. */
static int step(struct conversation *c, double seconds)
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
        pass_output_on(c);
    int rc = watch[0].revents ? read_frames(c) : 0;
    if (rc >= 0 && watch[2].revents)
        rc = take_reply(c);
    return rc;
}

static int converse(struct conversation *c, double limit_seconds)
{
    double end = seconds_now() + limit_seconds;
    while (!c->exited) {
        const double left = end - seconds_now();
        int rc = left > 0 ? step(c, left) : press(c);
        if (rc)
            return rc;
        if (left <= 0)
            end = seconds_now() + GRACE_MS / 1000.0;
    }
    pass_output_on(c);
    return read_frames(c);
}

/* Kills a worker that is still there and waits for its end, so that the slot is free.
 */
static void put_down(struct conversation *c)
{
    if (kill_worker(c, SIGKILL))
        return;
    while (!c->exited)
        if (take_reply(c))
            return;
}

static int judge(struct conversation *c, int rc, struct hv_error *error)
{
    if (rc == -EINTR)
        return hv_fail(error, rc, "interrupted");
    if (rc == -ECONNRESET)
        return hv_fail(error, rc,
                       "the helper process that starts workers is gone (killed?)");
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
    struct conversation c = {.session = session,
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
