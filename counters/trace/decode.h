/* SPDX-License-Identifier: MIT */
/* From instruction bytes to a block's description. */
#ifndef HV_COUNTERS_TRACE_DECODE_H
#define HV_COUNTERS_TRACE_DECODE_H

#include "counters/trace/block.h"

/* One instruction as the architecture's decoder sees it. */
struct hv_decoded;
#if defined(__x86_64__)
#include "counters/trace/decode/decoded_x86_64.h"
#elif defined(__aarch64__)
#include "counters/trace/decode/decoded_aarch64.h"
#endif

/* Decodes at most `room` bytes at `bytes`, which run at pc. 0; -EILSEQ: no instruction;
 * -EMSGSIZE: it does not end within room. No allocation, no global state. */
int hv_decode(const void *bytes, size_t room, uint64_t pc, struct hv_decoded *out);

/* A block under construction, with room for the largest. */
struct hv_block_builder {
    struct hv_insn insn[HV_BLOCK_INSNS];
    struct hv_word word[HV_BLOCK_WORDS];
    struct hv_access access[HV_BLOCK_ACCESSES];
    struct hv_flow flow[HV_BLOCK_FLOW];
    uint16_t n_insns, n_words, n_accesses, n_flow;
    uint64_t fs_base; /* x86-64; set by the user: a constant while a trace runs */
};

/* Empties the builder; fs_base is kept. */
void hv_block_begin(struct hv_block_builder *builder);

/* Appends one instruction. entry: it is HV_INSN_ENTRY (only as the first). 0; -ENOSPC:
 * the block is full, nothing was appended. Whatever is not understood is appended as
 * HV_INSN_UNSUPPORTED: appending never fails for that. */
int hv_block_append(struct hv_block_builder *builder, const struct hv_decoded *decoded,
                    bool entry);

/* True after an instruction that ends a block whatever follows: transfers of control,
 * syscalls, and what cannot be followed (hlt, int3, ...). */
bool hv_ends_block(const struct hv_decoded *decoded);

/* The builder's content as a block; valid until the next hv_block_begin. */
struct hv_block hv_block_view(const struct hv_block_builder *builder);

#endif
