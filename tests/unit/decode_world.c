/* SPDX-License-Identifier: MIT */
/* A form of an instruction with registers that let it run. */
#include "tests/unit/decode_world.h"

#if defined(__x86_64__)

#include <string.h>

enum { RAX = 0, RCX = 1, RBX = 3, RSP = 4, RBP = 5, RSI = 6, RDI = 7 };

void decode_world_begin(struct decode_world *world, const struct decode_form *form,
                        uint64_t seed)
{
    memset(world, 0, sizeof *world);
    world->form = *form;
    world->seed = seed;
    if (hv_decode(form->code, form->length, DECODE_FORM_PC, &world->decoded))
        return;
    world->builder.fs_base = DECODE_FORM_FS;
    hv_block_begin(&world->builder);
    hv_block_append(&world->builder, &world->decoded, false);
    world->block = hv_block_view(&world->builder);
    world->insn = world->block.insn;
}

/* splitmix64 */
uint64_t decode_world_random(struct decode_world *world)
{
    uint64_t z = world->seed += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

/* ---- what cannot be run ---------------------------------------------------------- */

static bool writes_segment(const struct hv_decoded *decoded)
{
    for (unsigned i = 0; i < decoded->insn.operand_count; i++) {
        const ZydisDecodedOperand *operand = &decoded->operand[i];
        if (operand->type == ZYDIS_OPERAND_TYPE_REGISTER &&
            operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE &&
            ZydisRegisterGetClass(operand->reg.value) == ZYDIS_REGCLASS_SEGMENT)
            return true;
    }
    return false;
}

static bool has_fixed_address(const struct hv_block *block)
{
    for (unsigned i = 0; i < block->n_accesses; i++)
        if (block->access[i].word == HV_NO_WORD)
            return true;
    return false;
}

static bool has_odd_address(const struct hv_block *block)
{
    for (unsigned i = 0; i < block->n_words; i++) {
        const struct hv_word *word = &block->word[i];
        if (word->kind == HV_WORD_ADDRESS &&
            (word->base == HV_NO_REG || word->base == word->index || word->base == RCX))
            return true;
    }
    return false;
}

const char *decode_world_refuses(const struct decode_world *world)
{
    const ZydisDecodedInstruction *insn = &world->decoded.insn;
    if (!world->insn)
        return "not decoded";
    if (hv_ends_block(&world->decoded))
        return "it goes elsewhere";
    if (insn->attributes &
            (ZYDIS_ATTRIB_HAS_SEGMENT_FS | ZYDIS_ATTRIB_HAS_SEGMENT_GS) ||
        writes_segment(&world->decoded))
        return "it uses a segment";
    if (has_fixed_address(&world->block))
        return "its address is fixed";
    if (has_odd_address(&world->block))
        return "its address cannot be chosen";
    if (insn->mnemonic == ZYDIS_MNEMONIC_POPFQ)
        return "it would set the trap flag";
    return NULL;
}

/* ---- registers and memory -------------------------------------------------------- */

/* Each pointer has a region of its own. */
static uint64_t pointer(struct decode_world *world, unsigned gpr)
{
    uint64_t region = (uint64_t)(uintptr_t)native_memory + UINT64_C(4096) * gpr;
    return region + 1024 + 64 * (decode_world_random(world) % 32);
}

static void fill_gprs(struct decode_world *world, struct native_state *state, bool few)
{
    static const unsigned char always[] = {RBX, RSP, RBP, RSI, RDI};
    for (unsigned i = 0; i < 16; i++)
        state->gpr[i] = decode_world_random(world);
    state->gpr[RAX] &= few ? 1 : UINT64_MAX;
    for (size_t i = 0; i < sizeof always; i++)
        state->gpr[always[i]] = pointer(world, always[i]);
    state->gpr[RCX] = decode_world_random(world) % 8;
    for (unsigned i = 0; i < world->block.n_words; i++) {
        const struct hv_word *word = &world->block.word[i];
        if (word->kind != HV_WORD_ADDRESS)
            continue;
        if (word->base < 16)
            state->gpr[word->base] = pointer(world, word->base);
        if (word->index < 16)
            state->gpr[word->index] = decode_world_random(world) % 8;
    }
}

static void fill_masks(struct decode_world *world, struct native_state *state)
{
    for (unsigned i = 0; i < 8; i++) {
        uint64_t kind = decode_world_random(world) % 8;
        state->mask[i] = kind == 0   ? 0
                         : kind <= 2 ? UINT64_MAX
                                     : decode_world_random(world);
    }
}

static void fill_memory(struct decode_world *world, bool few)
{
    uint64_t keep = few ? 0x0101010101010101 : UINT64_MAX;
    for (size_t i = 0; i < NATIVE_MEMORY; i += 8) {
        uint64_t value = decode_world_random(world) & keep;
        memcpy(native_memory + i, &value, sizeof value);
    }
}

/* Sometimes there are few different values, so that comparisons find equals. */
void decode_world_fill(struct decode_world *world, struct native_state *state)
{
    enum { ARITHMETIC = 0x8d5, DIRECTION = 0x400 };
    bool few = decode_world_random(world) % 2;
    fill_memory(world, few);
    fill_gprs(world, state, few);
    fill_masks(world, state);
    state->flags = 2 | (decode_world_random(world) & (ARITHMETIC | DIRECTION));
    for (unsigned i = 0; i < 8; i++)
        state->mmx[i] = decode_world_random(world);
    for (unsigned i = 0; i < 32; i++)
        for (unsigned at = 0; at < 64; at += 8) {
            uint64_t value = decode_world_random(world);
            memcpy(&state->vector[i][at], &value, sizeof value);
        }
}

/* ---- words ----------------------------------------------------------------------- */

static uint64_t gpr_or_zero(const struct native_state *state, unsigned gpr)
{
    return gpr < 16 ? state->gpr[gpr] : 0;
}

uint64_t decode_world_word(const struct decode_world *world, unsigned i,
                           const struct native_state *before,
                           const struct native_state *after)
{
    const struct hv_word *word = &world->block.word[i];
    switch ((enum hv_word_kind)word->kind) {
    case HV_WORD_ADDRESS:
        return gpr_or_zero(before, word->base) +
               gpr_or_zero(before, word->index) * word->scale;
    case HV_WORD_MASK: return before->mask[word->base];
    case HV_WORD_REGISTER: return before->gpr[word->base];
    case HV_WORD_AFTER: return after->gpr[word->base];
    default: break; /* of another architecture */
    }
    return 0;
}

uint64_t decode_world_address(const struct decode_world *world,
                              const struct hv_access *access,
                              const struct native_state *before)
{
    uint64_t address = (uint64_t)access->disp;
    if (access->word != HV_NO_WORD)
        address += decode_world_word(world, access->word, before, before);
    return address;
}

#endif
