/* SPDX-License-Identifier: MIT */
/* Talking to the opener, with an ear for Ctrl-C: it may be stopped, or gone. */
#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "src/measure/conversation.h"

enum { OPENER_SECONDS = 5 }; /* it answers in well under a millisecond */

double hv_seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Waits until the opener says something. -EINTR after Ctrl-C, -ETIMEDOUT when it does
 * not answer (stopped?): whoever gets that ends the session, which kills it. */
static int wait_for_opener(struct hv_conversation *c)
{
    struct hv_session *s = c->session;
    struct pollfd watch[] = {
        {.fd = s->socket,                        .events = POLLIN},
 /* heard once, the worker is being put down: -1 is skipped */
        {.fd = s->interrupted ? -1 : s->signals, .events = POLLIN}
    };
    /* After Ctrl-C nobody wants to wait for a helper that may be stopped as well. */
    const double end = hv_seconds_now() + (s->interrupted ? 0.5 : OPENER_SECONDS);
    for (double left; (left = end - hv_seconds_now()) > 0;) {
        int ready = poll(watch, HV_LEN(watch), (int)(left * 1000) + 1);
        if (ready < 0 && errno != EINTR)
            return -errno;
        if (ready > 0 && watch[0].revents)
            return 0;
        if (ready > 0) {
            s->interrupted = true;
            return -EINTR;
        }
    }
    return -ETIMEDOUT;
}

/* Sends a request and waits for its answer; an EXITED that comes first is remembered.
 */
int hv_ask(struct hv_conversation *c, const struct hv_request *request, const int *fds,
           unsigned n_fds, int *opened)
{
    struct hv_session *s = c->session;
    int rc = hv_wire_send(s->socket, request, sizeof *request, fds, n_fds);
    while (!rc) {
        struct hv_reply reply;
        int fd = -1;
        unsigned n = 1;
        rc = wait_for_opener(c);
        if (rc)
            return rc;
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

int hv_take_reply(struct hv_conversation *c)
{
    struct hv_reply reply;
    int rc = wait_for_opener(c);
    if (rc)
        return rc;
    rc = hv_wire_receive(c->session->socket, &reply, sizeof reply, NULL, NULL);
    if (rc)
        return -ECONNRESET;
    if (reply.kind == HV_REPLY_EXITED && reply.slot == c->session->slot) {
        c->exited = true;
        c->last.wait_status = reply.wait_status;
    }
    return 0;
}

int hv_kill_worker(struct hv_conversation *c, int number)
{
    const struct hv_request request = {
        .kind = HV_REQUEST_KILL, .slot = c->session->slot, .signal = (uint32_t)number};
    int rc = hv_ask(c, &request, NULL, 0, NULL);
    return rc == -ESRCH ? 0 : rc;
}
