/* SPDX-License-Identifier: MIT */
/* The analyser's walk over a block, instruction by instruction. */
#include "counters/trace/analyser/analyser_state.h"

enum {
    STUB = 4, /* instructions between a call and a function that it reaches through a
                 stub, at most */
};

/* An instruction is kept whole or not at all, and the first that is not ends it. */
static void keep_prefix(struct hv_prefix *prefix, const struct hv_block *block,
                        const uint64_t *words)
{
    for (unsigned i = 0; i < block->n_insns; i++) {
        const struct hv_insn *insn = &block->insn[i];
        if (prefix->instructions == prefix->room_instructions ||
            prefix->room - prefix->n < (size_t)insn->n_words + 1) {
            prefix->open = false;
            return;
        }
        uint64_t *to = prefix->words + prefix->n;
        *to++ = insn->pc;
        for (unsigned k = 0; k < insn->n_words; k++)
            *to++ = words[insn->first_word + k];
        prefix->n = (size_t)(to - prefix->words);
        prefix->instructions++;
    }
}

static void drop_frames(struct hv_analyser *a, uint64_t sp)
{
    const uint64_t copy = a->shadow.n ? hv_shadow_drop(&a->shadow, sp) : 0;
    if (copy)
        hv_runs_return(&a->runs, copy);
}

/* A call through a stub without a name (PLT) is the caller's. */
static const struct hv_transfer *place_of(const struct hv_analyser *a, uint64_t sp)
{
    const bool stub = !(a->last_flags & HV_INSN_CALL) &&
                      !a->functions.function[a->last.function].start &&
                      a->shadow.call.slot == sp && a->shadow.call.pc &&
                      a->clock - a->call_clock <= STUB;
    return stub ? &a->shadow.call : &a->last;
}

static void enter_role(struct hv_analyser *a, const struct hv_insn *insn,
                       const uint64_t *words)
{
    const struct hv_role *role = hv_roles_at(a->config.roles, insn->pc);
    const uint64_t sp = words[0];
    drop_frames(a, sp);
    if (!role || !hv_shadow_enter(&a->shadow, role, sp, place_of(a, sp)))
        return;
    const bool direct =
        a->last.pc - a->config.object[0] < a->config.object[1] - a->config.object[0];
    hv_shadow_count(role, direct, words + 1, a->value);
}

/* A function is entered by a call, by a jump from another one, or as the first. */
static bool is_entered(const struct hv_analyser *a, const struct hv_block *block)
{
    if (!a->last.pc || a->last_flags & HV_INSN_CALL)
        return true;
    return block->function != a->last.function && !(a->last_flags & HV_INSN_RET) &&
           block->insn[0].pc == a->functions.function[block->function].start;
}

/* Where a call or return has its return address; slots below `above` are of calls that
 * are over. */
struct frame {
    uint64_t slot, above;
};

/* False: unknown. A return address in a register has no slot of its own: the stack
 * pointer is the same before a call and after its return, which ends what began there.
 */
static bool frame_of(const struct hv_block *block, const struct hv_insn *insn,
                     unsigned access, const uint64_t *words, struct frame *out)
{
    if (insn->flags & HV_INSN_LINK) {
        const uint64_t sp = words[insn->first_word];
        *out = (struct frame){sp, insn->flags & HV_INSN_RET ? sp + 1 : sp};
        return true;
    }
    if (!insn->n_accesses)
        return false;
    const uint64_t slot =
        hv_access_address(&block->access[insn->first_access + access], words);
    *out = (struct frame){slot, slot + 8};
    return true;
}

static void call(struct hv_analyser *a, const struct hv_block *block,
                 const struct hv_insn *insn, const uint64_t *words)
{
    struct frame frame;
    if (!frame_of(block, insn, insn->n_accesses - 1u, words, &frame))
        return;
    drop_frames(a, frame.above);
    a->shadow.call = (struct hv_transfer){insn->pc, frame.slot, block->function};
    a->call_clock = a->clock;
}

static void come_back(struct hv_analyser *a, const struct hv_block *block,
                      const struct hv_insn *insn, const uint64_t *words)
{
    struct frame frame;
    if (frame_of(block, insn, 0, words, &frame))
        drop_frames(a, frame.above);
}

static void special(struct hv_analyser *a, const struct hv_block *block,
                    const struct hv_insn *insn, const uint64_t *words)
{
    static const uint16_t counted[][2] = {
        {HV_INSN_CALL,        HV_T_CALLS      },
        {HV_INSN_BRANCH,      HV_T_BRANCHES   },
        {HV_INSN_SYSCALL,     HV_T_SYSCALLS   },
        {HV_INSN_UNSUPPORTED, HV_T_UNSUPPORTED},
    };
    for (unsigned i = 0; i < sizeof counted / sizeof *counted; i++)
        if (insn->flags & counted[i][0])
            a->value[counted[i][1]]++;
    if (insn->flags & (HV_INSN_SYSCALL | HV_INSN_UNSUPPORTED))
        a->runs.confirm.unknown = a->clock;
    if (insn->flags & HV_INSN_CALL)
        call(a, block, insn, words);
    else if (insn->flags & HV_INSN_RET)
        come_back(a, block, insn, words);
}

static void step(struct hv_analyser *a, const struct hv_block *block,
                 const struct hv_insn *insn, const uint64_t *words)
{
    static const uint8_t width[] = {[16 / 16] = HV_T_VECTOR_128,
                                    [32 / 16] = HV_T_VECTOR_256,
                                    [64 / 16] = HV_T_VECTOR_512};
    a->clock++;
    if (insn->vector_bytes >= 16)
        a->value[width[insn->vector_bytes / 16]]++;
    if (insn->flags & HV_INSN_REP)
        hv_rep_run(a, block, insn, words);
    else if (insn->n_accesses)
        hv_access_run(a, block, insn, words);
    if (insn->n_flow)
        hv_flow_run(a, block, insn, words);
    if (insn->flags)
        special(a, block, insn, words);
}

/* Calls and returns end a block, so that all of it has one group. */
void hv_analyser_feed(struct hv_analyser *a, const struct hv_block *block,
                      const uint64_t *words)
{
    struct hv_function *function = &a->functions.function[block->function];
    struct hv_trace_function *share = &function->share;
    const uint64_t loaded = a->value[HV_T_LOAD_BYTES];
    const uint64_t stored = a->value[HV_T_STORE_BYTES];
    const uint64_t copied = a->runs.unique;
    if (!block->n_insns)
        return;
    if (a->prefix.open)
        keep_prefix(&a->prefix, block, words);
    share->calls += is_entered(a, block);
    if (block->insn[0].flags & HV_INSN_ENTRY)
        enter_role(a, &block->insn[0], words);
    a->group[hv_shadow_group(&a->shadow, share->group)] += block->n_insns;
    for (unsigned i = 0; i < block->n_insns; i++)
        step(a, block, &block->insn[i], words);
    share->instructions += block->n_insns;
    share->load_bytes += a->value[HV_T_LOAD_BYTES] - loaded;
    share->store_bytes += a->value[HV_T_STORE_BYTES] - stored;
    share->copied += a->runs.unique - copied;
    const struct hv_insn *last = &block->insn[block->n_insns - 1];
    a->last = (struct hv_transfer){last->pc, 0, block->function};
    a->last_flags = last->flags;
}
