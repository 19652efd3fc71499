/* SPDX-License-Identifier: MIT */
/* A block's instruction in one line, for tables of known answers:
 *
 *   rep v16 R8[rbx+rcx*4+8]{k1/4} W16[rsp-16],nt | v1.0:16=m0 m1=rax.0:8 v1.16:48=0
 *
 * Flags and the widest vector; accesses in order, R or W, with their bytes, the word
 * and the displacement, the mask and the bytes of an element; then the flow: register
 * bytes first:count, m0 the instruction's first access (m0+8: from its
 * byte 8 on), tmp what is carried. */
#ifndef HV_TEST_DECODE_TEXT_H
#define HV_TEST_DECODE_TEXT_H

#include <stddef.h>

#include "counters/trace/block.h"

/* Instruction i of the block. Returns text. */
const char *decode_text(const struct hv_block *block, unsigned i, char *text,
                        size_t bytes);

#endif
