/* SPDX-License-Identifier: MIT */
/* Processes that spin on the CPUs around the one measured on. */
#include "src/measure/busy.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "counters/probe.h"
#include "counters/tree.h"

/* The other hardware threads of the CPU's core; with none told, every other CPU. */
static void choose(int cpu, cpu_set_t *chosen)
{
    cpu_set_t allowed;
    char list[256];
    CPU_ZERO(chosen);
    if (sched_getaffinity(0, sizeof allowed, &allowed))
        return;
    CPU_CLR(cpu, &allowed);
    const int rc = hv_tree_line(
        "", list, sizeof list,
        "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", cpu);
    for (int i = 0; !rc && i < CPU_SETSIZE; i++)
        if (CPU_ISSET(i, &allowed) && hv_list_has(list, i))
            CPU_SET(i, chosen);
    if (!CPU_COUNT(chosen))
        *chosen = allowed;
}

/* Dies with the process that asked for it, and with its terminal's Ctrl-C. */
__attribute__((noreturn)) static void spin(int cpu, pid_t parent)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent ||
        sched_setaffinity(0, sizeof set, &set))
        _exit(1);
    for (;;)
        hv_probe(HV_PROBE_BLOCKS);
}

int hv_busy_start(struct hv_busy *busy, int cpu, struct hv_error *error)
{
    const pid_t parent = getpid();
    cpu_set_t chosen;
    choose(cpu, &chosen);
    busy->n = 0;
    for (int i = 0; i < CPU_SETSIZE && busy->n < HV_BUSY_MOST; i++) {
        if (!CPU_ISSET(i, &chosen))
            continue;
        const pid_t pid = fork();
        if (!pid)
            spin(i, parent);
        if (pid < 0) {
            const int rc = -errno;
            hv_busy_stop(busy);
            return hv_fail(error, rc, "cannot keep CPU %d busy: %s", i, strerror(-rc));
        }
        busy->pid[busy->n++] = pid;
    }
    return busy->n ? 0 : hv_fail(error, -ENODEV, "there is no other CPU to keep busy");
}

void hv_busy_stop(struct hv_busy *busy)
{
    for (int i = 0; i < busy->n; i++)
        kill(busy->pid[i], SIGKILL);
    for (int i = 0; i < busy->n; i++)
        while (waitpid(busy->pid[i], NULL, 0) < 0 && errno == EINTR) {
        }
    busy->n = 0;
}
