/* SPDX-License-Identifier: MIT */
/* The registers of a stepped child: how they begin, and what a trace reads of them. */
#include "counters/trace/step/step.h"

#include <cpuid.h>
#include <elf.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

/* The XSAVE area: a legacy part, a header that says which components are not in their
 * initial state, and components at offsets of this CPU's. */
enum {
    FCW_AT = 0,
    FCW_INITIAL = 0x37f,
    MXCSR_AT = 24,
    MXCSR_INITIAL = 0x1f80,
    MXCSR_MASK_AT = 28,
    LEGACY_BYTES = 512,
    HEADER_AT = 512,
    XSTATE_LEAF = 0xd,
    MASKS = 5, /* component: k0 ... k7 */
    PKRU = 9,  /* component: what Linux sets, not the CPU */
};
enum { EFLAGS_INITIAL = 0x202 };

uint64_t hv_step_pc(const struct hv_stepper *s)
{
    return s->regs.rip;
}

/* It is told of after it was executed. */
uint64_t hv_step_pc_of_trap(const struct hv_stepper *s)
{
    return s->regs.rip - 1;
}

long hv_step_call(const struct hv_stepper *s)
{
    return (long)s->regs.rax;
}

long hv_step_call_made(const struct hv_stepper *s)
{
    return (long)s->regs.orig_rax;
}

long hv_step_result(const struct hv_stepper *s)
{
    return (long)s->regs.rax;
}

int hv_step_get(struct hv_stepper *s)
{
    return ptrace(PTRACE_GETREGS, s->pid, NULL, &s->regs) ? -errno : 0;
}

int hv_step_set(struct hv_stepper *s)
{
    return ptrace(PTRACE_SETREGS, s->pid, NULL, &s->regs) ? -errno : 0;
}

static int get_xstate(struct hv_stepper *s, size_t *bytes)
{
    struct iovec area = {s->xstate, s->xstate_bytes};
    if (ptrace(PTRACE_GETREGSET, s->pid, (void *)NT_X86_XSTATE, &area))
        return -errno;
    *bytes = area.iov_len;
    return 0;
}

static int open_xstate(struct hv_stepper *s)
{
    unsigned size, offset, c, d, largest;
    if (!__get_cpuid_count(XSTATE_LEAF, 0, &size, &offset, &largest, &d))
        return -ENOTSUP;
    if (largest < LEGACY_BYTES + 64)
        return -ENOTSUP;
    void *at =
        mmap(NULL, largest, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        return -ENOMEM;
    s->xstate = at;
    s->xstate_bytes = largest;
    if (__get_cpuid_count(XSTATE_LEAF, MASKS, &size, &offset, &c, &d) && size)
        s->mask_offset = offset;
    return 0;
}

/* Written out where the kernel would keep the old value for a component that is said to
 * be initial: MXCSR, with its sticky flags. */
static int begin_xstate(struct hv_stepper *s)
{
    size_t bytes = 0;
    uint64_t components;
    uint32_t mask;
    int rc = open_xstate(s);
    if (!rc)
        rc = get_xstate(s, &bytes);
    if (rc)
        return rc;
    memcpy(&components, s->xstate + HEADER_AT, sizeof components);
    memcpy(&mask, s->xstate + MXCSR_MASK_AT, sizeof mask);
    components = (components & (uint64_t)1 << PKRU) | 3; /* x87 and SSE: as below */
    memset(s->xstate, 0, LEGACY_BYTES);
    memcpy(s->xstate + FCW_AT, &(uint16_t){FCW_INITIAL}, sizeof(uint16_t));
    memcpy(s->xstate + MXCSR_AT, &(uint32_t){MXCSR_INITIAL}, sizeof(uint32_t));
    memcpy(s->xstate + MXCSR_MASK_AT, &mask, sizeof mask);
    memcpy(s->xstate + HEADER_AT, &components, sizeof components);
    struct iovec area = {s->xstate, bytes};
    return ptrace(PTRACE_SETREGSET, s->pid, (void *)NT_X86_XSTATE, &area) ? -errno : 0;
}

int hv_step_begin(struct hv_stepper *s)
{
    int rc = hv_step_options(s);
    if (!rc)
        rc = begin_xstate(s);
    if (!rc)
        rc = hv_step_get(s);
    if (rc)
        return rc;
    const struct user_regs_struct old = s->regs;
    s->regs = (struct user_regs_struct){
        .rip = (uint64_t)(uintptr_t)s->child->call->run,
        .rdi = (uint64_t)(uintptr_t)s->child->call->ctx,
        .rsi = s->child->call->n,
        .rsp = (uint64_t)(uintptr_t)s->child->stack_top - 8,
        .eflags = EFLAGS_INITIAL,
        .orig_rax = UINT64_MAX, /* not in a system call that could be restarted */
        .fs_base = old.fs_base,
        .gs_base = old.gs_base,
        .cs = old.cs,
        .ss = old.ss,
        .ds = old.ds,
        .es = old.es,
        .fs = old.fs,
        .gs = old.gs,
    };
    return hv_step_set(s);
}

/* By hardware number. */
static uint64_t gpr(const struct user_regs_struct *regs, uint8_t number)
{
    const uint64_t values[] = {regs->rax, regs->rcx, regs->rdx, regs->rbx,
                               regs->rsp, regs->rbp, regs->rsi, regs->rdi,
                               regs->r8,  regs->r9,  regs->r10, regs->r11,
                               regs->r12, regs->r13, regs->r14, regs->r15};
    return number < HV_LEN(values) ? values[number] : 0;
}

static uint64_t mask(const struct hv_stepper *s, uint8_t number)
{
    uint64_t components, value;
    memcpy(&components, s->xstate + HEADER_AT, sizeof components);
    if (!s->mask_offset || !(components >> MASKS & 1))
        return 0;
    memcpy(&value, s->xstate + s->mask_offset + sizeof value * number, sizeof value);
    return value;
}

int hv_step_words_before(struct hv_stepper *s, const struct hv_step_entry *entry)
{
    size_t bytes;
    const int rc = entry->wants_masks ? get_xstate(s, &bytes) : 0;
    for (unsigned i = 0; !rc && i < entry->block.n_words; i++) {
        const struct hv_word *word = &entry->block.word[i];
        switch (word->kind) {
        case HV_WORD_ADDRESS:
            s->word[i] =
                gpr(&s->regs, word->base) + gpr(&s->regs, word->index) * word->scale;
            break;
        case HV_WORD_MASK: s->word[i] = mask(s, word->base); break;
        case HV_WORD_REGISTER: s->word[i] = gpr(&s->regs, word->base); break;
        default: break; /* HV_WORD_AFTER */
        }
    }
    return rc;
}

void hv_step_words_after(struct hv_stepper *s, const struct hv_step_entry *entry)
{
    for (unsigned i = 0; i < entry->block.n_words; i++)
        if (entry->block.word[i].kind == HV_WORD_AFTER)
            s->word[i] = gpr(&s->regs, entry->block.word[i].base);
}
