/* SPDX-License-Identifier: MIT */
/* The dataflow of an instruction: from loads through registers to stores. */
#include "counters/trace/analyser/analyser_state.h"

/* Large: not into the loop that everything goes through. */
#define APART __attribute__((noinline))

/* A bit for each byte that a mask lets through. */
static uint64_t byte_mask(const struct hv_flow *flow, const uint64_t *words)
{
    if (flow->mask_word == HV_NO_WORD)
        return UINT64_MAX;
    const uint64_t mask = words[flow->mask_word];
    const unsigned element = flow->element ? flow->element : 1;
    if (element == 1)
        return mask;
    if (element >= HV_TAG_SPAN)
        return mask & 1 ? UINT64_MAX : 0;
    const uint64_t one = (UINT64_C(1) << element) - 1;
    uint64_t bytes = 0;
    for (unsigned i = 0; i * element < HV_TAG_SPAN; i++)
        if (mask >> i & 1)
            bytes |= one << i * element;
    return bytes;
}

static bool is_wide(unsigned reg)
{
    return reg >= HV_REG_VECTOR || (reg >= HV_REG_MMX && reg < HV_REG_TEMP);
}

static void copied(struct hv_analyser *a, const struct hv_insn *insn, uint16_t function,
                   struct hv_copied *c)
{
    if (c->from == c->to || !c->bytes) /* it went back to where it came from */
        return;
    const struct hv_role_frame *call = hv_shadow_copy(&a->shadow);
    c->pc = insn->pc;
    c->now = a->clock;
    c->origin = call ? call->number : 0;
    c->place = call ? call->place : insn->pc;
    c->function = call ? call->function : function;
    a->value[call ? HV_T_COPY_STORED_CALLED : HV_T_COPY_STORED_INLINED] += c->bytes;
    hv_runs_add(&a->runs, c);
}

static void store_piece(struct hv_analyser *a, const struct hv_block *block,
                        const struct hv_flow *flow, const struct hv_piece *piece,
                        uint64_t to)
{
    struct hv_copied c = {.from = piece->from,
                          .to = to + piece->at,
                          .bytes = piece->bytes,
                          .loaded = piece->loaded,
                          .wide = is_wide(flow->src)};
    copied(a, &block->insn[flow->insn], block->function, &c);
}

/* reg .. reg + bytes goes to `to`. */
APART static void store_pieces(struct hv_analyser *a, const struct hv_block *block,
                               const struct hv_flow *flow, unsigned reg, unsigned bytes,
                               uint64_t mask, uint64_t to)
{
    struct hv_piece piece[HV_TAG_SPAN];
    const unsigned n = hv_tags_pieces(&a->tags, reg, bytes, mask, piece);
    for (unsigned i = 0; i < n; i++)
        store_piece(a, block, flow, &piece[i], to);
}

/* Elements that a mask lets through stand without gaps in memory. */
APART static void each_element(struct hv_analyser *a, const struct hv_block *block,
                               const struct hv_flow *flow, const uint64_t *words,
                               uint64_t address)
{
    const uint64_t mask = words[flow->mask_word];
    const unsigned element = flow->element ? flow->element : 1;
    for (unsigned i = 0; (i + 1) * element <= flow->bytes && i < 64; i++) {
        if (!(mask >> i & 1))
            continue;
        if (flow->kind == HV_FLOW_STORE)
            store_pieces(a, block, flow, flow->src + i * element, element, UINT64_MAX,
                         address);
        else
            hv_tags_load(&a->tags, flow->dst + i * element, element, UINT64_MAX,
                         address, a->clock);
        address += element;
    }
}

static void zero(struct hv_analyser *a, const struct hv_flow *flow, uint64_t mask)
{
    if (flow->flags & HV_FLOW_ZEROING && mask != UINT64_MAX)
        hv_tags_keep(&a->tags, flow->dst, flow->bytes, mask);
}

APART static void masked_load(struct hv_analyser *a, const struct hv_block *block,
                              const struct hv_flow *flow, const uint64_t *words,
                              uint64_t address)
{
    const uint64_t mask = byte_mask(flow, words);
    zero(a, flow, mask);
    if (block->access[flow->access].flags & HV_ACCESS_COMPRESSED)
        each_element(a, block, flow, words, address);
    else
        hv_tags_load(&a->tags, flow->dst, flow->bytes, mask, address, a->clock);
}

static void load(struct hv_analyser *a, const struct hv_block *block,
                 const struct hv_flow *flow, const uint64_t *words)
{
    const uint64_t address =
        hv_access_address(&block->access[flow->access], words) + flow->at;
    if (flow->bytes > HV_TAG_SPAN)
        hv_tags_clear(&a->tags, flow->dst, flow->bytes);
    else if (flow->mask_word == HV_NO_WORD)
        hv_tags_load(&a->tags, flow->dst, flow->bytes, UINT64_MAX, address, a->clock);
    else
        masked_load(a, block, flow, words, address);
}

APART static void store(struct hv_analyser *a, const struct hv_block *block,
                        const struct hv_flow *flow, const uint64_t *words)
{
    const struct hv_access *access = &block->access[flow->access];
    struct hv_piece piece;
    if (flow->bytes > HV_TAG_SPAN)
        return;
    const int simple = hv_tags_simple(&a->tags, flow->src, flow->bytes, &piece);
    if (!simple)
        return;
    const uint64_t address = hv_access_address(access, words) + flow->at;
    const bool masked = flow->mask_word != HV_NO_WORD;
    if (simple > 0 && !masked)
        store_piece(a, block, flow, &piece, address);
    else if (masked && access->flags & HV_ACCESS_COMPRESSED)
        each_element(a, block, flow, words, address);
    else
        store_pieces(a, block, flow, flow->src, flow->bytes, byte_mask(flow, words),
                     address);
}

APART static void move(struct hv_analyser *a, const struct hv_flow *flow,
                       const uint64_t *words)
{
    const uint64_t mask = byte_mask(flow, words);
    if (flow->bytes > HV_TAG_SPAN)
        hv_tags_clear(&a->tags, flow->dst, flow->bytes);
    else if (flow->dst != flow->src)
        hv_tags_move(&a->tags, flow->dst, flow->src, flow->bytes, mask);
    zero(a, flow, mask); /* after: the source may be the destination */
}

APART static void rep(struct hv_analyser *a, const struct hv_block *block,
                      const struct hv_flow *flow, const uint64_t *words)
{
    const struct hv_insn *insn = &block->insn[flow->insn];
    const struct hv_access *access = &block->access[flow->access];
    const struct hv_rep string = hv_rep_of(insn, words);
    if (!string.iterations)
        return;
    struct hv_copied c = {.from = hv_rep_low(&string, access, words),
                          .to = hv_rep_low(&string, access + 1, words),
                          .bytes = string.iterations * access->bytes,
                          .loaded = a->clock,
                          .wide = true};
    copied(a, insn, block->function, &c);
}

void hv_flow_run(struct hv_analyser *a, const struct hv_block *block,
                 const struct hv_insn *insn, const uint64_t *words)
{
    const struct hv_flow *flow = block->flow + insn->first_flow;
    for (const struct hv_flow *end = flow + insn->n_flow; flow < end; flow++)
        switch ((enum hv_flow_kind)flow->kind) {
        case HV_FLOW_LOAD: load(a, block, flow, words); break;
        case HV_FLOW_STORE: store(a, block, flow, words); break;
        case HV_FLOW_MOVE: move(a, flow, words); break;
        case HV_FLOW_CLEAR: hv_tags_clear(&a->tags, flow->dst, flow->bytes); break;
        case HV_FLOW_REP: rep(a, block, flow, words); break;
        }
}
