/* SPDX-License-Identifier: MIT */
/* Writes the machine code that stands between the kernel's instructions. */
#include "counters/trace/cache/cache_emit.h"

#include <string.h>

void hv_emit(struct hv_cache *cache, const void *bytes, size_t n)
{
    memcpy(cache->writable + cache->code_used, bytes, n);
    cache->code_used += n;
}

static void emit_32(struct hv_cache *cache, int32_t value)
{
    hv_emit(cache, &value, sizeof value);
}

/* The distance to `to` from the end of a field of 32 bits that comes next. */
static void emit_distance(struct hv_cache *cache, const void *to)
{
    const uintptr_t from = (uintptr_t)cache->code + cache->code_used + sizeof(int32_t);
    emit_32(cache, (int32_t)((intptr_t)to - (intptr_t)from));
}

static uint8_t rex(unsigned reg, unsigned index, unsigned base)
{
    return 0x48 | (reg >> 3) << 2 | (index >> 3) << 1 | base >> 3;
}

static uint8_t modrm(unsigned mod, unsigned reg, unsigned rm)
{
    return (uint8_t)(mod << 6 | (reg & 7) << 3 | (rm & 7));
}

void hv_emit_field(struct hv_cache *cache, uint8_t opcode, unsigned reg,
                   const void *field)
{
    hv_emit_bytes(cache, rex(reg, 0, 0), opcode, modrm(0, reg, 5));
    emit_distance(cache, field);
}

void hv_emit_jump_field(struct hv_cache *cache, const void *field)
{
    hv_emit_bytes(cache, 0xff, modrm(0, 4, 5));
    emit_distance(cache, field);
}

void hv_emit_at(struct hv_cache *cache, uint8_t opcode, unsigned reg, unsigned base,
                int32_t disp)
{
    hv_emit_bytes(cache, rex(reg, 0, base), opcode, modrm(2, reg, base));
    emit_32(cache, disp);
}

void hv_emit_constant(struct hv_cache *cache, unsigned reg, uint64_t value)
{
    hv_emit_bytes(cache, rex(0, 0, reg), (uint8_t)(0xb8 | (reg & 7)));
    hv_emit(cache, &value, sizeof value);
}

/* lea spare, [base + index * scale]; without a base there is always a displacement. */
static void emit_sum(struct hv_cache *cache, const struct hv_word *word)
{
    const unsigned spare = cache->spare, index = word->index;
    const unsigned scale = (unsigned)__builtin_ctz(word->scale);
    const bool based = word->base != HV_NO_REG;
    const unsigned base = based ? word->base : RBP;
    hv_emit_bytes(cache, rex(spare, index, base), HV_OP_LEA,
                  modrm(based ? 2 : 0, spare, 4), modrm(scale, index, base));
    emit_32(cache, 0);
}

void hv_emit_word(struct hv_cache *cache, const struct hv_word *word, unsigned place)
{
    unsigned reg = word->base;
    if (word->kind == HV_WORD_MASK) /* kmovq spare, k */
        hv_emit_bytes(cache, 0xc4, 0xe1, 0xfb, 0x93, modrm(3, cache->spare, reg));
    if (word->kind == HV_WORD_ADDRESS && word->index != HV_NO_REG)
        emit_sum(cache, word);
    if (word->kind == HV_WORD_MASK ||
        (word->kind == HV_WORD_ADDRESS && word->index != HV_NO_REG))
        reg = cache->spare;
    hv_emit_at(cache, HV_OP_STORE, reg, cache->log_register, (int32_t)(8 * place));
}

static void emit_lookup(struct hv_cache *cache)
{
    hv_emit_bytes(cache, 0xe9);
    emit_distance(cache, cache->code + cache->lookup);
}

void hv_emit_exit(struct hv_cache *cache, uint64_t pc)
{
    hv_emit_field(cache, HV_OP_STORE, RCX, &cache->gpr[RCX]);
    hv_emit_constant(cache, RCX, pc);
    emit_lookup(cache);
}

void hv_emit_exit_to_target(struct hv_cache *cache)
{
    hv_emit_field(cache, HV_OP_STORE, RCX, &cache->gpr[RCX]);
    hv_emit_field(cache, HV_OP_LOAD, RCX, &cache->target);
    emit_lookup(cache);
}

void hv_emit_ask(struct hv_cache *cache, const uint64_t *field, uint64_t pc)
{
    hv_emit_field(cache, HV_OP_STORE, RCX, &cache->gpr[RCX]);
    hv_emit_constant(cache, RCX, pc);
    hv_emit_field(cache, HV_OP_STORE, RCX, field);
    hv_emit_field(cache, HV_OP_LEA, RCX, cache);
    hv_emit_jump_field(cache, &cache->dispatch);
}

/* A short jump over what is emitted next, patched once that is known. */
static size_t emit_hop(struct hv_cache *cache, uint8_t opcode)
{
    hv_emit_bytes(cache, opcode, 0);
    return cache->code_used;
}

static void land(struct hv_cache *cache, size_t hop)
{
    cache->writable[hop - 1] = (uint8_t)(cache->code_used - hop);
}

static void emit_restore(struct hv_cache *cache)
{
    hv_emit_field(cache, HV_OP_LOAD, RAX, &cache->gpr[RAX]);
    hv_emit_field(cache, HV_OP_LOAD, RDX, &cache->gpr[RDX]);
}

/* rcx: the address to go to. Its entry of the table, and if that is for another
 * address, or the log is full, the dispatcher. */
void hv_emit_shared(struct hv_cache *cache)
{
    enum { JRCXZ = 0xe3, JMP = 0xeb };
    cache->lookup = (uint32_t)cache->code_used;
    hv_emit_field(cache, HV_OP_STORE, RAX, &cache->gpr[RAX]);
    hv_emit_field(cache, HV_OP_STORE, RDX, &cache->gpr[RDX]);
    hv_emit_field(cache, HV_OP_STORE, RCX, &cache->target);
    hv_emit_bytes(cache, 0x0f, 0xb7, 0xd1); /* movzx edx, cx */
    hv_emit_field(cache, HV_OP_LEA, RAX, cache->table);
    hv_emit_bytes(cache, 0x48, 0x8d, 0x14, 0x12); /* lea rdx, [rdx + rdx] */
    hv_emit_bytes(cache, 0x48, 0x8d, 0x14, 0xd0); /* lea rdx, [rax + rdx * 8] */
    hv_emit_at(cache, HV_OP_LOAD, RAX, RDX, offsetof(struct hv_cache_entry, minus_pc));
    hv_emit_bytes(cache, 0x48, 0x8d, 0x0c, 0x01); /* lea rcx, [rcx + rax] */
    const size_t hit = emit_hop(cache, JRCXZ);
    const size_t miss = cache->code_used;
    emit_restore(cache);
    hv_emit_field(cache, HV_OP_LEA, RCX, cache);
    hv_emit_jump_field(cache, &cache->dispatch);

    land(cache, hit);
    hv_emit_at(cache, HV_OP_LOAD, RAX, RDX, offsetof(struct hv_cache_entry, code));
    hv_emit_field(cache, HV_OP_STORE, RAX, &cache->go);
    hv_emit_bytes(cache, 0x0f, 0xb6, 0x0d); /* movzx ecx, byte [log_end + 2] */
    emit_distance(cache, (const unsigned char *)&cache->log_end + 2);
    const size_t room = emit_hop(cache, JRCXZ);
    hv_emit_bytes(cache, JMP, (uint8_t)(miss - cache->code_used - 2));

    land(cache, room);
    emit_restore(cache);
    cache->resume = (uintptr_t)cache->code + cache->code_used;
    hv_emit_field(cache, HV_OP_LOAD, RCX, &cache->gpr[RCX]);
    hv_emit_jump_field(cache, &cache->go);
}
