/* SPDX-License-Identifier: MIT */
/* The raw counter on AArch64: a register of its own for each, so a case for each. */
#include "counters/user_page.h"

#define READ(name)                                                                     \
    __asm__ volatile("isb\n\tmrs %0, " #name "\n\tisb" : "=r"(value) : : "memory")
#define CASE(n)                                                                        \
    case n: READ(pmevcntr##n##_el0); break

enum { CYCLES = 31 }; /* the page's index 32: pmccntr_el0 */

uint64_t hv_counter_read(uint32_t number)
{
    uint64_t value = 0;
    switch (number) {
        CASE(0);
        CASE(1);
        CASE(2);
        CASE(3);
        CASE(4);
        CASE(5);
        CASE(6);
        CASE(7);
        CASE(8);
        CASE(9);
        CASE(10);
        CASE(11);
        CASE(12);
        CASE(13);
        CASE(14);
        CASE(15);
        CASE(16);
        CASE(17);
        CASE(18);
        CASE(19);
        CASE(20);
        CASE(21);
        CASE(22);
        CASE(23);
        CASE(24);
        CASE(25);
        CASE(26);
        CASE(27);
        CASE(28);
        CASE(29);
        CASE(30);
    case CYCLES: READ(pmccntr_el0); break;
    default: break; /* there is no such counter: its page would be damaged */
    }
    return value;
}
