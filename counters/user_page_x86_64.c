/* SPDX-License-Identifier: MIT */
/* The raw counter on x86-64: rdpmc between fences, for it is not serialising. */
#include "counters/user_page.h"

/* lfence: see hv_ticks. */
uint64_t hv_counter_read(uint32_t number)
{
    uint32_t low, high;
    __asm__ volatile("lfence\n\trdpmc\n\tlfence"
                     : "=a"(low), "=d"(high)
                     : "c"(number)
                     : "memory");
    return (uint64_t)high << 32 | low;
}
