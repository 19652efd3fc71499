/* SPDX-License-Identifier: MIT */
/* The table of the built-in pairs: one line each. */
#include "kernels/builtin.h"

/* A new pair: its file in kernels/pairs/, and a line here. */
#define PAIRS(X)                                                                       \
    X(bind)                                                                            \
    X(batch_1000)                                                                      \
    X(allocation)                                                                      \
    X(stack_vs_heap)                                                                   \
    X(consciousness_cycle)

#define CONTROLS(X)                                                                    \
    X(control_ratio_8_short)                                                           \
    X(control_ratio_8_long)                                                            \
    X(control_imul)                                                                    \
    X(control_equal)

/* Beside the hypothesis: what steps would bring and what things cost here. At places 0
 * and 32 only, and without twins; the second list has no code that an ISA changes. */
#define EXTRAS(X)                                                                      \
    X(step_mmap_storage)                                                               \
    X(step_zero_copy_simd)                                                             \
    X(insight_copy)                                                                    \
    X(insight_store)                                                                   \
    X(insight_bind)                                                                    \
    X(insight_similarity)

#define EXTRAS_ANY(X)                                                                  \
    X(step_arena)                                                                      \
    X(insight_malloc)                                                                  \
    X(insight_mmap)

/* kernels.mk tells which ISAs it compiled, and how. */
#ifndef HV_KERNEL_BUILD
#define HV_KERNEL_BUILD NULL
#endif
#if defined(HV_FLAGS_avx2)
#define EACH_ISA(X, pair)                                                              \
    X(pair, portable) X(pair, avx2) X(pair, avx512) X(pair, avx512vp)
#elif defined(HV_FLAGS_neon)
#define EACH_ISA(X, pair) X(pair, portable) X(pair, neon)
#else
#define EACH_ISA(X, pair) X(pair, portable)
#endif

#define DECLARE_PLACES(pair, isa, twin)                                                \
    extern const struct hv_pair hv_##pair##_##isa##_0##twin,                           \
        hv_##pair##_##isa##_16##twin, hv_##pair##_##isa##_32##twin,                    \
        hv_##pair##_##isa##_48##twin;
#define PLACES(pair, isa, twin)                                                        \
    &hv_##pair##_##isa##_0##twin, &hv_##pair##_##isa##_16##twin,                       \
        &hv_##pair##_##isa##_32##twin, &hv_##pair##_##isa##_48##twin

#define DECLARE(pair, isa) DECLARE_PLACES(pair, isa, ) DECLARE_PLACES(pair, isa, _twin)
#define ROW(pair, isa)     {{PLACES(pair, isa, )}, {PLACES(pair, isa, _twin)}},

#define DECLARE_PAIR(pair)    EACH_ISA(DECLARE, pair)
#define DECLARE_CONTROL(pair) DECLARE(pair, any)
#define PAIR_ROWS(pair)       EACH_ISA(ROW, pair)
#define CONTROL_ROW(pair)     ROW(pair, any)

#define DECLARE_TWO(pair, isa)                                                         \
    extern const struct hv_pair hv_##pair##_##isa##_0, hv_##pair##_##isa##_32;
#define TWO(pair, isa)          &hv_##pair##_##isa##_0, NULL, &hv_##pair##_##isa##_32, NULL
#define ROW_TWO(pair, isa)      {{TWO(pair, isa)}, {NULL}},
#define DECLARE_EXTRA(pair)     EACH_ISA(DECLARE_TWO, pair)
#define DECLARE_EXTRA_ANY(pair) DECLARE_TWO(pair, any)
#define EXTRA_ROWS(pair)        EACH_ISA(ROW_TWO, pair)
#define EXTRA_ROW_ANY(pair)     ROW_TWO(pair, any)

PAIRS(DECLARE_PAIR)
CONTROLS(DECLARE_CONTROL)
EXTRAS(DECLARE_EXTRA)
EXTRAS_ANY(DECLARE_EXTRA_ANY)

static const struct hv_kernel_row rows[] = {PAIRS(PAIR_ROWS) CONTROLS(
    CONTROL_ROW) EXTRAS(EXTRA_ROWS) EXTRAS_ANY(EXTRA_ROW_ANY)};

const struct hv_kernel_set hv_builtin_kernels = {
    .abi = HV_ABI,
    .n_rows = sizeof rows / sizeof rows[0],
    .name = "builtin",
    .build = HV_KERNEL_BUILD,
    .rows = rows,
};
