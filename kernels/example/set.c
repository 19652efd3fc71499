/* SPDX-License-Identifier: MIT */
/* What the plugin exports: its pairs at all their placements. */
#include <hvperf.h>

extern const struct hv_pair hv_reverse_any_0, hv_reverse_any_16, hv_reverse_any_32,
    hv_reverse_any_48;

static const struct hv_kernel_row rows[] = {
    {.at = {&hv_reverse_any_0, &hv_reverse_any_16, &hv_reverse_any_32,
            &hv_reverse_any_48}},
};

extern const struct hv_kernel_set hv_kernel_set;
HV_EXPORT const struct hv_kernel_set hv_kernel_set = {
    .abi = HV_ABI,
    .n_rows = sizeof rows / sizeof rows[0],
    .name = "example",
    .build = BUILT_WITH,
    .rows = rows,
};
