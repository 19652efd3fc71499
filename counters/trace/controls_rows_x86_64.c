/* SPDX-License-Identifier: MIT */
/* What the kernels of controls_x86_64.S are known to do. */
#include "counters/trace/controls_rows.h"

static const char *no_avx512(void)
{
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512f")
               ? NULL
               : "this CPU has no AVX-512";
}

const struct hv_control_row hv_control_rows[HV_CONTROL_ROWS] = {
    {
     .name = "empty",
     .what = "a kernel that only returns",
     .unit = "instructions",
     .kernel = hv_control_empty,
     .check = {{HV_T_INSTRUCTIONS, 1}, {HV_T_LOAD_BYTES, 8}, {HV_T_STORE_BYTES, 0}},
     },
    {
     .name = "loop",
     .what = "a loop of 1000 turns",
     .unit = "instructions",
     .kernel = hv_control_loop,
     .n = 1000,
     .check = {{HV_T_INSTRUCTIONS, 2001}, {HV_T_BRANCHES, 1000}},
     },
    {
     .name = "flags",
     .what = "a carry that lives across blocks, and words below the stack pointer",
     .unit = "instructions",
     .kernel = hv_control_flags,
     .n = 10,
     .check = {{HV_T_INSTRUCTIONS, 68}, {HV_CONTROL_RESULT, 10}},
     },
    {
     .name = "rep_movs",
     .what = "rep movsb of 300 bytes: one instruction, 300 bytes copied",
     .unit = "bytes",
     .kernel = hv_control_rep_movs,
     .n = 300,
     .stepped = true,
     .check = {{HV_CONTROL_COPIED, 300},
                  {HV_T_INSTRUCTIONS, 4},
                  {HV_T_REP_ITERATIONS, 300}},
     },
    {
     .name = "masked",
     .what = "37 of 64 bytes copied under a mask",
     .unit = "bytes",
     .kernel = hv_control_masked,
     .why_not = no_avx512,
     .stepped = true,
     .check = {{HV_CONTROL_COPIED, 37},
                  {HV_T_INSTRUCTIONS, 5},
                  {HV_T_LOAD_BYTES, 37 + 8},
                  {HV_T_STORE_BYTES, 37}},
     },
    {
     .name = "avx512",
     .what = "a sum in 512-bit registers, which the tracer leaves intact",
     .unit = "sum",
     .kernel = hv_control_avx512,
     .n = 100,
     .why_not = no_avx512,
     .check = {{HV_CONTROL_RESULT, 3600},
                  {HV_T_INSTRUCTIONS, 315},
                  {HV_T_VECTOR_512, 103}},
     },
    {
     .name = "memcpy",
     .what = "memcpy of 100 bytes",
     .unit = "bytes",
     .kernel = hv_control_memcpy,
     .n = 100,
     .of_libc = true,
     .check = {{HV_T_COPIED_CALLED, 100}, {HV_CONTROL_COPIED, 100}},
     },
    {
     .name = "xor",
     .what = "256 bytes bound by XOR: nothing is copied",
     .unit = "bytes",
     .kernel = hv_control_xor,
     .check = {{HV_CONTROL_COPIED, 0},
                  {HV_T_INSTRUCTIONS, 82},
                  {HV_T_LOAD_BYTES, 512 + 8},
                  {HV_T_STORE_BYTES, 256}},
     },
};
