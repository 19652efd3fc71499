/* SPDX-License-Identifier: MIT */
/* Inside the stepper: one child under ptrace, and the instructions it met. */
#ifndef HV_COUNTERS_TRACE_STEP_H
#define HV_COUNTERS_TRACE_STEP_H

#include <sys/types.h>
#include <sys/user.h>

#include "counters/trace/decode.h"
#include "counters/trace/session.h"

/* What must be done to execute an instruction alone. */
enum hv_step_kind {
    HV_STEP_PLAIN,
    HV_STEP_BRANCH, /* may end anywhere */
    HV_STEP_SYSCALL,
    HV_STEP_REP,   /* a step each iteration, unless it is run past */
    HV_STEP_PUSHF, /* would push the trap flag of the stepping */
    HV_STEP_TRAP,  /* int3, brk: they raise SIGTRAP themselves */
    /* A load whose store fails after any step in between: run up to that store. */
    HV_STEP_EXCLUSIVE,
};

#if defined(__x86_64__)
enum { HV_STEP_CODE = 15 }; /* bytes of the longest instruction */
#else
enum { HV_STEP_CODE = 4 };
#endif

/* One instruction of the child, as a block of one. */
struct hv_step_entry {
    struct hv_step_entry *next; /* in its bucket */
    uint64_t pc;
    unsigned char code[HV_STEP_CODE];
    uint8_t length;
    enum hv_step_kind kind;
    bool wants_masks;
    struct hv_block block;
};

enum { HV_STEP_BUCKETS = 1 << 14 };

/* All entries; in memory of its own, none of it from an allocator. */
struct hv_step_code {
    struct hv_step_entry **bucket;
    unsigned char *memory;
    size_t used, bytes;
    struct hv_block_builder *builder;
    struct hv_decoded *decoded;
};

struct hv_stepper {
    struct hv_trace_child *child;
    struct hv_trace_outcome *out;
    pid_t pid;
    double deadline;
    uint64_t steps; /* instructions done */
    struct user_regs_struct regs;
    int status; /* of the last stop */
    struct hv_step_code code;
    unsigned char *xstate; /* of the child; NULL: not wanted yet */
    size_t xstate_bytes, mask_offset;
    uint64_t word[HV_BLOCK_WORDS];
};

/* How an attempt to execute went on. */
enum hv_step_went {
    HV_WENT_DONE,  /* one instruction has been executed */
    HV_WENT_TOLD,  /* several have, and the analyser knows of all of them */
    HV_WENT_AGAIN, /* none yet: a signal came first, and has been seen to */
    HV_WENT_OVER,  /* the trace has ended; the outcome tells */
};

/* ---- step_code: what stands at an address
 * ---------------------------------------------- */
int hv_step_code_open(struct hv_step_code *code);
void hv_step_code_close(struct hv_step_code *code);
/* The instruction at pc with these bytes of it (as many as could be read). NULL: none,
 * or no room is left (full is set). */
const struct hv_step_entry *hv_step_code_at(struct hv_stepper *s, uint64_t pc,
                                            const unsigned char *bytes, size_t room,
                                            bool *full);
/* The instruction at pc as the builder's block; as hv_decode and hv_block_append. */
int hv_step_build(struct hv_block_builder *builder, struct hv_decoded *decoded,
                  const struct hv_roles *roles, uint64_t pc, const unsigned char *bytes,
                  size_t room);

/* What must be done for the instruction; insn: how it was described. */
enum hv_step_kind hv_step_kind_of(const struct hv_decoded *decoded,
                                  const struct hv_insn *insn);
/* What is constant in the child and code depends on, for the builder. */
void hv_step_prepare(const struct hv_stepper *s, struct hv_block_builder *builder);
/* Executed: tells the analyser, with s->word as before it. */
void hv_step_done(struct hv_stepper *s, const struct hv_step_entry *entry);

/* ---- step_state: registers
 * ------------------------------------------------------------- */
/* PTRACE_O_..., as all children are traced. */
int hv_step_options(const struct hv_stepper *s);
/* As every followed call begins; -errno. */
int hv_step_begin(struct hv_stepper *s);
int hv_step_get(struct hv_stepper *s);
int hv_step_set(struct hv_stepper *s);
uint64_t hv_step_pc(const struct hv_stepper *s);
/* As hv_step_pc, after a breakpoint that was executed. */
uint64_t hv_step_pc_of_trap(const struct hv_stepper *s);
/* The number of the system call that an instruction would make, the number of the one
 * that is being made, and the result of the one that was. */
long hv_step_call(const struct hv_stepper *s);
long hv_step_call_made(const struct hv_stepper *s);
long hv_step_result(const struct hv_stepper *s);
/* Fills s->word, but for what is known only afterwards, or only that. */
int hv_step_words_before(struct hv_stepper *s, const struct hv_step_entry *entry);
void hv_step_words_after(struct hv_stepper *s, const struct hv_step_entry *entry);
/* Bytes of the code of that process at pc: as many as there are, up to HV_STEP_CODE. */
size_t hv_step_read(pid_t pid, uint64_t pc, unsigned char *bytes);

/* ---- step_run: executing one instruction
 * ----------------------------------------------- */
enum hv_step_went hv_step_run(struct hv_stepper *s, const struct hv_step_entry *entry);
/* Lets the child run until its next stop, and says what kind of stop that is. */
enum hv_step_stop {
    HV_STOP_TRAP,    /* a step, or a breakpoint */
    HV_STOP_SYSCALL, /* at the entry or exit of one */
    HV_STOP_SIGNAL,
    HV_STOP_OVER, /* it is gone, or it forked, or it took too long: told */
};
enum hv_step_stop hv_step_resume(struct hv_stepper *s, int request, int signal);
/* Reads the registers after a stop; `went`, or HV_WENT_OVER if that fails. */
enum hv_step_went hv_step_reached(struct hv_stepper *s, enum hv_step_went went);
/* Executes what its kind needs no more for than a step, a system call, a trap. */
enum hv_step_went hv_step_run_usual(struct hv_stepper *s,
                                    const struct hv_step_entry *entry);

/* ---- step_signal: what a signal does
 * --------------------------------------------------- */
/* After HV_STOP_SIGNAL. HV_WENT_AGAIN or HV_WENT_OVER. */
enum hv_step_went hv_step_signal(struct hv_stepper *s);

/* "it crashed: SIGSEGV at name+0x12"; place of the kernel. */
void hv_step_tell(struct hv_stepper *s, enum hv_trace_end end, const char *what);

#endif
