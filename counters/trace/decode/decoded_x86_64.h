/* SPDX-License-Identifier: MIT */
/* An x86-64 instruction, by Zydis; decode.h includes this. */
#ifndef HV_COUNTERS_TRACE_DECODE_DECODED_X86_64_H
#define HV_COUNTERS_TRACE_DECODE_DECODED_X86_64_H

#include <Zydis/Zydis.h>

/* As Zydis sees it, corrected where Zydis 4.0.0 is wrong. */
struct hv_decoded {
    uint64_t pc;
    ZydisDecodedInstruction insn;
    ZydisDecodedOperand operand[ZYDIS_MAX_OPERAND_COUNT];
};

/* GPRs (bit n: GPR number n) that the instruction reads or writes in any operand,
 * hidden ones and address parts included; all ones where Zydis is known not to say. */
uint16_t hv_decoded_gprs(const struct hv_decoded *decoded);

/* "vpgatherdd zmm0 {k1}, [rax+zmm1*4]": Intel syntax, truncated to fit. Returns text.
 */
const char *hv_decoded_text(const struct hv_decoded *decoded, char *text, size_t bytes);

#endif
