/* SPDX-License-Identifier: MIT */
/* Starting and ending the split: what main opens, forks and gives up, in this order. */
#include "src/measure/session.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/measure/opener.h"
#include "src/measure/reap.h"
#include "src/measure/session_state.h"

enum { PLUGIN_MAX = 256 << 20 };

/* Opened by root for a worker without root: nothing but code may get there. */
static const char *what_is_wrong_with(int plugin)
{
    struct stat status;
    char magic[SELFMAG] = "";
    if (fstat(plugin, &status) || !S_ISREG(status.st_mode))
        return "is no regular file";
    if (pread(plugin, magic, sizeof magic, 0) != (ssize_t)sizeof magic ||
        memcmp(magic, ELFMAG, sizeof magic) != 0)
        return "is no shared object";
    return status.st_size > PLUGIN_MAX ? "has more than 256 MiB" : NULL;
}

static int open_plugins(const struct hv_plan *plan, struct hv_opener *opener,
                        struct hv_error *error)
{
    for (unsigned i = 0; i < plan->n_plugins; i++) {
        int fd = open(plan->plugins[i], O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (fd < 0)
            return hv_fail(error, -errno, "cannot open plugin %s: %s", plan->plugins[i],
                           strerror(errno));
        opener->plugins[opener->n_plugins++] = fd;
        const char *why = what_is_wrong_with(fd);
        if (why)
            return hv_fail(error, -EINVAL, "plugin %s %s: name the .so",
                           plan->plugins[i], why);
    }
    return 0;
}

/* A copy that whoever holds the descriptor can execute, and nobody can change: workers
 * hold it too. */
static int copy_binary(int binary, off_t bytes)
{
    int copy = memfd_create("hvperf", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    off_t at = 0;
    while (copy >= 0 && at < bytes)
        if (sendfile(copy, binary, &at, (size_t)(bytes - at)) <= 0) {
            close(copy);
            return -EIO;
        }
    const int seals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
    if (copy < 0 || fchmod(copy, 0755) || fcntl(copy, F_ADD_SEALS, seals))
        return -errno;
    return copy;
}

/* This binary, such that a worker may execute it: built under umask 077 it is for its
 * owner only, and the worker is somebody else. */
static int open_tool(const struct hv_identity *worker)
{
    struct stat status;
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status))
        return -errno;
    const mode_t all = S_IROTH | S_IXOTH;
    if (!worker->change || (status.st_mode & all) == all)
        return fd;
    int copy = copy_binary(fd, status.st_size);
    close(fd);
    return copy;
}

/* The page is sealed: a worker that shrank it could kill main with SIGBUS. */
static int make_beacon(struct hv_session *s)
{
    s->beacon_fd = memfd_create("hvperf-beacon", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (s->beacon_fd < 0 || ftruncate(s->beacon_fd, sizeof *s->beacon) ||
        fcntl(s->beacon_fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL))
        return -errno;
    void *page = mmap(NULL, sizeof *s->beacon, PROT_READ | PROT_WRITE, MAP_SHARED,
                      s->beacon_fd, 0);
    if (page == MAP_FAILED)
        return -errno;
    s->beacon = page;
    return 0;
}

static int fork_opener(struct hv_session *s, struct hv_opener *opener)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
        return -errno;
    fflush(NULL); /* else the child's copy of a buffer could be written twice */
    s->opener = fork();
    if (s->opener < 0)
        return -errno;
    if (s->opener == 0) {
        close(ends[0]);
        opener->socket = ends[1];
        hv_opener_serve(opener);
    }
    close(ends[1]);
    s->socket = ends[0];
    return 0;
}

/* Ctrl-C and its like become readable instead of deadly: what was measured is written.
 */
static int watch_signals(struct hv_session *s)
{
    static const int watched[] = {SIGINT, SIGTERM, SIGHUP};
    sigemptyset(&s->watched);
    for (size_t i = 0; i < HV_LEN(watched); i++) {
        struct sigaction old;
        /* nohup, and shells for background jobs, ignore some: they stay ignored. */
        if (sigaction(watched[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaddset(&s->watched, watched[i]);
    }
    signal(SIGPIPE, SIG_IGN);
    if (sigprocmask(SIG_BLOCK, &s->watched, &s->mask))
        return -errno;
    s->signals = signalfd(-1, &s->watched, SFD_CLOEXEC | SFD_NONBLOCK);
    return s->signals < 0 ? -errno : 0;
}

static int split(struct hv_session *s, struct hv_opener *opener)
{
    signal(SIGCHLD, SIG_DFL); /* ignored, the end of a worker would go unseen */
    int rc = make_beacon(s);
    if (!rc)
        rc = hv_reap_adopt();
    if (!rc)
        rc = fork_opener(s, opener);
    const struct hv_identity self = hv_identity_for_main();
    if (!rc)
        rc = hv_identity_assume(&self);
    /* Else a worker of the same uid can attach to main, or take its socket. */
    if (!rc && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
        rc = -errno;
    return rc ? rc : watch_signals(s);
}

int hv_session_open(struct hv_session **session, const struct hv_plan *plan,
                    struct hv_error *error)
{
    struct hv_session *s = calloc(1, sizeof *s);
    struct hv_opener opener = {.worker = hv_identity_for_workers(),
                               .backend = plan->backend};
    if (!s)
        return hv_fail(error, -ENOMEM, "out of memory");
    s->socket = s->signals = s->beacon_fd = -1;
    s->plan = plan;
    opener.tool = open_tool(&opener.worker);
    int rc = opener.tool < 0
                 ? hv_fail(error, -EIO, "cannot open hvperf's own binary: %s",
                           strerror(-opener.tool))
                 : open_plugins(plan, &opener, error);
    if (!rc) {
        rc = split(s, &opener);
        if (rc)
            hv_fail(error, rc, "cannot start the privileged helper: %s", strerror(-rc));
    }
    if (opener.tool >= 0)
        close(opener.tool);
    while (opener.n_plugins)
        close(opener.plugins[--opener.n_plugins]);
    if (rc)
        hv_session_close(s);
    else
        *session = s;
    return rc;
}

void hv_session_stop(struct hv_session *s)
{
    if (s->socket >= 0)
        close(s->socket); /* the opener ends, and takes its workers along */
    s->socket = -1;
    if (s->opener > 0)
        hv_reap_descendants();
    s->opener = 0;
}

bool hv_session_release(struct hv_session *s)
{
    sigset_t pending;
    sigemptyset(&pending);
    sigpending(&pending);
    for (int number = 1; number < NSIG; number++)
        if (sigismember(&pending, number) == 1 && sigismember(&s->watched, number) == 1)
            return true;
    sigprocmask(SIG_SETMASK, &s->mask, NULL);
    return false;
}

void hv_session_close(struct hv_session *s)
{
    if (!s)
        return;
    hv_session_stop(s);
    if (s->signals >= 0)
        close(s->signals);
    if (s->beacon)
        munmap(s->beacon, sizeof *s->beacon);
    if (s->beacon_fd >= 0)
        close(s->beacon_fd);
    free(s);
}
