/* SPDX-License-Identifier: MIT */
/* The text of an instruction (x86-64), by Zydis. */
#include "counters/census_text.h"

#include <string.h>

#include "counters/tree.h"

/* What the formatter's hook is given. */
struct printing {
    const struct hv_census_walk *walk;
    const struct hv_census_insn *insn;
};

/* ZyanStringAppend, which is in another library than Zydis. */
static bool append_to(ZyanString *string, const char *text)
{
    ZyanVector *vector = &string->vector; /* its size counts the final 0 */
    const size_t bytes = strlen(text);
    if (!vector->size || vector->capacity - vector->size < bytes)
        return false;
    memcpy((char *)vector->data + vector->size - 1, text, bytes + 1);
    vector->size += bytes;
    return true;
}

static ZyanStatus print_address(const ZydisFormatter *formatter,
                                ZydisFormatterBuffer *buffer,
                                ZydisFormatterContext *context)
{
    ZyanString *string;
    ZyanU64 address;
    char text[HV_CENSUS_NAME + 32];
    (void)formatter;
    ZYAN_CHECK(ZydisCalcAbsoluteAddress(context->instruction, context->operand,
                                        context->runtime_address, &address));
    const struct printing *printing = context->user_data;
    hv_census_address(printing->walk, printing->insn, address, text, sizeof text);
    ZYAN_CHECK(ZydisFormatterBufferAppend(buffer, ZYDIS_TOKEN_SYMBOL));
    ZYAN_CHECK(ZydisFormatterBufferGetString(buffer, &string));
    return append_to(string, text) ? ZYAN_STATUS_SUCCESS
                                   : ZYAN_STATUS_INSUFFICIENT_BUFFER_SIZE;
}

static bool prepare(ZydisFormatter *formatter)
{
    ZydisFormatterFunc hook = print_address;
    return ZYAN_SUCCESS(ZydisFormatterInit(formatter, ZYDIS_FORMATTER_STYLE_INTEL)) &&
           ZYAN_SUCCESS(ZydisFormatterSetProperty(
               formatter, ZYDIS_FORMATTER_PROP_HEX_UPPERCASE, ZYAN_FALSE)) &&
           ZYAN_SUCCESS(ZydisFormatterSetProperty(
               formatter, ZYDIS_FORMATTER_PROP_DISP_PADDING, ZYDIS_PADDING_DISABLED)) &&
           ZYAN_SUCCESS(ZydisFormatterSetProperty(
               formatter, ZYDIS_FORMATTER_PROP_IMM_PADDING, ZYDIS_PADDING_DISABLED)) &&
           ZYAN_SUCCESS(ZydisFormatterSetHook(formatter,
                                              ZYDIS_FORMATTER_FUNC_PRINT_ADDRESS_ABS,
                                              (const void **)&hook));
}

void hv_census_text(const struct hv_census_walk *walk,
                    const struct hv_census_insn *insn, char *text, size_t bytes)
{
    const struct hv_census_decoded *decoded = insn->decoded;
    struct printing printing = {walk, insn};
    ZydisFormatter formatter;
    if (!prepare(&formatter) ||
        !ZYAN_SUCCESS(ZydisFormatterFormatInstruction(
            &formatter, &decoded->insn, decoded->op,
            decoded->insn.operand_count_visible, text, bytes, decoded->pc, &printing)))
        hv_put(text, bytes, "%s", ZydisMnemonicGetString(decoded->insn.mnemonic));
}
