/* SPDX-License-Identifier: MIT */
/* Forms of instructions, assembled by the compiler's assembler. */
#include "tests/unit/decode_forms.h"

#if defined(__x86_64__)

#include "tests/unit/decode_forms_evex.h"
#include "tests/unit/decode_forms_general.h"
#include "tests/unit/decode_forms_stack.h"
#include "tests/unit/decode_forms_vector.h"

/* The bytes one after the other in one section, their lengths in another. */
#define IN_CODE    ".pushsection .rodata.decode_code, \"a\", @progbits\n"
#define IN_LENGTHS ".pushsection .rodata.decode_lengths, \"a\", @progbits\n"
#define BACK       ".popsection\n"
#define ASSEMBLE(text, want)                                                           \
    __asm__(IN_CODE ".intel_syntax noprefix\n"                                         \
                    "770: " text "\n771:\n"                                            \
                    ".att_syntax prefix\n" BACK IN_LENGTHS                             \
                    ".byte 771b - 770b\n" BACK);
#define LIST(name, rows)                                                               \
    __asm__(IN_CODE name "_code:\n" BACK IN_LENGTHS name "_lengths:\n" BACK);          \
    rows(ASSEMBLE)

LIST("decode_general", DECODE_FORMS_GENERAL)
LIST("decode_stack", DECODE_FORMS_STACK)
LIST("decode_vector", DECODE_FORMS_VECTOR)
LIST("decode_evex", DECODE_FORMS_EVEX)

extern const unsigned char decode_general_code[], decode_general_lengths[],
    decode_stack_code[], decode_stack_lengths[], decode_vector_code[],
    decode_vector_lengths[], decode_evex_code[], decode_evex_lengths[];

struct row {
    const char *text, *want;
};
#define ROW(text, want) {text, want},
static const struct row general[] = {DECODE_FORMS_GENERAL(ROW)};
static const struct row stack[] = {DECODE_FORMS_STACK(ROW)};
static const struct row vector[] = {DECODE_FORMS_VECTOR(ROW)};
static const struct row evex[] = {DECODE_FORMS_EVEX(ROW)};

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
static const struct {
    const struct row *row;
    size_t n;
    const unsigned char *code, *length;
} lists[DECODE_LISTS] = {
    {general, COUNT(general), decode_general_code, decode_general_lengths},
    {stack,   COUNT(stack),   decode_stack_code,   decode_stack_lengths  },
    {vector,  COUNT(vector),  decode_vector_code,  decode_vector_lengths },
    {evex,    COUNT(evex),    decode_evex_code,    decode_evex_lengths   },
};

int decode_form(enum decode_list list, size_t i, struct decode_form *form)
{
    if (i >= lists[list].n)
        return -1;
    form->text = lists[list].row[i].text;
    form->want = lists[list].row[i].want;
    form->length = lists[list].length[i];
    form->code = lists[list].code;
    for (size_t before = 0; before < i; before++)
        form->code += lists[list].length[before];
    return 0;
}

#endif
