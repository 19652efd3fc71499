/* SPDX-License-Identifier: MIT */
/* Pieces of A64 text that its two files share. */
#ifndef HV_COUNTERS_CENSUS_TEXT_AARCH64_H
#define HV_COUNTERS_CENSUS_TEXT_AARCH64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HV_A64_NAME = 8 };

/* "x3", "w3"; number 31 is the stack pointer or the zero register. */
void hv_a64_name_gpr(unsigned number, bool wide, bool is_sp, char name[HV_A64_NAME]);
/* "16b", "2d", ... of a vector with elements of 1 << log bytes. */
const char *hv_a64_arrangement(unsigned log, bool whole);

static inline unsigned hv_a64_field(uint32_t word, unsigned high, unsigned low)
{
    return word >> low & ((UINT32_C(2) << (high - low)) - 1);
}

/* The same as a signed number. */
static inline int hv_a64_signed_field(uint32_t word, unsigned high, unsigned low)
{
    const int sign = 1 << (high - low);
    return ((int)hv_a64_field(word, high, low) ^ sign) - sign;
}

/* The text of a load or store of one register, a pair, or structures; false: it is none
 * of them. */
bool hv_a64_memory_text(uint32_t word, char *text, size_t bytes);

#endif
