/* SPDX-License-Identifier: MIT */
/* An instruction in other memory: the same bytes, but for an address relative to rip,
 * which becomes relative to a register. The displacement stays, so that nothing has to
 * be encoded anew. */
#include <string.h>

#include "counters/trace/cache/cache_emit.h"

static const ZydisDecodedOperand *memory_of(const struct hv_decoded *decoded)
{
    for (unsigned i = 0; i < decoded->insn.operand_count; i++)
        if (decoded->operand[i].type == ZYDIS_OPERAND_TYPE_MEMORY &&
            decoded->operand[i].visibility != ZYDIS_OPERAND_VISIBILITY_HIDDEN)
            return &decoded->operand[i];
    return NULL;
}

bool hv_is_relative(const struct hv_decoded *decoded)
{
    const ZydisDecodedOperand *memory = memory_of(decoded);
    return memory && memory->mem.base == ZYDIS_REGISTER_RIP;
}

/* The extension of the base register: one bit that is 0, or stored inverted. With it an
 * EVEX prefix has one of an index, which is not used. */
static void clear_base_extension(const struct hv_decoded *decoded, uint8_t *bytes)
{
    const ZydisDecodedInstructionRaw *raw = &decoded->insn.raw;
    switch (decoded->insn.encoding) {
    case ZYDIS_INSTRUCTION_ENCODING_VEX:
        if (raw->vex.size == 3)
            bytes[raw->vex.offset + 1] |= 0x20;
        break;
    case ZYDIS_INSTRUCTION_ENCODING_XOP: bytes[raw->xop.offset + 1] |= 0x20; break;
    case ZYDIS_INSTRUCTION_ENCODING_EVEX: bytes[raw->evex.offset + 1] |= 0x60; break;
    default:
        if (decoded->insn.attributes & ZYDIS_ATTRIB_HAS_REX)
            bytes[raw->rex.offset] &= 0xfe;
    }
}

/* mod 0, rm 5 (rip) becomes mod 2 (32 bits of displacement), rm spare. */
static void patch_base(const struct hv_decoded *decoded, uint8_t *bytes, unsigned spare)
{
    uint8_t *modrm = &bytes[decoded->insn.raw.modrm.offset];
    *modrm = (uint8_t)((*modrm & 0x38) | 0x80 | spare);
    clear_base_extension(decoded, bytes);
}

/* The patched bytes mean what they should: the same, with the other base. */
static bool is_based_on(const uint8_t *bytes, const struct hv_decoded *original,
                        unsigned spare)
{
    struct hv_decoded patched;
    if (hv_decode(bytes, original->insn.length, original->pc, &patched) ||
        patched.insn.mnemonic != original->insn.mnemonic ||
        patched.insn.length != original->insn.length)
        return false;
    const ZydisDecodedOperand *memory = memory_of(&patched);
    return memory && memory->mem.base == ZYDIS_REGISTER_RAX + spare &&
           memory->mem.index == ZYDIS_REGISTER_NONE &&
           memory->mem.disp.value == memory_of(original)->mem.disp.value;
}

bool hv_emit_copy(struct hv_cache *cache, const struct hv_decoded *decoded)
{
    uint8_t bytes[ZYDIS_MAX_INSTRUCTION_LENGTH];
    const size_t length = decoded->insn.length;
    memcpy(bytes, hv_bytes_at(decoded->pc), length);
    if (hv_is_relative(decoded)) {
        patch_base(decoded, bytes, cache->spare);
        if (!is_based_on(bytes, decoded, cache->spare))
            return false;
        hv_emit_constant(cache, cache->spare, decoded->pc + length);
    }
    hv_emit(cache, bytes, length);
    return true;
}
