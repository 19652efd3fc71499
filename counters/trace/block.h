/* SPDX-License-Identifier: MIT */
/* What a tracer tells the analyser: a block (a straight line of instructions, described
 * once) and the words that it logged each time the block ran. The code cache makes
 * blocks of many instructions, the stepper blocks of one; the analyser is the same.
 *
 * A block's description is static: sizes, displacements and register moves come from
 * the instruction bytes. Its words are what only running it tells: addresses, masks,
 * the registers around a `rep`. Nothing here allocates; descriptions live as long as
 * the tracer that made them. */
#ifndef HV_COUNTERS_TRACE_BLOCK_H
#define HV_COUNTERS_TRACE_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__aarch64__)
enum { HV_GPRS = 32 }; /* x0 ... x30, and the stack pointer as an address or word */
#else
enum { HV_GPRS = 16 }; /* rax rcx rdx rbx rsp ... */
#endif

/* Byte numbers of the registers whose data is followed. One register file, so that a
 * move between classes is a move of bytes. REG_TEMP holds what an instruction carries
 * from memory to memory (movs, push [m], pop [m]) or exchanges with it (swp). */
enum {
    HV_REG_GPR = 0,                         /* HV_GPRS of 8 bytes */
    HV_REG_MASK = HV_REG_GPR + HV_GPRS * 8, /* 8 of 8 bytes: k0 ... */
    HV_REG_MMX = HV_REG_MASK + 8 * 8,       /* 8 of 8 bytes */
    HV_REG_TEMP = HV_REG_MMX + 8 * 8,       /* 64 bytes */
    HV_REG_VECTOR = HV_REG_TEMP + 64,       /* 32 of 64 bytes: zmm0 ..., v0 ... */
    HV_REG_BYTES = HV_REG_VECTOR + 32 * 64
};

/* How a tracer makes a word. GPR numbers are the hardware's (rax 0, rcx 1, ... r15;
 * x0 0, ... x30, sp 31). */
enum hv_word_kind {
    HV_WORD_ADDRESS,  /* [base] + [index] * scale, no displacement, no segment */
    HV_WORD_MASK,     /* k register `base`, all 64 bits */
    HV_WORD_REGISTER, /* GPR `base` before the instruction */
    HV_WORD_AFTER,    /* GPR `base` after it (rep only) */
    /* AArch64's: the low half of [index], without or with its sign */
    HV_WORD_ADDRESS_UXTW,
    HV_WORD_ADDRESS_SXTW,
    HV_WORD_ALIGNED, /* [base] down to a multiple of 1 << scale */
};
struct hv_word {
    uint8_t kind;
    uint8_t base;  /* register number; HV_NO_REG: none */
    uint8_t index; /* GPR number; HV_NO_REG: none */
    uint8_t scale; /* 1, 2, 4, 8, 16 */
};
enum { HV_NO_REG = 0xff, HV_NO_WORD = 0xff };

/* One access to memory. Its address is words[word] + disp (word HV_NO_WORD: disp).
 * An instruction that reads and writes the same place has two accesses, the read first,
 * which may share a word. */
enum {
    HV_ACCESS_WRITE = 1,
    HV_ACCESS_NON_TEMPORAL = 2,
    HV_ACCESS_COMPRESSED = 4, /* bytes = element x popcount(mask), contiguous */
    HV_ACCESS_REP = 8,        /* one of HV_INSN_REP: see there */
};
struct hv_access {
    int64_t disp;      /* displacement, plus the base of fs where that is used */
    uint16_t bytes;    /* all elements; of one iteration for HV_ACCESS_REP */
    uint8_t word;      /* within the block's words */
    uint8_t mask_word; /* HV_NO_WORD: every element */
    uint8_t element;   /* bytes that one bit of the mask stands for */
    uint8_t flags;
};

/* One step of the dataflow, in execution order. Register bytes only; the memory side of
 * LOAD and STORE is the access of that index, from its byte `at` on: an access
 * of a pair of registers has two steps. A LOAD or MOVE writes
 * `bytes` bytes; what else of the destination changes is a CLEAR of its own, before or
 * after. mask_word != HV_NO_WORD: only elements whose bit is set are written (in a
 * STORE: stored); the others keep their tags, or lose them with HV_FLOW_ZEROING. */
enum hv_flow_kind {
    HV_FLOW_LOAD,  /* dst .. dst+bytes := what the access read */
    HV_FLOW_STORE, /* the access writes src .. src+bytes */
    HV_FLOW_MOVE,  /* dst := src, both registers; they may overlap */
    HV_FLOW_CLEAR, /* dst .. dst+bytes are computed: no copy any more */
    HV_FLOW_REP,   /* a rep movs: copies access (read) to access + 1 (write), the whole
                      string. stos, lods, ... are no copies and have no such step */
};
enum { HV_FLOW_ZEROING = 1 };
struct hv_flow {
    uint8_t kind, flags;
    uint8_t access;    /* index in the block's accesses; LOAD, STORE, REP */
    uint8_t mask_word; /* HV_NO_WORD: unmasked */
    uint8_t element;
    uint8_t at; /* LOAD, STORE: byte of the access */
    uint16_t dst, src, bytes;
    uint8_t insn; /* index of the instruction in the block */
};

enum {
    HV_INSN_CALL = 1 << 0, /* its last access is the write of the return address */
    HV_INSN_RET = 1 << 1,  /* its first access is the read of the return address */
    HV_INSN_BRANCH = 1 << 2,
    HV_INSN_SYSCALL = 1 << 3,
    /* A string instruction with rep, repe or repne. Its words are, in this order:
     * rcx rsi rdi before, rcx rsi rdi after (HV_WORD_REGISTER, HV_WORD_AFTER). Its
     * iterations are rcx before - rcx after; the direction follows from how rsi or rdi
     * moved. word of its accesses is the one of rsi or rdi before. One instruction. */
    HV_INSN_REP = 1 << 4,
    /* An operand shape that is not understood: what it writes is cleared, accesses that
     * could not be described are left out, and it is counted, never passed over. */
    HV_INSN_UNSUPPORTED = 1 << 5,
    /* The first instruction of a function whose arguments are wanted (see roles.h):
     * the block's first four words are the stack pointer and the first three
     * arguments: rsp, rdi, rsi, rdx; sp, x0, x1, x2 (HV_WORD_REGISTER). */
    HV_INSN_ENTRY = 1 << 6,
    /* With CALL or RET, where a register holds the return address: there is no access
     * for it, and the instruction's first word is the stack pointer, which stands for
     * its place. */
    HV_INSN_LINK = 1 << 7,
};
struct hv_insn {
    uint64_t pc;
    uint8_t length;
    uint8_t vector_bytes; /* widest vector operand: 0, 8 (mmx), 16, 32, 64 */
    uint16_t flags;
    uint8_t first_word, n_words; /* within the block's words */
    uint8_t first_access, n_accesses;
    uint8_t first_flow, n_flow;
};

enum {
    HV_BLOCK_INSNS = 48,
    HV_BLOCK_ACCESSES = 96,
    HV_BLOCK_WORDS = 128,
    HV_BLOCK_FLOW = 240,
};

/* The arrays belong to whoever made the block. Instructions partition words, accesses
 * and flow: those of instruction i + 1 follow those of i. */
struct hv_block {
    const struct hv_insn *insn;
    const struct hv_word *word; /* recipes, for the tracers */
    const struct hv_access *access;
    const struct hv_flow *flow;
    uint16_t n_insns, n_words, n_accesses, n_flow;
    uint16_t
        function; /* index in the analyser's functions; same for all instructions */
};

#endif
