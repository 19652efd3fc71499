/* SPDX-License-Identifier: MIT */
/* The opener's loop: requests from main, ends of workers. */
#include "src/measure/opener.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "counters/perf.h"
#include "src/measure/reap.h"
#include "src/measure/spawn.h"
#include "src/measure/wire.h"

/* One worker at a time: two would disturb each other's timings. */
struct state {
    const struct hv_opener *opener;
    int ended;     /* signalfd of SIGCHLD */
    pid_t worker;  /* 0: none */
    uint32_t slot; /* number of that worker, counted from 1 */
    int leader;    /* of the group opened last; -1: none */
};

static void reply(const struct state *s, const struct hv_reply *text, int fd)
{
    /* A failure means that main is gone; the next poll says so. */
    (void)hv_wire_send(s->opener->socket, text, sizeof *text, &fd, fd >= 0);
}

static void forget_leader(struct state *s)
{
    if (s->leader >= 0)
        close(s->leader);
    s->leader = -1;
}

static int spawn(struct state *s, uint32_t set, const int *fds, unsigned n_fds)
{
    if (set > s->opener->n_plugins)
        return -EINVAL;
    if (s->worker || n_fds != HV_SPAWN_FDS)
        return s->worker ? -EBUSY : -EPROTO;
    pid_t pid = hv_spawn_worker(s->opener, set, fds);
    if (pid < 0)
        return pid;
    s->worker = pid;
    s->slot++;
    return 0;
}

static int open_event(struct state *s, const struct hv_request *request)
{
    if (!s->worker || request->slot != s->slot)
        return -ESRCH;
    struct hv_event event = request->event;
    event.figure[sizeof event.figure - 1] = 0;
    event.name[sizeof event.name - 1] = 0;
    event.pmu[sizeof event.pmu - 1] = 0;
    if (!hv_event_allowed(&event))
        return -EPERM;
    if (!request->joins)
        forget_leader(s);
    int fd = s->opener->backend->open(&event, s->worker, -1, s->leader);
    if (fd >= 0 && s->leader < 0)
        s->leader = dup(fd);
    return fd;
}

static int signal_worker(const struct state *s, const struct hv_request *request)
{
    if (!s->worker || request->slot != s->slot)
        return -ESRCH;
    int number = request->signal == SIGALRM ? SIGALRM : SIGKILL;
    return kill(s->worker, number) ? -errno : 0;
}

/* -ECONNRESET when main is gone. */
static int serve_request(struct state *s)
{
    struct hv_request request;
    int fds[HV_WIRE_FDS];
    unsigned n_fds = HV_WIRE_FDS;
    int rc = hv_wire_receive(s->opener->socket, &request, sizeof request, fds, &n_fds);
    if (rc)
        return -ECONNRESET;
    struct hv_reply answer = {.kind = HV_REPLY_DONE};
    int opened = -1;
    switch (request.kind) {
    case HV_REQUEST_SPAWN: answer.rc = spawn(s, request.set, fds, n_fds); break;
    case HV_REQUEST_KILL: answer.rc = signal_worker(s, &request); break;
    case HV_REQUEST_OPEN:
        opened = open_event(s, &request);
        answer.rc = opened < 0 ? opened : 0;
        break;
    default: answer.rc = -ENOSYS;
    }
    answer.slot = s->slot;
    reply(s, &answer, opened);
    if (opened >= 0)
        close(opened);
    while (n_fds)
        close(fds[--n_fds]);
    return 0;
}

static void reap(struct state *s)
{
    struct signalfd_siginfo info;
    (void)!read(s->ended, &info, sizeof info); /* only empties it; waitpid tells */
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        if (pid != s->worker)
            continue;
        s->worker = 0;
        forget_leader(s);
        hv_reap_descendants(); /* what the worker left behind */
        reply(s,
              &(struct hv_reply){
                  .kind = HV_REPLY_EXITED, .slot = s->slot, .wait_status = status},
              -1);
    }
}

_Noreturn void hv_opener_serve(const struct hv_opener *opener)
{
    struct state s = {.opener = opener, .leader = -1};
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    s.ended = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    setsid(); /* Ctrl-C is for main: the opener ends when main does */
    if (s.ended < 0 || hv_reap_adopt() || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
        _exit(1);
    struct pollfd watch[] = {
        {.fd = opener->socket, .events = POLLIN},
        {.fd = s.ended,        .events = POLLIN}
    };
    for (;;) {
        if (poll(watch, 2, -1) < 0 && errno != EINTR)
            break;
        if (watch[1].revents)
            reap(&s);
        if (watch[0].revents && serve_request(&s))
            break;
    }
    hv_reap_descendants();
    _exit(0);
}
