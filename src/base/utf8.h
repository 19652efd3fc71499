/* SPDX-License-Identifier: MIT */
/* Reading text that nobody has vouched for, one character at a time. */
#ifndef HV_BASE_UTF8_H
#define HV_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

enum { HV_UTF8_BAD = 0xFFFD /* what stands for bytes that are no character */ };

/* Reads the character at text into *code and returns its length in bytes, 0 at the end
 * of the string. A byte that starts no valid character (overlong forms, surrogates and
 * values past 10FFFF included) counts 1 and gives HV_UTF8_BAD. */
size_t hv_utf8_next(const char *text, uint32_t *code);

/* Writes code (a valid character) and returns its length, 1 to 4. */
size_t hv_utf8_put(uint32_t code, char bytes[4]);

#endif
