/* SPDX-License-Identifier: MIT */
/* The state that random code begins with and leaves, and the native run. */
#include "tests/unit/trace_fuzz.h"

#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__x86_64__)

/* Far from everything, and from each other: random code that stores beside its memory
 * faults, and overwrites nothing. */
enum {
    STATE_BYTES = 2 * sizeof(struct fuzz_state),
    STATE_AT = 1 << 24,
    MEMORY_AT = 1 << 25,
    RSP = 4
};
static const uintptr_t place = 0x200000000000;

static enum fuzz_vectors vectors(void)
{
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        return FUZZ_AVX512;
    return __builtin_cpu_supports("avx2") ? FUZZ_AVX : FUZZ_SSE;
}

static void *map(uintptr_t at, size_t bytes, int protection, int fd)
{
    return mmap((void *)at, bytes, protection,
                MAP_SHARED | MAP_FIXED_NOREPLACE | (fd < 0 ? MAP_ANONYMOUS : 0), fd, 0);
}

/* Code that runs may not be writable where it runs: it is mapped twice. */
bool fuzz_open(struct fuzz *fuzz)
{
    enum { READ_WRITE = PROT_READ | PROT_WRITE };
    memset(fuzz, 0, sizeof *fuzz);
    const int fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0 || ftruncate(fd, FUZZ_CODE))
        return false;
    fuzz->code = map(place, FUZZ_CODE, PROT_READ | PROT_EXEC, fd);
    fuzz->writable = mmap(NULL, FUZZ_CODE, READ_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    fuzz->in = map(place + STATE_AT, STATE_BYTES, READ_WRITE, -1);
    fuzz->memory = map(place + MEMORY_AT, FUZZ_MEMORY, READ_WRITE, -1);
    fuzz->out = fuzz->in + 1;
    fuzz->vectors = vectors();
    return fuzz->code != MAP_FAILED && fuzz->writable != MAP_FAILED &&
           fuzz->in != MAP_FAILED && fuzz->memory != MAP_FAILED;
}

void fuzz_close(struct fuzz *fuzz)
{
    munmap(fuzz->writable, FUZZ_CODE);
    munmap(fuzz->code, FUZZ_CODE);
    munmap(fuzz->in, STATE_BYTES);
    munmap(fuzz->memory, FUZZ_MEMORY);
}

/* splitmix64 */
uint64_t fuzz_random(struct fuzz *fuzz)
{
    uint64_t z = fuzz->random += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

unsigned fuzz_below(struct fuzz *fuzz, unsigned n)
{
    return (unsigned)(fuzz_random(fuzz) % n);
}

static void fill(struct fuzz *fuzz, void *to, size_t bytes)
{
    for (size_t i = 0; i < bytes; i += sizeof(uint64_t)) {
        const uint64_t value = fuzz_random(fuzz);
        memcpy((unsigned char *)to + i, &value, sizeof value);
    }
}

/* Most registers point into the memory; rcx, r9 and r14 are small, for indices. */
void fuzz_begin(struct fuzz *fuzz, uint64_t seed)
{
    static const uint16_t control = 0x37f;
    static const uint32_t mxcsr = 0x1f80;
    struct fuzz_state *in = fuzz->in;
    fuzz->random = seed * 0x2545f4914f6cdd1d;
    fill(fuzz, fuzz->memory, FUZZ_MEMORY);
    fill(fuzz, in->vector, sizeof in->vector);
    fill(fuzz, in->mask, sizeof in->mask);
    memset(in->fx, 0, sizeof in->fx);
    memcpy(in->fx, &control, sizeof control);
    memcpy(in->fx + 24, &mxcsr, sizeof mxcsr);
    for (unsigned i = 0; i < 16; i++)
        in->gpr[i] =
            (uintptr_t)fuzz->memory + FUZZ_MIDDLE - 2048 + fuzz_below(fuzz, 4096);
    in->gpr[1] = fuzz_below(fuzz, 64);
    in->gpr[9] = fuzz_below(fuzz, 64);
    in->gpr[14] = fuzz_below(fuzz, 64);
    in->gpr[RSP] = (uintptr_t)fuzz->memory + FUZZ_MIDDLE / 2;
    in->flags = 0x202 | (fuzz_random(fuzz) & 0x8d5);
    if (!fuzz_below(fuzz, 8))
        in->flags |= 0x400;
    memset(fuzz->out, 0, sizeof *fuzz->out);
}

/* ---- code that loads and stores it ---------------------------------------------- */

void fuzz_emit(struct fuzz *fuzz, const void *bytes, size_t n)
{
    memcpy(fuzz->writable + fuzz->used, bytes, n);
    fuzz->used += n;
}

/* prefix bytes, then a modrm of reg and [rip + distance to field] */
static void emit_field(struct fuzz *fuzz, const char *prefix, size_t n, unsigned reg,
                       const void *field)
{
    fuzz_emit(fuzz, prefix, n);
    const unsigned char modrm = (unsigned char)((reg & 7) << 3 | 5);
    fuzz_emit(fuzz, &modrm, 1);
    const int32_t distance = (int32_t)((const unsigned char *)field -
                                       (fuzz->code + fuzz->used + sizeof(int32_t)));
    fuzz_emit(fuzz, &distance, sizeof distance);
}

static void emit_gpr(struct fuzz *fuzz, char opcode, unsigned reg, const void *field)
{
    const char bytes[] = {(char)(0x48 | reg >> 3 << 2), opcode};
    emit_field(fuzz, bytes, sizeof bytes, reg, field);
}

/* vmovdqu64 zmm / vmovdqu ymm; xmm registers are in fx. */
static void emit_vectors(struct fuzz *fuzz, struct fuzz_state *state, char opcode)
{
    for (unsigned i = 0; i < 32 && fuzz->vectors == FUZZ_AVX512; i++) {
        const char evex[] = {0x62, (char)(0x61 | !(i >> 3 & 1) << 7 | !(i >> 4) << 4),
                             (char)0xfe, 0x48, opcode};
        emit_field(fuzz, evex, sizeof evex, i, state->vector[i]);
    }
    for (unsigned i = 0; i < 16 && fuzz->vectors == FUZZ_AVX; i++) {
        const char vex[] = {(char)0xc5, (char)(0x7e | !(i >> 3) << 7), opcode};
        emit_field(fuzz, vex, sizeof vex, i, state->vector[i]);
    }
}

static void emit_masks(struct fuzz *fuzz, struct fuzz_state *state, char opcode)
{
    const char kmovq[] = {(char)0xc4, (char)0xe1, (char)0xf8, opcode};
    for (unsigned i = 0; i < 8 && fuzz->vectors == FUZZ_AVX512; i++)
        emit_field(fuzz, kmovq, sizeof kmovq, i, &state->mask[i]);
}

enum { STORE = (char)0x89, LOAD = (char)0x8b };

void fuzz_emit_head(struct fuzz *fuzz)
{
    static const char save[] = "\x53\x55\x41\x54\x41\x55\x41\x56\x41\x57";
    struct fuzz_state *in = fuzz->in;
    fuzz->used = 0;
    fuzz_emit(fuzz, save, sizeof save - 1);
    emit_gpr(fuzz, STORE, RSP, &fuzz->out->host);
    emit_field(fuzz, "\x0f\xae", 2, 1, in->fx); /* fxrstor */
    emit_vectors(fuzz, in, 0x6f);
    emit_masks(fuzz, in, (char)0x90);
    emit_field(fuzz, "\xff", 1, 6, &in->flags); /* push */
    fuzz_emit(fuzz, "\x9d", 1);                 /* popfq */
    for (unsigned i = 0; i < 16; i++)
        emit_gpr(fuzz, LOAD, i, &in->gpr[i]);
    fuzz->begin = fuzz->code + fuzz->used;
}

void fuzz_emit_tail(struct fuzz *fuzz)
{
    static const char back[] = "\x41\x5f\x41\x5e\x41\x5d\x41\x5c\x5d\x5b";
    static const char clean[] = "\xfc\xdb\xe3"; /* cld; fninit */
    struct fuzz_state *out = fuzz->out;
    fuzz->end = fuzz->code + fuzz->used;
    for (unsigned i = 0; i < 16; i++)
        emit_gpr(fuzz, STORE, i, &out->gpr[i]);
    emit_gpr(fuzz, LOAD, RSP, &out->host);
    fuzz_emit(fuzz, "\x9c", 1);                  /* pushfq */
    emit_field(fuzz, "\x8f", 1, 0, &out->flags); /* pop */
    emit_field(fuzz, "\x0f\xae", 2, 0, out->fx); /* fxsave */
    emit_vectors(fuzz, out, 0x7f);
    emit_masks(fuzz, out, (char)0x91);
    fuzz_emit(fuzz, clean, sizeof clean - 1);
    emit_field(fuzz, "\x0f\xae", 2, 2, fuzz->in->fx + 24); /* ldmxcsr */
    if (fuzz->vectors != FUZZ_SSE)
        fuzz_emit(fuzz, "\xc5\xf8\x77", 3); /* vzeroupper */
    fuzz_emit(fuzz, back, sizeof back - 1);
    fuzz_emit(fuzz, "\xc3", 1);
}

fuzz_function *fuzz_entry(const struct fuzz *fuzz)
{
    fuzz_function *entry;
    memcpy(&entry, &fuzz->code, sizeof entry);
    return entry;
}

/* ---- the native run ---------------------------------------------------------------
 */

static sigjmp_buf escape; /* a handler gets no argument that could lead it here */

static void on_fault(int number)
{
    siglongjmp(escape, number);
}

static void catch_faults(void)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP};
    static unsigned char stack[1 << 16];
    const stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    struct sigaction action = {.sa_handler = on_fault, .sa_flags = SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    sigaltstack(&alternate, NULL);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        sigaction(faults[i], &action, NULL);
}

bool fuzz_run_native(struct fuzz *fuzz)
{
    catch_faults();
    if (sigsetjmp(escape, 1))
        return false;
    fuzz_entry(fuzz)(NULL, 0);
    return true;
}

/* ---- comparing ------------------------------------------------------------------ */

void fuzz_take(const struct fuzz *fuzz, struct fuzz_result *result)
{
    result->state = *fuzz->out;
    memcpy(result->memory, fuzz->memory, FUZZ_MEMORY);
}

/* Where the last x87 instruction stood is not the same, and matters to nobody. */
const char *fuzz_difference(const struct fuzz *fuzz, const struct fuzz_result *a,
                            const struct fuzz_result *b, char *text, size_t bytes)
{
#define PART(name, offset, size)                                                       \
    {                                                                                  \
        name,                                                                          \
            offsetof(struct fuzz_result, state) + offsetof(struct fuzz_state, offset), \
            size                                                                       \
    }
    const struct {
        const char *name;
        size_t at, bytes;
    } parts[] = {
        PART("gpr", gpr, sizeof a->state.gpr),
        PART("flags", flags, sizeof a->state.flags),
        PART("masks", mask, sizeof a->state.mask),
        PART("vectors", vector, sizeof a->state.vector),
        PART("x87 control", fx[0], 6),
        PART("mxcsr", fx[24], 4),
        PART("x87 and xmm", fx[32], 384),
        {"memory", offsetof(struct fuzz_result, memory), FUZZ_MEMORY},
    };
    const unsigned char *x = (const unsigned char *)a, *y = (const unsigned char *)b;
    (void)fuzz;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        for (size_t k = 0; k < parts[i].bytes; k++)
            if (x[parts[i].at + k] != y[parts[i].at + k]) {
                snprintf(text, bytes, "%s: byte %zu is %#x, not %#x", parts[i].name, k,
                         (unsigned)y[parts[i].at + k], (unsigned)x[parts[i].at + k]);
                return text;
            }
    return NULL;
}

#endif
