/* SPDX-License-Identifier: MIT */
/* Whether bytes are text, and on which line they are not. */
#ifndef HV_HYPOTHESIS_BYTES_H
#define HV_HYPOTHESIS_BYTES_H

#include <stddef.h>

#include "src/base/error.h"

/* 0, or -EINVAL with the line of the first byte that is no UTF-8, a control character,
 * or a line break that most editors do not count (a lone CR, NEL, U+2028, U+2029): line
 * numbers mean the same to everybody then. CR LF is fine. bytes[n] must be 0. */
int hv_bytes_check(const char *bytes, size_t n, struct hv_error *error);

/* Lines that begin in the first n bytes. */
size_t hv_bytes_lines(const char *bytes, size_t n);

#endif
