/* SPDX-License-Identifier: MIT */
/* Jumps, calls, returns and syscalls, from other memory than they were written for. */
#include "counters/trace/cache/cache_emit.h"

static uint64_t next_pc(const struct hv_decoded *decoded)
{
    return decoded->pc + decoded->insn.length;
}

static uint64_t target_of(const struct hv_decoded *decoded)
{
    return next_pc(decoded) + (uint64_t)decoded->insn.raw.imm[0].value.s;
}

/* mov spare, [what the jump reads]: the same address bytes behind another opcode. */
static void load_target(struct hv_cache *cache, const struct hv_decoded *decoded)
{
    const ZydisDecodedInstructionRaw *raw = &decoded->insn.raw;
    const uint8_t *bytes = hv_bytes_at(decoded->pc);
    const unsigned rest = raw->modrm.offset + 1U;
    uint8_t modrm = bytes[raw->modrm.offset] & 0xc7;
    uint8_t rex = 0x48;
    if (hv_is_relative(decoded)) {
        hv_emit_constant(cache, cache->spare, next_pc(decoded));
        modrm = 0x80 | cache->spare;
    } else if (decoded->insn.attributes & ZYDIS_ATTRIB_HAS_REX) {
        rex |= bytes[raw->rex.offset] & 3;
    }
    if (decoded->insn.attributes & ZYDIS_ATTRIB_HAS_SEGMENT_FS)
        hv_emit_bytes(cache, 0x64);
    hv_emit_bytes(cache, rex, HV_OP_LOAD, (uint8_t)(modrm | cache->spare << 3));
    hv_emit(cache, bytes + rest, decoded->insn.length - rest);
}

static void keep_target(struct hv_cache *cache, const struct hv_decoded *decoded)
{
    unsigned reg = cache->spare;
    if (decoded->operand[0].type == ZYDIS_OPERAND_TYPE_MEMORY)
        load_target(cache, decoded);
    else
        reg = (unsigned)ZydisRegisterGetId(decoded->operand[0].reg.value);
    hv_emit_field(cache, HV_OP_STORE, reg, &cache->target);
}

/* The kernel's stack holds the kernel's own return addresses: it may look at them. */
static void push_return(struct hv_cache *cache, const struct hv_decoded *decoded)
{
    hv_emit_constant(cache, cache->spare, next_pc(decoded));
    hv_emit_bytes(cache, (uint8_t)(0x50 | cache->spare));
}

static void keep_and_push(struct hv_cache *cache, const struct hv_decoded *decoded)
{
    keep_target(cache, decoded); /* first: call [rsp + 8] reads before it pushes */
    push_return(cache, decoded);
}

static void pop_return(struct hv_cache *cache, const struct hv_decoded *decoded)
{
    const int32_t bytes = 8 + (int32_t)decoded->insn.raw.imm[0].value.u;
    const uint8_t spare = cache->spare;
    hv_emit_bytes(cache, 0x48, HV_OP_LOAD, (uint8_t)(0x04 | spare << 3), 0x24);
    hv_emit_field(cache, HV_OP_STORE, spare, &cache->target);
    hv_emit_bytes(cache, 0x48, HV_OP_LEA, 0xa4, 0x24); /* lea rsp, [rsp + bytes] */
    hv_emit(cache, &bytes, sizeof bytes);
}

static void nothing(struct hv_cache *cache, const struct hv_decoded *decoded)
{
    (void)cache;
    (void)decoded;
}

static void go_direct(struct hv_cache *cache, const struct hv_decoded *decoded)
{
    hv_emit_exit(cache, target_of(decoded));
}

static void go_indirect(struct hv_cache *cache, const struct hv_decoded *decoded)
{
    (void)decoded;
    hv_emit_exit_to_target(cache);
}

/* jcc keeps its condition; loop and jrcxz have but this short form. */
static void go_or_not(struct hv_cache *cache, const struct hv_decoded *decoded)
{
    const uint8_t opcode = decoded->insn.opcode;
    const bool counted = opcode >= 0xe0 && opcode <= 0xe3;
    hv_emit_bytes(cache, counted ? opcode : (uint8_t)(0x70 | (opcode & 0xf)),
                  HV_EXIT_BYTES);
    hv_emit_exit(cache, next_pc(decoded));
    hv_emit_exit(cache, target_of(decoded));
}

/* The dispatcher first sees what is asked for, and afterwards what came of it. rcx is
 * what the instruction would leave in it: the address of the next one. */
static void go_to_system(struct hv_cache *cache, const struct hv_decoded *decoded)
{
    hv_emit_ask(cache, &cache->asking, decoded->pc);
    cache->system_at = (uint32_t)cache->code_used;
    hv_emit_bytes(cache, 0x0f, 0x05);
    hv_emit_constant(cache, RCX, next_pc(decoded));
    hv_emit_ask(cache, &cache->target, next_pc(decoded));
}

static const struct {
    ZydisInstructionCategory category;
    bool relative;
    struct hv_transfer transfer;
} transfers[] = {
    {ZYDIS_CATEGORY_COND_BR,   true,  {nothing, go_or_not}        },
    {ZYDIS_CATEGORY_UNCOND_BR, true,  {nothing, go_direct}        },
    {ZYDIS_CATEGORY_UNCOND_BR, false, {keep_target, go_indirect}  },
    {ZYDIS_CATEGORY_CALL,      true,  {push_return, go_direct}    },
    {ZYDIS_CATEGORY_CALL,      false, {keep_and_push, go_indirect}},
    {ZYDIS_CATEGORY_RET,       false, {pop_return, go_indirect}   },
    {ZYDIS_CATEGORY_SYSCALL,   false, {nothing, go_to_system}     },
};

const struct hv_transfer *hv_transfer_of(const struct hv_decoded *decoded)
{
    for (size_t i = 0; i < HV_LEN(transfers); i++)
        if (transfers[i].category == decoded->insn.meta.category &&
            transfers[i].relative == (bool)decoded->insn.raw.imm[0].is_relative)
            return &transfers[i].transfer;
    return NULL;
}
