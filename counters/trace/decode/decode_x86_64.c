/* SPDX-License-Identifier: MIT */
/* Decoding by Zydis, corrected where Zydis 4.0.0 is wrong. */
#include "counters/trace/decode.h"

#include <errno.h>
#include <string.h>

#include "counters/trace/decode/decode_draft.h"

static ZyanStatus decode(const void *bytes, size_t room, struct hv_decoded *out)
{
    ZydisDecoder decoder;
    ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    return ZydisDecoderDecodeFull(&decoder, bytes, room, &out->insn, out->operand);
}

/* F3 41 90 is no pause but xchg r8, rax: REX.B makes it an exchange, and f3 means
 * nothing there. Zydis sees the exchange when a prefix without meaning (3e) takes the
 * place of f3. */
static void correct_pause(const void *bytes, struct hv_decoded *out)
{
    if (out->insn.mnemonic != ZYDIS_MNEMONIC_PAUSE ||
        !(out->insn.attributes & ZYDIS_ATTRIB_HAS_REX) || !out->insn.raw.rex.B)
        return;
    unsigned char copy[ZYDIS_MAX_INSTRUCTION_LENGTH];
    size_t length = out->insn.length;
    memcpy(copy, bytes, length);
    for (size_t i = 0; i < length; i++)
        if (copy[i] == 0xf3)
            copy[i] = 0x3e;
    decode(copy, length, out);
}

int hv_decode(const void *bytes, size_t room, uint64_t pc, struct hv_decoded *out)
{
    memset(out, 0, sizeof *out);
    out->pc = pc;
    ZyanStatus status = decode(bytes, room, out);
    if (status == ZYDIS_STATUS_NO_MORE_DATA)
        return -EMSGSIZE;
    if (!ZYAN_SUCCESS(status))
        return -EILSEQ;
    correct_pause(bytes, out);
    return 0;
}

bool hv_ends_block(const struct hv_decoded *decoded)
{
    switch (decoded->insn.meta.category) {
    case ZYDIS_CATEGORY_CALL:
    case ZYDIS_CATEGORY_RET:
    case ZYDIS_CATEGORY_UNCOND_BR:
    case ZYDIS_CATEGORY_COND_BR:
    case ZYDIS_CATEGORY_SYSCALL:
    case ZYDIS_CATEGORY_SYSRET:
    case ZYDIS_CATEGORY_INTERRUPT:
    case ZYDIS_CATEGORY_IO:
    case ZYDIS_CATEGORY_IOSTRINGOP: return true;
    default: return hv_decoded_traits(decoded) & HV_TRAIT_ENDS;
    }
}

static uint16_t operand_gprs(const ZydisDecodedOperand *operand)
{
    switch (operand->type) {
    case ZYDIS_OPERAND_TYPE_REGISTER: return hv_gpr_bit(operand->reg.value);
    case ZYDIS_OPERAND_TYPE_MEMORY:
        return hv_gpr_bit(operand->mem.base) | hv_gpr_bit(operand->mem.index);
    default: return 0;
    }
}

/* Zydis has no rsi and rdi in cmps and scas, and no arguments of a syscall. */
enum {
    STRING_GPRS = 1 << HV_RAX | 1 << HV_RCX | 1 << HV_RSI | 1 << HV_RDI,
    SYSCALL_GPRS = 1 << HV_RAX | 1 << HV_RDX | 1 << HV_RSI | 1 << HV_RDI | 1 << 8 |
                   1 << 9 | 1 << 10
};

uint16_t hv_decoded_gprs(const struct hv_decoded *decoded)
{
    unsigned traits = hv_decoded_traits(decoded);
    if (traits & HV_TRAIT_GPRS)
        return UINT16_MAX;
    uint16_t gprs = traits & HV_TRAIT_STRING ? STRING_GPRS : 0;
    if (decoded->insn.mnemonic == ZYDIS_MNEMONIC_SYSCALL)
        gprs |= SYSCALL_GPRS;
    for (unsigned i = 0; i < decoded->insn.operand_count; i++)
        gprs |= operand_gprs(&decoded->operand[i]);
    return gprs;
}

const char *hv_decoded_text(const struct hv_decoded *decoded, char *text, size_t bytes)
{
    ZydisFormatter formatter;
    char whole[256];
    if (!bytes)
        return text;
    ZydisFormatterInit(&formatter, ZYDIS_FORMATTER_STYLE_INTEL);
    ZyanStatus status = ZydisFormatterFormatInstruction(
        &formatter, &decoded->insn, decoded->operand,
        decoded->insn.operand_count_visible, whole, sizeof whole, decoded->pc, NULL);
    const char *shown = ZYAN_SUCCESS(status) ? whole : "?";
    size_t length = strlen(shown);
    if (length >= bytes)
        length = bytes - 1;
    memcpy(text, shown, length);
    text[length] = '\0';
    return text;
}
