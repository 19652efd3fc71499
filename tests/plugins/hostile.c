/* SPDX-License-Identifier: MIT */
/* A plugin that misbehaves on request: HVPERF_TEST_HOSTILE names how. Attacks print
 * "attack NAME: won" or "attack NAME: lost" (a worker's output reaches stderr). */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hvperf.h"

static unsigned char result[64];

static const char *request(void)
{
    const char *text = getenv("HVPERF_TEST_HOSTILE");
    return text ? text : "";
}

static int asked(const char *name)
{
    return strcmp(request(), name) == 0;
}

static void tell(int won)
{
    printf("attack %s: %s (uid %d)\n", request(), won ? "won" : "lost", (int)getuid());
    fflush(stdout);
}

static int regain_root(void)
{
    int won = setuid(0) == 0 || seteuid(0) == 0 || setresuid(0, 0, 0) == 0;
    return won || geteuid() == 0 || getuid() == 0;
}

/* Puts a command into the input of whatever terminal can be reached. */
static int type_into_terminal(void)
{
    int won = 0, tty = open("/dev/tty", O_RDWR);
    const int fds[] = {0, 1, 2, tty};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
        won |= fds[i] >= 0 && ioctl(fds[i], TIOCSTI, "x") == 0;
    for (int pts = 0; pts < 64; pts++) {
        char path[32];
        snprintf(path, sizeof path, "/dev/pts/%d", pts);
        int fd = open(path, O_RDWR);
        won |= fd >= 0 && ioctl(fd, TIOCSTI, "x") == 0;
    }
    return won;
}

static pid_t parent_of(pid_t pid)
{
    char path[64], text[512] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (file && !fgets(text, sizeof text, file))
        text[0] = 0;
    if (file)
        fclose(file);
    char *end = strrchr(text, ')');
    return end ? atoi(end + 4) : 0;
}

/* Calls visit for the opener and for main, who are our parent and its parent. */
static int on_others(int (*visit)(pid_t pid))
{
    const pid_t opener = getppid(), main_process = parent_of(opener);
    if (main_process <= 1)
        printf("attack cannot find main\n");
    return visit(opener) | visit(main_process);
}

static int attach(pid_t pid)
{
    char path[64];
    int won = ptrace(PTRACE_SEIZE, pid, 0, 0) == 0;
    if (won)
        ptrace(PTRACE_DETACH, pid, 0, 0);
    snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
    int memory = open(path, O_RDWR);
    return won || memory >= 0;
}

static int steal(pid_t pid)
{
    int won = 0, handle = (int)syscall(SYS_pidfd_open, pid, 0);
    for (int fd = 0; handle >= 0 && fd < 64; fd++)
        won |= syscall(SYS_pidfd_getfd, handle, fd, 0) >= 0;
    if (handle >= 0)
        close(handle); /* else left_open would meet it in the next setup */
    return won;
}

/* Something was left open that no worker should have. */
static int left_open(void)
{
    int won = 0;
    for (int fd = 16; fd < 1024; fd++)
        won |= fcntl(fd, F_GETFD) >= 0;
    return won;
}

static int read_secret(void)
{
    const char *path = getenv("HVPERF_TEST_SECRET");
    int fd = path ? open(path, O_RDONLY) : -1;
    return fd >= 0;
}

/* A descendant that hides from its parent, its session and its death signal. */
static int outlive(void)
{
    if (fork() == 0) {
        setsid();
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
            signal(SIGHUP, SIG_IGN);
            signal(SIGTERM, SIG_IGN);
            prctl(PR_SET_NAME, "hv-outlives", 0, 0, 0);
            for (;;)
                pause();
        }
        _exit(0);
    }
    usleep(100000);
    return 0;
}

static int write_nonsense(void)
{
    static const char nonsense[] =
        "this is no frame of any kind, and it is long enough";
    for (int fd = 3; fd < 16; fd++)
        (void)!write(fd, nonsense, sizeof nonsense);
    return 0;
}

/* Frames by hand: {kind, bytes of payload}, to where a worker writes them. */
static int write_frames(uint32_t kind, int count)
{
    const uint32_t frame[2] = {kind, 0};
    for (int i = 0; i < count; i++)
        (void)!write(4, frame, sizeof frame);
    return 0;
}

enum { FRAME_HELLO = 1, FRAME_DONE = 16 }; /* of src/measure/wire.h */

static int greet_for_ever(void)
{
    return write_frames(FRAME_HELLO, 1000);
}

/* "Done", and nothing of what was asked for. */
static int be_done(void)
{
    write_frames(FRAME_DONE, 1);
    _exit(0);
}

/* Shrinks what main has mapped, so that main dies of SIGBUS. */
static int truncate_page(void)
{
    int won = 0;
    for (int fd = 3; fd < 16; fd++)
        won |= ftruncate(fd, 0) == 0;
    return won;
}

static int print_escapes(void)
{
    printf("\033]0;title\007\033[2J attack text\n");
    return 0;
}

static int ask_main(void)
{
    return on_others(attach);
}
static int steal_from_main(void)
{
    return on_others(steal) || left_open();
}

static const struct attack {
    const char *name;
    int (*run)(void);
} attacks[] = {
    {"regain_root",        regain_root       },
    {"type_into_terminal", type_into_terminal},
    {"ptrace_main",        ask_main          },
    {"steal_socket",       steal_from_main   },
    {"read_secret",        read_secret       },
    {"outlive",            outlive           },
    {"nonsense",           write_nonsense    },
    {"truncate",           truncate_page     },
    {"escapes",            print_escapes     },
    {"greet",              greet_for_ever    },
    {"be_done",            be_done           },
};

static int setup(struct hv_work *work, const struct hv_size *size)
{
    (void)size;
    *work = (struct hv_work){
        .ctx = result, .result = result, .result_bytes = sizeof result, .items = 1};
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++)
        if (asked(attacks[i].name))
            tell(attacks[i].run());
    return asked("setup_fails") ? -ENOMEM : 0;
}

static void work_on(void *ctx, uint64_t n)
{
    volatile unsigned char *bytes = ctx;
    for (uint64_t i = 0; i < n; i++)
        for (int k = 0; k < 64; k++)
            bytes[k] = (unsigned char)k;
}

HV_ARM(hostile_baseline)
{
    volatile uintptr_t nowhere = 16;
    if (asked("crash"))
        *(volatile int *)nowhere = 1;
    if (asked("abort"))
        abort();
    if (asked("exit"))
        exit(0);
    if (asked("hang"))
        for (;;)
            __asm__ volatile("");
    if (asked("hang_deaf")) {
        sigset_t all;
        sigfillset(&all);
        sigprocmask(SIG_BLOCK, &all, NULL);
        for (;;)
            __asm__ volatile("");
    }
    work_on(ctx, n);
}

HV_ARM(hostile_candidate)
{
    work_on(ctx, n);
    if (asked("wrong"))
        result[63] ^= 1;
}

HV_PAIR(hostile, .question = "Does hvperf outlive it?",
        .baseline = {"hostile_baseline", hostile_baseline},
        .candidate = {"hostile_candidate", hostile_candidate}, .setup = setup);

static const struct hv_kernel_row rows[] = {{.at = {&HV_SYMBOL(hostile)}}};

HV_EXPORT extern const struct hv_kernel_set hv_kernel_set;
const struct hv_kernel_set hv_kernel_set = {
    .abi = HV_ABI, .n_rows = 1, .name = "hostile", .rows = rows};
