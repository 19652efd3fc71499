/* SPDX-License-Identifier: MIT */
/* What stands between a kernel and the rest of the system. Each line keeps out an
 * attack that was carried out on a prototype; tests/cli/attacks.sh repeats them. */
#include "src/measure/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "src/measure/opener.h"
#include "src/measure/wire.h"

extern char **environ;

enum { ENVIRONMENT = 32, STASH = 100 };

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
static int place_descriptors(const struct hv_opener *opener, const int *fds)
{
    const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int from[HV_FD_PLUGINS + HV_MAX_PLUGINS] = {
        [STDIN_FILENO] = null, /* no terminal to type into */
        [STDOUT_FILENO] = fds[HV_SPAWN_OUTPUT],
        [STDERR_FILENO] = fds[HV_SPAWN_OUTPUT],
        [HV_FD_JOB] = fds[HV_SPAWN_JOB],
        [HV_FD_FRAMES] = fds[HV_SPAWN_FRAMES],
        [HV_FD_BEACON] = fds[HV_SPAWN_BEACON],
        [HV_FD_TOOL] = opener->tool,
    };
    const unsigned count = HV_FD_PLUGINS + opener->n_plugins;
    memcpy(from + HV_FD_PLUGINS, opener->plugins, opener->n_plugins * sizeof(int));
    for (unsigned i = 0; i < count; i++)
        if ((from[i] = fcntl(from[i], F_DUPFD, STASH)) < 0)
            return -errno;
    for (unsigned i = 0; i < count; i++)
        if (dup2(from[i], (int)i) < 0)
            return -errno;
    /* The opener's socket must not survive: with it, a worker could ask for more. */
    if (syscall(SYS_close_range, count, ~0U, 0))
        return -errno;
    return 0;
}

/* In the child: never returns to the opener's code. */
static _Noreturn void become_worker(const struct hv_opener *opener, const int *fds,
                                    pid_t parent)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    const struct rlimit no_core = {0, 0};
    char *argv[] = {(char *)HV_WORKER_NAME, NULL}, *envp[ENVIRONMENT];
    pick_environment(envp);
    if (setsid() < 0 || setrlimit(RLIMIT_CORE, &no_core) ||
        place_descriptors(opener, fds) || hv_identity_assume(&opener->worker) ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
        /* After the drop: a change of credentials clears it. */
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) || chdir("/"))
        _exit(126);
    if (getppid() != parent) /* the opener died before PDEATHSIG was set */
        _exit(126);
    syscall(SYS_execveat, HV_FD_TOOL, "", argv, envp, AT_EMPTY_PATH);
    _exit(127);
}

pid_t hv_spawn_worker(const struct hv_opener *opener, const int fds[HV_SPAWN_FDS])
{
    const pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0)
        become_worker(opener, fds, parent);
    return pid < 0 ? -errno : pid;
}
