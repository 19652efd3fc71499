/* SPDX-License-Identifier: MIT */
/* A subreaper's duty: whatever a worker forked ends with it. */
#include "src/measure/reap.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int hv_reap_adopt(void)
{
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) ? -errno : 0;
}

/* Parent of a process, 0 if it is gone. The command in /proc/PID/stat may hold blanks
 * and parentheses, so parsing starts behind the last ')'. */
static pid_t parent_of(pid_t pid)
{
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return 0;
    size_t n = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[n] = 0;
    char *end = NULL;
    for (char *c = text; *c; c++)
        if (*c == ')')
            end = c;
    /* ") S 123 ...": blank, state, blank, parent */
    return end && n > (size_t)(end - text) + 4 ? (pid_t)strtol(end + 4, NULL, 10) : 0;
}

/* Grandchildren become ours once their parent is dead, and are met in the next round.
 */
static void kill_children(void)
{
    DIR *proc = opendir("/proc");
    if (!proc)
        return;
    const pid_t self = getpid();
    for (struct dirent *entry; (entry = readdir(proc));) {
        pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
        if (pid > 0 && parent_of(pid) == self)
            kill(pid, SIGKILL);
    }
    closedir(proc);
}

void hv_reap_descendants(void)
{
    const struct timespec pause = {.tv_nsec = 500000};
    for (;;) {
        kill_children();
        pid_t pid;
        while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
            ;
        if (pid < 0)
            return; /* ECHILD */
        nanosleep(&pause, NULL);
    }
}
