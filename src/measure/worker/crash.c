/* SPDX-License-Identifier: MIT */
/* The last words of a worker: which signal, at which address. */
#include "src/measure/worker/worker.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "src/base/error.h"

/* SIGALRM comes from the opener when a kernel hangs: it says where. */
static const int fatal[] = {SIGSEGV, SIGBUS,  SIGILL, SIGFPE,
                            SIGTRAP, SIGABRT, SIGSYS, SIGALRM};

static uint64_t instruction_of(const ucontext_t *context)
{
#if defined(__x86_64__)
    return (uint64_t)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    return context->uc_mcontext.pc;
#endif
}

static void last_words(int number, siginfo_t *info, void *context)
{
    const struct {
        struct hv_frame frame;
        struct hv_crash_frame crash;
    } words = {
        .frame = {.kind = HV_FRAME_CRASH,                        .bytes = sizeof words.crash},
        .crash = { .signal = number,
                  .code = info->si_code,
                  .address = (uint64_t)(uintptr_t)info->si_addr,
                  .instruction = instruction_of(context)},
    };
    (void)!write(HV_FD_FRAMES, &words, sizeof words); /* nobody is left to tell */
    _exit(128 + number);
}

int hv_worker_catch_crashes(void)
{
    /* With AVX-512 (and AMX) a signal frame outgrows SIGSTKSZ. */
    size_t minimum = getauxval(AT_MINSIGSTKSZ), bytes = minimum + 16384;
    stack_t stack = {.ss_size = bytes};
    stack.ss_sp =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (stack.ss_sp == MAP_FAILED || sigaltstack(&stack, NULL))
        return -errno;
    struct sigaction action = {.sa_sigaction = last_words,
                               .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigfillset(&action.sa_mask);
    for (size_t i = 0; i < HV_LEN(fatal); i++)
        if (sigaction(fatal[i], &action, NULL))
            return -errno;
    return 0;
}
