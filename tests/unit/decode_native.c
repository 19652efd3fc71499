/* SPDX-License-Identifier: MIT */
/* Runs one instruction on this processor with all registers as wanted. */
#include "tests/unit/decode_native.h"

#if defined(__x86_64__)

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { PAGE = 4096, SIGNALS = 4 };

unsigned char *native_memory;
static unsigned char *code_page, *reserved;
static unsigned char signal_stack[1 << 16];
static const int signals[SIGNALS] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE};
static struct sigaction old_action[SIGNALS];
static stack_t old_stack;
static struct native_fault *seen;

/* What the assembly below reads and writes. */
extern struct native_state decode_native_in, decode_native_out;
extern uint64_t decode_native_rsp;
extern void *decode_native_code;
extern const unsigned decode_native_mxcsr;
struct native_state decode_native_in, decode_native_out;
uint64_t decode_native_rsp;
void *decode_native_code;
const unsigned decode_native_mxcsr = 0x1f80;

extern void decode_native_enter(void);
extern const unsigned char decode_native_leave[];

_Static_assert(offsetof(struct native_state, flags) == 128, "used below");
_Static_assert(offsetof(struct native_state, mask) == 136, "used below");
_Static_assert(offsetof(struct native_state, mmx) == 200, "used below");
_Static_assert(offsetof(struct native_state, vector) == 264, "used below");

#define EIGHT "0, 1, 2, 3, 4, 5, 6, 7"
#define ALL                                                                            \
    EIGHT ", 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, "   \
          "26, 27, 28, 29, 30, 31"
/* A line for each general register, with its place in the state. */
#define LOW(M)                                                                         \
    M("rax", "0")                                                                      \
    M("rcx", "8")                                                                      \
    M("rdx", "16")                                                                     \
    M("rbx", "24")                                                                     \
    M("rsp", "32")                                                                     \
    M("rbp", "40")                                                                     \
    M("rsi", "48")                                                                     \
    M("rdi", "56")
#define HIGH(M)                                                                        \
    M("r8", "64")                                                                      \
    M("r9", "72")                                                                      \
    M("r10", "80")                                                                     \
    M("r11", "88")                                                                     \
    M("r12", "96")                                                                     \
    M("r13", "104")                                                                    \
    M("r14", "112")                                                                    \
    M("r15", "120")
#define GPRS(M)       LOW(M) HIGH(M)
#define PUT(name, at) "mov decode_native_in + " at "(%rip), %" name "\n"
#define GET(name, at) "mov %" name ", decode_native_out + " at "(%rip)\n"

/* fninit: the instruction may have left an x87 exception that waits; the registers
 * stay as they are. */
__asm__(
    ".pushsection .text\n"
    ".type decode_native_enter, @function\n"
    "decode_native_enter:\n"
    "push %rbp\n push %rbx\n push %r12\n push %r13\n push %r14\n push %r15\n"
    "mov %rsp, decode_native_rsp(%rip)\n"
    ".irp n, " ALL "\n"
    "vmovdqu64 decode_native_in + 264 + 64 * \\n(%rip), %zmm\\n\n"
    ".endr\n"
    ".irp n, " EIGHT "\n"
    "kmovq decode_native_in + 136 + 8 * \\n(%rip), %k\\n\n"
    "movq decode_native_in + 200 + 8 * \\n(%rip), %mm\\n\n"
    ".endr\n"
    "push decode_native_in + 128(%rip)\n popfq\n" GPRS(
        PUT) "jmp *decode_native_code(%rip)\n"
             "decode_native_leave:\n" GPRS(
                 GET) "mov decode_native_rsp(%rip), %rsp\n"
                      "pushfq\n pop decode_native_out + 128(%rip)\n"
                      "cld\n"
                      "ldmxcsr decode_native_mxcsr(%rip)\n"
                      "fninit\n"
                      ".irp n, " ALL "\n"
                      "vmovdqu64 %zmm\\n, decode_native_out + 264 + 64 * \\n(%rip)\n"
                      ".endr\n"
                      ".irp n, " EIGHT "\n"
                      "kmovq %k\\n, decode_native_out + 136 + 8 * \\n(%rip)\n"
                      "movq %mm\\n, decode_native_out + 200 + 8 * \\n(%rip)\n"
                      ".endr\n"
                      "emms\n"
                      "vzeroupper\n"
                      "pop %r15\n pop %r14\n pop %r13\n pop %r12\n pop %rbx\n pop "
                      "%rbp\n"
                      "ret\n"
                      ".size decode_native_enter, . - decode_native_enter\n"
                      ".popsection\n");

/* Notes the fault and goes on behind the instruction. */
static void on_signal(int number, siginfo_t *info, void *context)
{
    ucontext_t *user = context;
    seen->signal = number;
    seen->write = user->uc_mcontext.gregs[REG_ERR] >> 1 & 1;
    if (info->si_code != SI_KERNEL)
        seen->address = (uint64_t)(uintptr_t)info->si_addr;
    user->uc_mcontext.gregs[REG_RIP] = (greg_t)(uintptr_t)decode_native_leave;
}

static void *reserve(size_t bytes, int protection)
{
    void *at = mmap(NULL, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return at == MAP_FAILED ? NULL : at;
}

const char *native_open(void)
{
    if (!__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512vl"))
        return "this processor has no AVX-512";
    reserved = reserve(NATIVE_MEMORY + 2 * PAGE, PROT_NONE);
    code_page = reserve(PAGE, PROT_READ | PROT_WRITE);
    if (!reserved || !code_page || mprotect(code_page, PAGE, PROT_READ | PROT_EXEC))
        return "this system gives no executable memory";
    native_memory = reserved + PAGE;
    mprotect(native_memory, NATIVE_MEMORY, PROT_READ | PROT_WRITE);
    const stack_t stack = {.ss_sp = signal_stack, .ss_size = sizeof signal_stack};
    struct sigaction action = {.sa_sigaction = on_signal,
                               .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaltstack(&stack, &old_stack);
    for (int i = 0; i < SIGNALS; i++)
        sigaction(signals[i], &action, &old_action[i]);
    return NULL;
}

void native_close(void)
{
    for (int i = 0; native_memory && i < SIGNALS; i++)
        sigaction(signals[i], &old_action[i], NULL);
    if (native_memory)
        sigaltstack(&old_stack, NULL);
    if (reserved)
        munmap(reserved, NATIVE_MEMORY + 2 * PAGE);
    if (code_page)
        munmap(code_page, PAGE);
    native_memory = reserved = code_page = NULL;
}

/* The instruction, then `jmp *` to where it is left. */
static void place(const unsigned char *code, size_t length)
{
    static const unsigned char jump[] = {0xff, 0x25, 0, 0, 0, 0};
    const unsigned char *leave = decode_native_leave;
    if (!memcmp(code_page, code, length) &&
        !memcmp(code_page + length, jump, sizeof jump))
        return;
    mprotect(code_page, PAGE, PROT_READ | PROT_WRITE);
    memcpy(code_page, code, length);
    memcpy(code_page + length, jump, sizeof jump);
    memcpy(code_page + length + sizeof jump, &leave, sizeof leave);
    mprotect(code_page, PAGE, PROT_READ | PROT_EXEC);
}

enum native_end native_run(const unsigned char *code, size_t length,
                           const struct native_state *in, struct native_state *out,
                           struct native_fault *fault)
{
    *fault = (struct native_fault){0};
    seen = fault;
    place(code, length);
    decode_native_in = *in;
    decode_native_code = code_page;
    decode_native_enter();
    *out = decode_native_out;
    if (fault->signal == SIGILL)
        return NATIVE_ILLEGAL;
    return fault->signal ? NATIVE_FAULT : NATIVE_RAN;
}

#endif
