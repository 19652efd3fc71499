/* SPDX-License-Identifier: MIT */
/* The clock: raw ticks, fenced on both sides so that neither earlier nor later work
 * moves across the reading. */
#ifndef HV_COUNTERS_CLOCK_H
#define HV_COUNTERS_CLOCK_H

#include <stdint.h>

#if defined(__x86_64__)
#define HV_CLOCK_NAME "rdtsc"
/* lfence waits for all earlier instructions and holds back all later ones (Intel SDM
 * "RDTSC"; AMD APM 3: with LFENCE made serialising, which Linux does). rdtscp alone
 * lets later instructions start early. */
static inline uint64_t hv_ticks(void)
{
    uint32_t low, high;
    __asm__ volatile("lfence\n\trdtsc\n\tlfence" : "=a"(low), "=d"(high) : : "memory");
    return (uint64_t)high << 32 | low;
}
#elif defined(__aarch64__)
#define HV_CLOCK_NAME "cntvct_el0"
static inline uint64_t hv_ticks(void)
{
    uint64_t ticks;
    __asm__ volatile("isb\n\tmrs %0, cntvct_el0\n\tisb" : "=r"(ticks) : : "memory");
    return ticks;
}
#else
#error "hvperf has no clock for this architecture yet: add one to counters/clock.h"
#endif

#endif
