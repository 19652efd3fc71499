/* SPDX-License-Identifier: MIT */
/* What stands between a kernel and the rest of the system. Each line keeps out an
 * attack that was carried out on a prototype; tests/cli/attacks.sh repeats them. */
#include "src/measure/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "src/measure/opener.h"
#include "src/measure/wire.h"

extern char **environ;

enum { ENVIRONMENT = 32 };

/* The only variables a worker gets: they change how its code runs, not what it knows.
 */
static const char *const passed_on[] = {
    "LD_LIBRARY_PATH=", "LD_PRELOAD=", "MALLOC_",     "GLIBC_TUNABLES=", "ASAN_",
    "UBSAN_",           "LSAN_",       "HVPERF_TEST_"};

static void pick_environment(char *picked[ENVIRONMENT])
{
    size_t n = 0;
    for (char **variable = environ; *variable && n + 1 < ENVIRONMENT; variable++)
        for (size_t i = 0; i < HV_LEN(passed_on); i++)
            if (strncmp(*variable, passed_on[i], strlen(passed_on[i])) == 0) {
                picked[n++] = *variable;
                break;
            }
    picked[n] = NULL;
}

/* Puts every descriptor at its number. They are first moved out of the way, so that
 * none is overwritten before it was placed. */
static int place_descriptors(const struct hv_opener *opener, unsigned set,
                             const int *fds)
{
    int from[HV_FD_PLUGIN + 1] = {
        [STDIN_FILENO] = open("/dev/null", O_RDONLY | O_CLOEXEC), /* no terminal */
        [STDOUT_FILENO] = fds[HV_SPAWN_OUTPUT],
        [STDERR_FILENO] = fds[HV_SPAWN_OUTPUT],
        [HV_FD_JOB] = fds[HV_SPAWN_JOB],
        [HV_FD_FRAMES] = fds[HV_SPAWN_FRAMES],
        [HV_FD_BEACON] = fds[HV_SPAWN_BEACON],
        [HV_FD_TOOL] = opener->tool,
        [HV_FD_PLUGIN] = set ? opener->plugins[set - 1] : -1,
    };
    const int count = set ? HV_FD_PLUGIN + 1 : HV_FD_PLUGIN;
    for (int i = 0; i < count; i++)
        if ((from[i] = fcntl(from[i], F_DUPFD, HV_FD_PLUGIN + 1)) < 0)
            return -errno;
    for (int i = 0; i < count; i++)
        if (dup2(from[i], i) < 0)
            return -errno;
    /* The opener's socket must not survive: with it, a worker could ask for more. */
    if (syscall(SYS_close_range, count, ~0U, 0))
        return -errno;
    return 0;
}

/* What keeps a worker from what it has no business with. 0 or -errno. */
static int confine(const struct hv_opener *opener, pid_t parent)
{
    const struct rlimit no_core = {0, 0};
    int rc = setsid() < 0 || setrlimit(RLIMIT_CORE, &no_core) ? -errno : 0;
    if (!rc)
        rc = hv_identity_assume(&opener->worker);
    if (!rc && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
                /* After the drop: a change of credentials clears it. */
                prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) || chdir("/")))
        rc = -errno;
    /* The opener may have died before PDEATHSIG was set. */
    return !rc && getppid() != parent ? -ESRCH : rc;
}

/* In the child: never returns to the opener's code. */
static _Noreturn void become_worker(const struct hv_opener *opener, unsigned set,
                                    const int *fds, pid_t parent)
{
    char *argv[] = {(char *)HV_WORKER_NAME, NULL}, *envp[ENVIRONMENT];
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    pick_environment(envp);
    int rc = place_descriptors(opener, set, fds);
    if (rc) {
        dprintf(fds[HV_SPAWN_OUTPUT], "hvperf: no descriptors for a worker: %s\n",
                strerror(-rc));
        _exit(126);
    }
    rc = confine(opener, parent);
    if (rc) {
        dprintf(STDERR_FILENO, "hvperf: cannot confine a worker: %s\n", strerror(-rc));
        _exit(126);
    }
    syscall(SYS_execveat, HV_FD_TOOL, "", argv, envp, AT_EMPTY_PATH);
    dprintf(STDERR_FILENO, "hvperf: cannot execute a worker: %s\n", strerror(errno));
    _exit(127);
}

pid_t hv_spawn_worker(const struct hv_opener *opener, unsigned set,
                      const int fds[HV_SPAWN_FDS])
{
    const pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0)
        become_worker(opener, set, fds, parent);
    return pid < 0 ? -errno : pid;
}
