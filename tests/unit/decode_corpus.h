/* SPDX-License-Identifier: MIT */
/* Whether a description deals with all that an instruction writes. x86-64 only. */
#ifndef HV_TEST_DECODE_CORPUS_H
#define HV_TEST_DECODE_CORPUS_H

#include "counters/trace/decode.h"

/* The block is of this instruction alone. NULL, or which register is left with tags
 * that may be stale. */
const char *decode_corpus_uncovered(const struct hv_decoded *decoded,
                                    const struct hv_block *block);

#endif
