/* SPDX-License-Identifier: MIT */
/* What the plugin exports: every planted pair at its placements. */
#include "kernels/hvperf.h"

#define PAIRS(X)                                                                       \
    X(inlined_copy)                                                                    \
    X(called_copy)                                                                     \
    X(forward_block)                                                                   \
    X(alias_4k)                                                                        \
    X(ram_copy)                                                                        \
    X(l2_copy)                                                                         \
    X(page_faults)                                                                     \
    X(malloc_in_loop)                                                                  \
    X(shared_work)                                                                     \
    X(elided_copy)                                                                     \
    X(slower_algorithm)                                                                \
    X(placement_alone)                                                                 \
    X(nothing_at_all)

#define DECLARE(pair)                                                                  \
    extern const struct hv_pair hv_##pair##_any_0, hv_##pair##_any_16,                 \
        hv_##pair##_any_32, hv_##pair##_any_48;
PAIRS(DECLARE)

#define AT(pair, place) &hv_##pair##_any_##place
#define PLACES(pair)    AT(pair, 0), AT(pair, 16), AT(pair, 32), AT(pair, 48)
#define ROW(pair)       {{PLACES(pair)}, {NULL}},
static const struct hv_kernel_row rows[] = {PAIRS(ROW)};

extern const struct hv_kernel_set hv_kernel_set;
HV_EXPORT const struct hv_kernel_set hv_kernel_set = {
    .abi = HV_ABI,
    .n_rows = HV_COUNT(rows),
    .name = "planted",
    .build = BUILT_WITH,
    .rows = rows,
};
