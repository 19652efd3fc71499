/* SPDX-License-Identifier: MIT */
/* Writes machine code. Nothing here changes the kernel's flags or stack. */
#ifndef HV_COUNTERS_TRACE_CACHE_EMIT_H
#define HV_COUNTERS_TRACE_CACHE_EMIT_H

#include "counters/trace/cache/cache_state.h"

/* GPR numbers of the hardware. */
enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R12 = 12, R13 };

/* First opcode bytes of instructions with a REX.W, a register and memory. */
enum { HV_OP_STORE = 0x89, HV_OP_LOAD = 0x8b, HV_OP_LEA = 0x8d };

/* Appends bytes. Callers see to it that HV_CACHE_MARGIN is not passed. */
void hv_emit(struct hv_cache *cache, const void *bytes, size_t n);
/* ... given one by one: hv_emit_bytes(cache, 0x0f, 0x05). */
#define hv_emit_bytes(cache, ...)                                                      \
    hv_emit(cache, (const uint8_t[]){__VA_ARGS__}, sizeof(const uint8_t[]){__VA_ARGS__})

/* opcode reg, [field]: any member of the cache. */
void hv_emit_field(struct hv_cache *cache, uint8_t opcode, unsigned reg,
                   const void *field);
/* jmp [field] */
void hv_emit_jump_field(struct hv_cache *cache, const void *field);
/* opcode reg, [base + disp]; base is neither rsp nor r12. */
void hv_emit_at(struct hv_cache *cache, uint8_t opcode, unsigned reg, unsigned base,
                int32_t disp);
/* mov reg, value */
void hv_emit_constant(struct hv_cache *cache, unsigned reg, uint64_t value);

/* Logs what the recipe says as word `place` of the record. */
void hv_emit_word(struct hv_cache *cache, const struct hv_word *word, unsigned place);

/* Goes on at pc, all registers being the kernel's. Always HV_EXIT_BYTES long. */
enum { HV_EXIT_BYTES = 22 };
void hv_emit_exit(struct hv_cache *cache, uint64_t pc);
/* The same for the address in cache->target. */
void hv_emit_exit_to_target(struct hv_cache *cache);
/* Goes to the dispatcher, whatever is known of pc, which is put into the field. */
void hv_emit_ask(struct hv_cache *cache, const uint64_t *field, uint64_t pc);

/* The shared code, once a trace: sets lookup and resume. */
void hv_emit_shared(struct hv_cache *cache);

/* The kernel's code. */
static inline const uint8_t *hv_bytes_at(uint64_t pc)
{
    return (const uint8_t *)(uintptr_t)pc;
}
/* Its address is given relative to the next instruction. */
bool hv_is_relative(const struct hv_decoded *decoded);

/* The instruction as it is, or with the address it needs in a register. False: it
 * cannot be moved. */
bool hv_emit_copy(struct hv_cache *cache, const struct hv_decoded *decoded);

/* How the last instruction of a block goes on: what it does to the stack, before the
 * record ends, and where it goes, when all registers are the kernel's again. Neither
 * needs flags. */
struct hv_transfer {
    void (*prepare)(struct hv_cache *cache, const struct hv_decoded *decoded);
    void (*leave)(struct hv_cache *cache, const struct hv_decoded *decoded);
};
/* NULL: it is none, and is copied as others are. */
const struct hv_transfer *hv_transfer_of(const struct hv_decoded *decoded);

#endif
