/* SPDX-License-Identifier: MIT */
/* HV16's operations as functions, one table for each ISA they were compiled for. */
#ifndef HV_KERNELS_HV16_OPS_H
#define HV_KERNELS_HV16_OPS_H

#include <stddef.h>
#include <stdint.h>

/* Arguments as in kernels/hv16.h. Running a table of an ISA that this CPU lacks ends in
 * SIGILL: ask hv_isa_available() first. */
struct hv_hv16_ops {
    void (*random)(uint8_t *out, size_t bytes, uint64_t seed);
    void (*bind)(uint8_t *out, const uint8_t *a, const uint8_t *b, size_t bytes);
    float (*similarity)(const uint8_t *a, const uint8_t *b, size_t bytes);
    void (*bundle)(uint8_t *out, const uint8_t *vectors, size_t k, size_t bytes);
};

#endif
