/* SPDX-License-Identifier: MIT */
/* Forms of instructions, assembled by the compiler's assembler, and what is known of
 * each. x86-64 only. */
#ifndef HV_TEST_DECODE_FORMS_H
#define HV_TEST_DECODE_FORMS_H

#include <stddef.h>

struct decode_form {
    const char *text; /* as it was assembled */
    const char *want; /* in the words of decode_text.h */
    const unsigned char *code;
    size_t length; /* as the assembler has it */
};

enum decode_list {
    DECODE_GENERAL,
    DECODE_STACK,
    DECODE_VECTOR,
    DECODE_EVEX,
    DECODE_LISTS
};

/* Where the forms are taken to stand, and the base of fs there. */
enum { DECODE_FORM_PC = 0x1000, DECODE_FORM_FS = 0x700000 };

/* Row i of a list: 0, or -1 behind the last one. */
int decode_form(enum decode_list list, size_t i, struct decode_form *form);

#endif
