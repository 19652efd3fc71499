/* SPDX-License-Identifier: MIT */
/* The ISA table, and how each row is looked for. */
#include "kernels/isa.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

/* kernels.mk passes the flags it compiles with, so that the table cannot differ. */
#ifndef HV_FLAGS_portable
#define HV_FLAGS_portable ""
#endif

extern const struct hv_hv16_ops hv_hv16_ops_portable_0;

static bool always(void)
{
    return true;
}

#if defined(HV_FLAGS_avx2)
extern const struct hv_hv16_ops hv_hv16_ops_avx2_0, hv_hv16_ops_avx512_0,
    hv_hv16_ops_avx512vp_0;

/* The parts of x86-64-v3 that __builtin_cpu_supports has no name for in every compiler.
 * They use no register state of their own, so CPUID alone answers. */
static bool has_v3_integer(void)
{
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_MOVBE) || !(c & bit_F16C))
        return false;
    return __get_cpuid(0x80000001, &a, &b, &c, &d) && (c & bit_LZCNT);
}

/* __builtin_cpu_supports also asks XCR0 whether the system saves the registers. */
static bool has_avx2(void)
{
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
           __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("popcnt") && has_v3_integer();
}

static bool has_avx512(void)
{
    return has_avx2() && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

static bool has_avx512vp(void)
{
    return has_avx512() && __builtin_cpu_supports("avx512vpopcntdq");
}
#endif

#if defined(HV_FLAGS_neon)
extern const struct hv_hv16_ops hv_hv16_ops_neon_0;

/* The kernel says so only if it saves the registers, too. */
static bool has_neon(void)
{
    return getauxval(AT_HWCAP) & HWCAP_ASIMD;
}
#define PORTABLE "without vectors"
#else
#define PORTABLE "the compiler's default for this architecture"
#endif

static const struct hv_isa isas[] = {
    {"portable", PORTABLE,                                         HV_FLAGS_portable, always,     &hv_hv16_ops_portable_0},
#if defined(HV_FLAGS_avx2)
    {"avx2",     "256-bit vectors (x86-64-v3)",                    HV_FLAGS_avx2,     has_avx2,
     &hv_hv16_ops_avx2_0                                                                                                 },
    {"avx512",   "512-bit vectors (x86-64-v4)",                    HV_FLAGS_avx512,   has_avx512,
     &hv_hv16_ops_avx512_0                                                                                               },
    {"avx512vp", "512-bit vectors and their popcount (VPOPCNTDQ)", HV_FLAGS_avx512vp,
     has_avx512vp,                                                                                &hv_hv16_ops_avx512vp_0},
#endif
#if defined(HV_FLAGS_neon)
    {"neon",     "128-bit vectors (Advanced SIMD)",                HV_FLAGS_neon,     has_neon,
     &hv_hv16_ops_neon_0                                                                                                 },
#endif
};

const struct hv_isa *hv_isas(size_t *count)
{
    *count = sizeof isas / sizeof isas[0];
    return isas;
}

const struct hv_isa *hv_isa_find(const char *name)
{
    for (size_t i = 0; i < sizeof isas / sizeof isas[0]; i++)
        if (!strcmp(isas[i].name, name))
            return &isas[i];
    return NULL;
}

bool hv_isa_available(const struct hv_isa *isa)
{
    return isa->available();
}

const struct hv_isa *hv_isa_best(void)
{
    size_t i = sizeof isas / sizeof isas[0];
    while (--i && !isas[i].available())
        continue;
    return &isas[i];
}
