/* SPDX-License-Identifier: MIT */
/* Runs one instruction on this processor with all registers as wanted: what it really
 * does is the witness for what the decoder says. x86-64 with AVX-512 only. */
#ifndef HV_TEST_DECODE_NATIVE_H
#define HV_TEST_DECODE_NATIVE_H

#include <stddef.h>
#include <stdint.h>

struct native_state {
    uint64_t gpr[16]; /* as the hardware numbers them; rsp as any other */
    uint64_t flags;   /* arithmetic ones and DF */
    uint64_t mask[8];
    uint64_t mmx[8];
    uint8_t vector[32][64];
};

/* Memory for the instruction to use, with pages that nothing can touch around it. */
enum { NATIVE_MEMORY = 1 << 16 };
extern unsigned char *native_memory;

/* NULL, or why it cannot be done here. Within a test: cmocka has handlers of its own
 * for the same signals. */
const char *native_open(void);
void native_close(void);

enum native_end { NATIVE_RAN, NATIVE_FAULT, NATIVE_ILLEGAL };
struct native_fault {
    int signal;
    uint64_t address; /* 0: the kernel does not tell (misaligned, not canonical) */
    int write;        /* the processor says that it was one */
};

/* The instruction must not transfer control. out is as far as it came. */
enum native_end native_run(const unsigned char *code, size_t length,
                           const struct native_state *in, struct native_state *out,
                           struct native_fault *fault);

#endif
