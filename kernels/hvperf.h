/* SPDX-License-Identifier: MIT */
/* The kernel SDK: what a pair of arms is written against, hvperf's own included.
 *
 * A pair is one source file, compiled once for each placement (and ISA):
 *
 *     cc -O3 -fPIC -DHV_PLACE=16 -fpatchable-function-entry=16,16 -c pair.c -o pair16.o
 *
 * so that every arm exists with its entry at 0, 16, 32 and 48 mod 64; the objects are
 * then listed in an hv_kernel_set. kernels/example/ is a complete plugin. The header
 * needs only the C library, and works from C11 and C++. */
#ifndef HVPERF_H
#define HVPERF_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Changes whenever a struct below does; a set with another number is refused. */
#define HV_ABI 2u

/* Experiments a pair can have. */
#define HV_EXPERIMENTS 24

/* Placements a row can hold: entries at 0, 16, 32, 48 mod 64. */
#define HV_PLACES 4

/* What setup is asked for. */
struct hv_size {
    uint32_t dim_bits;  /* vector dimension: a multiple of 512, 512 to 65536 */
    uint64_t seed;      /* the same seed must give the same inputs */
    uint64_t footprint; /* bytes that the iterations together should walk over, for a
                           pair with .sweeps; 0: as the pair is defined */
};

/* What setup gives back. Everything but ctx is optional (0 or NULL: not told). */
struct hv_work {
    void *ctx; /* handed to run, check and teardown */
    const void
        *result; /* what run leaves behind; both arms must leave the same bytes */
    size_t result_bytes;
    uint64_t items;      /* items one iteration handles, for items/s */
    uint64_t bytes;      /* bytes one iteration must read and write, for GB/s */
    uint64_t footprint;  /* bytes that the iterations together walk over, where that is
                            more than one iteration touches */
    int declares_copies; /* non-zero: the two figures below were worked out */
    uint64_t copied_baseline, copied_candidate; /* bytes the source of an arm asks to
                                                   copy in one iteration */
};

/* Runs n iterations of the arm's body (n may be 0). It holds its own loop; inputs pass
 * through HV_BARRIER every iteration, and results stay in buffers of ctx, so that no
 * compiler can fold an arm. No output, no exit, no threads. */
typedef void hv_run_fn(void *ctx, uint64_t n);

struct hv_arm {
    const char *name;
    hv_run_fn *run;
};

/* What a row is for, beside a question or a known answer. */
enum hv_purpose_word {
    HV_FOR_QUESTION, /* two arms, and which is faster */
    HV_FOR_INSIGHT,  /* what something costs on this machine */
    HV_FOR_STEP,     /* what a step would bring, before anybody takes it */
};

/* A test of a cause: an arm as it is, and the same arm changed in one respect. The name
 * tells which: "copy_away", ...; docs/methodology.md lists what hvperf knows, and
 * hvperf_vary.h makes such arms from one body. baseline is one of the pair's own arms;
 * "isolated" alone has both arms changed, in the same way. */
struct hv_experiment {
    const char *name;
    struct hv_arm baseline, candidate;
    int differs; /* non-zero: candidate leaves another result, by design */
};

/* One pair as compiled at one placement. Strings and functions live as long as the
 * set does. */
struct hv_pair {
    const char *name;     /* letters, digits and _; at most 47 bytes */
    const char *question; /* one line: what the pair decides */
    const char *isa;      /* "portable", "avx2", ...; "any" if the set has only one */
    double predicted; /* speedup the hypothesis predicts, or known answer; 0: none */
    int control;      /* non-zero: a kernel with a known answer */
    enum hv_purpose_word purpose;
    int sweeps; /* non-zero: setup honours size->footprint */
    struct hv_arm baseline, candidate;

    /* 0 or -errno; on failure nothing is left allocated. */
    int (*setup)(struct hv_work *work, const struct hv_size *size);
    /* After one iteration of either arm: 0 if the result is right, else -EBADMSG and a
     * sentence in why. Must not use the arms. May be NULL: then only the equality of
     * the two results is tested. */
    int (*check)(const struct hv_work *work, char *why, size_t why_bytes);
    void (*teardown)(struct hv_work *work); /* may be NULL */

    const struct hv_experiment *experiments; /* the same list at every placement */
    uint32_t n_experiments;                  /* at most HV_EXPERIMENTS */
};

/* One pair at one ISA, at all its placements. at[0] is mandatory, the others may be
 * NULL: such a pair is measured at what it has, and the report says so. twin holds a
 * second copy of the same code at other addresses, for --aa; NULL: hvperf loads the
 * shared object twice instead. */
struct hv_kernel_row {
    const struct hv_pair *at[HV_PLACES];
    const struct hv_pair *twin[HV_PLACES];
};

/* What a plugin exports, under the name hv_kernel_set. */
struct hv_kernel_set {
    uint32_t abi; /* HV_ABI */
    uint32_t n_rows;
    const char *name;  /* letters, digits and _; at most 47 bytes */
    const char *build; /* compiler and flags of the arms; NULL: not told */
    const struct hv_kernel_row *rows;
};

#ifdef _WIN32
#error "hvperf runs on Linux"
#endif
#define HV_EXPORT __attribute__((visibility("default")))

/* The compiler must assume that the object at this address was read and written. */
#define HV_BARRIER(pointer) __asm__ volatile("" : "+r"(pointer) : : "memory")
/* ... and that it is read, here, as it stands in memory: keeps a copy alive. */
#define HV_KEEP(pointer) __asm__ volatile("" : : "r"(pointer) : "memory")

#ifndef HV_PLACE
#define HV_PLACE 0
#endif
#ifndef HV_ISA
#define HV_ISA any
#endif

/* hv_<name>_<isa>_<place>: every placed object has its own names. */
#define HV_JOIN_(a, b, c) hv_##a##_##b##_##c
#define HV_JOIN(a, b, c)  HV_JOIN_(a, b, c)
#define HV_SYMBOL(name)   HV_JOIN(name, HV_ISA, HV_PLACE)
#define HV_STRING_(x)     #x
#define HV_STRING(x)      HV_STRING_(x)

/* In front of an arm and of every helper that carries its time: its own function,
 * aligned, so that -fpatchable-function-entry puts its entry at HV_PLACE mod 64. */
#if defined(__clang__) || !defined(__GNUC__)
#define HV_PLACED __attribute__((noinline, aligned(64)))
#else /* gcc also clones functions, and merges equal ones: that would undo an A/A pair \
       */
#define HV_PLACED __attribute__((noipa, aligned(64)))
#endif

/* Defines a static arm: HV_ARM(bind_zero_copy) { ... uses ctx and n ... } */
#define HV_ARM(arm) HV_PLACED static void arm(void *ctx, uint64_t n)

/* Elements of an array, as n_experiments wants them. */
#define HV_COUNT(array) ((uint32_t)(sizeof(array) / sizeof((array)[0])))

/* Defines the pair of a placed object: HV_PAIR(bind, .question = "...", ...); */
#define HV_PAIR(pair, ...)                                                             \
    extern const struct hv_pair HV_SYMBOL(pair);                                       \
    const struct hv_pair HV_SYMBOL(pair) = {                                           \
        .name = #pair, .isa = HV_STRING(HV_ISA), __VA_ARGS__}

#ifdef __cplusplus
}
#endif

#endif
