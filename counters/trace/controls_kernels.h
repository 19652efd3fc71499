/* SPDX-License-Identifier: MIT */
/* The kernels of the controls, in assembly: run(ctx, n) as an arm has it, on a struct
 * hv_control_page. */
#ifndef HV_COUNTERS_TRACE_CONTROLS_KERNELS_H
#define HV_COUNTERS_TRACE_CONTROLS_KERNELS_H

#include <stdint.h>

/* The offsets stand in controls_x86_64.S and controls_aarch64.S as well. */
struct hv_control_page {
    _Alignas(64) unsigned char to[4096]; /* so that an array of pages is aligned */
    unsigned char from[4096];
    uint64_t result;
};

typedef void hv_control_kernel(void *ctx, uint64_t n);

/* 1 instruction. */
hv_control_kernel hv_control_empty;
/* 2 n + 1 instructions. */
hv_control_kernel hv_control_loop;
/* 6 n + 8 instructions; result n, by a carry that lives from block to block and words
 * in the red zone. AArch64, without these: 6 n + 2. */
hv_control_kernel hv_control_flags;
/* memcpy(to, from, n). */
hv_control_kernel hv_control_memcpy;
/* to ^= from over 256 bytes, 16 at a time: 16 * 5 + 2 instructions; AArch64: 16 * 6
 * + 3.
 */
hv_control_kernel hv_control_xor;

/* ---- x86-64 only */
/* 4 instructions, one of them a rep movsb of n bytes. */
hv_control_kernel hv_control_rep_movs;
/* 5 instructions; of 64 bytes the first 37 are copied (AVX-512). */
hv_control_kernel hv_control_masked;
/* 3 n + 15 instructions; result n times the sum of from's first 8 words (AVX-512). */
hv_control_kernel hv_control_avx512;
/* 14 n + 5 instructions of many kinds, n below 64. */
hv_control_kernel hv_control_mixed;

/* ---- AArch64 only */
/* 6 n + 3 instructions: result n, added up by exclusive loads and stores. */
hv_control_kernel hv_control_exclusive;
/* 14 instructions: 128 bytes copied. */
hv_control_kernel hv_control_copy;

#endif
