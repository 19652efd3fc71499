/* SPDX-License-Identifier: MIT */
/* What only AArch64 has: a store that fails if anything was stepped since its load. The
 * child runs alone from an exclusive load to behind its store; what it executed there
 * follows from where it stops. The branch back, after a store that failed all the same,
 * is stepped again. */
#include "counters/trace/step/step.h"

#include <errno.h>
#include <string.h>
#include <sys/ptrace.h>

enum {
    LONGEST = 16, /* instructions from load to store that an architecture's rules allow
                     to succeed, and more */
    EXITS = 4,    /* ways out before the store */
    BYTES = 4,    /* of an instruction */
};

/* The instructions of a sequence, and where it may be left. */
struct sequence {
    const struct hv_step_entry *entry[LONGEST];
    unsigned n;
    struct {
        uint64_t pc;
        unsigned n;   /* instructions done, if it is left there */
        uint32_t old; /* what the breakpoint replaces */
    } exit[EXITS + 1];
    unsigned n_exits;
};

/* ---- what a sequence is ---------------------------------------------------------- */

static bool add_exit(struct sequence *q, uint64_t pc)
{
    if (q->n_exits > EXITS)
        return false;
    q->exit[q->n_exits].pc = pc;
    q->exit[q->n_exits++].n = q->n;
    return true;
}

/* A base that changed on the way is not known. */
static bool knows_words(const struct sequence *q, const struct hv_step_entry *entry)
{
    const struct hv_block *block = &entry->block;
    for (unsigned w = 0; w < block->n_words; w++)
        for (unsigned i = 0; i < q->n; i++)
            for (unsigned k = 0; k < q->entry[i]->block.n_flow; k++) {
                const struct hv_flow *flow = &q->entry[i]->block.flow[k];
                const unsigned base = HV_REG_GPR + block->word[w].base * 8u;
                if (flow->kind != HV_FLOW_STORE && flow->dst <= base &&
                    base < flow->dst + (unsigned)flow->bytes)
                    return false;
            }
    return true;
}

/* Adds the next instruction. false: it is no sequence that can be run past. */
static bool add(struct hv_stepper *s, struct sequence *q, uint64_t pc)
{
    unsigned char bytes[HV_STEP_CODE];
    struct hv_decoded decoded;
    bool full, always;
    uint64_t target;
    const size_t room = hv_step_read(s->pid, pc, bytes);
    const struct hv_step_entry *entry = hv_step_code_at(s, pc, bytes, room, &full);
    if (!entry || hv_decode(bytes, room, pc, &decoded) || !knows_words(q, entry))
        return false;
    if (q->n && entry->kind != HV_STEP_PLAIN && entry->kind != HV_STEP_BRANCH)
        return false;
    q->entry[q->n++] = entry;
    if (entry->kind != HV_STEP_BRANCH)
        return true;
    /* a way back waits for another's store, without an end of its own */
    if (!hv_a64_target(&decoded, &target, &always) || always)
        return false;
    return target <= q->entry[0]->pc || add_exit(q, target);
}

static bool is_store(const struct hv_step_entry *entry)
{
    struct hv_decoded decoded;
    return !hv_decode(entry->code, entry->length, entry->pc, &decoded) &&
           decoded.kind == HV_A64_STORE_EXCLUSIVE;
}

static bool find(struct hv_stepper *s, uint64_t pc, struct sequence *q)
{
    memset(q, 0, sizeof *q);
    do {
        if (q->n == LONGEST || !add(s, q, pc))
            return false;
        pc += BYTES;
    } while (!is_store(q->entry[q->n - 1]));
    for (unsigned i = 0; i < q->n_exits; i++)
        if (q->exit[i].pc < pc)
            return false; /* branches within: what was executed is not known */
    return add_exit(q, pc);
}

/* ---- running past it ------------------------------------------------------------- */

/* The aligned word that holds the instruction at pc, with that one changed. */
static bool patch(struct hv_stepper *s, uint64_t pc, uint32_t code, uint32_t *old)
{
    void *at = (void *)(pc & ~(uint64_t)7);
    const unsigned shift = (unsigned)(pc & 7) * 8;
    errno = 0;
    const long word = ptrace(PTRACE_PEEKTEXT, s->pid, at, NULL);
    if (errno)
        return false;
    *old = (uint32_t)((uint64_t)word >> shift);
    const uint64_t changed =
        ((uint64_t)word & ~((uint64_t)UINT32_MAX << shift)) | (uint64_t)code << shift;
    return !ptrace(PTRACE_POKETEXT, s->pid, at, (void *)changed);
}

/* From behind: of two at one place the first holds what was there. */
static void take_back(struct hv_stepper *s, const struct sequence *q, unsigned n)
{
    uint32_t mine;
    while (n--)
        (void)patch(s, q->exit[n].pc, q->exit[n].old, &mine);
}

static bool set_all(struct hv_stepper *s, struct sequence *q)
{
    const uint32_t brk = 0xd4200000;
    for (unsigned i = 0; i < q->n_exits; i++)
        if (!patch(s, q->exit[i].pc, brk, &q->exit[i].old)) {
            take_back(s, q, i);
            return false;
        }
    return true;
}

/* Instructions that lead to pc; 0: it is no way out. Of two that do, the last: the way
 * to behind the store is the usual one. */
static unsigned done_at(const struct sequence *q, uint64_t pc)
{
    for (unsigned i = q->n_exits; i--;)
        if (q->exit[i].pc == pc)
            return q->exit[i].n;
    return 0;
}

/* Words as before the first: no base changes on the way. */
static void tell(struct hv_stepper *s, const struct sequence *q, unsigned n,
                 const struct user_regs_struct *before)
{
    const struct user_regs_struct after = s->regs;
    s->regs = *before;
    for (unsigned i = 0; i < n; i++) {
        (void)hv_step_words_before(s, q->entry[i]);
        hv_step_done(s, q->entry[i]);
    }
    s->regs = after;
}

static enum hv_step_went run_exclusive(struct hv_stepper *s,
                                       const struct hv_step_entry *entry)
{
    struct sequence q;
    const struct user_regs_struct before = s->regs;
    /* a load alone has no store that could fail */
    if (!find(s, entry->pc, &q) || !set_all(s, &q))
        return hv_step_run_usual(s, entry);
    const enum hv_step_stop stop = hv_step_resume(s, PTRACE_CONT, 0);
    if (stop == HV_STOP_OVER)
        return HV_WENT_OVER;
    take_back(s, &q, q.n_exits);
    if (stop != HV_STOP_TRAP)
        return hv_step_signal(s);
    if (hv_step_reached(s, HV_WENT_TOLD) == HV_WENT_OVER)
        return HV_WENT_OVER;
    const unsigned n = done_at(&q, s->regs.pc);
    if (!n)
        return hv_step_signal(s); /* somebody else's trap */
    tell(s, &q, n, &before);
    return HV_WENT_TOLD;
}

enum hv_step_went hv_step_run(struct hv_stepper *s, const struct hv_step_entry *entry)
{
    return entry->kind == HV_STEP_EXCLUSIVE ? run_exclusive(s, entry)
                                            : hv_step_run_usual(s, entry);
}
