/* SPDX-License-Identifier: MIT */
/* A plugin that is well behaved until it is traced: HVPERF_TEST_TRACED names what its
 * baseline arm does in a call with 3 iterations, which only the tracer makes. */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hvperf.h"

static unsigned char from[512], to[512];
static volatile sig_atomic_t signals;

static void count_signal(int number)
{
    (void)number;
    signals = signals + 1;
}

static void work_on(void)
{
    unsigned char *source = from;
    HV_BARRIER(source);
    memcpy(to, source, sizeof to);
    HV_KEEP(to);
}

/* ---- what must not hang or kill the tool: the call cannot be followed to its end */

static void crash(void)
{
    volatile uintptr_t nowhere = 16;
    *(volatile int *)nowhere = 1;
}
static void divide(void)
{
    volatile int zero = 0;
    to[0] = (unsigned char)(1000 / zero);
}
static void loop(void)
{
    for (;;)
        __asm__ volatile("");
}
static void loop_deaf(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    loop();
}
static void fork_away(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        sleep(60);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
}
static void stop(void)
{
    raise(SIGSTOP);
}
static void leave(void)
{
    exit(0);
}

/* ---- what must be followed as anything else */

static void make_syscalls(void)
{
    for (int i = 0; i < 5; i++)
        syscall(SYS_getppid);
}
static void block_sigtrap(void)
{
    sigset_t trap, old;
    sigemptyset(&trap);
    sigaddset(&trap, SIGTRAP);
    sigprocmask(SIG_BLOCK, &trap, &old);
    work_on();
    sigprocmask(SIG_SETMASK, &old, NULL);
}
static void jump_back(void)
{
    jmp_buf place;
    volatile int times = 0;
    if (setjmp(place) < 3)
        longjmp(place, ++times);
}
static void take_signals(void)
{
    struct sigaction action = {.sa_handler = count_signal}, old;
    const struct itimerval storm =
                               {
                                   {0, 200},
                                   {0, 200}
    },
                           none = {{0, 0}, {0, 0}};
    sigaction(SIGALRM, &action, &old);
    setitimer(ITIMER_REAL, &storm, NULL);
    for (int i = 0; i < 2000; i++)
        work_on();
    setitimer(ITIMER_REAL, &none, NULL);
    sigaction(SIGALRM, &old, NULL);
}
static void map_memory(void)
{
    void *page =
        mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        abort();
    memset(page, 1, 1 << 20);
    munmap(page, 1 << 20);
}

static const struct act {
    const char *name;
    void (*run)(void);
} acts[] = {
    {"crash",         crash        },
    {"divide",        divide       },
    {"loop",          loop         },
    {"loop_deaf",     loop_deaf    },
    {"fork",          fork_away    },
    {"stop",          stop         },
    {"exit",          leave        },
    {"syscalls",      make_syscalls},
    {"block_sigtrap", block_sigtrap},
    {"setjmp",        jump_back    },
    {"signals",       take_signals },
    {"map",           map_memory   },
};

static void act(void)
{
    const char *wanted = getenv("HVPERF_TEST_TRACED");
    for (size_t i = 0; wanted && i < sizeof acts / sizeof *acts; i++)
        if (strcmp(acts[i].name, wanted) == 0)
            acts[i].run();
}

HV_ARM(traced_baseline)
{
    (void)ctx;
    if (n == 3)
        act();
    for (; n; n--)
        work_on();
}

HV_ARM(traced_candidate)
{
    (void)ctx;
    for (; n; n--)
        work_on();
}

static int setup(struct hv_work *work, const struct hv_size *size)
{
    (void)size;
    for (size_t i = 0; i < sizeof from; i++)
        from[i] = (unsigned char)i;
    *work = (struct hv_work){.ctx = to,
                             .result = to,
                             .result_bytes = sizeof to,
                             .items = 1,
                             .declares_copies = 1,
                             .copied_baseline = sizeof to,
                             .copied_candidate = sizeof to};
    return 0;
}

HV_PAIR(traced, .question = "What does the tracer make of it?",
        .baseline = {"traced_baseline", traced_baseline},
        .candidate = {"traced_candidate", traced_candidate}, .setup = setup);

static const struct hv_kernel_row rows[] = {{.at = {&HV_SYMBOL(traced)}}};

HV_EXPORT extern const struct hv_kernel_set hv_kernel_set;
const struct hv_kernel_set hv_kernel_set = {
    .abi = HV_ABI, .n_rows = 1, .name = "traced", .rows = rows};
