/* SPDX-License-Identifier: MIT */
/* The catalogue's buffers, and its kernels by name. */
#ifndef HV_TESTS_TRACE_KERNELS_H
#define HV_TESTS_TRACE_KERNELS_H

#include <string.h>

#include "kernels/hvperf.h"
#include "tests/trace/catalogue.h"

enum { BLOCK = 256, LARGE = 65536, SHIFT = 100, UNTOUCHED = 0xee };

struct block {
    uint64_t word[BLOCK / 8];
};
/* walk_set visits lines one page apart, all in one set of a cache which has fewer ways:
 * the five highest bits of a random number choose the line. */
enum { VISITS = 150, PAGE = 4096 };
#define NEXT_RANDOM(x) ((x)*1664525u + 1013904223u)

struct small {
    uint64_t word[3];
};
union buffer {
    uint8_t byte[LARGE + 64];
    uint64_t word[LARGE / 8];
    struct block block;
    struct small small;
};

/* No buffer is at offset 0: a pointer to it is then always computed, so that passing it
 * on is not itself the copy of a loaded word. */
struct buffers {
    struct trace_context context;
    _Alignas(64) union buffer source, other, target;
};

/* A kernel is compiled alone: no caller may see into it, nor it into its callees. */
#if defined(__clang__) || !defined(__GNUC__)
#define KERNEL_ALONE __attribute__((noinline))
#else
#define KERNEL_ALONE __attribute__((noipa))
#endif
#define KERNEL(name) KERNEL_ALONE void k_##name(void *ctx, uint64_t n)

/* X(name, bytes, ...) of every kernel that copies bytes from source to target, so that
 * target then equals source in so many bytes. */
#define COPYING_KERNELS(X)                                                             \
    X(struct_24, 24, TRACE_EXACT)                                                      \
    X(struct_256, 256, TRACE_EXACT)                                                    \
    X(memcpy_const_0, 0, TRACE_EXACT)                                                  \
    X(memcpy_const_1, 1, TRACE_EXACT)                                                  \
    X(memcpy_const_16, 16, TRACE_EXACT)                                                \
    X(memcpy_const_100, 100, TRACE_EXACT)                                              \
    X(memcpy_const_256, 256, TRACE_EXACT)                                              \
    X(memcpy_const_1000, 1000, TRACE_EXACT)                                            \
    X(memcpy_const_4096, 4096, TRACE_EXACT)                                            \
    X(memcpy_const_65536, 65536, TRACE_EXACT)                                          \
    X(memcpy_run_0, 0, TRACE_EXACT)                                                    \
    X(memcpy_run_1, 1, TRACE_EXACT)                                                    \
    X(memcpy_run_16, 16, TRACE_EXACT)                                                  \
    X(memcpy_run_100, 100, TRACE_EXACT)                                                \
    X(memcpy_run_256, 256, TRACE_EXACT)                                                \
    X(memcpy_run_1000, 1000, TRACE_EXACT)                                              \
    X(memcpy_run_4096, 4096, TRACE_EXACT)                                              \
    X(memcpy_run_65536, 65536, TRACE_EXACT)                                            \
    X(return_by_value, 256, TRACE_CHAINED)                                             \
    X(byte_loop, 256, TRACE_EXACT)                                                     \
    X(word_loop, 256, TRACE_EXACT)                                                     \
    X(rep_movsb, 256, TRACE_EXACT)                                                     \
    X(rep_movsq, 256, TRACE_EXACT)                                                     \
    X(rep_movsb_back, 256, TRACE_EXACT)                                                \
    X(rep_movsq_back, 256, TRACE_EXACT)                                                \
    X(non_temporal, 256, TRACE_EXACT)

/* X(name, check, bytes, how, avx512, aside) of the others. Aside: valgrind has no
 * AVX-512; and the way malloc goes depends on all that a process has allocated before.
 */
#define OTHER_KERNELS(X)                                                               \
    X(masked_37, copied_37, 37, TRACE_EXACT, true, true)                               \
    X(memmove_up, shifted_up, 1000, TRACE_EXACT, false, false)                         \
    X(memmove_down, shifted_down, 1000, TRACE_EXACT, false, false)                     \
    X(arg_by_value, took_word, 256, TRACE_EXACT, false, false)                         \
    X(chained, copied_block, 512, TRACE_EXACT, false, false)                           \
    X(xor, xored, 0, TRACE_EXACT, false, false)                                        \
    X(xor_of_copies, xored, 512, TRACE_EXACT, false, false)                            \
    X(invert, inverted, 0, TRACE_EXACT, false, false)                                  \
    X(reverse, reversed, 0, TRACE_BULK, false, false)                                  \
    X(popcount, counted, 0, TRACE_EXACT, false, false)                                 \
    X(walk_set, walked, 0, TRACE_EXACT, false, false)                                  \
    X(memset_zero, zeroed, 0, TRACE_EXACT, false, false)                               \
    X(memset_const, filled_5a, 0, TRACE_EXACT, false, false)                           \
    X(memset_run, filled_5a, 0, TRACE_EXACT, false, false)                             \
    X(elidable_clone, took_two, 256, TRACE_ELIDABLE, false, false)                     \
    X(elidable_xor, xored, 512, TRACE_ELIDABLE, false, false)                          \
    X(heap_clone, untouched, 256, TRACE_BULK, false, false)                            \
    X(vector_growth, moved, 0, TRACE_MOVED, false, true)

#define DECLARE_COPYING(name, bytes, how) void k_##name(void *ctx, uint64_t n);
#define DECLARE_OTHER(name, check, bytes, how, avx512, aside)                          \
    void k_##name(void *ctx, uint64_t n);
COPYING_KERNELS(DECLARE_COPYING)
OTHER_KERNELS(DECLARE_OTHER)

#endif
