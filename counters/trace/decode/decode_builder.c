/* SPDX-License-Identifier: MIT */
/* A block under construction, from without: empty, and as it is handed out. */
#include "counters/trace/decode.h"

void hv_block_begin(struct hv_block_builder *builder)
{
    builder->n_insns = builder->n_words = builder->n_accesses = builder->n_flow = 0;
}

struct hv_block hv_block_view(const struct hv_block_builder *builder)
{
    return (struct hv_block){.insn = builder->insn,
                             .word = builder->word,
                             .access = builder->access,
                             .flow = builder->flow,
                             .n_insns = builder->n_insns,
                             .n_words = builder->n_words,
                             .n_accesses = builder->n_accesses,
                             .n_flow = builder->n_flow};
}
