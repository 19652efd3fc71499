/* SPDX-License-Identifier: MIT */
/* Random straight-line code, run natively and through the code cache from one state. */
#ifndef HV_TESTS_TRACE_FUZZ_H
#define HV_TESTS_TRACE_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FUZZ_INSNS = 16,
    FUZZ_MEMORY = 1 << 16,
    FUZZ_MIDDLE = 1 << 15, /* where pointers lead; the stack is a quarter below */
    FUZZ_CODE = 1 << 16
};

/* What a processor holds for a program, and the memory that the code works on. */
struct fuzz_state {
    _Alignas(64) unsigned char fx[512]; /* as fxsave: x87, MXCSR, xmm */
    _Alignas(64) unsigned char vector[32][64];
    uint64_t mask[8];
    uint64_t gpr[16], flags;
    uint64_t host; /* the caller's stack pointer */
};

enum fuzz_vectors { FUZZ_SSE, FUZZ_AVX, FUZZ_AVX512 };

struct fuzz {
    unsigned char *code;     /* can be run */
    unsigned char *writable; /* the same memory */
    struct fuzz_state *in, *out;
    unsigned char *memory;
    enum fuzz_vectors vectors;
    uint64_t random;
    size_t used;          /* bytes of code */
    unsigned char *begin; /* of the random part */
    unsigned char *end;
};

struct fuzz_result {
    struct fuzz_state state;
    unsigned char memory[FUZZ_MEMORY];
};

/* All of it is shared between processes. False: this system gives no such memory. */
bool fuzz_open(struct fuzz *fuzz);
void fuzz_close(struct fuzz *fuzz);

uint64_t fuzz_random(struct fuzz *fuzz);
/* 0 .. n-1 */
unsigned fuzz_below(struct fuzz *fuzz, unsigned n);

/* The state and the memory that a seed begins with. */
void fuzz_begin(struct fuzz *fuzz, uint64_t seed);

/* The code around the random part: loads the state; stores it and returns. */
void fuzz_emit(struct fuzz *fuzz, const void *bytes, size_t n);
void fuzz_emit_head(struct fuzz *fuzz);
void fuzz_emit_tail(struct fuzz *fuzz);

/* Writes the code for a seed: by trial, so that little of it faults. */
void fuzz_generate(struct fuzz *fuzz, uint64_t seed);

/* The code as a function, for tracers: both arguments are ignored. */
typedef void fuzz_function(void *ctx, uint64_t n);
fuzz_function *fuzz_entry(const struct fuzz *fuzz);

/* Runs the code here. False: it faulted. */
bool fuzz_run_native(struct fuzz *fuzz);

/* Takes what the code left; the first difference in words, or NULL. */
void fuzz_take(const struct fuzz *fuzz, struct fuzz_result *result);
const char *fuzz_difference(const struct fuzz *fuzz, const struct fuzz_result *a,
                            const struct fuzz_result *b, char *text, size_t bytes);

/* The random part, disassembled to stderr. */
void fuzz_print(const struct fuzz *fuzz);

#endif
