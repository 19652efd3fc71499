/* SPDX-License-Identifier: MIT */
/* The text of the built-in hypothesis, taken into the program as it stands. */
#include <stdint.h>

#include "src/hypothesis/read.h"

/* The assembler reads the file, which the Makefile names as a prerequisite; no other
 * tool is needed, and the bytes stay what they are. */
__asm__(".pushsection .rodata\n"
        ".globl hv_zero_copy_text\n"
        ".hidden hv_zero_copy_text\n"
        ".type hv_zero_copy_text, %object\n"
        "hv_zero_copy_text:\n"
        ".incbin \"docs/hypotheses/zero-copy.yaml\"\n"
        ".globl hv_zero_copy_end\n"
        ".hidden hv_zero_copy_end\n"
        ".type hv_zero_copy_end, %object\n"
        "hv_zero_copy_end:\n"
        ".byte 0\n"
        ".popsection\n");

extern const char hv_zero_copy_text[], hv_zero_copy_end[];

const char *hv_hypothesis_builtin_text(size_t *n)
{
    *n = (size_t)((uintptr_t)hv_zero_copy_end - (uintptr_t)hv_zero_copy_text);
    return hv_zero_copy_text;
}
