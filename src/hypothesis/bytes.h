/* SPDX-License-Identifier: MIT */
/* Whether bytes are text, and on which line they are not. */
#ifndef HV_HYPOTHESIS_BYTES_H
#define HV_HYPOTHESIS_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/base/error.h"

/* 0, or -EINVAL with the line of the first byte that is no UTF-8, of a character that
 * is not seen, or of a line break that most editors do not count (a lone CR, NEL,
 * U+2028, U+2029): line numbers mean the same to everybody then. CR LF is fine, and so
 * is a byte order mark at the start. bytes[n] must be 0. */
int hv_bytes_check(const char *bytes, size_t n, struct hv_error *error);

/* A character that is not seen and may change how its neighbours read: control
 * characters (tab and line feed included), marks of direction, widthless blanks. */
bool hv_bytes_unseen(uint32_t code);

/* Lines that begin in the first n bytes. */
size_t hv_bytes_lines(const char *bytes, size_t n);

#endif
